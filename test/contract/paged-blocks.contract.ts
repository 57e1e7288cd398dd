// Reading blocks by the page, on DynamoDB.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { blockToItem } from '../../adapters/dynamodb/item.ts';
import { PagedBlockReader } from '../../adapters/dynamodb/paged.ts';
import { DynamoBlockReader } from '../../adapters/dynamodb/reader.ts';
import { BlockError } from '../../core/block/error.ts';
import { noise } from '../support/entries.ts';
import { createLedgerTables, type LedgerTables } from '../support/ledger-tables.ts';
import { sharedDynamoDb } from '../support/shared.ts';

let client: DynamoDBClient;
let tables: LedgerTables;
let queries = 0;
beforeAll(async () => {
  const dynamo = await sharedDynamoDb();
  client = new DynamoDBClient({
    endpoint: dynamo.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === 'QueryCommand') queries += 1;
      return next(args);
    },
    { step: 'initialize' },
  );
  tables = await createLedgerTables(client, 'paged');
});
afterAll(async () => {
  client.destroy();
});

let serial = 0;

/** Items at these positions; whether they are a chain is not the reader's to judge. */
async function chainAt(positions: readonly number[], bytes = 40): Promise<string> {
  const chain = `t${++serial}#0`;
  for (const position of positions) {
    const link = new Uint8Array(32).fill(position % 256);
    const payload = Buffer.from(noise(bytes, position));
    const block = { chain, position, count: 1, v: 1, payload, previousLink: link, link, recordedAt: 1, requests: [] };
    await client.send(new PutItemCommand({ TableName: tables.ledgerTable, Item: blockToItem(block, 9_999_999_999) }));
  }
  return chain;
}

async function queriesOf<T>(act: () => Promise<T>): Promise<[T, number]> {
  const before = queries;
  const result = await act();
  return [result, queries - before];
}

describe('reading blocks by the page', () => {
  test('answers what a reader of single blocks does, in whatever order it is asked', async () => {
    const positions = [0, 3, 4, 10, 11, 12, 40, 41, 90];
    const chain = await chainAt(positions);
    const single = new DynamoBlockReader(client, tables);
    const truth = new Map<number, number | undefined>();
    for (let at = 0; at < 100; at++) truth.set(at, (await single.blockBefore(chain, at))?.position);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 12 }), async (asked) => {
        const paged = new PagedBlockReader(client, tables);
        for (const at of asked) expect((await paged.blockBefore(chain, at))?.position).toBe(truth.get(at));
      }),
      { numRuns: 60 },
    );
  });

  test('goes up and down a chain with a query a page, not a query a block', async () => {
    // Two hundred blocks of ten kilobytes: two pages.
    const positions = Array.from({ length: 200 }, (_, i) => i);
    const chain = await chainAt(positions, 10_000);
    const up = new PagedBlockReader(client, tables);
    const [rising, upwards] = await queriesOf(async () => {
      const read: (number | undefined)[] = [];
      for (const at of positions) read.push((await up.blockBefore(chain, at))?.position);
      return read;
    });
    expect([rising, upwards]).toEqual([positions, 4]);
    const down = new PagedBlockReader(client, tables);
    const [falling, downwards] = await queriesOf(async () => {
      const read: (number | undefined)[] = [];
      for (const at of positions.toReversed()) read.push((await down.blockBefore(chain, at))?.position);
      return read;
    });
    expect([falling, downwards]).toEqual([positions.toReversed(), 4]);
  });

  test('sees what has come behind the last page, and nothing of another chain', async () => {
    const chain = await chainAt([0, 1]);
    const paged = new PagedBlockReader(client, tables);
    expect((await paged.blockBefore(chain, 0))?.position).toBe(0);
    expect((await paged.blockBefore(chain, 2))?.position).toBe(1);
    const link = new Uint8Array(32);
    const block = { chain, position: 2, count: 1, v: 1, payload: link, previousLink: link, link, recordedAt: 1 };
    await client.send(
      new PutItemCommand({
        TableName: tables.ledgerTable,
        Item: blockToItem({ ...block, requests: [] }, 9_999_999_999),
      }),
    );
    expect((await paged.blockBefore(chain, 3))?.position).toBe(2);
    expect(await paged.blockBefore('nobody#0', 3)).toBeUndefined();
  });

  test('refuses an item that is no block where it stands, and no other', async () => {
    const chain = await chainAt([0, 1, 3]);
    await client.send(
      new PutItemCommand({ TableName: tables.ledgerTable, Item: { chain: { S: chain }, position: { N: '2' } } }),
    );
    const paged = new PagedBlockReader(client, tables);
    expect((await paged.blockBefore(chain, 1))?.position).toBe(1);
    await expect(paged.blockBefore(chain, 2)).rejects.toThrow(BlockError);
    expect((await paged.blockBefore(chain, 3))?.position).toBe(3);
  });
});
