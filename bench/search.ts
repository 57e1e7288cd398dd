/** Searches of a million entries of one tenant in twenty days, beside a table of items with secondary indexes. */

import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoBlockFetcher } from '../adapters/dynamodb/block-fetcher.ts';
import { dynamoClient } from '../adapters/dynamodb/client.ts';
import { DynamoPostings } from '../adapters/dynamodb/index.ts';
import { DynamoIndexStore } from '../adapters/dynamodb/index-store.ts';
import { blockToItem } from '../adapters/dynamodb/item.ts';
import { zstd } from '../adapters/zstd.ts';
import { encodeBlock } from '../core/block/codec.ts';
import { encodePayload } from '../core/block/payload.ts';
import { genesisLink, nextLink } from '../core/chain.ts';
import type { JsonValue } from '../core/json/value.ts';
import { parseQuery } from '../core/query/parse.ts';
import { FACETS, type Facet } from '../names/index.ts';
import { DAY_MS } from '../names/time.ts';
import { IndexSummary, indexChain } from '../services/index/chain.ts';
import { configurationOf } from '../services/index/configuration.ts';
import { Chains } from '../services/search/chains.ts';
import { searchPage } from '../services/search/page.ts';
import { NO_RECOVERY } from '../services/search/port.ts';
import type { SearchPorts } from '../services/search/search.ts';
import { MemoryWalk } from '../test/fakes/memory-walk.ts';
import { createIndexTable } from '../test/support/index-table.ts';
import { createLedgerTables } from '../test/support/ledger-tables.ts';
import { KEEPS_ALL } from '../test/support/searching.ts';
import { startBenchDynamoDb } from './dynamodb.ts';
import { prepared, sampleEntries, seededRandom } from './entries.ts';

const ENTRIES = Number(argv[2] ?? 1_000_000);
/** The rival's pages cost the same whatever lies beside them, and each of its items is a request's twenty-fifth. */
const NAIVE_ENTRIES = Math.min(ENTRIES, 50_000);
const BATCH = 100;
const DAYS = 20;
const START = Date.parse('2026-03-01T00:00:00Z');
const END = START + DAYS * DAY_MS;
const ROUNDS = 30;
const PAGE = 50;
const VALUES = { actors: 100, targets: 50_000, actions: 25, categories: 6, severities: 5 };
const INDEXED: readonly Facet[] = ['actor', 'target', 'action', 'category', 'severity'];
const HOT_WINDOW_MS = 90 * DAY_MS;
const TENANT = 'acme';

interface Question {
  readonly name: string;
  readonly q: (round: number) => string;
  readonly period?: (round: number) => { readonly from: number; readonly to: number };
  /** The rival's index and value. */
  readonly naive?: (round: number) => readonly [index: string | undefined, value: string];
}

const dayOf = (round: number) => {
  const from = START + (round % DAYS) * DAY_MS;
  return { from, to: from + DAY_MS };
};

const QUESTIONS: readonly Question[] = [
  { name: 'newest page', q: () => '', naive: () => [undefined, TENANT] },
  { name: 'page by actor', q: (i) => `actor.id:user-${i}`, naive: (i) => ['actor', `user-${i}`] },
  {
    name: 'page by rare target',
    q: (i) => `target.id:customer-${i * 7}`,
    naive: (i) => ['target', `customer-${i * 7}`],
  },
  { name: 'two facets', q: (i) => `actor.id:user-${i} AND action:record.verb${i % VALUES.actions}` },
  { name: 'free text, one day', q: (i) => `"Record ${(i * 37).toString(16)}"`, period: dayOf },
  { name: 'regex, one day', q: (i) => `description:/Record [0-9]${i % 10}[a-f]{3}/`, period: dayOf },
];

export async function benchSearch(): Promise<void> {
  const dynamo = await startBenchDynamoDb();
  const client = dynamoClient();
  const meter = metered(client);
  try {
    const ports = await loaded(client);
    const naive = await naiveTable(client);
    console.log(`Search: pages of ${PAGE} over ${ENTRIES} entries of one tenant in ${DAYS} days, batches of ${BATCH}`);
    console.log(
      `  ${''.padEnd(22)} p50 ms  p95 ms  read units  found   naive (${NAIVE_ENTRIES} items): p50, p95, units`,
    );
    for (const question of QUESTIONS) {
      const ours = await timed(meter, (round) => page(ports, question, round));
      const rival = question.naive && (await timed(meter, (round) => naivePage(client, naive, question.naive!(round))));
      const figures = (one: Timed) =>
        [one.p50, one.p95, one.units].map((value) => value.toFixed(1).padStart(7)).join(' ');
      console.log(
        `  ${question.name.padEnd(22)}${figures(ours)}  ${ours.found.toFixed(1).padStart(8)}   ${rival === undefined ? '' : figures(rival)}`,
      );
    }
  } finally {
    client.destroy();
    await dynamo.stop();
  }
}

async function page(ports: SearchPorts, { q, period }: Question, round: number): Promise<number> {
  const request = {
    tenant: TENANT,
    query: parseQuery(q(round)),
    period: period?.(round) ?? { from: 0, to: Number.MAX_SAFE_INTEGER },
    order: 'desc' as const,
  };
  const { found } = await searchPage(ports, request, { entries: PAGE, bytes: 4_000_000, budgetMs: 60_000 });
  return found.length;
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

interface Timed {
  readonly p50: number;
  readonly p95: number;
  readonly units: number;
  readonly found: number;
}

/** The first rounds warm up what a function keeps. */
async function timed(meter: Meter, act: (round: number) => Promise<number>): Promise<Timed> {
  for (let round = 0; round < 3; round++) await act(round);
  const times: number[] = [];
  const before = meter.units;
  let found = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    found += await act(round);
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(ROUNDS - 1, Math.floor(ROUNDS * share))]!;
  return { p50: at(0.5), p95: at(0.95), units: (meter.units - before) / ROUNDS, found: found / ROUNDS };
}

/** Blocks as the ledger has them, and the index as its function makes it. */
async function loaded(client: DynamoDBClient): Promise<SearchPorts> {
  const { ledgerTable } = await createLedgerTables(client, 'search');
  const table = { indexTable: await createIndexTable(client, 'search-index'), configuration: configurationOf(INDEXED) };
  const chain = `${TENANT}#0`;
  const walk = new MemoryWalk();
  const draw = drawing();
  let link = genesisLink(chain);
  let items: Record<string, AttributeValue>[] = [];
  for (let position = 0; position < ENTRIES; position += BATCH) {
    const entries = Array.from({ length: BATCH }, (_, i) => prepared(draw(position + i)));
    const leafHashes = entries.map(({ leafHash }) => leafHash);
    const contents = {
      payload: encodePayload(
        entries.map(({ bytes }) => bytes),
        zstd,
      ),
      leafHashes,
      requests: [],
    };
    const recordedAt = Date.parse(entries.at(-1)!.recordedAt);
    const { block } = encodeBlock({ chain, position, previousLink: link }, contents, recordedAt);
    link = leafHashes.reduce(nextLink, link);
    walk.put(block);
    items.push(blockToItem(block, Math.floor((recordedAt + HOT_WINDOW_MS) / 1_000)));
    if (items.length === 25 || position + BATCH >= ENTRIES) items = await put(client, ledgerTable, items);
  }
  const now = () => END;
  const store = new DynamoIndexStore(client, table);
  const indexing = { store, ledger: walk, compression: zstd, facets: INDEXED, hotWindowSeconds: HOT_WINDOW_MS / 1_000 };
  await indexChain({ ...indexing, now: () => new Date(END) }, chain, ENTRIES, () => Infinity, new IndexSummary());
  const index = new DynamoPostings(client, table);
  const fetcher = new DynamoBlockFetcher(client, { ledgerTable });
  return {
    ...{ index, fetcher, compression: zstd, hotWindowMs: HOT_WINDOW_MS },
    ...{ recovery: NO_RECOVERY, keeping: KEEPS_ALL },
    // The search's own clock is the real one, as far as its budget goes.
    now: () => END + performance.now(),
    chains: new Chains(index, fetcher, now),
    facets: Object.fromEntries(INDEXED.map((facet) => [facet, FACETS[facet]])),
  };
}

/** Entries of the values' counts at a steady rate; a few thousand shapes, so that making them does not take longest. */
function drawing(): (position: number) => JsonValue {
  const random = seededRandom(7);
  const shapes = sampleEntries(5_000, 11) as Record<string, JsonValue>[];
  const pick = (most: number) => Math.floor(random() * most);
  return (position) => {
    const shape = shapes[pick(shapes.length)]!;
    const at = new Date(START + (position / ENTRIES) * DAYS * DAY_MS).toISOString();
    return {
      ...shape,
      ...{ id: `e-${position}`, recordedAt: at, occurredAt: at, action: `record.verb${pick(VALUES.actions)}` },
      actor: { ...(shape.actor as object), id: `user-${pick(VALUES.actors)}` },
      target: { ...(shape.target as object), id: `customer-${pick(VALUES.targets)}` },
      category: `category_${pick(VALUES.categories)}`,
      severity: `severity-${pick(VALUES.severities)}`,
    };
  };
}

async function put(client: DynamoDBClient, table: string, items: Record<string, AttributeValue>[]): Promise<[]> {
  const requests = items.map((Item) => ({ PutRequest: { Item } }));
  for (let left = requests; left.length > 0; ) {
    const write = new BatchWriteItemCommand({ RequestItems: { [table]: left } });
    const { UnprocessedItems = {} } = await client.send(write);
    left = (UnprocessedItems[table] ?? []) as typeof requests;
  }
  return [];
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
  const draw = drawing();
  let items: Record<string, AttributeValue>[] = [];
  for (let position = 0; position < NAIVE_ENTRIES; position++) {
    const entry = draw(position) as { actor: { id: string }; target: { id: string } } & JsonValue;
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

if (fileURLToPath(import.meta.url) === argv[1]) await benchSearch();
