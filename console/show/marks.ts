// Text of others, in parts: what can be seen, and what can't, which is spelled out.

/** Text as it is, or one invisible character by its number, such as `U+202E`. */
export type Part = { readonly text: string } | { readonly mark: string };

/**
 * Control characters, lone surrogates, line ends that only Unicode knows, what turns the direction of text, and what takes no
 * room. The two joiners and the selectors of variants stay: Devanagari and emoji are written with them.
 */
const HIDDEN = /[\p{Cc}\p{Cs}\u2028\u2029]|(?!\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** `lines`: line feeds and tabs are what they are, as in JSON that is laid out. */
export function partsOf(text: string, lines = false): readonly Part[] {
  const parts: Part[] = [];
  let done = 0;
  for (const { 0: found, index } of text.matchAll(HIDDEN)) {
    if (lines && (found === '\n' || found === '\t')) continue;
    if (index > done) parts.push({ text: text.slice(done, index) });
    parts.push({ mark: `U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}` });
    done = index + found.length;
  }
  if (done < text.length || parts.length === 0) parts.push({ text: text.slice(done) });
  return parts;
}

/** Characters that are shown of a long text before somebody asks for the rest: never half a character. */
export function beginningOf(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const cut = text.slice(0, characters);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
