// What every fetcher of blocks has to do, in memory and on DynamoDB.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DynamoBlockFetcher } from '../../adapters/dynamodb/block-fetcher.ts';
import { blockToItem } from '../../adapters/dynamodb/item.ts';
import type { Block } from '../../core/block/block.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import { BLOCK } from '../../names/ledger.ts';
import type { BlockFetcher, Order } from '../../services/search/port.ts';
import { MemoryBlocks } from '../fakes/blocks.ts';
import { noise } from '../support/entries.ts';
import { createLedgerTables } from '../support/ledger-tables.ts';
import { FetcherOf } from '../support/searching.ts';
import { sharedDynamoDb } from '../support/shared.ts';

interface Ledger {
  readonly fetcher: BlockFetcher;
  put(block: Block): Promise<void>;
}

let serial = 0;
const freshChain = () => `fetched-${serial++}#0`;

/** Four of these are more than a page of a query. */
const blockOf = (chain: string, position: number): Block => ({
  ...{ chain, position, count: 3, v: 1, recordedAt: 1_000 + position, requests: [] },
  payload: new Uint8Array(Buffer.from(noise(300_000, position))),
  previousLink: new Uint8Array(32).fill(position + 1),
  link: new Uint8Array(32).fill(position),
});

async function along(fetcher: BlockFetcher, ...from: [string, number, Order, number?]): Promise<number[]> {
  const found: number[] = [];
  for await (const { position, block } of fetcher.from(...from)) {
    expect(block?.payload.length).toBe(300_000);
    found.push(position);
  }
  return found;
}

function fetcherContract(name: string, open: () => Ledger): void {
  describe(`${name} as a fetcher of blocks`, () => {
    test('gives what begins at places, or what it says that it continues, in any order', async () => {
      const [{ fetcher, put }, chain, other] = [open(), freshChain(), freshChain()];
      for (const position of [0, 3, 6, 9, 12]) await put(blockOf(chain, position));
      await put(blockOf(other, 3));
      const places = [12, 4, 0, 15, 9].map((position) => ({ chain, position })).concat({ chain: other, position: 3 });
      const blocks = [...(await fetcher.blocks(places))];
      const byPlace = (a: { chain: string; position: number }, b: typeof a) =>
        a.chain.localeCompare(b.chain) || a.position - b.position;
      const expected = [blockOf(chain, 0), blockOf(chain, 9), blockOf(chain, 12), blockOf(other, 3)].sort(byPlace);
      expect(blocks.sort(byPlace).map(({ block }) => toHex(sha256(block!.payload)))).toEqual(
        expected.map(({ payload }) => toHex(sha256(payload))),
      );
      const links = [...(await fetcher.links(places))].sort(byPlace);
      expect(links.map((one) => ({ ...one, previousLink: [...one.previousLink!] }))).toEqual(
        expected.map((one) => ({ chain: one.chain, position: one.position, previousLink: [...one.previousLink] })),
      );
    });

    test('gives the link of the first block that begins behind a place, whatever begins there', async () => {
      const [{ fetcher, put }, chain] = [open(), freshChain()];
      for (const position of [0, 3, 12]) await put(blockOf(chain, position));
      await put(blockOf(freshChain(), 6));
      const behind = async (position: number) => {
        const link = await fetcher.linkBehind({ chain, position });
        return link && { ...link, previousLink: [...link.previousLink!] };
      };
      const linkOf = (position: number) => ({ chain, position, previousLink: Array(32).fill(position + 1) });
      expect(await behind(0)).toEqual(linkOf(3));
      expect(await behind(2)).toEqual(linkOf(3));
      expect(await behind(3)).toEqual(linkOf(12));
      expect(await behind(12)).toBeUndefined();
    });

    test('gives what begins in a chain from one position on and before another, over all pages', async () => {
      const [{ fetcher, put }, chain] = [open(), freshChain()];
      for (const position of [24, 3, 0, 9, 6, 12, 21]) await put(blockOf(chain, position));
      await put(blockOf(freshChain(), 3));
      expect(await along(fetcher, chain, 4, 'asc')).toEqual([6, 9, 12, 21, 24]);
      expect(await along(fetcher, chain, 6, 'desc')).toEqual([24, 21, 12, 9, 6]);
      expect(await along(fetcher, chain, 3, 'desc', 21)).toEqual([12, 9, 6, 3]);
      expect(await along(fetcher, chain, 3, 'asc', 22)).toEqual([3, 6, 9, 12, 21]);
      expect(await along(fetcher, chain, 13, 'desc', 21)).toEqual([]);
      expect(await along(fetcher, chain, 12, 'desc', 12)).toEqual([]);
      expect(await along(fetcher, chain, 25, 'desc')).toEqual([]);
    });
  });
}

fetcherContract('memory', () => {
  const blocks = new MemoryBlocks();
  return { fetcher: new FetcherOf(blocks), put: async (block) => blocks.put(block) };
});

describe('on DynamoDB', () => {
  let client: DynamoDBClient;
  let ledgerTable: string;
  beforeAll(async () => {
    const dynamo = await sharedDynamoDb();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new DynamoDBClient({ endpoint: dynamo.endpoint, region: 'us-east-1', credentials });
    ledgerTable = (await createLedgerTables(client, 'fetched')).ledgerTable;
  });
  afterAll(async () => {
    client?.destroy();
  });
  fetcherContract('DynamoDB', () => ({
    fetcher: new DynamoBlockFetcher(client, { ledgerTable }),
    put: async (block) => {
      await client.send(new PutItemCommand({ TableName: ledgerTable, Item: blockToItem(block, 2_000_000_000) }));
    },
  }));

  test('an item that is no block has no link, and is there all the same', async () => {
    const chain = freshChain();
    const Item = { [BLOCK.chain]: { S: chain }, [BLOCK.position]: { N: '3' }, [BLOCK.previousLink]: { S: 'text' } };
    await client.send(new PutItemCommand({ TableName: ledgerTable, Item }));
    const fetcher = new DynamoBlockFetcher(client, { ledgerTable });
    expect(await fetcher.links([{ chain, position: 3 }])).toEqual([{ chain, position: 3, previousLink: undefined }]);
    expect(await fetcher.blocks([{ chain, position: 3 }])).toEqual([{ chain, position: 3, block: undefined }]);
    expect(await fetcher.linkBehind({ chain, position: 0 })).toEqual({ chain, position: 3, previousLink: undefined });
  });
});
