// Indexing one chain.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { IndexSummary, indexChain } from '../../../services/index/chain.ts';
import { indexNotices } from '../../../services/index/notices.ts';
import type { IndexPorts } from '../../../services/index/port.ts';
import { MemoryIndex } from '../../fakes/memory-index.ts';
import { MemoryWalk } from '../../fakes/memory-walk.ts';
import { FOREVER, GrowingChain, HOT_WINDOW_SECONDS, indexPorts, look, wakeOf } from '../../support/indexing.ts';

const START = Date.parse('2026-02-27T22:00:00Z');
const EVER = { from: 0, to: Number.MAX_SAFE_INTEGER };
const HEAD = Number.POSITIVE_INFINITY;

let now: number;
let index: MemoryIndex;
let ledger: MemoryWalk;
let chain: GrowingChain;
let ports: IndexPorts;
beforeEach(() => {
  now = START;
  index = new MemoryIndex();
  ledger = new MemoryWalk();
  chain = new GrowingChain('acme#0');
  ports = indexPorts(index, ledger, () => new Date(now));
});

function append(count: number) {
  return chain.append(Array.from({ length: count }, () => ({ actor: 'u1', targets: [], recordedAt: now })));
}

async function run(): Promise<IndexSummary> {
  const summary = new IndexSummary();
  expect(await indexChain(ports, 'acme#0', HEAD, FOREVER, summary)).toBe(true);
  return summary;
}

const found = () => look(index, 'acme', 'actor', 'u1', EVER, 'asc');
const places = (...positions: number[]) => positions.map((position) => `0/${position}`);
const through = async () => (await index.progress('acme#0'))?.through;

describe('what a ledger should not hold', () => {
  test('a block that does not give its link is passed over', async () => {
    const [first, second, third] = [append(2), append(2), append(1)];
    ledger.put(first, { ...second, link: first.link }, third);
    expect((await run()).findings).toEqual([{ chain: 'acme#0', position: 2, reason: 'unreadable' }]);
    expect(await found()).toEqual(places(0, 1, 4));
    expect(await through()).toBe(5);
  });

  test('an item that is no block is passed over when the next one is there, and not before', async () => {
    const [first, , third] = [append(2), append(2), append(1)];
    ledger.put(first);
    ledger.spoil('acme#0', 2);
    expect((await run()).findings).toEqual([{ chain: 'acme#0', position: 2, reason: 'unreadable' }]);
    expect(await through()).toBe(2);
    ledger.put(third);
    await run();
    expect(await found()).toEqual(places(0, 1, 4));
    expect(await through()).toBe(5);
  });

  test('a block that does not continue the one before is found, and indexed: either may be the forged one', async () => {
    const [first, second] = [append(2), append(2)];
    const forged = new GrowingChain('acme#0').append([
      { actor: 'u1', targets: ['x'], recordedAt: now },
      { actor: 'u2', targets: [], recordedAt: now },
    ]);
    ledger.put(forged, second);
    expect(first.position).toBe(forged.position);
    expect((await run()).findings).toEqual([{ chain: 'acme#0', position: 2, reason: 'link' }]);
    expect(await found()).toEqual(places(0, 2, 3));
  });

  test('a block in the middle of another is passed over', async () => {
    const [first, second] = [append(4), append(1)];
    ledger.put(first, second, { ...second, position: 2 });
    expect((await run()).findings).toEqual([{ chain: 'acme#0', position: 2, reason: 'overlap' }]);
    expect(await found()).toEqual(places(0, 1, 2, 3, 4));
  });

  test('beyond missing blocks nothing is indexed until they are back', async () => {
    const [first, second, third] = [append(1), append(1), append(1)];
    ledger.put(first, third);
    expect((await run()).findings).toEqual([{ chain: 'acme#0', position: 2, reason: 'gap' }]);
    expect([await found(), await through()]).toEqual([places(0), 1]);
    ledger.put(second);
    expect((await run()).findings).toEqual([]);
    expect(await found()).toEqual(places(0, 1, 2));
  });

  test('or until they could have expired', async () => {
    const [first, , third] = [append(1), append(1), append(1)];
    ledger.put(first, third);
    await run();
    now += HOT_WINDOW_SECONDS * 1_000;
    expect((await run()).findings).toEqual([]);
    expect(await found()).toEqual(places(0, 2));
  });

  test('an entry that is none is passed over', async () => {
    chain = new GrowingChain('acme#0');
    ledger.put(
      chain.append([
        { actor: 'u1', targets: [], recordedAt: START },
        { actor: 'u1', targets: [], recordedAt: -5 },
      ]),
    );
    expect((await run()).findings).toEqual([{ chain: 'acme#0', position: 1, reason: 'entry' }]);
    expect(await found()).toEqual(places(0));
  });
});

describe('a run', () => {
  test('tells how long the entry waited that waited longest', async () => {
    ledger.put(append(1));
    now += 7_000;
    ledger.put(append(3));
    now += 1_000;
    expect(await run()).toMatchObject({ entries: 4, lagMs: 8_000, findings: [] });
    expect(await run()).toMatchObject({ entries: 0, rows: 0, lagMs: undefined });
  });

  test('ends in time; what it did stays, and its messages come again', async () => {
    const blocks = [append(2), append(2), append(2)];
    ledger.put(...blocks);
    let left = 2;
    const result = await indexNotices(blocks.map(wakeOf), { ...ports, sliceEntries: 2 }, () =>
      left-- > 0 ? 60_000 : 1_000,
    );
    expect(result.failed).toEqual(['acme#0/0', 'acme#0/2', 'acme#0/4']);
    expect(await through()).toBe(4);
    expect((await indexNotices(blocks.map(wakeOf), ports, FOREVER)).failed).toEqual([]);
    expect(await found()).toEqual(places(0, 1, 2, 3, 4, 5));
  });

  test('does not take on more at once than a run has time for', async () => {
    const targets = (from: number) => Array.from({ length: 100 }, (_, i) => `t${from + i}`);
    for (let i = 0; i < 4; i++) {
      const samples = Array.from({ length: 100 }, (_, n) => ({
        ...{ actor: 'u1', targets: targets((i * 100 + n) * 100), recordedAt: now },
      }));
      ledger.put(chain.append(samples));
    }
    const sizes: number[] = [];
    const write: MemoryIndex['write'] = async (rows) => {
      sizes.push(rows.length);
      await index.write(rows);
    };
    const store = { write, progress: index.progress.bind(index), advance: index.advance.bind(index) };
    await indexChain({ ...ports, store }, 'acme#0', HEAD, FOREVER, new IndexSummary());
    // Of each slice: a row a target, and one each of time, actor and severity.
    expect(sizes).toEqual([30_003, 10_003]);
    expect(await through()).toBe(400);
  });

  test('reads nothing for notices of what is indexed already', async () => {
    const block = append(2);
    ledger.put(block);
    await run();
    const reads: string[] = [];
    const from = (name: string, position: number) => {
      reads.push(name);
      return ledger.from(name, position);
    };
    await indexNotices([wakeOf(block)], { ...ports, ledger: { from } }, FOREVER);
    expect(reads).toEqual([]);
  });

  test('one chain that fails does not keep the others; a message that says nothing is put aside', async () => {
    const other = new GrowingChain('acme#1');
    const [mine, theirs] = [append(1), other.append([{ actor: 'u2', targets: [], recordedAt: now }])];
    ledger.put(mine, theirs);
    const error = new Error('the ledger can not be read');
    const from = (name: string, position: number) => {
      if (name === 'acme#1') throw error;
      return ledger.from(name, position);
    };
    const wakes = [...[theirs, mine].map(wakeOf), { id: 'gibberish', notice: undefined }];
    const { failed, failures } = await indexNotices(wakes, { ...ports, ledger: { from } }, FOREVER);
    expect(failed.toSorted()).toEqual(['acme#1/0', 'gibberish']);
    expect(failures).toEqual([{ chain: 'acme#1', error }]);
    expect(await found()).toEqual(places(0));
  });

  test('keeps a row as long as the newest of its blocks', async () => {
    ledger.put(append(1));
    now += 60_000;
    ledger.put(append(1));
    const kept: number[] = [];
    const write: MemoryIndex['write'] = async (rows) => {
      kept.push(...rows.map(({ expiresAt }) => expiresAt));
      await index.write(rows);
    };
    const store = { write, progress: index.progress.bind(index), advance: index.advance.bind(index) };
    await indexChain({ ...ports, store }, 'acme#0', HEAD, FOREVER, new IndexSummary());
    expect(new Set(kept)).toEqual(new Set([START / 1_000 + 60 + HOT_WINDOW_SECONDS]));
  });
});
