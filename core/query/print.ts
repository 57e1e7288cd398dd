// Writes a query as text again.
import type { Bound, FieldTest, Query, TextTest, WildcardPart } from './ast.ts';

/** The query as text that parses to the same tree, where it was parsed: of a filter's `related` as near as words come. */
export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '';
    case 'and':
      return query.of.map(inside).join(' AND ');
    case 'or':
      return query.of.map(inside).join(' OR ');
    case 'not':
      // What no entry matches has no words of its own: every entry has an id.
      return query.of.kind === 'all' ? 'NOT id:*' : `NOT ${inside(query.of)}`;
    case 'related':
      return `related.type:${quoted(query.type)} AND related.id:${quoted(query.id)}`;
    case 'text':
      return textTest(query.test);
    case 'field':
      return `${query.path.join('.')}:${fieldTest(query.test)}`;
  }
}

function inside(query: Query): string {
  if (query.kind === 'all') return 'id:*';
  return query.kind === 'and' || query.kind === 'or' || query.kind === 'related'
    ? `(${printQuery(query)})`
    : printQuery(query);
}

function textTest(test: TextTest): string {
  switch (test.kind) {
    case 'words':
      return quoted(test.value);
    case 'wildcard':
      return pattern(test.pattern);
    case 'regex':
      return regex(test.source);
  }
}

function fieldTest(test: FieldTest): string {
  switch (test.kind) {
    case 'equals':
      return quoted(test.value);
    case 'wildcard':
      return pattern(test.pattern);
    case 'regex':
      return regex(test.source);
    case 'range': {
      const { low, high } = test;
      const bound = (one: Bound | undefined) => (one === undefined ? '*' : quoted(one.value));
      const [open, close] = [low?.inclusive === false ? '{' : '[', high?.inclusive === false ? '}' : ']'];
      return `${open}${bound(low)} TO ${bound(high)}${close}`;
    }
    case 'exists':
      return '*';
  }
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

function regex(source: string): string {
  return `/${source.replace(/\\[\s\S]|\//g, (part) => (part === '/' ? '\\/' : part))}/`;
}

function pattern(parts: readonly WildcardPart[]): string {
  return parts.map((part) => (typeof part === 'string' ? escaped(part) : part.any === 'run' ? '*' : '?')).join('');
}

/** Every character that could mean something: blanks, signs, quotation marks. Letters and digits never do. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '\\$&');
}
