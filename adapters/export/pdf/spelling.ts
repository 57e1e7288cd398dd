/** Text of others as the report shows it: what nobody can see, and what no font has, is spelled out by its code point. */

/** Around what is spelled out: left-to-right isolate to pop directional isolate (UAX #9). Text of others has neither, since both are spelled out. */
export const SPELLED_START = '\u2066';
/** Around text whose direction is its own: first strong isolate to pop directional isolate. */
export const ISOLATE_START = '\u2068';
export const ISOLATE_END = '\u2069';

/** Printable ASCII: every font has it, and it needs no shaping. */
export const PLAIN = /^[\x20-\x7e]*$/;

/** A letter and the marks and joiners that belong to it. */
export const CLUSTER = /[\s\S][\p{M}\u200c\u200d]*/gu;
/** Control characters, lone surrogates, private letters, line ends of Unicode alone, what turns text, and what has no look at all. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800]/u;
const MARK = /^\p{M}/u;
/** Scripts in which a joiner changes how letters look, so that it is seen. */
const JOINING = /^[\u0600-\u07ff\u0860-\u097f]/;
const JOINER = /[\u200c\u200d]/;
/** More marks than any language puts on a letter; a pile of them would cover the lines around it. */
const MOST_MARKS = 6;

/** What a text can be written with. */
export interface Coverage {
  /** Whether some font has all of these characters. */
  covers(characters: string): boolean;
}

/** Text on one line, of which every character is seen. */
export function spelled(text: string, fonts: Coverage): string {
  if (PLAIN.test(text)) return text;
  return text.replace(CLUSTER, (cluster) => spelledCluster(cluster, fonts));
}

function spelledCluster(cluster: string, fonts: Coverage): string {
  const [letter, ...marks] = cluster as Iterable<string>;
  if (letter === undefined) return '';
  if (UNSEEN.test(letter) || MARK.test(letter) || !fonts.covers(letter))
    return [letter, ...marks].map(codePointOf).join('');
  let shown = letter;
  let hidden = '';
  for (const [i, mark] of marks.entries()) {
    const seen = i < MOST_MARKS && (JOINER.test(mark) ? JOINING.test(letter) : !UNSEEN.test(mark));
    if (hidden === '' && seen && fonts.covers(shown + mark)) shown += mark;
    else hidden += codePointOf(mark);
  }
  return shown + hidden;
}

function codePointOf(character: string): string {
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return `${SPELLED_START}[U+${code}]${ISOLATE_END}`;
}

/** A text among others, whose direction neither follows theirs nor turns them. */
export function isolated(text: string): string {
  return `${ISOLATE_START}${text}${ISOLATE_END}`;
}
