// Routes of /v1/exports: begin, list, look, cancel, grant.
import type { Reader } from '../../../core/access/reader.ts';
import type { ExportFile } from '../../../core/export/manifest.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { SITE_PATHS } from '../../../names/site.ts';
import { filesOf } from '../../../services/export/advance.ts';
import {
  changeExport,
  type ExportJob,
  type ExportStarter,
  hasEnded,
  iso,
  mayHave,
  newExport,
  readExport,
  splitAt,
} from '../../../services/export/job.ts';
import type { ExportFiles } from '../../../services/export/port.ts';
import type { JobItem, JobStore } from '../../../services/job-store/port.ts';
import { recordRead } from '../../../services/record/read.ts';
import { searchPage } from '../../../services/search/page.ts';
import { beginningOf, type SearchPorts } from '../../../services/search/search.ts';
import { DEFAULT_EXPORTS, EXPORT_OPERATIONS } from '../operations/exports.ts';
import { type HttpEvent, type HttpResponse, json } from '../shared/http.ts';
import { digestOf, idempotencyKey, keyedId } from '../shared/idempotency.ts';
import { idOf, queryOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import { type ReadingPorts, reading } from '../shared/reading.ts';
import { type Answers, byRoute } from '../shared/routes.ts';
import { readExportBody, readGrant } from './body.ts';

export interface ExportsApi {
  readonly jobs: JobStore;
  readonly files: Pick<ExportFiles, 'link'>;
  readonly starter: ExportStarter;
  readonly search: SearchPorts;
  readonly reading: ReadingPorts;
  readonly newId: () => string;
  readonly now: () => Date;
  /** How long an export can be downloaded. */
  readonly days: number;
}

/** To look whether there is anything at all; what is not found by then the job finds. */
const FIRST_LOOK = { entries: 1, bytes: 1_000_000, budgetMs: 3_000 };

type Name = keyof typeof EXPORT_OPERATIONS;

/** /v1/exports, in the reader's own tenant. */
export function exportsApi(api: ExportsApi): Answers {
  const route = (name: Name, answer: (api: ExportsApi, event: HttpEvent, reader: Reader) => Promise<HttpResponse>) => {
    const { method, path } = EXPORT_OPERATIONS[name];
    return [`${method} ${path}`, reading(api.reading, name, (event, reader) => answer(api, event, reader))] as const;
  };
  return byRoute(
    EXPORT_OPERATIONS,
    Object.fromEntries([
      route('startExport', start),
      route('listExports', list),
      route('readExport', one),
      route('cancelExport', cancel),
      route('grantExport', grant),
    ]),
  );
}

/** The job is in the job store before its execution is started: whoever looks at one that never was starts it. */
async function start(api: ExportsApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  requireDownloads(reader);
  const now = api.now().getTime();
  const key = idempotencyKey(event.headers['idempotency-key']);
  const { asked, format, fields, request } = readExportBody(event, now);
  const split = splitAt(now, api.search.hotWindowMs);
  const from = Math.max(asked.from ?? 0, (await beginningOf(api.search, reader.tenant)) ?? 0);
  const period = { from, to: asked.to ?? now };
  const wanted = { ...{ q: asked.text, query: asked.query, period, split, order: asked.order, format } };
  const expired = await api.search.keeping.expiredDays(reader.tenant);
  const begun = newExport(reader, { ...wanted, ...(fields === undefined ? {} : { fields }) }, now, api.days, expired);
  // The request as it was sent: a period that counts back from now is another each time.
  const job = key === undefined ? begun : { ...begun, digest: digestOf([request, begun.filter]) };
  const id = key === undefined ? api.newId() : keyedId(reader, key);
  const before = key === undefined ? undefined : await readExport(api.jobs, reader.tenant, id);
  if (before !== undefined) return replayed(api, reader, before, job);
  await requireSomething(api, reader, job);
  await recordRead(api.reading.recording, reader, {
    ...{ action: 'audit.export_started', target: { type: 'export', id }, query: job.q, period: job.period },
    details: { format },
  });
  if (!(await api.jobs.put(reader.tenant, JOB_STORE.exports, id, job, 0, job.expiresAt))) {
    return replayed(api, reader, (await readExport(api.jobs, reader.tenant, id))!, job);
  }
  await api.starter.start(id, { tenant: reader.tenant, id });
  return json(202, JSON.stringify(viewOf(id, job)));
}

/** The same request again: the same export. */
async function replayed(
  api: ExportsApi,
  reader: Reader,
  { id, value }: JobItem<ExportJob>,
  { digest }: ExportJob,
): Promise<HttpResponse> {
  if (value.digest !== digest) {
    throw new Problem('idempotency-mismatch', 'The Idempotency-Key was used for another export.');
  }
  if (value.status === 'queued') await api.starter.start(id, { tenant: reader.tenant, id });
  return json(202, JSON.stringify(viewOf(id, value)), { 'idempotent-replayed': 'true' });
}

function requireDownloads({ mayDownload }: Reader): void {
  if (!mayDownload) throw new Problem('plan-limit', "The tenant's plan includes no downloads.");
}

/** Where only the hot window is asked for, nothing can be found at once. */
async function requireSomething({ search }: ExportsApi, { tenant }: Reader, job: ExportJob): Promise<void> {
  const { query, period, order, split } = job;
  if (period.from < period.to && period.from < split) return;
  const page = await searchPage(search, { tenant, query, period, order }, FIRST_LOOK);
  // What can't be read may be what is asked for: the job says so.
  if (page.found.length === 0 && page.next === undefined && page.gaps.length === 0) {
    throw new Problem('nothing-to-export', 'Nothing that may be exported was found: ask for another range or query.');
  }
}

async function list(api: ExportsApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { after, limit = DEFAULT_EXPORTS } = queryOf(event, EXPORT_OPERATIONS.listExports.query);
  const { items, next = null } = await api.jobs.list<ExportJob>(reader.tenant, JOB_STORE.exports, limit, after);
  const seen = items.filter(({ value }) => mayHave(value, reader) && !isOver(value, api));
  return json(200, JSON.stringify({ exports: seen.map(({ id, value }) => viewOf(id, value)), next }));
}

/** Addresses of files are what lets entries out, so that an answer with them is recorded. */
async function one(api: ExportsApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { id, value } = await found(api, event, reader);
  const { tenant } = reader;
  if (value.status === 'queued') await api.starter.start(id, { tenant, id });
  if (value.status !== 'succeeded') return json(200, JSON.stringify(viewOf(id, value)));
  requireDownloads(reader);
  await recordRead(api.reading.recording, reader, {
    ...{ action: 'audit.export_downloaded', target: { type: 'export', id } },
    ...{ query: value.q, period: value.period, rows: value.rows },
  });
  const files = await Promise.all(
    filesOf(value).map(async (file) => ({ ...file, url: await api.files.link(tenant, id, file.name) })),
  );
  return json(200, JSON.stringify(viewOf(id, value, files)));
}

async function cancel(api: ExportsApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { id } = await found(api, event, reader);
  const target = { type: 'export', id };
  await recordRead(api.reading.recording, reader, { action: 'audit.export_cancelled', target });
  const endedAt = api.now().getTime();
  let cancelled: ExportJob | undefined;
  const job = await changeExport(api.jobs, reader.tenant, id, (current) => {
    if (hasEnded(current)) return undefined;
    cancelled = { ...current, status: 'cancelled', endedAt };
    return cancelled;
  });
  // What comes back is another where it had ended before, or ended first.
  if (job === undefined || job !== cancelled) throw new Problem('already-finished', 'The export has ended before.');
  return json(200, JSON.stringify(viewOf(id, job)));
}

async function grant(api: ExportsApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const subject = readGrant(event);
  const { id } = await found(api, event, reader);
  await recordRead(api.reading.recording, reader, {
    ...{ action: 'audit.export_granted', target: { type: 'export', id }, details: { subject } },
  });
  const job = await changeExport(api.jobs, reader.tenant, id, (current) =>
    current.grants.includes(subject) ? undefined : { ...current, grants: [...current.grants, subject] },
  );
  if (job === undefined) throw nothingThere();
  return json(201, JSON.stringify(viewOf(id, job)));
}

/** Of exports that are not the reader's to have nothing is said, not even that they are. */
async function found(api: ExportsApi, event: HttpEvent, reader: Reader): Promise<JobItem<ExportJob>> {
  const item = await readExport(api.jobs, reader.tenant, idOf(event));
  if (item === undefined || !mayHave(item.value, reader) || isOver(item.value, api)) throw nothingThere();
  return item;
}

const nothingThere = () => new Problem('not-found', 'There is no export of this id.');

/** The table forgets a job some time after it is over. */
const isOver = ({ expiresAt }: ExportJob, { now }: ExportsApi): boolean => now().getTime() >= expiresAt * 1_000;

function viewOf(id: string, job: ExportJob, files: readonly ExportFile[] = filesOf(job)) {
  const { status, q, period, order, format, fields, createdAt, subject, endedAt, expiresAt } = job;
  const { rows, sealed, grants, gaps = [] } = job;
  return {
    ...{ id, status, q, from: iso(period.from), to: iso(period.to), order, format, fields: fields ?? null },
    ...{ createdAt: iso(createdAt), createdBy: subject, endedAt: endedAt === undefined ? null : iso(endedAt) },
    ...{ expiresAt: iso(expiresAt * 1_000), rows, sealed: sealed ?? null, grants, files, reason: job.reason ?? null },
    complete: status === 'succeeded' && gaps.every(({ recovered }) => recovered === true),
    gaps,
    verifier: VERIFIER,
  };
}

/** To be handed on with the files: whoever checks them has to ask nothing of the deployment. */
const VERIFIER = { page: SITE_PATHS.verifier, command: SITE_PATHS.command, sums: SITE_PATHS.sums };
