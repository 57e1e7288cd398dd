import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ALL } from '../../../core/query/ast.ts';
import { QueryError } from '../../../core/query/error.ts';
import { facetTerms, facetValues, type Plan } from '../../../core/query/facets.ts';
import { compileQuery } from '../../../core/query/match.ts';
import { parseQuery } from '../../../core/query/parse.ts';
import { printQuery } from '../../../core/query/print.ts';
import { FACETS } from '../../../names/index.ts';
import { candidates, queries } from '../../support/queries.ts';

test('a printed query parses to the same tree', () => {
  fc.assert(
    fc.property(queries, (query) => {
      expect(parseQuery(printQuery(query))).toEqual(query);
    }),
    { numRuns: 2_000 },
  );
  expect(parseQuery(printQuery(ALL))).toEqual(ALL);
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
