// Several writers on DynamoDB while answers get lost.
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { itemToBlock } from '../../adapters/dynamodb/item.ts';
import { DynamoBlockStore } from '../../adapters/dynamodb/store.ts';
import { zstd } from '../../adapters/zstd.ts';
import { chainName, MAX_CHAINS } from '../../core/chain.ts';
import { LedgerUnavailable } from '../../services/append/errors.ts';
import { Ledger } from '../../services/append/ledger.ts';
import type { AppendRequest, Receipt } from '../../services/append/request.ts';
import { checkBlocks } from '../support/check-chain.ts';
import { digestOf, entriesOf } from '../support/entries.ts';
import { type FaultyHttp, HTTP_FAULTS, startFaultyHttp } from '../support/faulty-http.ts';
import { createLedgerTables, type LedgerTables } from '../support/ledger-tables.ts';
import { sharedDynamoDb } from '../support/shared.ts';

/** Short, so that a silence is soon taken for one; far above what a write takes here. */
const REQUEST_TIMEOUT_MS = 1_000;

let faulty: FaultyHttp;
let direct: DynamoDBClient;
let tables: LedgerTables;
const clients: DynamoDBClient[] = [];

function clientOf(endpoint: string, attempts: number, requestTimeout = REQUEST_TIMEOUT_MS): DynamoDBClient {
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: attempts,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });
  clients.push(client);
  return client;
}

beforeAll(async () => {
  const dynamo = await sharedDynamoDb();
  faulty = await startFaultyHttp(dynamo.endpoint);
  direct = clientOf(dynamo.endpoint, 3, 0);
  tables = await createLedgerTables(direct, 'fault');
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await faulty?.stop();
});

const ledgerThrough = (endpoint: string, attempts: number) =>
  new Ledger({
    store: new DynamoBlockStore(clientOf(endpoint, attempts), { ...tables, hotWindowSeconds: 3_600 }),
    compression: zstd,
  });

async function recorded(tenant: string): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (let chain = 0; chain < MAX_CHAINS; chain++) {
    const name = chainName(tenant, chain);
    const query = new QueryCommand({
      TableName: tables.ledgerTable,
      KeyConditionExpression: '#chain = :chain',
      ExpressionAttributeNames: { '#chain': 'chain' },
      ExpressionAttributeValues: { ':chain': { S: name } },
      ConsistentRead: true,
    });
    const { Items = [] } = await direct.send(query);
    receipts.push(...checkBlocks(name, Items.map(itemToBlock)));
  }
  return receipts;
}

let serial = 0;
const requests = {
  'without a key': (tenant: string, name: string): AppendRequest => ({
    tenant,
    entries: entriesOf(name, 2, '', tenant),
  }),
  'with a key': (tenant: string, name: string): AppendRequest => ({
    tenant,
    entries: entriesOf(name, 2, '', tenant),
    idempotency: { owner: 'token:me', key: name, digest: digestOf(name) },
  }),
};

/** One attempt: the ledger retries. Three: the SDK does, unseen, and only the last answer is known. */
describe.each([1, 3])('%i attempts by the SDK', (attempts) => {
  describe.each(Object.entries(requests))('%s', (_kind, request) => {
    test.each(HTTP_FAULTS)('%s: written once, and acknowledged', async (fault) => {
      serial += 1;
      const tenant = `t${serial}`;
      const ledger = ledgerThrough(faulty.endpoint, attempts);
      const receipts = [await ledger.append(request(tenant, 'a'))];
      faulty.faults.push(fault, fault);
      const before = faulty.writes;
      receipts.push(await ledger.append(request(tenant, 'b')));
      receipts.push(await ledger.append(request(tenant, 'c')));
      expect(faulty.writes - before).toBeGreaterThan(2);
      expect(faulty.faults).toEqual([]);
      const byPosition = ({ chain, position }: Receipt) => chain * 1_000 + position;
      const stored = await recorded(tenant);
      expect(stored.toSorted((a, b) => byPosition(a) - byPosition(b))).toEqual(
        receipts.flat().toSorted((a, b) => byPosition(a) - byPosition(b)),
      );
    });
  });
});

test('several processes race on one chain while answers get lost', async () => {
  const tenant = 'race';
  const ledgers = [1, 3, 1].map((attempts) => ledgerThrough(faulty.endpoint, attempts));
  faulty.faults.push(
    ...Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? ('reset-after' as const) : ('none' as const))),
  );
  const request = (i: number) => requests[i % 3 === 0 ? 'with a key' : 'without a key'](tenant, `r${i}`);
  const receipts = await Promise.all(Array.from({ length: 60 }, (_, i) => ledgers[i % 3]!.append(request(i))));
  const stored = new Map((await recorded(tenant)).map((receipt) => [receipt.id, receipt]));
  expect(stored.size).toBe(120);
  expect((await recorded(tenant)).length).toBe(120);
  for (const receipt of receipts.flat()) expect(stored.get(receipt.id)).toEqual(receipt);
});

test('an outage is told with when to come back, and nothing is acknowledged', async () => {
  const store = new DynamoBlockStore(clientOf('http://127.0.0.1:1', 1), { ...tables, hotWindowSeconds: 3_600 });
  const ledger = new Ledger({ store, compression: zstd, deadlineMs: 300 });
  const failure = await ledger.append(requests['with a key']('down', 'a')).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(LedgerUnavailable);
  expect((failure as LedgerUnavailable).retryAfterSeconds).toBeGreaterThan(0);
  expect(await recorded('down')).toEqual([]);
});

test('a missing table is told as it is, not as an outage that passes', async () => {
  const names = { ...tables, ledgerTable: 'no-such-table' };
  const store = new DynamoBlockStore(direct, { ...names, hotWindowSeconds: 3_600 });
  const ledger = new Ledger({ store, compression: zstd });
  await expect(ledger.append(requests['without a key']('t', 'a'))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
