// Measures indexing.
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { dynamoClient } from '../adapters/dynamodb/client.ts';
import { DynamoIndexStore } from '../adapters/dynamodb/index-store.ts';
import { zstd } from '../adapters/zstd.ts';
import { encodeBlock } from '../core/block/codec.ts';
import { encodePayload } from '../core/block/payload.ts';
import { CATEGORIES } from '../core/catalog/categories.ts';
import { genesisLink, nextLink } from '../core/chain.ts';
import type { PreparedEntry } from '../core/entry/context.ts';
import { OUTCOMES, SEVERITIES } from '../core/entry/schema.ts';
import type { JsonValue } from '../core/json/value.ts';
import type { Facet } from '../names/index.ts';
import { IndexSummary, indexChain } from '../services/index/chain.ts';
import { configurationOf } from '../services/index/configuration.ts';
import { MemoryWalk } from '../test/fakes/memory-walk.ts';
import { createIndexTable } from '../test/support/index-table.ts';
import { startBenchDynamoDb } from './dynamodb.ts';
import { prepared, sampleEntries, seededRandom } from './entries.ts';

const FACETS: readonly Facet[] = ['actor', 'target', 'action', 'category', 'severity'];

/** How many different values the entries have, each as often as the others: the worst for an index that gathers. */
const VALUES = { actors: 100, targets: 2_000, actions: 25, categories: 6, severities: 5, outcomes: 4 };
const CATEGORY_NAMES = [...CATEGORIES.keys()];

/** Two batches gather at a time, so that a run has the entries of fifteen seconds, not of thirty. */
const RUN_SECONDS = 15;

const HOT_WINDOW_SECONDS = 90 * 86_400;
const NAIVE_ENTRIES = 300;
const START = Date.parse('2026-03-02T09:00:00Z');

export interface Traffic {
  readonly name: string;
  readonly requestsPerSecond: number;
  readonly batch: number;
  readonly runs: number;
  /** The goal, where there is one. */
  readonly most?: number;
}

const TRAFFIC: readonly Traffic[] = [
  { name: 'singly, 10 a second', requestsPerSecond: 10, batch: 1, runs: 60, most: 2 },
  { name: 'batches of 100, 10 a second', requestsPerSecond: 10, batch: 100, runs: 4, most: 0.5 },
  { name: 'batches of 100, 1 a second', requestsPerSecond: 1, batch: 100, runs: 12 },
];

export interface IndexFigures {
  /** Write units an entry: an item with five global secondary indexes. */
  readonly naive: number;
  readonly traffic: readonly (Traffic & {
    readonly writeUnits: number;
    readonly rows: number;
    readonly entries: number;
    readonly entriesPerSecond: number;
  })[];
}

export async function benchIndex(): Promise<IndexFigures> {
  const dynamo = await startBenchDynamoDb();
  const client = dynamoClient();
  const meter = metered(client);
  try {
    const traffic = [];
    for (const one of TRAFFIC) traffic.push(await indexed(client, meter, one));
    return { naive: await naive(client, meter), traffic };
  } finally {
    client.destroy();
    await dynamo.stop();
  }
}

async function indexed(client: DynamoDBClient, meter: Meter, traffic: Traffic) {
  const { requestsPerSecond, batch, runs } = traffic;
  const indexTable = await createIndexTable(client, `index-${batch}-${requestsPerSecond}`);
  const store = new DynamoIndexStore(client, { indexTable, configuration: configurationOf(FACETS) });
  const ledger = new MemoryWalk();
  const chain = new Chain('acme#0', ledger);
  const summary = new IndexSummary();
  const ports = { store, ledger, compression: zstd, facets: FACETS, hotWindowSeconds: HOT_WINDOW_SECONDS };
  const before = meter.units;
  let spent = 0;
  for (let run = 0; run < runs; run++) {
    const requests = requestsPerSecond * RUN_SECONDS;
    for (let i = 0; i < requests; i++) chain.append(batch, 1_000 / requestsPerSecond);
    const begun = performance.now();
    await indexChain({ ...ports, now: () => new Date(chain.now) }, chain.name, chain.size, () => Infinity, summary);
    spent += performance.now() - begun;
  }
  const { entries, rows } = summary;
  const writeUnits = (meter.units - before) / entries;
  return { ...traffic, entries, rows: rows / entries, writeUnits, entriesPerSecond: (entries / spent) * 1_000 };
}

/** Entries of the values' counts, appended to one chain at a steady rate. */
class Chain {
  readonly name: string;
  size = 0;
  now = START;
  readonly #ledger: MemoryWalk;
  readonly #random = seededRandom(7);
  #link: Uint8Array;

  constructor(name: string, ledger: MemoryWalk) {
    this.name = name;
    this.#ledger = ledger;
    this.#link = genesisLink(name);
  }

  append(count: number, stepMs: number): void {
    this.now += stepMs;
    const entries = sampleEntries(count, this.size + 1).map((entry) => prepared(this.#drawn(entry as Sample)));
    const contents = {
      payload: encodePayload(
        entries.map(({ bytes }) => bytes),
        zstd,
      ),
      leafHashes: entries.map(({ leafHash }: PreparedEntry) => leafHash),
      requests: [],
    };
    const place = { chain: this.name, position: this.size, previousLink: this.#link };
    this.#ledger.put(encodeBlock(place, contents, this.now).block);
    this.#link = contents.leafHashes.reduce(nextLink, this.#link);
    this.size += count;
  }

  #drawn(entry: Sample): JsonValue {
    const pick = (most: number) => Math.floor(this.#random() * most);
    return {
      ...entry,
      actor: { ...entry.actor, id: `user-${pick(VALUES.actors)}` },
      target: { ...entry.target, id: `customer-${pick(VALUES.targets)}` },
      action: `record.verb${pick(VALUES.actions)}`,
      category: CATEGORY_NAMES[pick(VALUES.categories)]!,
      severity: SEVERITIES[pick(VALUES.severities)]!,
      outcome: OUTCOMES[pick(VALUES.outcomes)]!,
      recordedAt: new Date(this.now).toISOString(),
    };
  }
}

type Sample = Record<string, JsonValue> & { actor: Record<string, JsonValue>; target: Record<string, JsonValue> };

/** What it is compared with: every entry an item, and an index of the table for each facet. */
async function naive(client: DynamoDBClient, meter: Meter): Promise<number> {
  const table = 'naive-index';
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'tenant', KeyType: 'HASH' },
        { AttributeName: 'time', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['tenant', 'time', ...FACETS].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      GlobalSecondaryIndexes: FACETS.map((facet) => ({
        IndexName: facet,
        KeySchema: [
          { AttributeName: facet, KeyType: 'HASH' },
          { AttributeName: 'time', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      })),
    }),
  );
  const before = meter.units;
  for (const [i, entry] of sampleEntries(NAIVE_ENTRIES).map(prepared).entries()) {
    const facets = Object.fromEntries(FACETS.map((facet) => [facet, { S: `acme#${facet}-${i % VALUES.actors}` }]));
    const Item = {
      tenant: { S: 'acme' },
      time: { S: `${entry.recordedAt}#${i}` },
      entry: { B: entry.bytes },
      ...facets,
    };
    await client.send(new PutItemCommand({ TableName: table, Item }));
  }
  return (meter.units - before) / NAIVE_ENTRIES;
}

interface Meter {
  /** Write units so far. */
  units: number;
}

/** Asks every write what it consumed. */
function metered(client: DynamoDBClient): Meter {
  const meter = { units: 0 };
  client.middlewareStack.add(
    (next) => async (request) => {
      Object.assign(request.input, { ReturnConsumedCapacity: 'TOTAL' });
      const response = await next(request);
      const { ConsumedCapacity: consumed } = response.output as { ConsumedCapacity?: Consumed | Consumed[] };
      const reads = 'Key' in request.input;
      if (!reads) for (const { CapacityUnits = 0 } of [consumed ?? []].flat()) meter.units += CapacityUnits;
      return response;
    },
    { step: 'initialize' },
  );
  return meter;
}

interface Consumed {
  readonly CapacityUnits?: number;
}

export function printIndex({ naive, traffic }: IndexFigures): void {
  console.log('Index: write units an entry (two runs gather at a time, fifteen seconds of entries each)');
  console.log(`  item and five secondary indexes     ${naive.toFixed(2)}`);
  for (const { name, writeUnits, rows, entries, entriesPerSecond, most } of traffic) {
    const goal = most === undefined ? '' : `  goal at most ${most}: ${writeUnits <= most ? 'met' : 'MISSED'}`;
    const counts = `${rows.toFixed(2)} rows an entry, ${entries} entries, ${Math.round(entriesPerSecond)} entries/s indexed`;
    console.log(`  ${name.padEnd(35)} ${writeUnits.toFixed(2)}  (${counts})${goal}`);
  }
}

if (fileURLToPath(import.meta.url) === argv[1]) printIndex(await benchIndex());
