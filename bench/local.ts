/**
 * What a person waits for at the local runtime: its start, single requests, and batches by several clients at once. Beside them, in
 * the same run: `GET /v1/health`, the runtime's own share of any request; a bare put to DynamoDB Local, committed on the same disk;
 * and with `--against DIR` the same of another checkout, turn by turn.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { JsonObject, JsonValue } from '../core/json/value.ts';
import { startDynamoDb } from '../local/dynamodb/start.ts';
import { type Runtime, startRuntime } from '../test/e2e/runtime.ts';
import { freePorts } from '../test/support/ports.ts';
import { sampleEntries } from './entries.ts';
import { type GoalName, noteFigure } from './goals.ts';
import { processorMs } from './processor.ts';
import { barePut } from './put.ts';

const STARTS = 3;
const ROUNDS = 4;
const REQUESTS_A_ROUND = 25;
const CLIENTS = 8;
const BATCH = 200;
const BATCHES_A_ROUND = 40;
const TENANT = 'acme';
const ACTORS = 100;
const TARGETS = 50_000;
const REQUEST_GOALS: Readonly<Record<string, GoalName>> = {
  health: 'health',
  'one POST': 'post',
  'entry by position': 'entry',
  history: 'history',
  'newest page': 'newest',
};

/** One checkout under measurement. */
interface Candidate {
  readonly name: string;
  readonly root?: string;
  readonly dataDir: string;
  readonly ports: readonly [number, number];
}

interface Request {
  readonly name: string;
  readonly send: (round: number) => Promise<Response>;
}

interface Row {
  readonly times: number[];
  cpuMs: number;
}

const sideOf = ({ root }: Candidate) => (root === undefined ? 'now' : 'before');

type Rows = Map<string, Row>;

interface LocalOptions {
  /** A checkout to measure beside this one. */
  readonly against?: string | undefined;
  readonly rounds?: number;
  /** Without the starts alone, which take half of the time. */
  readonly starts?: boolean;
}

export async function benchLocal({ against, rounds = ROUNDS, starts = true }: LocalOptions = {}): Promise<void> {
  const candidates = [await candidate('this'), ...(against ? [await candidate('against', resolve(against))] : [])];
  try {
    if (starts) await printStarts(candidates);
    await printRequests(candidates, rounds);
  } finally {
    for (const { dataDir } of candidates) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function candidate(name: string, root?: string): Promise<Candidate> {
  const dataDir = mkdtempSync(join(tmpdir(), 'indelible-bench-'));
  const [port = 0, awsPort = 0] = await freePorts(2);
  return { name, dataDir, ports: [port, awsPort], ...(root && { root }) };
}

/** The first start bundles; a change of ports synthesizes again with the bundles that are there; the others change nothing. */
async function printStarts(candidates: readonly Candidate[]): Promise<void> {
  console.log('npm start, seconds until ready (processor seconds)');
  const kinds = ['first', 'other ports', ...Array<string>(STARTS).fill('nothing changed')];
  for (const [index, kind] of kinds.entries()) {
    for (const one of candidates) {
      const ports = kind === 'first' ? ((await freePorts(2)) as [number, number]) : one.ports;
      const begun = performance.now();
      const runtime = await startRuntime({ ...one, ports });
      const seconds = (performance.now() - begun) / 1_000;
      const cpu = processorMs(runtime.pid) / 1_000;
      await runtime.stop();
      const goal = kind === 'other ports' ? 'synthesis' : 'start';
      if (kind !== 'first') noteFigure(goal, sideOf(one), seconds);
      console.log(`  ${`${index} ${kind}`.padEnd(20)} ${one.name.padEnd(8)} ${seconds.toFixed(1)} (${cpu.toFixed(1)})`);
    }
  }
}

async function printRequests(candidates: readonly Candidate[], rounds: number): Promise<void> {
  const runtimes = await Promise.all(candidates.map(async (one) => ({ ...one, runtime: await startRuntime(one) })));
  const putDir = mkdtempSync(join(tmpdir(), 'indelible-bench-'));
  const dynamo = await startDynamoDb({ dir: putDir });
  try {
    const put = await barePut(dynamo.endpoint, batch(0));
    const measured = await Promise.all(
      runtimes.map(async (one) => ({ ...one, requests: await requestsOf(one.runtime), rows: new Map() as Rows })),
    );
    const bare: Rows = new Map();
    // The first round warms up and does not count.
    for (let round = 0; round <= rounds; round++) {
      for (const { runtime, requests, rows } of measured) {
        for (const { name, send } of requests) await timed(round === 0 ? new Map() : rows, name, runtime.pid, send);
      }
      await timed(round === 0 ? new Map() : bare, 'a bare put', dynamo.pid, put);
    }
    console.log(`One client: ms p50, p95 (processor ms)`);
    for (const one of measured) {
      printRows(one.name, one.rows);
      for (const [what, { times }] of one.rows) noteFigure(REQUEST_GOALS[what]!, sideOf(one), p95(times));
    }
    printRows('', bare);
    console.log(`${CLIENTS} clients posting batches of ${BATCH}`);
    for (let round = 0; round < rounds; round++) {
      for (const one of measured) noteFigure('ingest', sideOf(one), await ingested(one.name, one.runtime));
    }
  } finally {
    for (const { runtime } of runtimes) await runtime.stop();
    await dynamo.stop();
    rmSync(putDir, { recursive: true, force: true });
  }
}

async function requestsOf({ url, token }: Runtime): Promise<Request[]> {
  const writer = { authorization: `Bearer ${await token(TENANT)}`, 'content-type': 'application/json' };
  const reader = { authorization: `Bearer ${await token(TENANT, 'compliance')}` };
  const first = JSON.parse(batch(1)) as { entries: { target: { type: string; id: string } }[] };
  await answered(await fetch(`${url}/v1/entries`, { method: 'POST', headers: writer, body: batch(1) }));
  const { type, id } = first.entries[7]!.target;
  const get = (name: string, path: string) => ({ name, send: () => fetch(url + path, { headers: reader }) });
  return [
    { name: 'health', send: () => fetch(`${url}/v1/health`) },
    {
      name: 'one POST',
      send: (round) => fetch(`${url}/v1/entries`, { method: 'POST', headers: writer, body: single(round) }),
    },
    get('entry by position', '/v1/chains/0/entries/7'),
    get('history', `/v1/targets/${type}/${id}/history`),
    get('newest page', '/v1/entries?limit=50'),
  ];
}

async function timed(rows: Rows, name: string, pid: number, send: (round: number) => Promise<unknown>): Promise<void> {
  const row = rows.get(name) ?? { times: [], cpuMs: 0 };
  rows.set(name, row);
  const cpu = processorMs(pid);
  for (let i = 0; i < REQUESTS_A_ROUND; i++) {
    const begun = performance.now();
    const response = await send(i);
    if (response instanceof Response) await answered(response);
    row.times.push(performance.now() - begun);
  }
  row.cpuMs += processorMs(pid) - cpu;
}

async function answered(response: Response): Promise<void> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text.slice(0, 300)}`);
}

function p95(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)]!;
}

function printRows(name: string, rows: Rows): void {
  for (const [what, { times, cpuMs }] of rows) {
    const sorted = times.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)]!.toFixed(1).padStart(7);
    console.log(
      `  ${what.padEnd(20)} ${name.padEnd(8)} ${at(0.5)} ${at(0.95)}  (${(cpuMs / times.length).toFixed(1)})`,
    );
  }
}

/** Prints and gives entries a second. */
async function ingested(name: string, { url, token, pid }: Runtime): Promise<number> {
  const headers = { authorization: `Bearer ${await token(TENANT)}`, 'content-type': 'application/json' };
  const bodies = Array.from({ length: BATCHES_A_ROUND }, (_, i) => batch(i));
  const cpu = processorMs(pid);
  const begun = performance.now();
  let next = 0;
  const client = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      await answered(await fetch(`${url}/v1/entries`, { method: 'POST', headers, body }));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const seconds = (performance.now() - begun) / 1_000;
  const entries = BATCHES_A_ROUND * BATCH;
  const each = (processorMs(pid) - cpu) / BATCHES_A_ROUND;
  console.log(
    `  ${''.padEnd(20)} ${name.padEnd(8)} ${Math.round(entries / seconds)} entries/s (${each.toFixed(1)} processor ms a batch)`,
  );
  return entries / seconds;
}

const single = (seed: number) => JSON.stringify(sent(sampleEntries(1, seed)[0]!, 0));

function batch(seed: number): string {
  return JSON.stringify({ entries: sampleEntries(BATCH, seed).map(sent) });
}

/** What clients send of a sample, by a hundred actors on fifty thousand targets, as in bench/search.ts. */
function sent(entry: JsonValue, index: number): object {
  const { action, actor, occurredAt, category, target, source, context, change, description } = entry as JsonObject;
  const pick = (most: number) =>
    (index * 7_919 + Number.parseInt(String((entry as JsonObject).id).slice(0, 8), 16)) % most;
  return {
    ...{ action, occurredAt, category, source, context, description, ...(change ? { change } : {}) },
    actor: { ...(actor as object), id: `user-${pick(ACTORS)}` },
    target: { ...(target as object), id: `customer-${pick(TARGETS)}` },
  };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { against: { type: 'string' }, rounds: { type: 'string' }, 'requests-only': { type: 'boolean' } },
  });
  const { against, rounds } = values;
  await benchLocal({ against, starts: values['requests-only'] !== true, ...(rounds && { rounds: Number(rounds) }) });
}
