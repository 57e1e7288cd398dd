// Searches the archive, slice by slice.
import { sha256, toHex } from '../../core/crypto.ts';
import type { Query } from '../../core/query/ast.ts';
import { comparePlaces } from '../search/place.ts';
import type { EntryPlace, ExpiredDays, Found, Order, Period } from '../search/port.ts';
import { type ArchiveExtent, type Extent, periodWithin } from './extent.ts';
import { type ArchiveQuery, ArchiveQueryFailed, type QueryStatus } from './port.ts';
import { type PlantedRow, sliceRows } from './slice-rows.ts';
import { type SliceQuery, sliceSql } from './slice-sql.ts';
import { halved, reaches, type Slice, slicesOf } from './slices.ts';

export interface ArchivePorts {
  readonly queries: ArchiveQuery;
  readonly extent: ArchiveExtent;
  /** Waits this many milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Told of rows that are no entries; they are skipped. */
  readonly onPlanted?: (row: PlantedRow) => void;
}

export interface ArchiveSearch {
  readonly tenant: string;
  /** The reader's filter is in it. */
  readonly query: Query;
  readonly period: Period;
  readonly order: Order;
  /** Days that had expired when it was begun. */
  readonly expired?: readonly ExpiredDays[];
  /** Goes on after this place; what comes before it is not queried again. */
  readonly after?: EntryPlace;
  /** Names the search, unlike any other: the same search under the same name takes up the queries that it began. */
  readonly token: string;
}

/** Between two looks at a query that runs. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Of a query that fails. */
export const ATTEMPTS = 3;

/**
 * Every archived entry that matches, in order, each once, slice by slice. Resumable: whoever was stopped begins again with the
 * last place that it has dealt with, and with the same token. Throws ArchiveQueryFailed, ResultsExpired.
 */
export async function* archiveRows(ports: ArchivePorts, search: ArchiveSearch): AsyncIterable<Found> {
  const { after, order, period, query, tenant } = search;
  if (period.from >= period.to) return;
  const extent = { firstDays: await ports.extent.firstDays(tenant), end: period.to };
  for (const slice of slicesOf(periodWithin(period, extent, query), order)) {
    if (after === undefined || reaches(slice, order, after)) yield* rowsOfSlice(ports, { ...search, extent }, slice);
  }
}

type Planned = ArchiveSearch & { readonly extent: Extent };

/** The query is of the whole slice, so that its token finds it again; what was dealt with is read over. */
async function* rowsOfSlice(ports: ArchivePorts, search: Planned, slice: Slice): AsyncIterable<Found> {
  const { after, order, token, ...asked } = search;
  const status = await ended(ports, { ...asked, order, slice }, token);
  if (status.state === 'exhausted') {
    const halves = halved(slice, order);
    if (halves === undefined) throw new ArchiveQueryFailed(status.state, status.reason);
    for (const half of halves) {
      if (after === undefined || reaches(half, order, after)) yield* rowsOfSlice(ports, search, half);
    }
    return;
  }
  if (status.state !== 'succeeded') throw new ArchiveQueryFailed(status.state, status.reason);
  const source = { ...asked, order, slice, output: status.output! };
  const isDone = after === undefined ? () => false : isAtOrBefore(after, order);
  for await (const { found, planted } of sliceRows(ports.queries, source, { from: 0 })) {
    if (planted !== undefined) ports.onPlanted?.(planted);
    if (found !== undefined && !isDone(found)) yield found;
  }
}

/** A query that fails is run again: its engine is shared, and most of its failures pass. */
async function ended(ports: ArchivePorts, query: SliceQuery, token: string): Promise<QueryStatus> {
  const sql = sliceSql(query);
  for (let attempt = 1; ; attempt++) {
    const id = await ports.queries.start(sql, sliceToken(token, attempt, sql));
    const status = await settled(ports, id);
    if (status.state !== 'failed' || attempt === ATTEMPTS) return status;
  }
}

async function settled({ queries, sleep }: ArchivePorts, id: string): Promise<QueryStatus> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const status = await queries.status(id);
    if (status.state !== 'queued' && status.state !== 'running') return status;
    await sleep(pause);
  }
}

/** Of the text too: the same token with another query would be refused. 64 characters. */
export function sliceToken(token: string, attempt: number, sql: string): string {
  return toHex(sha256(new TextEncoder().encode(`${token}\n${attempt}\n${sql}`)));
}

const isAtOrBefore = (after: EntryPlace, order: Order) => (place: EntryPlace) =>
  comparePlaces(place, after, order) <= 0;
