// A job as the API shows it.
import { foundBy, isDone, type QueryJob } from '../../../services/query/job.ts';

const iso = (time: number) => new Date(time).toISOString();

/** A job as the API shows it. What the period came to be is shown: never more than the reader's plan and the archive have. */
export function viewOf(id: string, job: QueryJob) {
  const { status, q, period, order, limit, createdAt, endedAt, expiresAt, slices, reason = null } = job;
  return {
    ...{ id, status, q, from: iso(period.from), to: iso(period.to), order, limit, createdAt: iso(createdAt) },
    ...{ endedAt: endedAt === undefined ? null : iso(endedAt), expiresAt: iso(expiresAt * 1_000) },
    progress: {
      slicesDone: slices.filter(isDone).length,
      slices: slices.length,
      scannedBytes: slices.reduce((sum, { scannedBytes }) => sum + scannedBytes, 0),
      found: Math.min(foundBy(job), limit),
    },
    planted: { count: job.planted, first: job.plantedRows },
    reason,
  };
}
