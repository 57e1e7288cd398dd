// What is asked of the API for what the page shows.
import { and, equals, not } from '../../core/query/ast.ts';
import { QueryError } from '../../core/query/error.ts';
import { parseQuery } from '../../core/query/parse.ts';
import { printQuery } from '../../core/query/print.ts';
import type { Operations } from '../api/operations.ts';
import type { EntriesState, Range, RangeUnit } from './state.ts';

export type SearchQuery = Omit<Operations['searchEntries']['query'], 'role'>;

/** The category of entries that say that somebody read the trail. */
const READS_OF_THE_TRAIL = 'audit_access';

/** Ranges that the API knows by name; others are said by their beginning. */
const PRESETS: Readonly<Record<string, '24h' | '7d' | '30d'>> = {
  '24 hour': '24h',
  '1 day': '24h',
  '7 day': '7d',
  '30 day': '30d',
};

/** `subject`: the reader's own, whose reads are left out unless they are wanted. Throws QueryError. */
export function searchOf(state: EntriesState, subject: string, limit: number, now: number): SearchQuery {
  const q = printedFor(state, subject);
  return {
    ...(q === '' ? {} : { q }),
    ...periodOf(state.range, now),
    ...(state.sort === 'recordedAt' ? {} : { sort: state.sort }),
    ...(state.order === 'desc' ? {} : { order: state.order }),
    limit,
    ...(state.cursor === undefined ? {} : { cursor: state.cursor }),
  };
}

/** The query as it is asked. Text that nothing has to be added to is sent as it was written. Throws QueryError. */
export function printedFor({ q, own }: Pick<EntriesState, 'q' | 'own'>, subject: string): string {
  const query = parseQuery(q);
  if (own) return q.trim();
  return printQuery(and(query, not(and(equals('category', READS_OF_THE_TRAIL), equals('actor.id', subject)))));
}

export function periodOf(range: Range, now: number): Pick<SearchQuery, 'from' | 'to' | 'preset'> {
  if (range === 'all') return {};
  if ('from' in range) return { from: instant(Date.parse(range.from)), to: instant(Date.parse(range.to)) };
  const preset = PRESETS[`${range.amount} ${range.unit}`];
  return preset === undefined ? { from: instant(beginOf(range.amount, range.unit, now)) } : { preset };
}

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();

const MILLISECONDS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
/** The first time that four digits can write; further back there is nothing to ask for. */
const FIRST = Date.UTC(2000, 0, 1);

function beginOf(amount: number, unit: RangeUnit, now: number): number {
  if (unit !== 'month' && unit !== 'year') return Math.max(FIRST, now - amount * MILLISECONDS[unit]);
  const begin = new Date(now);
  begin.setUTCMonth(begin.getUTCMonth() - amount * (unit === 'year' ? 12 : 1));
  return Math.max(FIRST, begin.getTime());
}

/** Whether it is a query at all, rather than one that is being written. */
export function canBeRead(q: string): boolean {
  try {
    parseQuery(q);
    return true;
  } catch (error) {
    if (error instanceof QueryError) return false;
    throw error;
  }
}
