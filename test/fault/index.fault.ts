// Indexing with a fault at each of its writes.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DynamoPostings } from '../../adapters/dynamodb/index.ts';
import { DynamoIndexStore } from '../../adapters/dynamodb/index-store.ts';
import { blockToItem } from '../../adapters/dynamodb/item.ts';
import { DynamoWalk } from '../../adapters/dynamodb/walk.ts';
import { configurationOf } from '../../services/index/configuration.ts';
import { indexNotices } from '../../services/index/notices.ts';
import { type FaultyHttp, HTTP_FAULTS, startFaultyHttp } from '../support/faulty-http.ts';
import { createIndexTable } from '../support/index-table.ts';
import { FACETS_HERE, FOREVER, GrowingChain, indexPorts, look, scan, wakeOf } from '../support/indexing.ts';
import { createLedgerTables } from '../support/ledger-tables.ts';
import { sharedDynamoDb } from '../support/shared.ts';

const START = Date.parse('2026-02-27T22:00:00Z');
const EVER = { from: 0, to: Number.MAX_SAFE_INTEGER };

let faulty: FaultyHttp;
let direct: DynamoDBClient;
let shaky: DynamoDBClient;
let ledgerTable: string;
let indexTable: string;
const configuration = configurationOf(FACETS_HERE);

/** One attempt: what the SDK would try again by itself, a run has to bear. */
const clientOf = (endpoint: string, maxAttempts: number, requestTimeout = 0) =>
  new DynamoDBClient({
    ...{ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts },
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });

beforeAll(async () => {
  const dynamo = await sharedDynamoDb();
  faulty = await startFaultyHttp(dynamo.endpoint);
  direct = clientOf(dynamo.endpoint, 3);
  shaky = clientOf(faulty.endpoint, 1, 1_000);
  ({ ledgerTable } = await createLedgerTables(direct, 'index-fault'));
  indexTable = await createIndexTable(direct, 'index-fault-rows');
});
afterAll(async () => {
  direct?.destroy();
  shaky?.destroy();
  await faulty?.stop();
});

/** Forty entries of as many targets, in blocks of five: three batches of rows, and the chain's progress. */
async function recorded(name: string): Promise<GrowingChain> {
  const chain = new GrowingChain(name);
  for (let i = 0; i < 8; i++) {
    const samples = Array.from({ length: 5 }, (_, n) => ({
      ...{ actor: `u${n}`, targets: [`t${i * 5 + n}`, 'shared'], recordedAt: START + i * 1_000 },
    }));
    const item = blockToItem(chain.append(samples), 2_000_000_000);
    await direct.send(new PutItemCommand({ TableName: ledgerTable, Item: item }));
  }
  return chain;
}

const ports = () =>
  indexPorts(
    new DynamoIndexStore(shaky, { indexTable, configuration }),
    new DynamoWalk(direct, { ledgerTable }),
    () => new Date(START + 10_000),
  );

async function expectFound(chain: GrowingChain, tenant: string): Promise<void> {
  const reader = new DynamoPostings(direct, { indexTable, configuration });
  for (const order of ['asc', 'desc'] as const) {
    for (const value of ['shared', 't0', 't7', 't24', 't25', 't39']) {
      const found = await look(reader, tenant, 'target', value, EVER, order);
      expect(found).toEqual(scan([chain], ({ targets }) => targets.includes(value), EVER, order));
    }
  }
  expect(await reader.indexed(tenant)).toEqual([
    { chain: 0, through: 40, recordedAt: chain.blocks.at(-1)!.recordedAt },
  ]);
}

test.each(HTTP_FAULTS)('%s, at any of the writes: the notice comes again, and everything is found', async (fault) => {
  for (const at of [0, 2]) {
    const tenant = `${fault}-${at}`;
    const chain = await recorded(`${tenant}#0`);
    const wakes = chain.blocks.map(wakeOf);
    faulty.faults.push(...Array.from({ length: at }, () => 'none' as const), fault);
    const first = await indexNotices(wakes, ports(), FOREVER);
    expect(first.failed).toHaveLength(wakes.length);
    expect(first.failures).toMatchObject([{ chain: `${tenant}#0`, error: { name: 'StoreUnavailable' } }]);
    faulty.faults.length = 0;
    expect((await indexNotices(wakes, ports(), FOREVER)).failed).toEqual([]);
    await expectFound(chain, tenant);
  }
});

test('what a batch leaves undone is written before the run says that it is done', async () => {
  const chain = await recorded('half#0');
  faulty.faults.push('half', 'half', 'none', 'half', 'half');
  const before = faulty.writes;
  expect((await indexNotices(chain.blocks.map(wakeOf), ports(), FOREVER)).failed).toEqual([]);
  expect(faulty.writes - before).toBeGreaterThan(5);
  await expectFound(chain, 'half');
});
