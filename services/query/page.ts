// Reads the entries that a job has found.
import type { EntryPlace, Found } from '../search/port.ts';
import { hasEnded, isDone, type QueryJob } from './job.ts';
import type { ArchiveQuery } from './port.ts';
import { sliceRows } from './slice-rows.ts';

/** Where a reader of a job's entries has come to. */
export interface JobPosition {
  /** Of the job's slices. */
  readonly slice: number;
  /** Of the slice's rows, as `ArchiveQuery.rows` counts. */
  readonly from: number;
  /** Entries of the job before it, those included that the reader may not see. */
  readonly passed: number;
  /** The last of the slice's entries before it. */
  readonly after?: EntryPlace;
}

export const BEGINNING: JobPosition = { slice: 0, from: 0, passed: 0 };

export interface PageBounds {
  readonly entries: number;
  /** Of the entries' own bytes. */
  readonly bytes: number;
}

export interface JobPage {
  readonly found: readonly Found[];
  readonly next: JobPosition;
  /** Nothing of what is there by now comes after it. */
  readonly atEnd: boolean;
}

/**
 * A job's entries from a position on, as far as it has come. What was read stays where it was while the job goes on.
 * `isVisible` is asked of each: a reader may have lost sight of what it could see when it asked. Throws ResultsExpired.
 */
export async function readPage(
  queries: Pick<ArchiveQuery, 'rows'>,
  tenant: string,
  job: QueryJob,
  start: JobPosition,
  bounds: PageBounds,
  isVisible: (found: Found) => boolean | Promise<boolean>,
): Promise<JobPage> {
  const found: Found[] = [];
  let bytes = 0;
  let next = start;
  for (;;) {
    const current = job.slices[next.slice];
    if (current === undefined || !isDone(current) || next.passed >= job.limit) return { found, next, atEnd: true };
    const { query, order } = job;
    const source = { tenant, query, slice: current.slice, order, output: current.output! };
    for await (const row of sliceRows(queries, source, next)) {
      if (row.found === undefined) {
        next = { ...next, from: row.end };
        continue;
      }
      if (next.passed >= job.limit) return { found, next, atEnd: true };
      const isShown = await isVisible(row.found);
      const size = row.found.bytes.length;
      if (isShown && found.length > 0 && (found.length >= bounds.entries || bytes + size > bounds.bytes)) {
        return { found, next, atEnd: false };
      }
      const { recordedAt, chain, position } = row.found;
      next = { slice: next.slice, from: row.end, passed: next.passed + 1, after: { recordedAt, chain, position } };
      if (!isShown) continue;
      found.push(row.found);
      bytes += size;
    }
    next = { slice: next.slice + 1, from: 0, passed: next.passed };
  }
}

/** Why what a job has found may not be all there is. `limit`: it was reached before everything was searched. */
export type Shortfall = 'running' | 'failed' | 'cancelled' | 'limit' | 'planted';

/** Undefined when everything that was asked for was searched, and every row of it could be believed. */
export function shortfallOf(job: QueryJob): Shortfall | undefined {
  const { status, slices, planted } = job;
  if (!hasEnded(job)) return 'running';
  if (status === 'failed' || status === 'cancelled') return status;
  if (slices.some((slice) => !isDone(slice) || slice.cut === true)) return 'limit';
  return planted > 0 ? 'planted' : undefined;
}
