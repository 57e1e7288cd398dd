// Routes of /v1/queries: begin, list, look, read, cancel.
import type { Reader } from '../../../core/access/reader.ts';
import { visibleTo } from '../../../core/access/visible.ts';
import { MAX_CHAINS } from '../../../core/chain.ts';
import { type Gap, mergeGaps } from '../../../core/gap/gap.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import type { JobItem, JobStore } from '../../../services/job-store/port.ts';
import { cancelJob } from '../../../services/query/cancel.ts';
import { hasEnded, type JobStarter, mayRead, newJob, type QueryJob, readJob } from '../../../services/query/job.ts';
import { BEGINNING, readPage, shortfallOf } from '../../../services/query/page.ts';
import type { ArchiveQuery } from '../../../services/query/port.ts';
import { recordRead } from '../../../services/record/read.ts';
import type { Found, Keeping } from '../../../services/search/port.ts';
import { DEFAULT_ENTRIES, DEFAULT_JOBS, QUERY_OPERATIONS } from '../operations/queries.ts';
import { foundJson } from '../shared/found.ts';
import { type HttpEvent, type HttpResponse, json } from '../shared/http.ts';
import { idOf, queryOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import { type ReadingPorts, reading } from '../shared/reading.ts';
import { type Answers, byRoute } from '../shared/routes.ts';
import { readRequest } from './body.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { viewOf } from './view.ts';

export interface QueriesApi {
  readonly jobs: JobStore;
  readonly results: Pick<ArchiveQuery, 'rows'>;
  readonly starter: JobStarter;
  readonly reading: ReadingPorts;
  readonly keeping: Keeping;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** Lambda's answer holds 6 MB, where text may be escaped. */
const PAGE_BYTES = 4_000_000;

/** /v1/queries: jobs that search the archive, in the reader's own tenant. */
export function queries(api: QueriesApi): Answers {
  const { startQuery, listQueries, readQuery, readQueryEntries, cancelQuery } = QUERY_OPERATIONS;
  const route = (
    { name, method, path }: (typeof QUERY_OPERATIONS)[keyof typeof QUERY_OPERATIONS],
    answer: (api: QueriesApi, event: HttpEvent, reader: Reader) => Promise<HttpResponse>,
  ) => [`${method} ${path}`, reading(api.reading, name, (event, reader) => answer(api, event, reader))] as const;
  return byRoute(
    QUERY_OPERATIONS,
    Object.fromEntries([
      route(startQuery, start),
      route(listQueries, list),
      route(readQuery, one),
      route(readQueryEntries, entries),
      route(cancelQuery, cancel),
    ]),
  );
}

/** The job is in the job store before its execution is started: whoever looks at one that never was starts it. */
async function start(api: QueriesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const now = api.now().getTime();
  const request = readRequest(event, now);
  const job = newJob(reader, request, now, await api.keeping.expiredDays(reader.tenant));
  const id = api.newId();
  const { q: query, period } = request;
  const details = { order: request.order, limit: request.limit };
  await recordRead(api.reading.recording, reader, {
    ...{ action: 'audit.query_started', target: { type: 'query', id }, query, period, details },
  });
  await api.jobs.put(reader.tenant, JOB_STORE.queries, id, job, 0, job.expiresAt);
  await api.starter.start(id, { tenant: reader.tenant, id });
  return json(202, JSON.stringify(viewOf(id, job)));
}

/** Pages may be short, since others' jobs are left out of them. */
async function list(api: QueriesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { after, limit = DEFAULT_JOBS } = queryOf(event, QUERY_OPERATIONS.listQueries.query);
  const { items, next = null } = await api.jobs.list<QueryJob>(reader.tenant, JOB_STORE.queries, limit, after);
  const mine = items.filter(({ value }) => mayRead(value, reader) && !isOver(value, api));
  return json(200, JSON.stringify({ queries: mine.map(({ id, value }) => viewOf(id, value)), next }));
}

async function one(api: QueriesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { id, value } = await found(api, event, reader);
  if (value.status === 'queued') await api.starter.start(id, { tenant: reader.tenant, id });
  return json(200, JSON.stringify(viewOf(id, value)));
}

async function entries(api: QueriesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { cursor, limit = DEFAULT_ENTRIES } = queryOf(event, QUERY_OPERATIONS.readQueryEntries.query);
  const { id, value: job } = await found(api, event, reader);
  const from = cursor === undefined ? BEGINNING : readCursor(id, cursor);
  const isSeen = visibleTo(reader);
  const isVisible = async (found: Found) =>
    isSeen(found) && (await api.keeping.kept(reader.tenant, [found])).length > 0;
  const bounds = { entries: limit, bytes: PAGE_BYTES };
  const page = await readPage(api.results, reader.tenant, job, from, bounds, isVisible);
  await recordRead(api.reading.recording, reader, {
    ...{ action: 'audit.query_viewed', target: { type: 'query', id } },
    ...{ query: job.q, period: job.period, rows: page.found.length },
  });
  const isLast = page.atEnd && hasEnded(job);
  const why = shortfallOf(job);
  const members = [
    `"entries":[${page.found.map(foundJson).join(',')}]`,
    `"cursor":${isLast ? 'null' : JSON.stringify(writeCursor(id, page.next))}`,
    `"complete":${isLast && why === undefined}`,
    `"why":${JSON.stringify(why ?? null)}`,
    `"gaps":${JSON.stringify(gapsOf(reader.tenant, job))}`,
  ];
  return json(200, `{${members.join(',')}}`);
}

/** Where rows were left out: as far as the row itself is to be believed, which says where it claims to be. */
function gapsOf(tenant: string, { plantedRows }: QueryJob): Gap[] {
  const claimed = plantedRows.filter(({ chain, position }) => isChain(chain) && Number.isSafeInteger(position));
  return mergeGaps(
    claimed.map(({ chain, position }) => ({ tenant, chain, first: position, last: position, reason: 'planted' })),
  );
}

const isChain = (chain: number): boolean => Number.isInteger(chain) && chain >= 0 && chain < MAX_CHAINS;

async function cancel(api: QueriesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { id } = await found(api, event, reader);
  await recordRead(api.reading.recording, reader, {
    action: 'audit.query_cancelled',
    target: { type: 'query', id },
  });
  if (!(await cancelJob(api.jobs, reader.tenant, id, api.now().getTime()))) {
    throw new Problem('already-finished', 'The job has ended before.');
  }
  const { value } = await found(api, event, reader);
  return json(200, JSON.stringify(viewOf(id, value)));
}

/** Of jobs that are not the reader's to see nothing is said, not even that they are. */
async function found(api: QueriesApi, event: HttpEvent, reader: Reader): Promise<JobItem<QueryJob>> {
  const item = await readJob(api.jobs, reader.tenant, idOf(event));
  if (item === undefined || !mayRead(item.value, reader) || isOver(item.value, api)) {
    throw new Problem('not-found', 'There is no query of this id.');
  }
  return item;
}

/** The table forgets a job some time after it is over. */
const isOver = ({ expiresAt }: QueryJob, { now }: QueriesApi): boolean => now().getTime() >= expiresAt * 1_000;
