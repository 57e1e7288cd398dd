/**
 * Searches of one tenant's entries at 50,000 a day, and of another's while a burst of entries is not indexed yet, beside a table of
 * items with secondary indexes, and beside another checkout of this project in the same rounds:
 * `node bench/search.ts [entries] [--against DIRECTORY] [--only QUESTION]`. A million entries without a number; 100,000 take
 * two minutes.
 */
import { resolve } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type AttributeValue, CreateTableCommand, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { dynamoClient } from '../adapters/dynamodb/client.ts';
import type { JsonValue } from '../core/json/value.ts';
import { DAY_MS } from '../names/time.ts';
import { startBenchDynamoDb } from './dynamodb.ts';
import { prepared } from './entries.ts';
import { type GoalName, isSide, noteFigure } from './goals.ts';
import { histograms } from './histogram.ts';
import {
  createTables,
  drawing,
  INDEXED,
  indexedBy,
  put,
  type Side,
  START,
  side,
  type Tables,
  VALUES,
  Writer,
} from './search-world.ts';

const ARGUMENTS = parseArgs({
  options: { against: { type: 'string' }, only: { type: 'string' } },
  allowPositionals: true,
  strict: false,
});
const ENTRIES = Number(ARGUMENTS.positionals[0] ?? 1_000_000);
const A_DAY = 50_000;
const DAYS = Math.max(1, Math.round(ENTRIES / A_DAY));
/** The rival's pages cost the same whatever lies beside them, and each of its items is a request's twenty-fifth. */
const NAIVE_ENTRIES = Math.min(ENTRIES, 50_000);
const BATCH = 100;
const PAGE = 50;
const ROUNDS = 30;
/** A question is asked five times at least, and no more once that took so long. */
const LEAST_ROUNDS = 5;
const MOST_MS = 20_000;
const TENANT = 'acme';
/** What arrives within twenty seconds at the rate that a tenant may write, 45 seconds before it is searched. */
const BURST = { tenant: 'burst', entries: Math.min(ENTRIES, 100_000), batch: 200, perSecond: 5_000, chains: 4 };
const AFTER_BURST_MS = 45_000;

interface Question {
  readonly name: string;
  readonly q: (round: number) => string;
  readonly tenant?: string;
  readonly period?: (round: number) => { readonly from: number; readonly to: number };
  /** The rival's index and value. */
  readonly goal?: GoalName;
  readonly naive?: (round: number) => readonly [index: string | undefined, value: string];
}

const dayOf = (round: number) => {
  const from = START + (round % DAYS) * DAY_MS;
  return { from, to: from + DAY_MS };
};
const hex = (round: number) => (round * 37).toString(16);

const QUESTIONS: readonly Question[] = [
  { name: 'newest page', q: () => '', naive: () => [undefined, TENANT] },
  { name: 'newest page, burst', goal: 'burst', q: () => '', tenant: BURST.tenant },
  { name: 'page by actor', goal: 'actor', q: (i) => `actor.id:user-${i}`, naive: (i) => ['actor', `user-${i}`] },
  {
    name: 'page by rare target',
    goal: 'target',
    q: (i) => `target.id:customer-${i * 7}`,
    naive: (i) => ['target', `customer-${i * 7}`],
  },
  { name: 'two facets', goal: 'facets', q: (i) => `actor.id:user-${i} AND action:record.verb${i % VALUES.actions}` },
  { name: 'free text, one day', goal: 'text', q: (i) => `"Record ${hex(i)}"`, period: dayOf },
  { name: 'regex, one day', goal: 'regex', q: (i) => `description:/Record [0-9]${i % 10}[a-f]{3}/`, period: dayOf },
  { name: 'free text, everything', goal: 'everything', q: (i) => `"Record ${hex(i)}c"` },
];

export async function benchSearch({ against }: { readonly against?: string | undefined } = {}): Promise<void> {
  const dynamo = await startBenchDynamoDb();
  const client = dynamoClient();
  try {
    const tables = await createTables(client);
    const steady = new Writer(TENANT, tables.ledgerTable, { batch: BATCH, perSecond: A_DAY / 86_400, chains: 1 });
    await steady.append(client, ENTRIES);
    const roots: [string, URL][] = [['now', new URL('../', import.meta.url)]];
    if (against !== undefined) roots.push(['before', pathToFileURL(`${resolve(against)}/`)]);
    await indexedBy(roots, client, tables, steady);
    const burst = new Writer(BURST.tenant, tables.ledgerTable, BURST);
    await burst.append(client, BURST.entries);
    const worlds = { client, tables, steady, burst };
    await measured(worlds, roots, await naiveTable(client));
    console.log();
    await histograms({ client, tables, facets: INDEXED, now: () => steady.now });
  } finally {
    client.destroy();
    await dynamo.stop();
  }
}

interface Worlds {
  readonly client: DynamoDBClient;
  readonly tables: Tables;
  readonly steady: Writer;
  readonly burst: Writer;
}

async function measured(worlds: Worlds, roots: readonly (readonly [string, URL])[], naive: string): Promise<void> {
  const { tables, steady, burst, client } = worlds;
  console.log(`Search: pages of ${PAGE} over ${ENTRIES} entries of one tenant in ${DAYS} days, batches of ${BATCH}`);
  console.log(`  ${''.padEnd(30)} p50 ms   p95 ms   cpu ms  read units  found`);
  const { only = '' } = ARGUMENTS.values;
  for (const question of QUESTIONS.filter(({ name }) => name.includes(String(only)))) {
    const inBurst = question.tenant === BURST.tenant;
    const begun = performance.now();
    const now = () => (inBurst ? burst.now + AFTER_BURST_MS : steady.now) + performance.now() - begun;
    const sides = await Promise.all(roots.map(([name, root]) => side(name, root, tables, now)));
    const asked = sides.map((one) => ({
      name: one.name,
      client: one.client,
      act: (i: number) => page(one, question, i),
    }));
    if (question.naive !== undefined) {
      const own = dynamoClient();
      asked.push({
        name: `${NAIVE_ENTRIES} items`,
        client: own,
        act: (i) => naivePage(own, naive, question.naive!(i)),
      });
    }
    // A burst goes on: each round finds a batch that was not there in the round before.
    const timings = await timed(asked, () => (inBurst ? burst.append(client, BURST.batch) : undefined));
    for (const one of timings) {
      console.log(`  ${`${question.name}, ${one.name}`.padEnd(34)}${figures(one)}`);
      const { goal } = question;
      if (goal !== undefined && isSide(one.name)) noteFigure(goal, one.name, one.p95);
    }
    for (const one of asked) one.client.destroy();
  }
}

function figures({ p50, p95, cpu, units, found }: Timed): string {
  return `${[p50, p95, cpu].map((value) => value.toFixed(1).padStart(8)).join(' ')} ${units.toFixed(1).padStart(10)} ${found.toFixed(1).padStart(7)}`;
}

function page(one: Side, { q, period, tenant = TENANT }: Question, round: number): Promise<number> {
  const whole = { from: 0, to: Number.MAX_SAFE_INTEGER };
  return one.page({ tenant, q: q(round), period: period?.(round) ?? whole, order: 'desc' }, PAGE);
}

interface Asked {
  readonly name: string;
  readonly client: DynamoDBClient;
  readonly act: (round: number) => Promise<number>;
}

interface Timed {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  /** Milliseconds of this process, the emulator's left out. */
  readonly cpu: number;
  readonly units: number;
  readonly found: number;
}

/** The sides take turns, so that what else the machine does hits all alike. The first rounds warm up what a function keeps. */
async function timed(sides: readonly Asked[], between: (round: number) => Promise<void> | undefined): Promise<Timed[]> {
  const runs = sides.map((one) => ({ ...one, meter: metered(one.client), times: [] as number[], cpu: 0, found: 0 }));
  const begun = performance.now();
  for (let round = -2; round < ROUNDS; round++) {
    if (round >= LEAST_ROUNDS && performance.now() - begun > MOST_MS * sides.length) break;
    await between(round);
    for (const run of runs) {
      if (round === 0) run.meter.units = 0;
      const [before, cpu] = [performance.now(), process.cpuUsage()];
      const found = await run.act(Math.max(0, round));
      if (round < 0) continue;
      const { user, system } = process.cpuUsage(cpu);
      run.times.push(performance.now() - before);
      run.cpu += (user + system) / 1_000;
      run.found += found;
    }
  }
  return runs.map(({ name, meter, times, cpu, found }) => {
    const { length } = times;
    const sorted = times.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(length - 1, Math.floor(length * share))]!;
    return {
      ...{ name, p50: at(0.5), p95: at(0.95), cpu: cpu / length },
      ...{ units: meter.units / length, found: found / length },
    };
  });
}

async function naivePage(
  client: DynamoDBClient,
  table: string,
  [index, value]: readonly [string | undefined, string],
): Promise<number> {
  const query = new QueryCommand({
    TableName: table,
    ...(index === undefined ? {} : { IndexName: index }),
    KeyConditionExpression: '#key = :value',
    ExpressionAttributeNames: { '#key': index ?? 'tenant' },
    ExpressionAttributeValues: { ':value': { S: value } },
    ScanIndexForward: false,
    Limit: PAGE,
  });
  return (await client.send(query)).Items?.length ?? 0;
}

/** What it is compared with: every entry an item, and an index of the table for actor and for target. */
async function naiveTable(client: DynamoDBClient): Promise<string> {
  const table = 'search-naive';
  const key = (hash: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: 'time', KeyType: 'RANGE' as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: key('tenant'),
      AttributeDefinitions: ['tenant', 'time', 'actor', 'target'].map((name) => ({
        AttributeName: name,
        AttributeType: 'S',
      })),
      GlobalSecondaryIndexes: ['actor', 'target'].map((name) => ({
        IndexName: name,
        KeySchema: key(name),
        Projection: { ProjectionType: 'ALL' },
      })),
    }),
  );
  const draw = drawing(TENANT);
  let items: Record<string, AttributeValue>[] = [];
  for (let position = 0; position < NAIVE_ENTRIES; position++) {
    const entry = draw(position, START + (position / NAIVE_ENTRIES) * DAYS * DAY_MS) as {
      actor: { id: string };
      target: { id: string };
    } & JsonValue;
    const { bytes, recordedAt } = prepared(entry);
    items.push({
      ...{ tenant: { S: TENANT }, time: { S: `${recordedAt}#${position}` }, entry: { B: bytes } },
      ...{ actor: { S: entry.actor.id }, target: { S: entry.target.id } },
    });
    if (items.length === 25 || position + 1 === NAIVE_ENTRIES) items = await put(client, table, items);
  }
  return table;
}

interface Meter {
  /** Read units so far. */
  units: number;
}

/** Asks every request what it consumed. */
function metered(client: DynamoDBClient): Meter {
  const meter = { units: 0 };
  client.middlewareStack.add(
    (next) => async (request) => {
      Object.assign(request.input, { ReturnConsumedCapacity: 'TOTAL' });
      const response = await next(request);
      const { ConsumedCapacity: consumed } = response.output as { ConsumedCapacity?: Consumed | Consumed[] };
      for (const { CapacityUnits = 0 } of [consumed ?? []].flat()) meter.units += CapacityUnits;
      return response;
    },
    { step: 'initialize' },
  );
  return meter;
}

interface Consumed {
  readonly CapacityUnits?: number;
}

if (fileURLToPath(import.meta.url) === argv[1]) {
  const { against } = ARGUMENTS.values;
  await benchSearch({ against: typeof against === 'string' ? against : undefined });
}
