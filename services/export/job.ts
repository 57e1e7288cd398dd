// The job of an export: what it was asked for, and how far it is.
import type { Reader } from '../../core/access/reader.ts';
import type { ExportFile } from '../../core/export/manifest.ts';
import type { Gap } from '../../core/gap/gap.ts';
import { and, type Query } from '../../core/query/ast.ts';
import { printQuery } from '../../core/query/print.ts';
import { JOB_STORE } from '../../names/job-store.ts';
import { DAY_MS } from '../../names/time.ts';
import type { JobItem, JobStore } from '../job-store/port.ts';
import type { EntryPlace, ExpiredDays, Order, Period } from '../search/port.ts';
import type { ExportHeader } from './format.ts';

type ExportStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** An export, as it is kept in the job store. */
export interface ExportJob {
  /** Whose it is. */
  readonly subject: string;
  /** As it was asked, and what existed for the reader then. */
  readonly q: string;
  readonly filter: string;
  readonly query: Query;
  readonly period: Period;
  /** Epoch milliseconds: older entries are read from the archive. */
  readonly split: number;
  readonly order: Order;
  readonly format: string;
  readonly fields?: readonly string[];
  readonly status: ExportStatus;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly endedAt?: number;
  /** Of the files below; those never change. */
  readonly rows: number;
  /** The last row of them. */
  readonly after?: EntryPlace;
  /** Whether every row is in a file. */
  readonly isRead: boolean;
  readonly files: readonly ExportFile[];
  readonly evidence: readonly ExportFile[];
  readonly proof?: readonly ExportFile[];
  readonly manifest?: ExportFile;
  /** Rows that the proof shows. */
  readonly sealed?: number;
  /** Of the request that began it under an idempotency key, and of `filter`; SHA-256 in hexadecimal. */
  readonly digest?: string;
  /** Subjects that may download it besides. */
  readonly grants: readonly string[];
  /** Positions that may belong into it and that nothing vouches for; absent while there are none. */
  readonly gaps?: readonly Gap[];
  /** What had expired when it was begun. */
  readonly expired?: readonly ExpiredDays[];
  /** Why it failed. */
  readonly reason?: string;
  /** Epoch seconds: it is gone. */
  readonly expiresAt: number;
}

export interface ExportRequest {
  readonly q: string;
  /** Of `q` and its filters. */
  readonly query: Query;
  readonly period: Period;
  readonly split: number;
  readonly order: Order;
  readonly format: string;
  readonly fields?: readonly string[];
}

/** Starts executions; of one name there is only ever one. A start that throws may have happened. */
export interface ExportStarter {
  start(name: string, task: { readonly tenant: string; readonly id: string }): Promise<void>;
}

const DAY_SECONDS = 86_400;

/** The job that a reader asks for. */
export function newExport(
  reader: Reader,
  request: ExportRequest,
  now: number,
  days: number,
  expired: readonly ExpiredDays[] = [],
): ExportJob {
  const { period, query, fields, ...asked } = request;
  return {
    ...{ ...asked, subject: reader.subject, filter: printQuery(reader.filter), query: and(query, reader.filter) },
    period: { from: Math.max(period.from, Math.ceil(reader.visibleFrom)), to: Math.min(period.to, now) },
    ...(fields === undefined ? {} : { fields }),
    ...{ status: 'queued', createdAt: now, rows: 0, isRead: false, files: [], evidence: [], grants: [] },
    expired,
    expiresAt: Math.floor(now / 1_000) + days * DAY_SECONDS,
  };
}

/** Where the archive takes over: what is older may leave the ledger while it is read, what is younger is certainly there. */
export function splitAt(now: number, hotWindowMs: number): number {
  return now - Math.max(hotWindowMs - DAY_MS, hotWindowMs / 2);
}

export const hasEnded = ({ status }: ExportJob): boolean => status !== 'queued' && status !== 'running';

export function headerOf(tenant: string, id: string, job: ExportJob): ExportHeader {
  const { createdAt, subject, q, period, order, fields } = job;
  return {
    ...{ tenant, exportId: id, createdAt: iso(createdAt), createdBy: subject, query: q },
    ...{ from: iso(period.from), to: iso(period.to), order },
    ...(fields === undefined ? {} : { fields }),
  };
}

export const iso = (time: number): string => new Date(time).toISOString();

export function readExport(jobs: JobStore, tenant: string, id: string): Promise<JobItem<ExportJob> | undefined> {
  return jobs.get<ExportJob>(tenant, JOB_STORE.exports, id);
}

/** False when somebody else has written since. */
export function writeExport(
  jobs: JobStore,
  tenant: string,
  item: JobItem<ExportJob>,
  job: ExportJob,
): Promise<boolean> {
  return jobs.put(tenant, JOB_STORE.exports, item.id, job, item.version, job.expiresAt);
}

/** Changes the job as it is then, however often somebody else is first; undefined when there is none. */
export async function changeExport(
  jobs: JobStore,
  tenant: string,
  id: string,
  change: (job: ExportJob) => ExportJob | undefined,
): Promise<ExportJob | undefined> {
  for (;;) {
    const item = await readExport(jobs, tenant, id);
    if (item === undefined) return undefined;
    const changed = change(item.value);
    if (changed === undefined) return item.value;
    if (await writeExport(jobs, tenant, item, changed)) return changed;
  }
}

/**
 * Whether the export exists for the reader. Its owner has to have the filter still under which it was made: who may see
 * less than then may not have what they could see then. A grant is of the files as they are.
 */
export function mayHave(job: ExportJob, reader: Reader): boolean {
  if (reader.role === 'auditor') return job.grants.includes(reader.subject);
  if (reader.role === 'compliance' || job.grants.includes(reader.subject)) return true;
  return job.subject === reader.subject && job.filter === printQuery(reader.filter);
}
