// What searches of one process share of a chain's tail, and what they never do.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { zstd } from '../../../adapters/zstd.ts';
import type { Block } from '../../../core/block/block.ts';
import { BlockError } from '../../../core/block/error.ts';
import { genesisLink } from '../../../core/chain.ts';
import { ALL } from '../../../core/query/ast.ts';
import { IndexSummary, indexChain } from '../../../services/index/chain.ts';
import { DecodedBlocks } from '../../../services/search/decoded.ts';
import { SearchMemory } from '../../../services/search/memory.ts';
import { type Page, searchPage } from '../../../services/search/page.ts';
import type { Order, StoredBlock } from '../../../services/search/port.ts';
import { MemoryBlocks } from '../../fakes/blocks.ts';
import type { MemoryIndex } from '../../fakes/memory-index.ts';
import { MemoryWalk } from '../../fakes/memory-walk.ts';
import { rewritten } from '../../support/damaging.ts';
import { blockAtPlace, chainOf, sampleBytes } from '../../support/ledger-stream.ts';
import { FetcherOf, searchOver } from '../../support/searching.ts';

const CHAIN = 'acme#0';
const START = Date.parse('2026-03-02T09:00:00Z');
const SECOND = 1_000;

/** Notes what is read along chains, and lets a test wait in the middle of it. */
class Noting extends FetcherOf {
  read: number[] = [];
  gate: Promise<void> = Promise.resolve();

  override async *from(
    chain: string,
    from: number,
    order: Order,
    below?: number,
  ): AsyncGenerator<StoredBlock, void, undefined> {
    for await (const stored of super.from(chain, from, order, below)) {
      this.read.push(stored.position);
      await this.gate;
      yield stored;
    }
  }
}

let ledger: MemoryBlocks;
let fetcher: Noting;
let now: number;
let index: MemoryIndex;
let search: (order?: Order, entries?: number) => Promise<Page>;
let head: Block;

/** Three blocks of two entries, a second apart; nothing is indexed. */
beforeEach(() => {
  ledger = new MemoryBlocks();
  fetcher = new Noting(ledger);
  now = START + 10 * SECOND;
  const ports = searchOver(ledger, () => now);
  index = ports.index as MemoryIndex;
  const shared = { ...ports, fetcher, memory: new SearchMemory(fetcher) };
  const period = { from: 0, to: Number.MAX_SAFE_INTEGER };
  search = async (order = 'desc', entries = 100) => {
    fetcher.read = [];
    const request = { tenant: 'acme', query: ALL, period, order };
    return searchPage(shared, request, { entries, bytes: 10_000_000, budgetMs: 60_000 });
  };
  const two = (at: number) => [0, 1].map(() => ({ category: 'payment', recordedAt: START + at * SECOND }));
  for (const block of chainOf(CHAIN, [two(0), two(1), two(2)])) append(block);
});

function append(block: Block): void {
  ledger.put(block);
  head = block;
}

function another(recordedAt: number, serial = 100): Block {
  const place = { chain: CHAIN, position: head.position + head.count, previousLink: head.link };
  return blockAtPlace(place, [sampleBytes('acme', { category: 'payment', recordedAt }, serial)], recordedAt);
}

const positions = ({ found }: Page) => found.map(({ position }) => position);

describe('a search that comes after another', () => {
  test('reads on from the head, and finds what was acknowledged meanwhile', async () => {
    expect(positions(await search())).toEqual([5, 4, 3, 2, 1, 0]);
    expect(fetcher.read).toEqual([4, 2, 0]);
    append(another(now));
    expect(positions(await search())).toEqual([6, 5, 4, 3, 2, 1, 0]);
    expect(fetcher.read).toEqual([6]);
    expect(positions(await search('asc'))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(fetcher.read).toEqual([]);
  });

  test('finds the same as one that shares nothing, when what comes is of an earlier time', async () => {
    await search();
    append(another(START + 500));
    expect(positions(await search())).toEqual([5, 4, 3, 2, 6, 1, 0]);
    expect(positions(await search('asc'))).toEqual([0, 1, 6, 2, 3, 4, 5]);
  });

  test.each([
    ['a minute later', 61 * SECOND, [8, 7, 6, 4, 2, 0]],
    ['half a minute after nobody searched', 31 * SECOND, [6, 4, 2, 0]],
  ])('reads everything anew %s', async (name, pause, expected) => {
    await search();
    // What is read again and again is not stale, and grows old all the same.
    for (const at of name === 'a minute later' ? [20, 40] : []) {
      now = START + (10 + at) * SECOND;
      append(another(now));
      await search();
    }
    now = START + 10 * SECOND + pause;
    append(another(now));
    await search();
    expect(fetcher.read).toEqual(expected);
  });

  test('leaves to the index what was indexed meanwhile', async () => {
    append(another(now));
    await search();
    const walk = new MemoryWalk();
    for (const position of [0, 2]) walk.put((await ledger.blockBefore(CHAIN, position))!);
    const indexing = { store: index, ledger: walk, compression: zstd, facets: [], hotWindowSeconds: 86_400 };
    await indexChain({ ...indexing, now: () => new Date(now) }, CHAIN, 4, () => Infinity, new IndexSummary());
    append(another(now, 101));
    expect(positions(await search())).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
    expect(fetcher.read).toEqual([7]);
    now += 31 * SECOND;
    await search();
    expect(fetcher.read).toEqual([7, 6, 4]);
  });
});

describe('what is wrong with the tail is named though it was read before', () => {
  const GAP = { tenant: 'acme', chain: 0 };

  test('an entry that is shown, and was changed since', async () => {
    await search();
    ledger.put(rewritten((await ledger.blockBefore(CHAIN, 2))!, (text) => text.replace('Zoë', 'Eve')));
    const page = await search();
    expect(positions(page)).toEqual([5, 4, 1, 0]);
    expect(page.gaps).toEqual([{ ...GAP, first: 2, last: 3, reason: 'unlinked' }]);
  });

  test('a block that is gone', async () => {
    await search();
    ledger.remove(CHAIN, 2);
    const page = await search();
    expect(positions(page)).toEqual([5, 4, 1, 0]);
    expect(page.gaps).toEqual([{ ...GAP, first: 2, last: 3, reason: 'missing' }]);
  });

  test('a block that continues another than the head, again and again', async () => {
    await search();
    const place = { chain: CHAIN, position: 6, previousLink: genesisLink('acme#1') };
    append(blockAtPlace(place, [sampleBytes('acme', { category: 'payment', recordedAt: now }, 7)], now));
    for (let i = 0; i < 3; i++) {
      const page = await search();
      expect(positions(page)).toEqual([6, 3, 2, 1, 0]);
      expect(page.gaps).toEqual([{ ...GAP, first: 4, last: 5, reason: 'unlinked' }]);
    }
  });

  test('an item that is no block, again and again', async () => {
    await search();
    append({ ...another(now), payload: Buffer.of(1) });
    for (let i = 0; i < 3; i++) {
      const page = await search();
      expect(positions(page)).toEqual([5, 4, 3, 2, 1, 0]);
      expect(page.gaps).toEqual([{ ...GAP, first: 6, last: 6, reason: 'altered' }]);
    }
  });
});

test('a search that begins while another reads finds what was acknowledged before it began', async () => {
  await search();
  append(another(now, 100));
  let open = () => {};
  fetcher.gate = new Promise((resolve) => {
    open = resolve;
  });
  const first = search();
  // The first has the items of its reading by now, and waits behind the first of them.
  while (fetcher.read.length === 0) await new Promise((resolve) => setImmediate(resolve));
  append(another(now, 101));
  const both = [search(), search()];
  open();
  expect(positions(await first)[0]).toBe(6);
  for (const one of both) expect(positions(await one)[0]).toBe(7);
});

describe('decoded blocks', () => {
  test('stand for the same bytes alone', () => {
    const decoded = new DecodedBlocks();
    const checked = decoded.of(head, zstd);
    expect(decoded.of({ ...head, payload: head.payload.slice() }, zstd)).toBe(checked);
    expect(
      decoded.of(
        rewritten(head, (text) => text.replace('Zoë', 'Eve')),
        zstd,
      ),
    ).not.toBe(checked);
    expect(() => decoded.of({ ...head, payload: Uint8Array.of(...head.payload, 0) }, zstd)).toThrow(BlockError);
    expect(() => decoded.of({ ...head, link: new Uint8Array(32) }, zstd)).toThrow(BlockError);
    expect(() => decoded.of({ ...head, v: 2 }, zstd)).toThrow(BlockError);
  });

  test('are as many as fit', () => {
    const size = new DecodedBlocks().of(head, zstd).size;
    const decoded = new DecodedBlocks(2 * size);
    const blocks = ['acme#0', 'acme#1', 'acme#2'].map(
      (chain) => chainOf(chain, [[0, 1].map(() => ({ category: 'payment', recordedAt: START }))])[0]!,
    );
    const checked = blocks.map((block) => decoded.of(block, zstd));
    expect(decoded.of(blocks[2]!, zstd)).toBe(checked[2]);
    expect(decoded.of(blocks[1]!, zstd)).toBe(checked[1]);
    expect(decoded.of(blocks[0]!, zstd)).not.toBe(checked[0]);
  });
});
