/** Text of others, made safe to show: what a terminal, a log or a page would obey or hide is spelled out. */

/** Control characters, lone surrogates, the two line ends that only Unicode knows, and what turns the direction of text. */
const HIDDEN = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/gu;

/** On one line: every such character, line feeds and tabs too, as `\u` and four hexadecimal digits. */
export function visible(text: string): string {
  return text.replace(HIDDEN, spelled);
}

/** The same of text that is several lines: line feeds end lines, everything else is spelled out. */
export function visibleLines(text: string): string {
  return text.replace(HIDDEN, (found) => (found === '\n' ? found : spelled(found)));
}

function spelled(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
