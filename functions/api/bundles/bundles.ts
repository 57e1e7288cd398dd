// Routes of /v1/bundles: begin, list, look, cancel.
import type { Reader } from '../../../core/access/reader.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { DAY_MS } from '../../../names/time.ts';
import type { Period } from '../../../services/bundle/plan.ts';
import {
  type BundleJob,
  type BundleStarter,
  changeBundle,
  hasEnded,
  putBundle,
  readBundle,
} from '../../../services/bundle-job/job.ts';
import type { BundleFiles } from '../../../services/bundle-job/port.ts';
import { positionsMade, RECORDS } from '../../../services/bundle-job/slice.ts';
import type { BundleTask } from '../../../services/bundle-job/steps.ts';
import type { JobItem, JobStore } from '../../../services/job-store/port.ts';
import type { PublishedSeal } from '../../../services/log/published.ts';
import type { EvidenceReader } from '../../../services/log/versions.ts';
import { TenantDigests } from '../../../services/prove/digests.ts';
import type { ServedLog } from '../../../services/prove/log.ts';
import { recordRead } from '../../../services/record/read.ts';
import { BUNDLE_OPERATIONS, DEFAULT_BUNDLES } from '../operations/bundles.ts';
import { requireWholeDownloads } from '../shared/access.ts';
import { type HttpEvent, type HttpResponse, json } from '../shared/http.ts';
import { digestOf, idempotencyKey, keyedId } from '../shared/idempotency.ts';
import { idOf, queryOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import { type ReadingPorts, reading } from '../shared/reading.ts';
import { type Answers, byRoute } from '../shared/routes.ts';
import { readBundleBody } from './body.ts';

export interface BundlesApi {
  readonly jobs: JobStore;
  readonly files: Pick<BundleFiles, 'link' | 'names'>;
  readonly starter: BundleStarter;
  readonly store: EvidenceReader;
  readonly log: ServedLog;
  readonly reading: ReadingPorts;
  readonly newId: () => string;
  readonly now: () => Date;
  /** How long a bundle can be downloaded. */
  readonly days: number;
}

type Name = keyof typeof BUNDLE_OPERATIONS;

/** /v1/bundles, in the reader's own tenant: whole chains, for the role and the plans that hide nothing of them. */
export function bundlesApi(api: BundlesApi): Answers {
  const route = (name: Name, answer: (api: BundlesApi, event: HttpEvent, reader: Reader) => Promise<HttpResponse>) => {
    const { method, path } = BUNDLE_OPERATIONS[name];
    const whole = (event: HttpEvent, reader: Reader) => {
      requireWholeDownloads(reader);
      return answer(api, event, reader);
    };
    return [`${method} ${path}`, reading(api.reading, name, async (event, reader) => whole(event, reader))] as const;
  };
  return byRoute(
    BUNDLE_OPERATIONS,
    Object.fromEntries([
      route('startBundle', start),
      route('listBundles', list),
      route('readBundle', one),
      route('cancelBundle', cancel),
    ]),
  );
}

/** The job is in the job store before its execution is started: whoever looks at one that never was starts it. */
async function start(api: BundlesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const key = idempotencyKey(event.headers['idempotency-key']);
  const { period, request } = readBundleBody(event);
  const digest = key === undefined ? undefined : digestOf(request);
  const { tenant } = reader;
  const id = key === undefined ? api.newId() : keyedId(reader, key);
  const before = key === undefined ? undefined : await readBundle(api.jobs, { tenant, id });
  if (before !== undefined) return replayed(api, { tenant, id }, before.value, digest);
  const seal = await sealOf(api, tenant, period);
  const job = newBundle(api, reader, period, seal, digest);
  await recordRead(api.reading.recording, reader, {
    ...{ action: 'audit.export_started', target: { type: 'bundle', id } },
    details: { ...period, logSize: job.logSize },
  });
  if (!(await putBundle(api.jobs, { tenant, id }, job, 0))) {
    return replayed(api, { tenant, id }, (await readBundle(api.jobs, { tenant, id }))!.value, digest);
  }
  await api.starter.start(id, { tenant, id });
  return json(202, JSON.stringify(viewOf(id, job)));
}

/** The same request again: the same bundle. */
async function replayed(
  api: BundlesApi,
  task: BundleTask,
  job: BundleJob,
  digest: string | undefined,
): Promise<HttpResponse> {
  if (job.digest !== digest) {
    throw new Problem('idempotency-mismatch', 'The Idempotency-Key was used for another bundle.');
  }
  if (job.status === 'queued') await api.starter.start(task.id, task);
  return json(202, JSON.stringify(viewOf(task.id, job)), { 'idempotent-replayed': 'true' });
}

function newBundle(
  { now, days }: BundlesApi,
  { subject }: Reader,
  period: Period,
  { seal, checkpoint }: PublishedSeal,
  digest: string | undefined,
): BundleJob {
  const createdAt = now().getTime();
  return {
    ...{ ...period, subject, status: 'queued', seal, logSize: checkpoint.size, createdAt },
    ...(digest === undefined ? {} : { digest }),
    expiresAt: Math.floor((createdAt + days * DAY_MS) / 1_000),
  };
}

/** The newest seal, where it has anything of the tenant's days: what is sealed meanwhile is for the next bundle. */
async function sealOf({ log, store }: BundlesApi, tenant: string, { from }: Period): Promise<PublishedSeal> {
  const published = await log.current();
  const newest = published && (await new TenantDigests(tenant, published, store).newest());
  if (published === undefined || newest === undefined) {
    throw new Problem('not-sealed', 'Nothing is sealed yet.', { members: { sealed: 0, nextBy: null } });
  }
  if (from !== undefined && newest.digest.sealedAt < `${from}T00:00:00.000Z`) {
    throw new Problem('nothing-to-export', `No digest was sealed since ${from}: ask for another range of days.`);
  }
  return published;
}

async function list(api: BundlesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { after, limit = DEFAULT_BUNDLES } = queryOf(event, BUNDLE_OPERATIONS.listBundles.query);
  const { items, next = null } = await api.jobs.list<BundleJob>(reader.tenant, JOB_STORE.bundles, limit, after);
  const bundles = items.filter(({ value }) => !isOver(value, api)).map(({ id, value }) => viewOf(id, value));
  return json(200, JSON.stringify({ bundles, next }));
}

/** The address of the file is what lets entries out, so that an answer with it is recorded. */
async function one(api: BundlesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { id, value } = await found(api, event, reader);
  const task = { tenant: reader.tenant, id };
  if (value.status === 'queued') await api.starter.start(id, task);
  if (value.status !== 'succeeded') {
    const done = hasEnded(value) ? 0 : positionsMade(await api.files.names(task, RECORDS));
    return json(200, JSON.stringify({ ...viewOf(id, value), done }));
  }
  const { from, to, logSize, positions = 0 } = value;
  await recordRead(api.reading.recording, reader, {
    ...{ action: 'audit.export_downloaded', target: { type: 'bundle', id }, rows: positions },
    details: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), logSize },
  });
  return json(200, JSON.stringify({ ...viewOf(id, value), done: positions, url: await api.files.link(task) }));
}

async function cancel(api: BundlesApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { id } = await found(api, event, reader);
  const target = { type: 'bundle', id };
  await recordRead(api.reading.recording, reader, { action: 'audit.export_cancelled', target });
  const endedAt = api.now().getTime();
  const task = { tenant: reader.tenant, id };
  let cancelled: BundleJob | undefined;
  const job = await changeBundle(api.jobs, task, (current) => {
    cancelled = { ...current, status: 'cancelled', endedAt };
    return cancelled;
  });
  // What comes back is another where it had ended before, or ended first.
  if (job === undefined || job !== cancelled) throw new Problem('already-finished', 'The bundle has ended before.');
  return json(200, JSON.stringify(viewOf(id, job)));
}

async function found(api: BundlesApi, event: HttpEvent, reader: Reader): Promise<JobItem<BundleJob>> {
  const item = await readBundle(api.jobs, { tenant: reader.tenant, id: idOf(event) });
  if (item !== undefined && !isOver(item.value, api)) return item;
  throw new Problem('not-found', 'There is no bundle of this id.');
}

/** The table forgets a job some time after it is over. */
const isOver = ({ expiresAt }: BundleJob, { now }: BundlesApi): boolean => now().getTime() >= expiresAt * 1_000;

const iso = (time: number): string => new Date(time).toISOString();

function viewOf(id: string, job: BundleJob) {
  const { status, from = null, to = null, logSize, createdAt, subject, endedAt, expiresAt } = job;
  const { positions = null, bytes = null, reason = null } = job;
  return {
    ...{ id, status, from, to, logSize, createdAt: iso(createdAt), createdBy: subject },
    ...{ endedAt: endedAt === undefined ? null : iso(endedAt), expiresAt: iso(expiresAt * 1_000) },
    ...{ positions, done: null, bytes, reason },
  };
}
