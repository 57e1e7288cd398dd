/**
 * Single entries posted by many clients at once through the HTTP API of a whole local runtime, beside the naive design
 * behind a bare HTTP server in the same run. No validation, no token, no redaction and no receipts burden the rival.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dynamoClient } from '../adapters/dynamodb/client.ts';
import { startRuntime } from '../test/e2e/runtime.ts';
import { createLedgerTables } from '../test/support/ledger-tables.ts';
import { startBenchDynamoDb } from './dynamodb.ts';
import { prepared, sampleEntries } from './entries.ts';
import { NaiveChain } from './naive.ts';

const CLIENTS = 64;
const POSTS = 6_400;
const WARM_UP_POSTS = 640;

interface HttpFigures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  /** Answers other than 201. */
  readonly errors: number;
}

export async function benchHttp(): Promise<void> {
  const bodies = sampleEntries(POSTS).map((entry) => JSON.stringify(withoutServerFields(entry as object)));
  const ours = await benchRuntime(bodies);
  const rival = await benchNaive(bodies);
  console.log(`HTTP, ${CLIENTS} clients posting single entries`);
  print('the API, whole runtime', ours);
  print('naive behind bare HTTP', rival);
}

/** The samples are whole entries; clients send what they know. */
function withoutServerFields(entry: object): object {
  const { action, actor, occurredAt, category } = entry as Record<string, unknown>;
  return { action, actor, occurredAt, category, metadata: { sample: entry } };
}

async function benchRuntime(bodies: readonly string[]): Promise<HttpFigures> {
  const runtime = await startRuntime();
  try {
    const headers = { authorization: `Bearer ${await runtime.token('acme')}`, 'content-type': 'application/json' };
    const post = (body: string) => fetch(`${runtime.url}/v1/entries`, { method: 'POST', headers, body });
    await load(bodies.slice(0, WARM_UP_POSTS), post);
    return await load(bodies, post);
  } finally {
    await runtime.stop();
  }
}

async function benchNaive(bodies: readonly string[]): Promise<HttpFigures> {
  const dynamo = await startBenchDynamoDb();
  const client = dynamoClient({ attempts: 1 });
  const chain = new NaiveChain(client, await createLedgerTables(client, 'http'), 'naive');
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const position = await chain.append(prepared(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    response.writeHead(201).end(String(position));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const post = (body: string) => fetch(url, { method: 'POST', body });
    await load(bodies.slice(0, WARM_UP_POSTS), post);
    return await load(bodies, post);
  } finally {
    server.close();
    client.destroy();
    await dynamo.stop();
  }
}

async function load(bodies: readonly string[], post: (body: string) => Promise<Response>): Promise<HttpFigures> {
  const latencies: number[] = [];
  let errors = 0;
  let next = 0;
  const client = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const start = performance.now();
      const response = await post(body);
      await response.arrayBuffer();
      latencies.push(performance.now() - start);
      if (response.status !== 201) errors++;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const seconds = (performance.now() - start) / 1_000;
  latencies.sort((a, b) => a - b);
  const percentile = (share: number) => latencies[Math.floor(latencies.length * share)]!;
  return { perSecond: bodies.length / seconds, p50: percentile(0.5), p95: percentile(0.95), errors };
}

function print(name: string, { perSecond, p50, p95, errors }: HttpFigures): void {
  const figures = `${Math.round(perSecond)} entries/s, p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, ${errors} errors`;
  console.log(`  ${name.padEnd(24)} ${figures}`);
}

if (import.meta.main) await benchHttp();
