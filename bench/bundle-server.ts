/** The functions of evidence over HTTP, for a deployment in memory; also as they read before. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parquetSegments } from '../adapters/parquet/segment.ts';
import { zstd } from '../adapters/zstd.ts';
import { CONTENTS } from '../core/documents/contents.ts';
import { parsePositions } from '../core/documents/positions.ts';
import { SEGMENT_LIST } from '../core/documents/segments.ts';
import { serveEvidence } from '../functions/api/evidence/evidence.ts';
import { serveLog } from '../functions/api/log/log.ts';
import { compressible } from '../functions/api/shared/content.ts';
import { evidenceProblem } from '../functions/api/shared/evidence.ts';
import { type HttpEvent, type HttpResponse, http } from '../functions/api/shared/http.ts';
import { PATHS } from '../names/api.ts';
import type { EvidenceReader } from '../services/log/versions.ts';
import { TenantDigests } from '../services/prove/digests.ts';
import { readDocument } from '../services/prove/document.ts';
import { ServedLog } from '../services/prove/log.ts';
import { SegmentBodies } from '../services/prove/segments.ts';
import { counting } from '../test/support/counting.ts';
import { ORIGIN } from '../test/support/log-signer.ts';
import { ReadTrail } from '../test/support/reading.ts';
import type { Deployment } from '../test/support/sealing.ts';
import { CLAIMS, CONTEXT, request } from '../test/unit/functions/requests.ts';
import { bundleJobs } from './bundle-jobs.ts';

export const MAKERS = ['each by itself', 'paged', 'by a job'] as const;
export type Maker = (typeof MAKERS)[number];

type Handler = (event: HttpEvent, context: never) => Promise<unknown>;

/** Answers on a port of this machine until it is closed. */
export async function serveBundles(deployment: Deployment, maker: Maker) {
  let requests = 0;
  let storeRequests = 0;
  const store = counting<EvidenceReader>(deployment.store, () => storeRequests++);
  const { answer, files } = answering(deployment, store, maker);
  const server = createServer(async (incoming, response) => {
    requests++;
    const { pathname } = new URL(incoming.url!, 'http://host');
    // What S3 hands out.
    if (pathname.startsWith('/files/')) return response.end(files.objects.get(objectAt(pathname)));
    const { statusCode, headers, body } = await answer(incoming);
    return response.writeHead(statusCode, headers as Record<string, string>).end(Buffer.from(body, 'base64'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  files.origin = `${url}/files`;
  return {
    url,
    requests: () => requests,
    storeRequests: () => storeRequests,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Answered {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function answering(deployment: Deployment, store: EvidenceReader, maker: Maker) {
  const now = () => new Date(deployment.now);
  const log = new ServedLog({ store, keys: deployment.signer, origin: ORIGIN, now });
  const segments = new SegmentBodies({ store, codec: parquetSegments, onAltered: () => undefined });
  const trail = new ReadTrail(() => deployment.now);
  const jobs = bundleJobs(store, log, trail, now);
  const ports = { log, segments, blocks: deployment.blocks, compression: zstd, now, ...trail.ports({}) };
  const described = { describe: evidenceProblem };
  const evidence = http('evidence', serveEvidence(ports), described) as Handler;
  const logs = http('log', serveLog({ log, publicEntries: false }), described) as Handler;
  const bundles = http('bundles', jobs.answers, described) as Handler;
  const answer = async (incoming: IncomingMessage): Promise<Answered> => {
    const { pathname, searchParams } = new URL(incoming.url!, 'http://host');
    const { template, path } = routeOf(pathname);
    const { method, headers } = incoming;
    const event = {
      ...request({
        ...{ claims: { [CLAIMS.tenant]: 'acme', [CLAIMS.role]: 'compliance' }, headers: headers as never, path },
        ...(method === 'POST' ? { body: await text(incoming) } : {}),
      }),
      routeKey: `${method} ${template}`,
      queryStringParameters: Object.fromEntries(searchParams),
    } as unknown as HttpEvent;
    if (maker === 'each by itself' && template === PATHS.bodies)
      return answered(await pageByItself(event, { store, segments, log }));
    if (template.startsWith(PATHS.bundles)) return answered(await bundles(event, CONTEXT as never));
    return answered(await (template.startsWith('/log') ? logs : evidence)(event, CONTEXT as never));
  };
  return { answer, files: jobs.files };
}

/** `/files/{tenant}/{id}.zip`, as the files in memory have it. */
const objectAt = (pathname: string): string => pathname.replace('/files/', '').replace(/\.zip$/, '/');

function answered(answer: unknown): Answered {
  const { statusCode = 200, headers = {}, body = '', isBase64Encoded } = answer as HttpResponse;
  return { statusCode, headers, body: isBase64Encoded === true ? body : Buffer.from(body).toString('base64') };
}

function routeOf(pathname: string): { template: string; path: Record<string, string> } {
  for (const template of Object.values(PATHS)) {
    const pattern = template.replace('{proxy+}', '(?<proxy>.+)').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = new RegExp(`^${pattern}$`).exec(pathname);
    if (match !== null) return { template, path: { ...match.groups } };
  }
  throw new Error(`got no route for ${pathname}`);
}

const PAGE_BYTES = 4_000_000;

/** The rival: a page parses the lists anew, asks for a segment at every run, and ends wherever it is full. */
async function pageByItself(
  event: HttpEvent,
  { store, segments, log }: { store: EvidenceReader; segments: SegmentBodies; log: ServedLog },
): Promise<unknown> {
  const { from, through } = event.queryStringParameters as Record<string, string>;
  const digests = new TenantDigests('acme', (await log.current())!, store);
  const { contents } = (await digests.newest())!.digest;
  const runs = [];
  for (const ref of (await readDocument(store, CONTENTS, contents!))!.segments) {
    const list = (await readDocument(store, SEGMENT_LIST, ref))!;
    for (const segment of list.segments)
      for (const run of parsePositions(segment.positions)) runs.push({ ...run, segment });
  }
  runs.sort((a, b) => a.first - b.first);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (const { first, last, segment } of runs) {
    if (last < Number(from)) continue;
    const bodies = (await segments.of(segment))!;
    for (let position = Math.max(first, Number(from)); position <= last && position < Number(through); position++) {
      const entry = bodies.get(position)!.bytes;
      if (bytes + entry.length + 1 > PAGE_BYTES) {
        return compressible(event, 'application/x-ndjson', Buffer.concat(parts), { 'x-next': String(position) });
      }
      parts.push(entry, Uint8Array.of(0x0a));
      bytes += entry.length + 1;
    }
  }
  return compressible(event, 'application/x-ndjson', Buffer.concat(parts), {});
}
