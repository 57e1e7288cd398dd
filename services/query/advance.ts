// Takes the job of a search of the archive one step further.
import type { JobItem, JobStore } from '../job-store/port.ts';
import type { Found } from '../search/port.ts';
import { ATTEMPTS, sliceToken } from './archive-search.ts';
import type { ArchiveExtent } from './extent.ts';
import {
  foundBy,
  hasEnded,
  isDone,
  isUnplanned,
  type JobSlice,
  planned,
  type QueryJob,
  readJob,
  undone,
  writeJob,
} from './job.ts';
import { type ArchiveQuery, QueryForgotten, type QueryStatus } from './port.ts';
import { type PlantedRow, sliceRows } from './slice-rows.ts';
import { sliceSql } from './slice-sql.ts';
import { halved, withAfter } from './slices.ts';
import type { QueryStep, QueryTask } from './steps.ts';

export interface AdvancePorts {
  readonly jobs: JobStore;
  readonly queries: ArchiveQuery;
  readonly extent: ArchiveExtent;
  readonly now: () => number;
  /** Waits this many milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Nothing new is begun after this long. */
  readonly budgetMs: number;
}

/** Most queries take seconds, and are waited for: the state machine waits no less than one, and is paid for by its steps. */
const PATIENCE_MS = 4_000;
const LOOK_MS = 100;

/** Between two looks at a query that takes longer: a quarter of how long it runs. */
const WAIT_SHARE = 4;
const LONGEST_WAIT_SECONDS = 20;

/** Of the planted rows, as many as anybody would look at. */
const MOST_PLANTED_SHOWN = 20;

/** Rows that a query is asked for where nothing but planted rows came of fewer. */
const MOST_ROWS = 1_000_000;
const MORE_ROWS = 4;

/**
 * Takes a job as far as it goes without waiting long. Whatever was interrupted goes on: a query is begun under a token that follows
 * from the job, and every write is made only over what was read. A job that was cancelled has its query stopped here.
 */
export async function advance(ports: AdvancePorts, { tenant, id }: QueryTask): Promise<QueryStep> {
  const until = ports.now() + ports.budgetMs;
  for (;;) {
    const item = await readJob(ports.jobs, tenant, id);
    const current = item?.value.slices.find((slice) => !isDone(slice));
    if (item === undefined || hasEnded(item.value)) {
      if (item !== undefined && current !== undefined) await halt(ports.queries, tenant, item, current);
      return { tenant, id, done: true, waitSeconds: 1 };
    }
    const job = item.value;
    const write = (next: QueryJob) => writeJob(ports.jobs, tenant, item, next);
    if (isUnplanned(job)) {
      await write(planned(job, await ports.extent.firstDays(tenant)));
      continue;
    }
    if (current === undefined || foundBy(job) >= job.limit) {
      await write(ended(job, 'succeeded', ports.now()));
      continue;
    }
    if (current.begunAt === undefined) {
      if (ports.now() >= until) return { tenant, id, done: false, waitSeconds: 1 };
      // Said before it is done: whoever finds the job cancelled knows that a query may run that nobody has noted.
      const begun = { ...current, begunAt: ports.now() };
      await write({ ...withSlices(job, current, [begun]), status: 'running' });
      continue;
    }
    if (current.query === undefined) {
      const query = await begun(ports.queries, tenant, item, current);
      await write(withSlices(job, current, [{ ...current, query }]));
      continue;
    }
    const status = await statusOf(ports.queries, current.query);
    if (status.state === 'queued' || status.state === 'running') {
      if (ports.now() - current.begunAt! < PATIENCE_MS && ports.now() < until) {
        await ports.sleep(LOOK_MS);
        continue;
      }
      return { tenant, id, done: false, waitSeconds: waitFor(current, ports.now()) };
    }
    await write(await after(ports, tenant, job, current, status));
  }
}

/** The job can't be taken any further, and nobody else will try. */
export async function giveUp({ jobs, queries, now }: AdvancePorts, { tenant, id }: QueryTask): Promise<QueryStep> {
  for (;;) {
    const item = await readJob(jobs, tenant, id);
    if (item === undefined || hasEnded(item.value)) return { tenant, id, done: true, waitSeconds: 1 };
    const running = item.value.slices.find((slice) => !isDone(slice));
    if (running !== undefined) await halt(queries, tenant, item, running);
    await writeJob(
      jobs,
      tenant,
      item,
      ended(item.value, 'failed', now(), 'The search was given up after repeated failures.'),
    );
  }
}

/** The slice's query, which runs from its first beginning on, however often it is begun. */
function begun(queries: ArchiveQuery, tenant: string, item: JobItem<QueryJob>, current: JobSlice): Promise<string> {
  const { query, order, extent, expired = [] } = item.value;
  const { slice, rows, failures } = current;
  const within = extent === undefined ? {} : { extent };
  // One more than is wanted shows whether there is more.
  const sql = sliceSql({ tenant, query, slice, order, limit: rows + 1, expired, ...within });
  return queries.start(sql, sliceToken(`${tenant}/${item.id}`, failures, sql));
}

/** Stops what a job that has ended may have running. */
async function halt(queries: ArchiveQuery, tenant: string, item: JobItem<QueryJob>, current: JobSlice): Promise<void> {
  if (current.begunAt === undefined) return;
  await stop(queries, current.query ?? (await begun(queries, tenant, item, current)));
}

async function after(
  ports: AdvancePorts,
  tenant: string,
  job: QueryJob,
  current: JobSlice,
  status: QueryStatus,
): Promise<QueryJob> {
  const scannedBytes = current.scannedBytes + status.scannedBytes;
  if (status.state === 'succeeded') return counted(ports, tenant, job, { ...current, scannedBytes }, status.output!);
  if (status.state === 'exhausted') {
    const halves = halved(current.slice, job.order);
    if (halves === undefined) return ended(job, 'failed', ports.now(), status.reason);
    const [first, second] = halves.map((half) => undone(half, current.rows)) as [JobSlice, JobSlice];
    return withSlices(job, current, [{ ...first, scannedBytes }, second]);
  }
  const failures = current.failures + 1;
  if (failures >= ATTEMPTS) return ended(job, 'failed', ports.now(), status.reason);
  return withSlices(job, current, [{ ...undone(current.slice, current.rows), failures, scannedBytes }]);
}

/** Reads the rows once, so that it is known how many there are, and whether the slice has more than it was asked for. */
async function counted(
  { queries, now }: AdvancePorts,
  tenant: string,
  job: QueryJob,
  current: JobSlice,
  output: string,
): Promise<QueryJob> {
  const { query, order } = job;
  const { slice } = current;
  const planted: PlantedRow[] = [];
  let [rows, found] = [0, 0];
  let last: Found | undefined;
  for await (const row of sliceRows(queries, { tenant, query, slice, order, output }, { from: 0 })) {
    rows++;
    if (row.planted !== undefined) planted.push(row.planted);
    if (row.found === undefined) continue;
    found++;
    last = row.found;
  }
  const noted = {
    ...job,
    planted: job.planted + planted.length,
    plantedRows: [...job.plantedRows, ...planted].slice(0, MOST_PLANTED_SHOWN),
  };
  const left = Math.max(0, job.limit - foundBy(job) - found);
  const done = { ...current, output, found };
  if (rows <= current.rows) return withSlices(noted, current, [done], left);
  if (left === 0) return withSlices(noted, current, [{ ...done, cut: true }], left);
  if (last !== undefined) return withSlices(noted, current, [done, undone(withAfter(slice, last), left)], left);
  const more = Math.min(current.rows * MORE_ROWS, MOST_ROWS);
  if (more === current.rows) return ended(noted, 'failed', now(), 'More planted rows than can be read over.');
  return withSlices(job, current, [{ ...undone(slice, more), scannedBytes: current.scannedBytes }]);
}

/** The job with others in a slice's place; those after it ask for what is left. */
function withSlices(job: QueryJob, current: JobSlice, others: readonly JobSlice[], left?: number): QueryJob {
  const slices = job.slices.flatMap((slice) => {
    if (slice === current || isSame(slice, current)) return others;
    return left === undefined || isDone(slice) ? [slice] : [{ ...slice, rows: Math.max(1, left) }];
  });
  return { ...job, slices };
}

/** There is one for each beginning: slices neither overlap nor repeat. */
function isSame(a: JobSlice, b: JobSlice): boolean {
  return !isDone(a) && a.slice.from === b.slice.from && a.slice.to === b.slice.to;
}

function ended(job: QueryJob, status: QueryJob['status'], endedAt: number, reason?: string): QueryJob {
  return { ...job, status, endedAt, ...(reason === undefined ? {} : { reason }) };
}

function waitFor({ begunAt = 0 }: JobSlice, now: number): number {
  const seconds = Math.ceil((now - begunAt) / 1_000 / WAIT_SHARE);
  return Math.max(1, Math.min(seconds, LONGEST_WAIT_SECONDS));
}

/** A query that is forgotten is begun again. */
async function statusOf(queries: ArchiveQuery, id: string): Promise<QueryStatus> {
  try {
    return await queries.status(id);
  } catch (error) {
    if (error instanceof QueryForgotten) return { state: 'failed', scannedBytes: 0, reason: error.message };
    throw error;
  }
}

async function stop(queries: ArchiveQuery, id: string): Promise<void> {
  try {
    await queries.stop(id);
  } catch (error) {
    if (!(error instanceof QueryForgotten)) throw error;
  }
}
