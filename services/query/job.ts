// The job of a search of the archive.
import type { Reader } from '../../core/access/reader.ts';
import { and, type Query } from '../../core/query/ast.ts';
import { ATHENA } from '../../names/athena.ts';
import { JOB_STORE } from '../../names/job-store.ts';
import type { JobItem, JobStore } from '../job-store/port.ts';
import type { ExpiredDays, Order, Period } from '../search/port.ts';
import { type Extent, type FirstDays, periodWithin } from './extent.ts';
import type { PlantedRow } from './slice-rows.ts';
import { sliceSql } from './slice-sql.ts';
import { type Slice, slicesOf } from './slices.ts';
import type { QueryTask } from './steps.ts';

type JobStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** One query of a job. Those that are done come first and never change, so that what was read of them stays where it was. */
export interface JobSlice {
  readonly slice: Slice;
  /** Most rows that it asks for. */
  readonly rows: number;
  /** How often it has failed. */
  readonly failures: number;
  /** When its query was about to be begun, epoch milliseconds. */
  readonly begunAt?: number;
  /** Of the query that runs or ran; absent until it is known to have been begun. */
  readonly query?: string;
  readonly scannedBytes: number;
  /** Where its rows are, once it is done. */
  readonly output?: string;
  readonly found: number;
  /** Its query had more rows than the job wants. */
  readonly cut?: boolean;
}

/** A search of the archive, as it is kept in the job store. */
export interface QueryJob {
  /** Whose it is. */
  readonly subject: string;
  /** As it was asked. */
  readonly q: string;
  /** What was asked, and what existed for the reader then. */
  readonly query: Query;
  readonly period: Period;
  readonly order: Order;
  /** Most entries that it finds. */
  readonly limit: number;
  readonly status: JobStatus;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly endedAt?: number;
  readonly slices: readonly JobSlice[];
  /** What had expired when it was asked. */
  readonly expired?: readonly ExpiredDays[];
  /** What its slices were planned with; absent until the first step. */
  readonly extent?: Extent;
  /** Rows that are no entries: what somebody put into the archive who is not the archive. */
  readonly planted: number;
  /** The first of them. */
  readonly plantedRows: readonly PlantedRow[];
  /** Why it failed. */
  readonly reason?: string;
  /** Epoch seconds: it is gone, with what it found. */
  readonly expiresAt: number;
}

export interface JobRequest {
  readonly q: string;
  /** Of `q`. */
  readonly query: Query;
  readonly period: Period;
  readonly order: Order;
  readonly limit: number;
}

/** Starts executions; of one name there is only ever one. A start that throws may have happened. */
export interface JobStarter {
  start(name: string, task: QueryTask): Promise<void>;
}

const DAY_SECONDS = 86_400;

/** Athena's. */
const MOST_SQL_BYTES = 262_144;

/** The query is larger than Athena takes. */
export class QueryTooLarge extends Error {
  override readonly name = 'QueryTooLarge';
  readonly code = 'too-large';
}

/** The job that a reader asks for. Throws QueryTooLarge. */
export function newJob(
  reader: Reader,
  request: JobRequest,
  now: number,
  expired: readonly ExpiredDays[] = [],
): QueryJob {
  const from = Math.max(request.period.from, reader.visibleFrom, Date.parse(ATHENA.firstDay));
  const period = { from, to: Math.min(request.period.to, now) };
  const query = and(request.query, reader.filter);
  const { order, limit } = request;
  const slices = slicesOf(period, order).map((slice) => undone(slice, limit));
  const [first] = slices;
  if (first !== undefined) {
    const sql = sliceSql({ tenant: reader.tenant, query, slice: first.slice, order, limit, expired });
    if (Buffer.byteLength(sql) > MOST_SQL_BYTES) throw new QueryTooLarge('the query is too large for the archive');
  }
  return {
    ...{ subject: reader.subject, q: request.q, query, period, order, limit, status: 'queued', createdAt: now },
    ...{
      expired,
      slices,
      planted: 0,
      plantedRows: [],
      expiresAt: Math.floor(now / 1_000) + JOB_STORE.athenaDays * DAY_SECONDS,
    },
  };
}

/** Nothing of it has been begun, and what the archive has is not known yet. */
export const isUnplanned = ({ extent, slices }: QueryJob): boolean =>
  extent === undefined && slices.every(({ begunAt }) => begunAt === undefined);

/** The job from where the tenant's archive begins. */
export function planned(job: QueryJob, firstDays: FirstDays): QueryJob {
  const extent = { firstDays, end: job.period.to };
  const period = periodWithin(job.period, extent, job.query);
  return { ...job, extent, period, slices: slicesOf(period, job.order).map((slice) => undone(slice, job.limit)) };
}

export function undone(slice: Slice, rows: number): JobSlice {
  return { slice, rows, failures: 0, scannedBytes: 0, found: 0 };
}

export const isDone = ({ output }: JobSlice): boolean => output !== undefined;
export const hasEnded = ({ status }: QueryJob): boolean => status !== 'queued' && status !== 'running';
export const foundBy = ({ slices }: Pick<QueryJob, 'slices'>): number =>
  slices.reduce((sum, { found }) => sum + found, 0);

export function readJob(jobs: JobStore, tenant: string, id: string): Promise<JobItem<QueryJob> | undefined> {
  return jobs.get<QueryJob>(tenant, JOB_STORE.queries, id);
}

/** False when somebody else has written since. */
export function writeJob(jobs: JobStore, tenant: string, item: JobItem<QueryJob>, job: QueryJob): Promise<boolean> {
  return jobs.put(tenant, JOB_STORE.queries, item.id, job, item.version, job.expiresAt);
}

/** Whether the job exists for the reader: its own, and everybody's for those who oversee the trail. */
export function mayRead(job: QueryJob, reader: Reader): boolean {
  return job.subject === reader.subject || reader.role === 'compliance';
}
