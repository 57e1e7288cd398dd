// Queries as text and as trees.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import type { JsonValue } from '../../../core/json/value.ts';
import { ALL, type Query } from '../../../core/query/ast.ts';
import { expectedOf } from '../../../core/query/closed.ts';
import { QueryError } from '../../../core/query/error.ts';
import { facetTerms, facetValues, type Plan } from '../../../core/query/facets.ts';
import { fold, haystack } from '../../../core/query/fold.ts';
import { compileQuery } from '../../../core/query/match.ts';
import { parseQuery } from '../../../core/query/parse.ts';
import { canonicalText, prefilter } from '../../../core/query/prefilter.ts';
import { printQuery } from '../../../core/query/print.ts';
import { FACETS } from '../../../names/index.ts';
import { candidates, queries } from '../../support/queries.ts';

test('a printed query parses to the same tree', () => {
  fc.assert(
    fc.property(queries.filter(isAskable), (query) => {
      expect(parseQuery(printQuery(query))).toEqual(query);
    }),
    { numRuns: 2_000 },
  );
  expect(parseQuery(printQuery(ALL))).toEqual(ALL);
});

/** Trees may ask a closed field for what it never holds; texts may not. */
function isAskable(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.of.every(isAskable);
  if (query.kind === 'not') return isAskable(query.of);
  return (
    query.kind !== 'field' || query.test.kind !== 'equals' || expectedOf(query.path, query.test.value) === undefined
  );
}

test.each([
  ['severity:hihg', 10, 'one of critical, high, medium, low, info'],
  ['severity:Critical', 10, 'one of critical'],
  ['category:cases', 10, 'one of authentication'],
  ['a AND outcome:failed', 15, 'one of success, failure, denied, unknown'],
  ['actor.type:usr', 12, 'one of user'],
  ['context.channel:web', 17, 'one of ui, api, automation'],
  ['source.ip:notip', 11, 'an IP address'],
])('%s says at column %i what it should be: %s', (text, column, expected) => {
  expect(() => parseQuery(text)).toThrow(
    expect.objectContaining({ name: 'QueryError', column, expected: expect.stringContaining(expected) }),
  );
});

test.each([
  'severity:h*',
  'severity:>=high',
  'category:/case|audit/',
  'source.ip:203.0.113.*',
  'source.ip:203.0.113.7',
  'source.ip:*',
])('%s is a query', (text) => {
  expect(() => parseQuery(text)).not.toThrow();
});

test('any text is a query or says where it is none', () => {
  const parts = fc.constantFrom(
    'a',
    ' ',
    '(',
    ')',
    '"',
    ':',
    'actor.id',
    'AND',
    'OR',
    'NOT',
    '[',
    ']',
    '{',
    ' TO ',
    '*',
    '?',
    '/',
    '\\',
    '-',
    '>',
    '>=',
    '😀',
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 12 }), (all) => {
      const text = all.join('');
      try {
        parseQuery(text);
      } catch (error) {
        expect(error).toBeInstanceOf(QueryError);
        const { column } = error as QueryError;
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual([...text].length + 2);
      }
    }),
    { numRuns: 5_000 },
  );
});

test('postings of the plan hold every entry that matches', () => {
  fc.assert(
    fc.property(candidates(6), queries, (all, query) => {
      const matches = compileQuery(query);
      const plan = facetTerms(query, FACETS);
      const bounds = (one: Plan, values: Readonly<Record<string, readonly string[]>>): boolean => {
        if (one.kind === 'and') return one.of.every((part) => bounds(part, values));
        if (one.kind === 'or') return one.of.some((part) => bounds(part, values));
        return one.kind === 'term' ? values[one.facet]!.includes(one.value) : one.kind === 'all';
      };
      for (const candidate of all.filter(matches)) {
        const values = Object.fromEntries(
          Object.entries(FACETS).map(([facet, fields]) => [facet, facetValues(candidate.entry, fields)]),
        );
        expect(bounds(plan, values)).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('what the text alone rules out does not match', () => {
  let ruledOut = 0;
  fc.assert(
    fc.property(candidates(6), queries, (all, query) => {
      const matches = compileQuery(query);
      const may = prefilter(query);
      if (may === undefined) return;
      for (const candidate of all) {
        const { bytes } = candidate;
        if (may(canonicalText(new TextDecoder().decode(bytes), bytes.length))) continue;
        ruledOut += 1;
        expect(matches(candidate)).toBe(false);
      }
    }),
    { numRuns: 5_000 },
  );
  expect(ruledOut).toBeGreaterThan(1_000);
});

const SNIPPETS = ['ab', 'd', ' ', '{', ',', ':', '"', '\\', 'e', '5', '-1', 'null', '[', ']', 'K', '\u212a', 'é'];
const snippets = fc.array(fc.constantFrom(...SNIPPETS), { maxLength: 5 }).map((all) => all.join(''));
const values = fc.oneof(snippets, fc.constantFrom<JsonValue>(5, -1.5, true, false, null, {}, []));
const trees = fc.oneof(values, fc.array(values, { maxLength: 4 }), fc.dictionary(snippets, values, { maxKeys: 3 }));

test('free text that is found is never ruled out, whatever stands around it', () => {
  fc.assert(
    fc.property(
      fc.dictionary(snippets, fc.oneof(trees, fc.array(trees, { maxLength: 3 })), { minKeys: 1, maxKeys: 4 }),
      fc.nat(),
      fc.integer({ min: 1, max: 12 }),
      (entry, from, length) => {
        const bytes = canonicalBytes(entry);
        const text = new TextDecoder().decode(bytes);
        const found = fold(haystack(text));
        const part = found.slice(from % found.length).slice(0, length);
        const may = prefilter({ kind: 'text', test: { kind: 'words', value: unescaped(part) } });
        const matches = compileQuery({ kind: 'text', test: { kind: 'words', value: unescaped(part) } });
        if (matches({ entry: entry as never, bytes })) {
          expect(may?.(canonicalText(text, bytes.length)) ?? true).toBe(true);
        }
      },
    ),
    { numRuns: 20_000 },
  );
});

/** Text whose escaped form is `part`, as far as it has no quotation mark of JSON itself. */
function unescaped(part: string): string {
  return part.replaceAll('\\"', '"').replaceAll('\\\\', '\\');
}

test.each([
  ['a blank may be what is between two texts', '"ab x"', { metadata: { a: ['ab{', ':x'] } }],
  ['a blank may be what is between a text and a name', '"foo x"', { metadata: { a: ['foo,', { ':x': 1 }] } }],
  ['a blank of the query may be where a name of a member stands', '"1 5"', { metadata: { a: 1, b: 5 } }],
  ['a pattern reaches over what is escaped', 'metadata.a:x*y', { metadata: { a: 'x"\\\ny' } }],
  ['letters beyond ASCII that fold into it', 'kelvin', { description: '\u212aelvin' }],
])('%s', (_, text, members) => {
  const entry = { action: 'a.b', ...members };
  const bytes = canonicalBytes(entry as unknown as JsonValue);
  const query = parseQuery(text);
  expect(compileQuery(query)({ entry: entry as never, bytes })).toBe(true);
  expect(prefilter(query)!(canonicalText(new TextDecoder().decode(bytes), bytes.length))).toBe(true);
});
