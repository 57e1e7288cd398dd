// Work that goes on for somebody, or that is done and waits for them.
import type { Answer } from '../api/client.ts';

type Export = Answer<'listExports'>['exports'][number];
type ArchiveQuery = Answer<'listQueries'>['queries'][number];

export interface Job {
  readonly kind: 'export' | 'query';
  readonly id: string;
  readonly status: Export['status'];
  /** What was asked. */
  readonly q: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
  /** Entries so far. */
  readonly rows: number;
  /** 0 to 1, where it is known. */
  readonly done: number | undefined;
}

/** How long a job that has ended is news. */
const NEWS_MS = 24 * 3_600_000;

export const isRunning = ({ status }: Pick<Job, 'status'>): boolean => status === 'queued' || status === 'running';

/** Those that run, and those that ended within a day, newest first. Of the tenant's exports only the reader's own, and what was granted. */
export function jobsOf(
  exports: readonly Export[],
  queries: readonly ArchiveQuery[],
  subject: string,
  now: number,
): readonly Job[] {
  const isNews = (job: Job): boolean => isRunning(job) || now - Date.parse(job.endedAt ?? job.createdAt) < NEWS_MS;
  const mine = exports.filter(({ createdBy, grants }) => createdBy === subject || grants.includes(subject));
  const all = [
    ...mine.map(({ id, status, q, createdAt, endedAt, rows }): Job => {
      return { kind: 'export', done: undefined, ...{ id, status, q, createdAt, endedAt, rows } };
    }),
    ...queries.map(({ id, status, q, createdAt, endedAt, progress: { found, slices, slicesDone } }): Job => {
      const done = slices === 0 ? undefined : slicesDone / slices;
      return { kind: 'query', ...{ id, status, q, createdAt, endedAt, rows: found, done } };
    }),
  ];
  return all.filter(isNews).toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
}
