// What the page of entries shows stands in its address, and what is asked follows from it.
import { describe, expect, test } from '@jest/globals';
import { periodOf, printedFor, searchOf } from '../../../console/entries/request.ts';
import { addressOfState, DEFAULT_STATE, type EntriesState, stateOf } from '../../../console/entries/state.ts';
import { QueryError } from '../../../core/query/error.ts';
import { parseQuery } from '../../../core/query/parse.ts';

const NOW = Date.parse('2026-03-31T12:00:00.000Z');

describe('the address', () => {
  const full: EntriesState = {
    ...{ q: 'actor.id:"a&b" AND Zoë', range: { amount: 45, unit: 'minute' }, sort: 'occurredAt', order: 'asc' },
    ...{ own: true, page: 3, cursor: 'a.b+c', open: { chain: 63, position: 1_499 } },
  };
  test.each<[string, EntriesState]>([
    ['', DEFAULT_STATE],
    ['last=all', { ...DEFAULT_STATE, range: 'all' }],
    [
      'q=actor.id%3A%22a%26b%22+AND+Zo%C3%AB&last=45m&sort=occurredAt&order=asc&own=1&page=3&cursor=a.b%2Bc&open=63.1499',
      full,
    ],
    [
      'from=2026-03-01T00%3A00%3A00.000Z&to=2026-03-02T00%3A00%3A00.000Z',
      { ...DEFAULT_STATE, range: { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' } },
    ],
  ])('%s', (address, state) => {
    expect(addressOfState(state).toString()).toBe(address);
    expect(stateOf(new URLSearchParams(address))).toEqual(state);
  });

  test.each([
    'last=0d&sort=x&order=up&own=yes&page=2&open=1&unknown=1',
    'last=9999999d',
    'from=2026-03-02&to=2026-03-01',
    'from=nonsense&to=also',
    'page=0&cursor=x',
    'page=1.5&cursor=x',
    'open=999.1',
  ])('what is none shows the defaults: %s', (address) => {
    expect(stateOf(new URLSearchParams(address))).toEqual(DEFAULT_STATE);
  });
});

describe('what is asked', () => {
  test('the usual ranges by their names, others by their beginning', () => {
    expect(periodOf({ amount: 7, unit: 'day' }, NOW)).toEqual({ preset: '7d' });
    expect(periodOf({ amount: 24, unit: 'hour' }, NOW)).toEqual({ preset: '24h' });
    expect(periodOf({ amount: 45, unit: 'minute' }, NOW)).toEqual({ from: '2026-03-31T11:15:00.000Z' });
    expect(periodOf({ amount: 2, unit: 'year' }, NOW)).toEqual({ from: '2024-03-31T12:00:00.000Z' });
    expect(periodOf({ amount: 99_999, unit: 'year' }, NOW)).toEqual({ from: '2000-01-01T00:00:00.000Z' });
    expect(periodOf('all', NOW)).toEqual({});
  });

  test('without the reader’s own reads, unless they are wanted', () => {
    const q = printedFor({ q: 'a OR b', own: false }, 'cl"ara');
    expect(q).toBe('("a" OR "b") AND NOT (category:"audit_access" AND actor.id:"cl\\"ara")');
    expect(() => parseQuery(q)).not.toThrow();
    expect(printedFor({ q: ' a OR b ', own: true }, 'clara')).toBe('a OR b');
    expect(printedFor({ q: '', own: true }, 'clara')).toBe('');
    expect(() => printedFor({ q: 'a OR', own: true }, 'clara')).toThrow(QueryError);
  });

  test('order, page and cursor as the page has them', () => {
    const state: EntriesState = { ...DEFAULT_STATE, own: true, sort: 'occurredAt', order: 'asc', page: 2, cursor: 'c' };
    expect(searchOf(state, 'clara', 20, NOW)).toEqual({
      ...{ preset: '7d', sort: 'occurredAt', order: 'asc', limit: 20, cursor: 'c' },
    });
  });
});
