// A search as the API keeps it, and as the page of entries shows it.
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_STATE, type EntriesState } from '../../../console/entries/state.ts';
import { type Parameters, parametersOf, stateOfSaved } from '../../../console/searches/parameters.ts';
import { parseQuery } from '../../../core/query/parse.ts';

const NOW = Date.parse('2026-03-31T12:00:00.000Z');

describe('a search', () => {
  test.each<[Partial<EntriesState>, Parameters]>([
    [{}, { preset: '7d' }],
    [
      { q: 'a OR b', range: { amount: 24, unit: 'hour' } },
      { q: 'a OR b', preset: '24h' },
    ],
    [
      { range: { amount: 30, unit: 'day' }, order: 'asc' },
      { preset: '30d', order: 'asc' },
    ],
    [{ range: 'all' }, {}],
    [
      { range: { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' } },
      { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' },
    ],
  ])('%j is kept as %j, and shown again', (own, parameters) => {
    const state = { ...DEFAULT_STATE, ...own };
    expect(parametersOf(state)).toEqual(parameters);
    expect(stateOfSaved(parameters, NOW)).toEqual(state);
  });

  test('of a range that the API has no name for is not kept', () => {
    expect(parametersOf({ ...DEFAULT_STATE, range: { amount: 45, unit: 'minute' } })).toBeUndefined();
  });

  test('that a program saved by the names of filters is a query', () => {
    const { q } = stateOfSaved({ q: 'x OR y', severity: 'high,critical', target: 'c-1' }, NOW);
    expect(q).toBe('("x" OR "y") AND target.id:"c-1" AND (severity:"high" OR severity:"critical")');
    expect(() => parseQuery(q)).not.toThrow();
  });

  test('whose days are open or included', () => {
    expect(stateOfSaved({ from: '2026-03-01' }, NOW).range).toEqual({
      ...{ from: '2026-03-01T00:00:00.000Z', to: '2026-03-31T12:00:00.000Z' },
    });
    expect(stateOfSaved({ to: '2026-03-01' }, NOW).range).toEqual({
      ...{ from: '2000-01-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' },
    });
  });
});
