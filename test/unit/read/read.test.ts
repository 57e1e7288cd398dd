// Reading one entry.
import { describe, expect, test } from '@jest/globals';
import { zstd } from '../../../adapters/zstd.ts';
import type { Block } from '../../../core/block/block.ts';
import { decodeBlock } from '../../../core/block/codec.ts';
import { genesisLink } from '../../../core/chain.ts';
import { toHex } from '../../../core/crypto.ts';
import { Ledger } from '../../../services/append/ledger.ts';
import type { BlockReader } from '../../../services/append/port.ts';
import { readEntry } from '../../../services/read/read.ts';
import type { ArchivedEntry, Recovery } from '../../../services/search/port.ts';
import { MemoryBlocks } from '../../fakes/blocks.ts';
import { MemoryBlockStore } from '../../fakes/memory-block-store.ts';
import { wholeEntriesOf } from '../../support/entries.ts';
import { blockAtPlace } from '../../support/ledger-stream.ts';
import { oneEntryPorts } from '../../support/searching.ts';

/** Long after everything was recorded, so that a hole may be TTL's. */
const reading = (store: BlockReader) => oneEntryPorts(store, () => Number.MAX_SAFE_INTEGER);

async function filled() {
  const store = new MemoryBlockStore();
  const ledger = new Ledger({ store, compression: zstd });
  const receipts = [];
  for (const name of ['a', 'b', 'c']) {
    receipts.push(...(await ledger.append({ tenant: 'acme', entries: wholeEntriesOf(name, 4) })));
  }
  return { store, receipts, from: reading(store) };
}

test('every position gives its entry, as the receipt says, linked to the one before', async () => {
  const { receipts, from } = await filled();
  let previousLink = toHex(genesisLink('acme#0'));
  for (const { id, chain, position, leafHash, link } of receipts) {
    const found = (await readEntry(from, 'acme', chain, position))!;
    expect(found).toMatchObject({ chain, position, leafHash, link, previousLink, entry: { id } });
    expect(JSON.parse(Buffer.from(found.bytes).toString())).toEqual(found.entry);
    previousLink = link;
  }
});

test('where nothing is, nothing is found', async () => {
  const { from } = await filled();
  expect(await readEntry(from, 'acme', 0, 12)).toBeUndefined();
  expect(await readEntry(from, 'acme', 1, 0)).toBeUndefined();
  expect(await readEntry(from, 'other', 0, 0)).toBeUndefined();
});

test.each([-1, 0.5, Number.NaN, 2 ** 53])('%p is no position', async (position) => {
  const { from } = await filled();
  await expect(readEntry(from, 'acme', 0, position)).rejects.toThrow(RangeError);
});

test('a hole between blocks is no entry of the block before it', async () => {
  const { store } = await filled();
  const [first, , third] = store.blocks('acme#0');
  const holed = { blockBefore: async (_chain: string, position: number) => (position >= 8 ? third : first) };
  expect(await readEntry(reading(holed), 'acme', 0, 5)).toBeUndefined();
});

test('what is recorded while somebody looks is not missing', async () => {
  const { store } = await filled();
  const [first] = store.blocks('acme#0');
  const looks: Promise<Block | undefined>[] = [];
  // The first look finds the chain as it was before its second block.
  const growing = {
    blockBefore: (chain: string, position: number) =>
      looks[looks.push(looks.length === 0 ? Promise.resolve(first) : store.blockBefore(chain, position)) - 1]!,
  };
  const ports = { ...oneEntryPorts(growing, Date.now), hotWindowMs: Number.MAX_SAFE_INTEGER };
  expect(await readEntry(ports, 'acme', 0, 5)).toMatchObject({ position: 5 });
  expect(looks.length).toBeGreaterThan(1);
});

describe('what somebody changed is not read as if it were an entry', () => {
  const changes: Record<string, (block: Block, other: Block) => Block> = {
    'another link': (block) => ({ ...block, link: new Uint8Array(32) }),
    'another previous link': (block) => ({ ...block, previousLink: new Uint8Array(32) }),
    'the entries of another block': (block, other) => ({ ...block, payload: other.payload }),
    'bytes after the entries': (block) => ({ ...block, payload: Buffer.concat([block.payload, Buffer.of(0)]) }),
    'a lower count': (block) => ({ ...block, count: 3 }),
  };
  test.each(Object.entries(changes))('%s', async (_name, change) => {
    const { store } = await filled();
    const [, second, third] = store.blocks('acme#0');
    const tampered = { blockBefore: async () => change(second!, third!) };
    await expect(readEntry(reading(tampered), 'acme', 0, 5)).rejects.toMatchObject({
      ...{ name: 'EntryLost', gap: { tenant: 'acme', chain: 0, first: 5, last: 5 } },
    });
  });
});

describe('a block that verifies, put by somebody who can write the table', () => {
  const forged = (position: number, count: number): Block => {
    const entries = wholeEntriesOf('forged', count).map(({ bytes }) => bytes);
    return blockAtPlace({ chain: 'acme#0', position, previousLink: new Uint8Array(32).fill(7) }, entries, 1);
  };
  async function planted(block: Block) {
    const { store } = await filled();
    const blocks = new MemoryBlocks();
    for (const genuine of store.blocks('acme#0')) blocks.put(genuine);
    blocks.put(block);
    return reading(blocks);
  }

  test.each([
    ['inside the positions of another', forged(5, 1), 5],
    ['inside, so that what is behind seems to be gone', forged(5, 1), 6],
    ['in the place of another', forged(4, 4), 4],
    ['behind the last', forged(12, 2), 13],
    ['in front of a genuine one', forged(6, 2), 8],
  ])('%s is not believed', async (_name, block, position) => {
    const from = await planted(block);
    await expect(readEntry(from, 'acme', 0, position)).rejects.toMatchObject({
      gap: { first: position, reason: 'unlinked' },
    });
  });

  test('is believed by nobody, and what is genuine beside it can still be read', async () => {
    const from = await planted(forged(5, 1));
    expect(await readEntry(from, 'acme', 0, 4)).toMatchObject({ entry: { id: 'b-0' } });
    expect(await readEntry(from, 'acme', 0, 8)).toMatchObject({ entry: { id: 'c-0' } });
  });
});

// Blocks begin at 0, 4, and 8. What makes up a block makes up where it ends.
const RECORDED_AT = Date.parse('2025-06-01T00:00:00.000Z');

describe('a block that continues the chain and ends elsewhere', () => {
  const forged = wholeEntriesOf('forged', 20).map(({ bytes }) => bytes);

  async function planted(at: number, count: number, isArchived: boolean) {
    const { store } = await filled();
    const [blocks, archived] = [new MemoryBlocks(), new Map<number, ArchivedEntry>()];
    for (const block of store.blocks('acme#0')) {
      blocks.put(block);
      const { entries, leafHashes, links } = decodeBlock(block, zstd);
      for (const [i, bytes] of entries.entries()) {
        archived.set(block.position + i, { bytes, leafHash: leafHashes[i]!, link: links[i]! });
      }
    }
    const real = store.blocks('acme#0').find(({ position }) => position === at)!;
    blocks.put(blockAtPlace(real, forged.slice(0, count), RECORDED_AT));
    const recovery: Recovery = {
      entries: async (_tenant, _chain, positions) =>
        new Map(isArchived ? positions.map((position) => [position, archived.get(position)!]) : []),
    };
    // Long before anything may have left.
    return { ...oneEntryPorts(blocks, () => RECORDED_AT), recovery };
  }

  const ends = [0, 4].flatMap((at) => [1, 3, 4, 5, 7, 8, 9, 20].map((count) => [at, count] as const));
  test.each(ends)('at %i with %i entries is read from the archive', async (at, count) => {
    const from = await planted(at, count, true);
    const read = await Promise.all([0, 1, 2, 3].map((i) => readEntry(from, 'acme', 0, at + i)));
    expect(read.map((one) => one?.entry.id)).toEqual([0, 1, 2, 3].map((i) => `${at === 0 ? 'a' : 'b'}-${i}`));
  });

  test.each(ends.filter(([, count]) => count >= 4))('at %i with %i entries is not believed', async (at, count) => {
    const from = await planted(at, count, false);
    for (const position of [at, at + 3]) {
      await expect(readEntry(from, 'acme', 0, position)).rejects.toMatchObject({ gap: { first: position } });
    }
  });
});

test('the oldest block that is left is read without the one before it', async () => {
  const { store, receipts } = await filled();
  const [, second] = store.blocks('acme#0');
  const left = new MemoryBlocks();
  left.put(second!);
  expect(await readEntry(reading(left), 'acme', 0, 4)).toMatchObject({ link: receipts[4]!.link });
});
