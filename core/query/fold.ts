/**
 * Lower case by Unicode's simple mapping, one code point for one, which is what `lower` of Trino and of DuckDB do. JavaScript
 * differs from it in two letters: the dotted capital I becomes two code points, and the capital sigma depends on its place.
 */
export function fold(text: string): string {
  return text.replaceAll('\u0130', 'i').replaceAll('\u03a3', '\u03c3').toLowerCase();
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
