// Tells from an entry's text alone that a query can't match it.
import type { FieldTest, Query, TextTest, WildcardPart } from './ast.ts';
import { fieldAt } from './fields.ts';
import { fold, jsonEscaped } from './fold.ts';

/** An entry's canonical JSON, as text. */
export interface CanonicalText {
  readonly text: string;
  /** In lower case; undefined where letters beyond ASCII may fold in other ways. */
  readonly lower: string | undefined;
}

/** False: the query does not match the entry. True: it may, and has to be asked (match.ts). */
export type Prefilter = (canonical: CanonicalText) => boolean;

/** Of canonical bytes as they were decoded: in UTF-8, as many units as bytes is ASCII and nothing else. */
export function canonicalText(text: string, bytes: number): CanonicalText {
  return { text, lower: text.length === bytes ? text.toLowerCase() : undefined };
}

/**
 * What of a query can be said without parsing: text that has to stand somewhere in the entry. Undefined where that says nothing, as
 * of a range or a negation. It is held against the predicate by a property: no entry that matches is ever passed over.
 */
export function prefilter(query: Query): Prefilter | undefined {
  switch (query.kind) {
    case 'and':
      return every(query.of.map(prefilter));
    case 'or':
      return some(query.of.map(prefilter));
    case 'related':
      return every([exact(jsonEscaped(query.type)), exact(jsonEscaped(query.id))]);
    case 'text':
      return anywhere(query.test);
    case 'field':
      return inField(query.path, query.test);
    default:
      return undefined;
  }
}

function every(parts: readonly (Prefilter | undefined)[]): Prefilter | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length < 2 ? known[0] : (canonical) => known.every((part) => part(canonical));
}

function some(parts: readonly (Prefilter | undefined)[]): Prefilter | undefined {
  const known = parts.filter((part) => part !== undefined);
  // One part of which nothing is known may match anything.
  return known.length < parts.length ? undefined : (canonical) => known.some((part) => part(canonical));
}

/**
 * Blanks that may stand where the name of a member was (fold.ts): there is the end of one value before it, and the beginning of
 * another behind it. Every other blank of a text stands in the entry itself.
 */
const BETWEEN_VALUES = /(?<=^|[-"0-9el}\][{,: ]) (?=$|[-"0-9tfn}\][{, ])/;

function anywhere(test: TextTest): Prefilter | undefined {
  if (test.kind === 'regex') return undefined;
  const parts = test.kind === 'words' ? [test.value] : literals(test.pattern);
  return every(parts.flatMap((part) => fold(jsonEscaped(part)).split(BETWEEN_VALUES).map(sought)));
}

function sought(needle: string): Prefilter | undefined {
  const stands = folded(needle);
  if (!needle.includes(' ')) return stands;
  return (canonical) => stands!(canonical) || mayMislead(canonical.text);
}

/**
 * Between a text that ends in `{` or `,` and one, or a name, that begins with a colon is what looks like a name, and becomes a
 * blank.
 */
function mayMislead(text: string): boolean {
  return [',":', '[":', ':":', '{":'].some((seam) => text.includes(seam));
}

function inField(path: readonly string[], test: FieldTest): Prefilter | undefined {
  const kind = fieldAt(path)?.kind;
  if (kind !== 'keyword' && kind !== 'list' && kind !== 'json' && kind !== 'text') return undefined;
  if (test.kind !== 'equals' && test.kind !== 'wildcard') return undefined;
  const text = longest(test.kind === 'equals' ? [test.value] : literals(test.pattern));
  return kind === 'text' ? folded(jsonEscaped(fold(text))) : exact(jsonEscaped(text));
}

const literals = (pattern: readonly WildcardPart[]) => pattern.filter((part) => typeof part === 'string');

const longest = (texts: readonly string[]) =>
  texts.reduce((most, text) => (text.length > most.length ? text : most), '');

function exact(needle: string): Prefilter | undefined {
  return needle === '' ? undefined : ({ text }) => text.includes(needle);
}

function folded(needle: string): Prefilter | undefined {
  return needle === '' ? undefined : ({ lower }) => lower === undefined || lower.includes(needle);
}
