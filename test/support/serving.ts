// The functions of evidence and log over a sealed deployment.
import { gunzipSync } from 'node:zlib';
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zstd } from '../../adapters/zstd.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { serveEvidence } from '../../functions/api/evidence/evidence.ts';
import { serveLog } from '../../functions/api/log/log.ts';
import { evidenceProblem } from '../../functions/api/shared/evidence.ts';
import { type HttpEvent, http } from '../../functions/api/shared/http.ts';
import type { Problem } from '../../functions/api/shared/problem.ts';
import { PATHS } from '../../names/api.ts';
import type { EvidenceReader } from '../../services/log/versions.ts';
import { ServedLog } from '../../services/prove/log.ts';
import { SegmentBodies } from '../../services/prove/segments.ts';
import { CLAIMS, CONTEXT, request } from '../unit/functions/requests.ts';
import { ORIGIN } from './log-signer.ts';
import { expectDocumentedRoute } from './openapi.ts';
import { type AccessOptions, ReadTrail } from './reading.ts';
import { DAY_MS, Deployment, type DeploymentOptions } from './sealing.ts';

export interface Served {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** As the client has it: decoded and unpacked. */
  readonly bytes: Uint8Array;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; the tests look at it
  readonly json: any;
}

export interface Ask {
  readonly tenant?: string;
  readonly role?: string;
  readonly subject?: string;
  readonly cases?: string;
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
}

type Path = keyof typeof PATHS;

/** Of a chain, by position: everything that was ever recorded. */
export function entriesOf(deployment: Deployment, chain: string): Uint8Array[] {
  return deployment.history.get(chain)!.flatMap((block) => decodeBlock(block, zstd).entries);
}

const CATEGORIES = ['payment', 'debug', 'security'];

/** acme's chain 0 has six entries a day of three categories, its chain 2 and globex one each. */
export async function sealed(days = 3, options: DeploymentOptions = {}): Promise<Deployment> {
  const deployment = new Deployment(options);
  for (let day = 0; day < days; day++) {
    await deployment.record(
      'acme#0',
      CATEGORIES.map((category) => deployment.some(category)[0]!),
    );
    await deployment.record(
      'acme#0',
      CATEGORIES.map((category) => deployment.some(category)[0]!),
    );
    await deployment.record('acme#2', deployment.some('payment'));
    await deployment.record('globex#0', deployment.some('payment'));
    await deployment.seal();
    deployment.pass(DAY_MS);
  }
  return deployment;
}

interface ServingOptions extends AccessOptions {
  readonly publicEntries?: boolean;
  readonly store?: EvidenceReader;
}

/** The functions that serve evidence, as they are deployed, over a deployment in memory. */
export class Serving {
  readonly problems: Problem[] = [];
  readonly altered: string[] = [];
  readonly #log: (event: HttpEvent, context: never) => Promise<unknown>;
  readonly #evidence: (event: HttpEvent, context: never) => Promise<unknown>;

  readonly trail: ReadTrail;

  constructor(deployment: Deployment, options: ServingOptions = {}) {
    const { publicEntries = false, store = deployment.store } = options;
    this.trail = new ReadTrail(() => deployment.now);
    const now = () => new Date(deployment.now);
    const log = new ServedLog({ store, keys: deployment.signer, origin: ORIGIN, now });
    const onAltered = ({ object }: { object: { key: string } }) => void this.altered.push(object.key);
    const segments = new SegmentBodies({ store, codec: parquetSegments, onAltered });
    const described = { describe: evidenceProblem, onProblem: (problem: Problem) => void this.problems.push(problem) };
    const ports = { log, segments, blocks: deployment.blocks, compression: zstd, now, ...this.trail.ports(options) };
    this.#log = http('log', serveLog({ log, publicEntries }), described);
    this.#evidence = http('evidence', serveEvidence(ports), described);
  }

  async get(path: Path, { tenant = 'acme', role = 'compliance', ...ask }: Ask = {}): Promise<Served> {
    const claims = {
      ...{ [CLAIMS.tenant]: tenant, [CLAIMS.role]: role, [CLAIMS.cases]: ask.cases },
      ...(ask.subject === undefined ? {} : { sub: ask.subject }),
    };
    const event = {
      ...request({ claims, headers: ask.headers ?? {}, path: texts(ask.path ?? {}) }),
      routeKey: `GET ${PATHS[path]}`,
      ...(ask.query === undefined ? {} : { queryStringParameters: texts(ask.query) }),
    };
    const answer = await (path.startsWith('log') ? this.#log : this.#evidence)(event, CONTEXT);
    const answered = served(answer as Parameters<typeof served>[0]);
    expectDocumentedRoute(event.routeKey, { ...answered, body: answered.json });
    return answered;
  }
}

function texts(values: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

export function served(answer: {
  statusCode: number;
  headers: Record<string, unknown>;
  body: string;
  isBase64Encoded?: boolean;
}): Served {
  const sent = Buffer.from(answer.body, answer.isBase64Encoded === true ? 'base64' : 'utf8');
  const bytes = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
  const text = bytes.toString('utf8');
  const isJson = /json$/.test(String(answer.headers['content-type']));
  return {
    status: answer.statusCode,
    headers: answer.headers,
    bytes: new Uint8Array(bytes),
    text,
    json: isJson && !String(answer.headers['content-type']).includes('ndjson') ? JSON.parse(text) : undefined,
  };
}
