// Filter, query text and address of the console are spellings of one thing, whatever they hold.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differencesOf } from '../../console/entries/differences.ts';
import {
  ANY_VALUE,
  FILTER_FIELDS,
  type Filter,
  filterOfQuery,
  queryOfFilter,
  type Token,
} from '../../console/entries/filter.ts';
import { addressOfState, type EntriesState, stateOf } from '../../console/entries/state.ts';
import { beginningOf, partsOf } from '../../console/show/marks.ts';
import { difference } from '../../core/json/diff.ts';
import type { JsonValue } from '../../core/json/value.ts';
import { QueryError } from '../../core/query/error.ts';
import { parseQuery } from '../../core/query/parse.ts';
import { printQuery } from '../../core/query/print.ts';

/** No value of the language is empty; one that means "any" stands for nothing else. */
const value = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() !== '' && text !== ANY_VALUE);

const token: fc.Arbitrary<Token> = fc.oneof(
  fc.record({ operator: fc.constantFrom(':' as const, '!:' as const), value }),
  fc.constantFrom(...FILTER_FIELDS).chain(({ name, operators }) =>
    fc.record({
      propertyKey: fc.constant(name),
      operator: fc.constantFrom(...operators),
      value: fc.oneof(value, fc.constant('7'), fc.constant('2026-03-01'), fc.constant('high')),
    }),
  ),
);

const filter: fc.Arbitrary<Filter> = fc.record({
  operation: fc.constantFrom('and' as const, 'or' as const),
  tokens: fc.array(
    fc.oneof(
      token,
      fc.record({
        operation: fc.constantFrom('and' as const, 'or' as const),
        tokens: fc.array(token, { minLength: 2, maxLength: 3 }),
      }),
    ),
    { maxLength: 4 },
  ),
});

describe('a filter', () => {
  test('says the same as its text, and the text shows the same filter', () => {
    fc.assert(
      fc.property(filter, (shown) => {
        const text = printQuery(queryOfFilter(shown));
        let query: ReturnType<typeof parseQuery>;
        try {
          query = parseQuery(text);
        } catch (error) {
          // A value that its field can't have is refused by its column, and marked there.
          expect(error).toBeInstanceOf(QueryError);
          return;
        }
        const again = filterOfQuery(query);
        expect(again).toBeDefined();
        expect(printQuery(queryOfFilter(again!))).toBe(text);
      }),
    );
  });
});

const state: fc.Arbitrary<EntriesState> = fc
  .record({
    q: fc.string({ unit: 'grapheme' }),
    range: fc.oneof(
      fc.constant('all' as const),
      fc.record({
        amount: fc.integer({ min: 1, max: 99_999 }),
        unit: fc.constantFrom('second', 'minute', 'hour', 'day', 'week', 'month', 'year'),
      }),
      fc
        .tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 1e12 }))
        .map(([from, length]) => ({ from: new Date(from).toISOString(), to: new Date(from + length).toISOString() })),
    ),
    sort: fc.constantFrom('recordedAt', 'occurredAt'),
    order: fc.constantFrom('asc', 'desc'),
    own: fc.boolean(),
    later: fc.option(fc.record({ page: fc.integer({ min: 2, max: 1e6 }), cursor: fc.string({ minLength: 1 }) }), {
      nil: undefined,
    }),
    open: fc.option(fc.record({ chain: fc.nat(63), position: fc.nat() }), { nil: undefined }),
  })
  .map(({ later, ...rest }) => ({ ...rest, page: later?.page ?? 1, cursor: later?.cursor }) as EntriesState);

test('an address shows what it was made of', () => {
  fc.assert(
    fc.property(state, (shown) => {
      expect(stateOf(new URLSearchParams(addressOfState(shown).toString()))).toEqual(shown);
    }),
  );
});

test('an address of anybody shows something', () => {
  fc.assert(
    fc.property(fc.webQueryParameters(), (text) => {
      const shown = stateOf(new URLSearchParams(text));
      expect(stateOf(addressOfState(shown))).toEqual(shown);
    }),
  );
});

test('marks lose no character, and leave none that is invisible', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const parts = partsOf(text);
      const back = parts.map((part) =>
        'text' in part ? part.text : String.fromCodePoint(Number.parseInt(part.mark.slice(2), 16)),
      );
      expect(back.join('')).toBe(text);
      for (const part of parts)
        if ('text' in part) expect(part.text).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200b\ufeff]/u);
      expect(text.startsWith(beginningOf(text, 5))).toBe(true);
    }),
  );
});

test('differences are those of JSON Patch, with what was there before', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
      const [a, b] = [before, after] as [JsonValue, JsonValue];
      const kinds = { add: 'added', remove: 'removed', replace: 'changed' } as const;
      expect(differencesOf(a, b).map(({ kind }) => kind)).toEqual(difference(a, b).map(({ op }) => kinds[op]));
      for (const { kind, before: was } of differencesOf(a, b)) expect(was === undefined).toBe(kind === 'added');
    }),
  );
});
