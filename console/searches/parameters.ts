// A search as the API keeps it, and as the page of entries shows it.
import { and, equals, or, type Query } from '../../core/query/ast.ts';
import { parseQuery } from '../../core/query/parse.ts';
import { printQuery } from '../../core/query/print.ts';
import { FILTERS, type FilterName } from '../../names/search.ts';
import type { Operations } from '../api/operations.ts';
import { periodOf } from '../entries/request.ts';
import { DEFAULT_STATE, type EntriesState, type Range } from '../entries/state.ts';

export type Parameters = Operations['saveSearch']['body']['parameters'];

/**
 * What is kept of the page: query, range and order. Undefined for a range such as the last 45 minutes: the API knows such
 * ranges by name, of 24 hours, 7 and 30 days.
 */
export function parametersOf({ q, range, order }: EntriesState): Parameters | undefined {
  const named = typeof range === 'object' && 'amount' in range;
  const period = periodOf(range, 0);
  if (named && period.preset === undefined) return undefined;
  return { ...(q === '' ? {} : { q }), ...period, ...(order === 'desc' ? {} : { order }) };
}

const PRESETS: Readonly<Record<string, Range>> = {
  '24h': { amount: 24, unit: 'hour' },
  '7d': { amount: 7, unit: 'day' },
  '30d': { amount: 30, unit: 'day' },
};

/** The page that shows a saved search. Filters that programs saved by their names are conditions of the query like others. */
export function stateOfSaved(saved: Parameters, now: number): EntriesState {
  return {
    ...DEFAULT_STATE,
    q: queryOf(saved),
    range: rangeOf(saved, now),
    order: saved.order ?? 'desc',
  };
}

function queryOf(saved: Parameters): string {
  const { q = '' } = saved;
  const filters = (Object.keys(FILTERS) as FilterName[]).flatMap((name): Query[] => {
    const values = saved[name]?.split(',');
    return values === undefined ? [] : [or(...values.map((value) => equals(FILTERS[name], value)))];
  });
  return filters.length === 0 ? q : printQuery(and(parseQuery(q), ...filters));
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
/** As far back as anything can have been recorded. */
const FIRST = '2000-01-01T00:00:00.000Z';

/** A day as an end is included, and an end that is open is now. */
function rangeOf({ preset, from, to }: Parameters, now: number): Range {
  if (preset !== undefined) return PRESETS[preset] ?? 'all';
  if (from === undefined && to === undefined) return 'all';
  const end = to === undefined ? now : Date.parse(to) + (DAY.test(to) ? DAY_MS : 0);
  return { from: from === undefined ? FIRST : new Date(from).toISOString(), to: new Date(end).toISOString() };
}
