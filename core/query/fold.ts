// What “whatever the case” means, for the predicate and for its SQL twin, and where free text is sought.

/**
 * Composed (Unicode's form C, so that `ë` is one letter however it was typed), in lower case by the simple mapping, one
 * code point for one, which is what `lower` of Trino and of DuckDB do, and with one small sigma, wherever in a word it
 * stands. JavaScript's mapping differs in two letters: the dotted capital I becomes two code points, and the capital sigma
 * depends on its place. `foldSql` says the same to Athena.
 */
export function fold(text: string): string {
  const simple = text.normalize('NFC').replaceAll('\u0130', 'i').replaceAll('\u03a3', '\u03c3').toLowerCase();
  return simple.replaceAll('\u03c2', '\u03c3');
}

/** Trino normalizes to form C unless another is named. */
export function foldSql(text: string): string {
  return `replace(lower(normalize(${text})), '\u03c2', '\u03c3')`;
}

/** As text stands inside of a string of canonical JSON (RFC 8785, section 3.2.2.2). */
export function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Names of members in canonical JSON. Where a text ends in `{` or `,` it may take punctuation for one, never letters. */
export const MEMBER_NAMES = '[{,]"(?:[^"\\\\]|\\\\.)*":';

const NAMES = new RegExp(MEMBER_NAMES, 'g');

/** What free text is sought in: canonical JSON without the names of members. */
export function haystack(canonical: string): string {
  return canonical.replace(NAMES, ' ');
}
