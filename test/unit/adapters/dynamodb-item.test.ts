// Blocks and requests as items of DynamoDB.
import { describe, expect, test } from '@jest/globals';
import { blockToItem, type Item, itemToBlock, itemToRequest, requestToItem } from '../../../adapters/dynamodb/item.ts';
import type { Block } from '../../../core/block/block.ts';
import { BlockError } from '../../../core/block/error.ts';

const block: Block = {
  chain: 'acme#3',
  position: 9_007_199_254_740_000,
  count: 2,
  v: 1,
  payload: Uint8Array.of(1, 2, 255),
  previousLink: new Uint8Array(32).fill(7),
  link: new Uint8Array(32).fill(8),
  recordedAt: 1_750_000_000_123,
  requests: ['acme#k', 'acme#ü'],
};

test('a block comes back from its item', () => {
  expect(itemToBlock(blockToItem(block, 1_750_000_999))).toEqual(block);
});

test('a block without requests has no empty set, which DynamoDB would refuse', () => {
  const item = blockToItem({ ...block, requests: [] }, 1);
  expect(Object.keys(item)).not.toContain('requests');
  expect(itemToBlock(item).requests).toEqual([]);
});

test("a Lambda event's image, where binary is base64 text, gives the same block", () => {
  const image: Item = JSON.parse(JSON.stringify(blockToItem(block, 1)), (_key, value) =>
    value !== null && typeof value === 'object' && '0' in value && !Array.isArray(value)
      ? Buffer.from(Object.values(value) as number[]).toString('base64')
      : value,
  );
  const read = itemToBlock(image);
  expect({ ...read, payload: [...read.payload] }).toMatchObject({ position: block.position, payload: [1, 2, 255] });
  expect(Buffer.from(read.link)).toEqual(Buffer.from(block.link));
});

test('a request comes back from its item', () => {
  const record = {
    request: 'acme#k',
    digest: new Uint8Array(32).fill(1),
    runs: [{ chain: 3, position: 12, count: 5, block: 10 }],
    recordedAt: 1_750_000_000_123,
  };
  expect(itemToRequest(requestToItem(record, 1))).toEqual(record);
});

describe('an item that is no block', () => {
  test.each(['chain', 'position', 'count', 'v', 'entries', 'previousLink', 'link', 'recordedAt'])(
    'without %s',
    (name) => {
      const item: Record<string, unknown> = blockToItem(block, 1);
      delete item[name];
      expect(() => itemToBlock(item as unknown as Item)).toThrow(BlockError);
    },
  );
  test('with a position that is no safe integer', () => {
    const item = { ...blockToItem(block, 1), position: { N: '9007199254740993' } };
    expect(() => itemToBlock(item)).toThrow(BlockError);
  });
  test('with another type', () => {
    expect(() => itemToBlock({ ...blockToItem(block, 1), link: { S: 'text' } })).toThrow(BlockError);
  });
});
