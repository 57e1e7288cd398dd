// Every route of the API over a deployment in memory.
import { EXPORT_FORMATS } from '../../adapters/export/formats.ts';
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zlibZip } from '../../adapters/zip/zlib.ts';
import { zstd } from '../../adapters/zstd.ts';
import type { OperationName } from '../../core/access/policy.ts';
import { CATALOG } from '../../core/catalog/catalog.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { DEFAULT_LIMITS } from '../../core/limits.ts';
import { bundlesApi } from '../../functions/api/bundles/bundles.ts';
import { serveCatalog } from '../../functions/api/catalog/catalog.ts';
import { serveEvidence } from '../../functions/api/evidence/evidence.ts';
import { exportsApi } from '../../functions/api/exports/exports.ts';
import { handler as health } from '../../functions/api/health/handler.ts';
import { holds } from '../../functions/api/holds/holds.ts';
import { holdProblem } from '../../functions/api/holds/problems.ts';
import { ingest } from '../../functions/api/ingest/ingest.ts';
import { ingestProblem } from '../../functions/api/ingest/problems.ts';
import { serveLog } from '../../functions/api/log/log.ts';
import { handler as openapi } from '../../functions/api/openapi/handler.ts';
import type { Operation } from '../../functions/api/operations/operation.ts';
import { API_OPERATIONS } from '../../functions/api/operations/operations.ts';
import { queries } from '../../functions/api/queries/queries.ts';
import { read, readProblem } from '../../functions/api/read/read.ts';
import { searchProblem } from '../../functions/api/search/problems.ts';
import { search } from '../../functions/api/search/search.ts';
import { searches } from '../../functions/api/search/searches.ts';
import { evidenceProblem } from '../../functions/api/shared/evidence.ts';
import { type HttpEvent, http, unexpected } from '../../functions/api/shared/http.ts';
import type { Problem } from '../../functions/api/shared/problem.ts';
import type { ReadingPorts } from '../../functions/api/shared/reading.ts';
import type { Answers } from '../../functions/api/shared/routes.ts';
import { verifications } from '../../functions/api/verifications/verifications.ts';
import { newId } from '../../functions/shared/id.ts';
import { finishBundle } from '../../services/bundle-job/finish.ts';
import { planBundleJob } from '../../services/bundle-job/plan.ts';
import { makeSlice } from '../../services/bundle-job/slice.ts';
import { advanceExport } from '../../services/export/advance.ts';
import type { EntrySource } from '../../services/export/port.ts';
import { HoldEvents } from '../../services/hold/events.ts';
import { ServedLog } from '../../services/prove/log.ts';
import { SegmentBodies } from '../../services/prove/segments.ts';
import { type SearchPorts, searchHot } from '../../services/search/search.ts';
import { MemoryBundleFiles } from '../fakes/memory-bundle-files.ts';
import { MemoryFiles } from '../fakes/memory-files.ts';
import { MemoryJobStore } from '../fakes/memory-job-store.ts';
import { CLAIMS, CONTEXT, request } from '../unit/functions/requests.ts';
import { unpacked } from './bundling.ts';
import { ORIGIN } from './log-signer.ts';
import { expectDocumented } from './openapi.ts';
import { type AccessOptions, ReadTrail } from './reading.ts';
import { DAY_MS, Deployment } from './sealing.ts';
import { KEEPS_ALL, oneEntryPorts, searchOver } from './searching.ts';
import { type Served, served } from './serving.ts';

export interface Who {
  readonly tenant: string;
  readonly role: string;
  readonly subject: string;
  readonly cases?: string;
}

export interface Asked {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** As it was sent; `query` unless said otherwise. */
  readonly rawQuery?: string;
  readonly body?: unknown;
  /** Instead of a body in JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What each entry of chain 0 is to the reader `me` of case c-1; both tenants have the same. */
const SAMPLES: Readonly<Record<string, { readonly category: string; readonly members: JsonObject }>> = {
  old: { category: 'payment', members: {} },
  payment: { category: 'payment', members: {} },
  'own-case': { category: 'case', members: { target: { type: 'case', id: 'c-1' } } },
  'foreign-case': { category: 'case', members: { target: { type: 'case', id: 'c-2' } } },
  'related-case': { category: 'document', members: { related: [{ type: 'case', id: 'c-1' }] } },
  user: { category: 'account', members: { target: { type: 'user', id: 'u-7' } } },
  'own-admin': { category: 'administrative', members: { actor: { type: 'user', id: 'me' } } },
  'case-review': {
    category: 'audit_access',
    members: {
      ...{ target: { type: 'case', id: 'c-1' }, actor: { type: 'user', id: 'officer-1' }, metadata: { rows: 12 } },
      action: 'audit.history_viewed',
    },
  },
  'case-audit': { category: 'audit', members: { related: [{ type: 'case', id: 'c-1' }] } },
  'own-sanction': {
    category: 'sanction',
    members: { actor: { type: 'user', id: 'me' }, related: [{ type: 'case', id: 'c-1' }] },
  },
  'own-record': { category: 'payment', members: { recorder: { type: 'token', id: 'me' } } },
};
export const NAMES = Object.keys(SAMPLES);
export const idOf = (tenant: string, name: string): string => `${tenant}.${name}`;

/** A sealed deployment of two tenants, all in memory. */
export async function sampleDeployment(): Promise<Deployment> {
  const deployment = new Deployment();
  for (const tenant of ['acme', 'globex']) {
    const samples = Object.entries(SAMPLES).map(([name, { category, members }], i) => ({
      category,
      recordedAt: name === 'old' ? deployment.now - 40 * DAY_MS : deployment.now + i,
      members: { id: idOf(tenant, name), ...members },
    }));
    await deployment.record(`${tenant}#0`, samples.slice(0, 1), samples.slice(1));
  }
  await deployment.seal();
  return deployment;
}

type Handler = (event: HttpEvent, context: never) => Promise<unknown>;

/** Every function that answers with a token, as it is deployed, by the routes that it serves. */
export class Routes {
  readonly trail: ReadTrail;
  readonly #handlers: ReadonlyMap<Operation['name'], Handler>;
  readonly #deployment: Deployment;
  readonly #kept: Kept = {
    jobs: new MemoryJobStore(),
    files: new MemoryFiles(),
    bundles: new MemoryBundleFiles(1_000),
  };

  constructor(deployment: Deployment, options: AccessOptions = {}) {
    this.#deployment = deployment;
    this.trail = new ReadTrail(() => deployment.now);
    const open: [Operation['name'], Handler][] = [
      ['readHealth', health],
      ['readOpenApi', openapi],
    ];
    const others = functionsOf(deployment, this.trail.ports(options), this.#kept).flatMap(
      ({ operations, answers, describe }) => {
        const handler: Handler = http('routes', answers, { describe });
        return operations.map((operation): [Operation['name'], Handler] => [operation, handler]);
      },
    );
    this.#handlers = new Map([...open, ...others]);
  }

  get bundles(): MemoryBundleFiles {
    return this.#kept.bundles;
  }

  serves(operation: OperationName): boolean {
    return this.#handlers.has(operation);
  }

  /** Takes an export to its end, as its state machine does, and answers what its first file holds. */
  async exported(tenant: string, id: string): Promise<string> {
    const { store, signer, blocks } = this.#deployment;
    const now = () => this.#deployment.now;
    const log = new ServedLog({ store, keys: signer, origin: ORIGIN, now: () => new Date(now()) });
    const ports = {
      ...{ ...this.#kept, formats: EXPORT_FORMATS, proofs: log, now, budgetMs: 60_000, onGaps: () => undefined },
      source: entrySourceOf(searchOver(blocks, now)),
    };
    while (!(await advanceExport(ports, { tenant, id })).done);
    const file = this.#kept.files.files.get(`${tenant}/${id}/export-0001.ndjson`);
    return file === undefined ? '' : Buffer.from(file).toString();
  }

  /** Takes a bundle to its end, as its state machine does, and answers the entries in it. */
  async bundled(tenant: string, id: string): Promise<string> {
    const { store, signer } = this.#deployment;
    const [now, task] = [() => this.#deployment.now, { tenant, id }];
    const { jobs, bundles: files } = this.#kept;
    const ports = {
      ...{ jobs, files, now, newId, deflating: zlibZip, onAbsentTile: () => undefined },
      log: new ServedLog({ store, keys: signer, origin: ORIGIN, now: () => new Date(now()) }),
      segments: new SegmentBodies({ store, codec: parquetSegments, onAltered: () => undefined }),
    };
    const { slices } = await planBundleJob(ports, task);
    for (const slice of slices) await makeSlice(ports, task, slice);
    await finishBundle(ports, task);
    const object = files.objects.get(`${tenant}/${id}/`);
    const entries = object && (await unpacked(object)).get('chains/0/entries.ndjson');
    return entries === undefined ? '' : Buffer.from(entries).toString();
  }

  async ask(operation: Operation['name'], who: Who, asked: Asked = {}): Promise<Served> {
    const { path, query, rawQuery = '', body, text, headers } = asked;
    const { method, path: route } = API_OPERATIONS.find(({ name }) => name === operation)!;
    const claims = {
      ...{ sub: who.subject, [CLAIMS.tenant]: who.tenant, [CLAIMS.role]: who.role },
      [CLAIMS.cases]: who.cases,
    };
    const event = {
      ...request({
        ...{ claims, ...(path && { path }), ...(headers && { headers }) },
        body: text ?? (body === undefined ? undefined : JSON.stringify(body)),
      }),
      rawQueryString: rawQuery,
      routeKey: `${method} ${route}`,
      ...(query && { queryStringParameters: query }),
    };
    const answer = served((await this.#handlers.get(operation)!(event, CONTEXT)) as Parameters<typeof served>[0]);
    expectDocumented(operation, { ...answer, body: answer.json });
    return answer;
  }
}

interface Functions {
  readonly operations: readonly Operation['name'][];
  readonly answers: Answers;
  readonly describe: (error: unknown) => Problem;
}

interface Kept {
  readonly jobs: MemoryJobStore;
  readonly files: MemoryFiles;
  readonly bundles: MemoryBundleFiles;
}

function functionsOf(deployment: Deployment, reading: ReadingPorts, { jobs, files, bundles }: Kept): Functions[] {
  const { store, blocks } = deployment;
  const now = () => new Date(deployment.now);
  const log = new ServedLog({ store, keys: deployment.signer, origin: ORIGIN, now });
  const segments = new SegmentBodies({ store, codec: parquetSegments, onAltered: () => undefined });
  const { recording, access } = reading;
  const { claims } = access;
  const preparation = { strict: false, catalog: CATALOG, redaction: recording.redaction, limits: DEFAULT_LIMITS };
  const holdPorts = { events: new HoldEvents(store, now), recording, sweeper: { start: async () => undefined }, now };
  const found = searchOver(blocks, () => deployment.now);
  const starter = { start: async () => undefined };
  // An export ends now; the samples were recorded some milliseconds after the deployment's clock stopped.
  const later = () => new Date(deployment.now + 1_000);
  return [
    {
      operations: ['searchEntries', 'countEntries', 'readHistory', 'readRelated', 'readChanges'],
      answers: search({ ...reading, search: found, store: blocks, jobs, onGaps: () => undefined }),
      describe: searchProblem,
    },
    {
      operations: ['saveSearch', 'listSearches', 'readSearch', 'replaceSearch', 'deleteSearch'],
      answers: searches({ ...reading, jobs, newId, now }),
      describe: searchProblem,
    },
    {
      operations: ['startQuery', 'listQueries', 'readQuery', 'readQueryEntries', 'cancelQuery'],
      answers: queries({ jobs, results: { rows: nothing }, starter, reading, newId, now, keeping: KEEPS_ALL }),
      describe: unexpected,
    },
    {
      operations: ['startExport', 'listExports', 'readExport', 'cancelExport', 'grantExport'],
      answers: exportsApi({ jobs, files, starter, search: found, reading, newId, now: later, days: 7 }),
      describe: searchProblem,
    },
    {
      operations: ['startBundle', 'listBundles', 'readBundle', 'cancelBundle'],
      answers: bundlesApi({ jobs, files: bundles, starter, store, log, reading, newId, now, days: 7 }),
      describe: evidenceProblem,
    },
    {
      operations: ['recordEntries'],
      answers: ingest({ ledger: recording.ledger, claims, preparation, now, newId, onRecorded: () => undefined }),
      describe: ingestProblem(DEFAULT_LIMITS),
    },
    {
      operations: ['readEntry'],
      answers: read({ ...oneEntryPorts(blocks, () => deployment.now), ...reading, onGap: () => undefined }),
      describe: readProblem,
    },
    {
      operations: ['proveEntry', 'listDigests', 'readDocument', 'readTile', 'readTiles', 'readBodies'],
      answers: serveEvidence({ log, segments, blocks, compression: zstd, now, ...reading }),
      describe: evidenceProblem,
    },
    {
      operations: ['readCheckpoint', 'readLogTile', 'readLogKeys'],
      answers: serveLog({ log, publicEntries: false }),
      describe: evidenceProblem,
    },
    {
      operations: ['applyHold', 'listHolds', 'releaseHold'],
      answers: holds({ ports: holdPorts, access, newId }),
      describe: holdProblem,
    },
    {
      operations: ['listVerifications', 'readVerification'],
      answers: verifications({ store, claims }),
      describe: unexpected,
    },
    {
      operations: ['readCatalog'],
      answers: serveCatalog({ claims, actions: CATALOG, retention: () => 'P1Y', strict: false }),
      describe: unexpected,
    },
  ];
}

const entrySourceOf = (ports: SearchPorts): EntrySource => ({
  rows: (request, gaps) => searchHot(ports, request, gaps),
});

/** Results of a query that found nothing. */
async function* nothing(): AsyncGenerator<never, void, undefined> {}
