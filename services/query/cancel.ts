// Cancels the job of a search.
import type { JobStore } from '../job-store/port.ts';
import { hasEnded, type QueryJob, readJob, writeJob } from './job.ts';

/** Ends a job, whose query the state machine stops when it next looks. False when it had ended before. */
export async function cancelJob(jobs: JobStore, tenant: string, id: string, now: number): Promise<boolean> {
  for (;;) {
    const item = await readJob(jobs, tenant, id);
    if (item === undefined || hasEnded(item.value)) return false;
    const cancelled: QueryJob = { ...item.value, status: 'cancelled', endedAt: now };
    if (await writeJob(jobs, tenant, item, cancelled)) return true;
  }
}
