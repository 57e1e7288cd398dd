// Measures appending.
import { randomUUID } from 'node:crypto';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoClient } from '../adapters/dynamodb/client.ts';
import { DynamoBlockStore } from '../adapters/dynamodb/store.ts';
import { zstd } from '../adapters/zstd.ts';
import { sha256 } from '../core/crypto.ts';
import type { PreparedEntry } from '../core/entry/context.ts';
import { Ledger } from '../services/append/ledger.ts';
import { createLedgerTables, type LedgerTables } from '../test/support/ledger-tables.ts';
import { startBenchDynamoDb } from './dynamodb.ts';
import { prepared, sampleEntries } from './entries.ts';
import { NaiveChain } from './naive.ts';

const NAIVE_ENTRIES = 1_500;
const LEDGER_ENTRIES = 60_000;
const BATCH = 100;

/** Batches that one process has outstanding: what arrives while a write is in flight shares the next block. */
const OUTSTANDING = 10;

/** DynamoDB Local reports twice the units of a transactional write: 4 a KB, where AWS documents and charges 2. */
const LOCAL_TRANSACTION_FACTOR = 2;

const HOT_WINDOW_SECONDS = 86_400;

export interface LedgerFigures {
  readonly naivePerSecond: number;
  /** Each batch waits for the one before: a block a batch. */
  readonly oneAtATimePerSecond: number;
  /** Several batches outstanding, as concurrent requests have. */
  readonly ledgerPerSecond: number;
  readonly ratio: number;
  readonly entryBytes: number;
  readonly writeUnits: WriteUnits;
}

/** Write units an entry, from ConsumedCapacity, transactions as AWS charges them. */
export interface WriteUnits {
  readonly naive: number;
  readonly single: number;
  readonly singleWithKey: number;
  readonly batch100: number;
  readonly batch500: number;
}

/** Everything in one run against one DynamoDB Local, in memory: the ratio means the same on any machine. */
export async function benchLedger(): Promise<LedgerFigures> {
  const dynamo = await startBenchDynamoDb();
  const client = dynamoClient({ attempts: 1 });
  const metered = dynamoClient({ attempts: 1 });
  try {
    const tables = await createLedgerTables(client, 'bench');
    const entries = sampleEntries(LEDGER_ENTRIES).map(prepared);
    await warmUp(client, tables, entries);
    const naivePerSecond = await naive(client, tables, entries.slice(0, NAIVE_ENTRIES), 'bench-naive');
    const oneAtATimePerSecond = await batched(ledgerOn(client, tables), entries, 'one-at-a-time', 1);
    const ledgerPerSecond = await batched(ledgerOn(client, tables), entries, 'acme');
    return {
      naivePerSecond,
      oneAtATimePerSecond,
      ledgerPerSecond,
      ratio: ledgerPerSecond / naivePerSecond,
      entryBytes: entries.reduce((sum, { bytes }) => sum + bytes.length, 0) / entries.length,
      writeUnits: await writeUnits(metered, tables, entries),
    };
  } finally {
    client.destroy();
    metered.destroy();
    await dynamo.stop();
  }
}

function ledgerOn(client: DynamoDBClient, tables: LedgerTables): Ledger {
  const store = new DynamoBlockStore(client, { ...tables, hotWindowSeconds: HOT_WINDOW_SECONDS });
  return new Ledger({ store, compression: zstd });
}

/** Both designs get a warm virtual machine, a warm JIT and an open connection. */
async function warmUp(client: DynamoDBClient, tables: LedgerTables, entries: readonly PreparedEntry[]): Promise<void> {
  await naive(client, tables, entries.slice(0, NAIVE_ENTRIES / 3), 'warm-naive');
  await batched(ledgerOn(client, tables), entries.slice(0, LEDGER_ENTRIES / 3), 'warm');
}

async function batched(
  ledger: Ledger,
  entries: readonly PreparedEntry[],
  tenant: string,
  outstanding = OUTSTANDING,
): Promise<number> {
  let next = 0;
  const post = async () => {
    while (next < entries.length) {
      const batch = entries.slice(next, next + BATCH);
      next += BATCH;
      await ledger.append({ tenant, entries: batch });
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: outstanding }, post));
  return perSecond(entries.length, start);
}

async function naive(
  client: DynamoDBClient,
  tables: LedgerTables,
  entries: readonly PreparedEntry[],
  name: string,
): Promise<number> {
  const chain = new NaiveChain(client, tables, name);
  const start = performance.now();
  for (const entry of entries) await chain.append(entry);
  return perSecond(entries.length, start);
}

async function writeUnits(
  client: DynamoDBClient,
  tables: LedgerTables,
  entries: readonly PreparedEntry[],
): Promise<WriteUnits> {
  const meter = meterWrites(client);
  const ledger = ledgerOn(client, tables);
  const unitsOf = async (batch: number, appends: number, withKey = false) => {
    const before = meter.units;
    for (let i = 0; i < appends; i++) {
      const idempotency = withKey
        ? { owner: 'token:me', key: randomUUID(), digest: sha256(Uint8Array.of(i)) }
        : undefined;
      await ledger.append({ tenant: 'units', entries: entries.slice(i * batch, (i + 1) * batch), idempotency });
    }
    return (meter.units - before) / (batch * appends);
  };
  const naiveBefore = meter.units;
  await naive(client, tables, entries.slice(0, 50), 'units-naive');
  return {
    naive: (meter.units - naiveBefore) / 50,
    single: await unitsOf(1, 50),
    singleWithKey: await unitsOf(1, 50, true),
    batch100: await unitsOf(100, 10),
    batch500: await unitsOf(500, 10),
  };
}

/** Asks DynamoDB what each write cost; reads tell no write units. */
function meterWrites(client: DynamoDBClient): { units: number } {
  const meter = { units: 0 };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const isWrite = commandName === 'PutItemCommand' || commandName === 'TransactWriteItemsCommand';
        if (!isWrite) return next(args);
        const result = await next({
          ...args,
          input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } as typeof args.input,
        });
        const { ConsumedCapacity: consumed } = result.output as { ConsumedCapacity?: unknown };
        const factor = commandName === 'PutItemCommand' ? 1 : LOCAL_TRANSACTION_FACTOR;
        for (const table of [consumed].flat() as { CapacityUnits?: number }[]) {
          meter.units += (table?.CapacityUnits ?? 0) / factor;
        }
        return result;
      },
    { step: 'initialize', name: 'meterWrites' },
  );
  return meter;
}

function perSecond(count: number, start: number): number {
  return (count * 1_000) / (performance.now() - start);
}

export function printLedger(figures: LedgerFigures): void {
  const { naivePerSecond, ledgerPerSecond, ratio, entryBytes, writeUnits: units } = figures;
  const whole = (value: number) => Math.round(value).toLocaleString('en-US');
  console.log(`Ledger on DynamoDB Local (in memory), entries of ${whole(entryBytes)} bytes on average`);
  console.log(`  naive: a transaction an entry       ${whole(naivePerSecond)} entries/s`);
  console.log(`  batches of ${BATCH}, one after another   ${whole(figures.oneAtATimePerSecond)} entries/s`);
  console.log(`  batches of ${BATCH}, ${OUTSTANDING} outstanding      ${whole(ledgerPerSecond)} entries/s`);
  console.log(`  ratio of the latter to naive        ${ratio.toFixed(1)} (goal: at least 20, and 20,000 entries/s)`);
  console.log('  write units an entry');
  console.log(`    naive                             ${units.naive.toFixed(2)}`);
  console.log(`    single, without and with a key    ${units.single.toFixed(2)} and ${units.singleWithKey.toFixed(2)}`);
  console.log(`    batch of 100, of 500              ${units.batch100.toFixed(3)} and ${units.batch500.toFixed(3)}`);
}

if (argv[1] === fileURLToPath(import.meta.url)) printLedger(await benchLedger());
