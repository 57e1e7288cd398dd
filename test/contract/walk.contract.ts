// What every walk along chains has to do, in memory and on DynamoDB.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { blockToItem } from '../../adapters/dynamodb/item.ts';
import { DynamoWalk } from '../../adapters/dynamodb/walk.ts';
import type { Block } from '../../core/block/block.ts';
import { BLOCK } from '../../names/ledger.ts';
import type { LedgerWalk } from '../../services/index/port.ts';
import { MemoryWalk } from '../fakes/memory-walk.ts';
import { noise } from '../support/entries.ts';
import { createLedgerTables } from '../support/ledger-tables.ts';
import { sharedDynamoDb } from '../support/shared.ts';

interface Ledger {
  readonly walk: LedgerWalk;
  put(block: Block): Promise<void>;
  /** An item at a position that lacks what a block has. */
  spoil(chain: string, position: number): Promise<void>;
}

let serial = 0;
const freshChain = () => `tenant-${serial++}#0`;

/** Four of these are more than a page of a query. */
const blockOf = (chain: string, position: number): Block => ({
  ...{ chain, position, count: 3, v: 1, recordedAt: 1_000 + position, requests: [] },
  payload: new Uint8Array(Buffer.from(noise(300_000, position))),
  previousLink: new Uint8Array(32),
  link: new Uint8Array(32).fill(position),
});

async function along(walk: LedgerWalk, chain: string, position: number): Promise<[number, number | undefined][]> {
  const found: [number, number | undefined][] = [];
  for await (const item of walk.from(chain, position)) found.push([item.position, item.block?.payload.length]);
  return found;
}

function walkContract(name: string, open: () => Ledger): void {
  describe(`${name} as a ledger to go along`, () => {
    test('gives what lies at a position and after, in order, over all pages, whatever it is', async () => {
      const [{ walk, put, spoil }, chain] = [open(), freshChain()];
      for (const position of [24, 3, 0, 9, 6, 12, 21]) await put(blockOf(chain, position));
      await put(blockOf(freshChain(), 3));
      await spoil(chain, 15);
      const after = [6, 9, 12, 15, 21, 24].map((position) => [position, position === 15 ? undefined : 300_000]);
      expect(await along(walk, chain, 6)).toEqual(after);
      expect(await along(walk, chain, 4)).toEqual(after);
      expect(await along(walk, chain, 25)).toEqual([]);
      expect(await along(walk, freshChain(), 0)).toEqual([]);
    });
  });
}

walkContract('memory', () => {
  const walk = new MemoryWalk();
  return { walk, put: async (block) => walk.put(block), spoil: async (chain, position) => walk.spoil(chain, position) };
});

describe('on DynamoDB', () => {
  let client: DynamoDBClient;
  let TableName: string;
  beforeAll(async () => {
    const dynamo = await sharedDynamoDb();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new DynamoDBClient({ endpoint: dynamo.endpoint, region: 'us-east-1', credentials });
    TableName = (await createLedgerTables(client, 'walk')).ledgerTable;
  });
  afterAll(async () => {
    client?.destroy();
  });
  walkContract('DynamoDB', () => ({
    walk: new DynamoWalk(client, { ledgerTable: TableName }),
    put: async (block) => {
      await client.send(new PutItemCommand({ TableName, Item: blockToItem(block, 2_000_000_000) }));
    },
    spoil: async (chain, position) => {
      const Item = { [BLOCK.chain]: { S: chain }, [BLOCK.position]: { N: String(position) } };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
  }));
});
