// The job of a bundle: what it was asked for, and how far it is.
import { JOB_STORE } from '../../names/job-store.ts';
import type { Period } from '../bundle/plan.ts';
import type { JobItem, JobStore } from '../job-store/port.ts';
import type { BundleTask } from './steps.ts';

type BundleStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** A bundle, as it is kept in the job store. */
export interface BundleJob extends Period {
  /** Whose it is. */
  readonly subject: string;
  readonly status: BundleStatus;
  /** Number of the seal under whose checkpoint everything is proven, and the size of the log there. */
  readonly seal: number;
  readonly logSize: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly endedAt?: number;
  /** Positions that it covers; absent until it is planned. */
  readonly positions?: number;
  /** Of the finished object. */
  readonly bytes?: number;
  /** Of the request that began it under an idempotency key; SHA-256 in hexadecimal. */
  readonly digest?: string;
  /** Why it failed. */
  readonly reason?: string;
  /** Epoch seconds: it is gone. */
  readonly expiresAt: number;
}

/** Starts executions; of one name there is only ever one. A start that throws may have happened. */
export interface BundleStarter {
  start(name: string, task: BundleTask): Promise<void>;
}

export const hasEnded = ({ status }: BundleJob): boolean => status !== 'queued' && status !== 'running';

export function readBundle(jobs: JobStore, { tenant, id }: BundleTask): Promise<JobItem<BundleJob> | undefined> {
  return jobs.get<BundleJob>(tenant, JOB_STORE.bundles, id);
}

/** False when somebody else has written since; version 0 says that there is none. */
export function putBundle(
  jobs: JobStore,
  { tenant, id }: BundleTask,
  job: BundleJob,
  version: number,
): Promise<boolean> {
  return jobs.put(tenant, JOB_STORE.bundles, id, job, version, job.expiresAt);
}

/** Changes the job as it is then, however often somebody else is first; one that has ended stays as it is. Undefined when there is none. */
export async function changeBundle(
  jobs: JobStore,
  task: BundleTask,
  change: (job: BundleJob) => BundleJob,
): Promise<BundleJob | undefined> {
  for (;;) {
    const item = await readBundle(jobs, task);
    if (item === undefined || hasEnded(item.value)) return item?.value;
    const changed = change(item.value);
    if (await putBundle(jobs, task, changed, item.version)) return changed;
  }
}
