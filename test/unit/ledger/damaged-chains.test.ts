// What somebody puts at the end of a chain is not built on: the tenant goes on recording, on chains that are intact.
import { describe, expect, test } from '@jest/globals';
import { zstd } from '../../../adapters/zstd.ts';
import type { Block } from '../../../core/block/block.ts';
import { encodeBlock } from '../../../core/block/codec.ts';
import { encodePayload } from '../../../core/block/payload.ts';
import { genesisLink, leafHash, MAX_CHAINS } from '../../../core/chain.ts';
import { sha256 } from '../../../core/crypto.ts';
import { DEFAULT_LIMITS } from '../../../core/limits.ts';
import { ingestProblem } from '../../../functions/api/ingest/problems.ts';
import { type ChainNotIntact, NoIntactChain, RequestNotIntact } from '../../../services/append/errors.ts';
import { Ledger } from '../../../services/append/ledger.ts';
import type { ReceiptRun, RequestRecord } from '../../../services/append/port.ts';
import type { AppendRequest } from '../../../services/append/request.ts';
import { MemoryBlockStore } from '../../fakes/memory-block-store.ts';
import { GARBAGE, PlantedStore } from '../../fakes/planted-store.ts';
import { checkChains } from '../../support/check-chain.ts';
import { FakeClock } from '../../support/clock.ts';
import { digestOf, entriesOf } from '../../support/entries.ts';

const RANDOM = sha256(Uint8Array.of(3));
const DAY_MS = 86_400_000;

function world() {
  const clock = new FakeClock();
  const memory = new MemoryBlockStore({ now: clock.now, hotWindowMs: DAY_MS });
  const store = new PlantedStore(memory);
  const told: ChainNotIntact[] = [];
  const ledger = () => new Ledger({ store, compression: zstd, clock, onDamaged: (error) => told.push(error) });
  return { clock, memory, store, told, ledger };
}
type World = ReturnType<typeof world>;

const plain = (name: string): AppendRequest => ({ tenant: 'acme', entries: entriesOf(name, 2) });
const keyed = (key: string): AppendRequest => ({
  ...plain(key),
  idempotency: { owner: 'token:me', key, digest: digestOf(key) },
});

/** A perfect block in itself. */
function forged(
  position: number,
  previousLink: Uint8Array,
  { chain = 'acme#0', tenant = 'acme', at = 0, body = '' } = {},
): Block {
  const recordedAt = new Date(1_750_000_000_000 + at).toISOString();
  const entry = { category: 'test', id: 'forged', recordedAt, tenant };
  const bytes = new TextEncoder().encode(body || JSON.stringify(entry));
  const contents = { payload: encodePayload([bytes], zstd), leafHashes: [leafHash(bytes)], requests: [] };
  return encodeBlock({ chain, position, previousLink }, contents, 1_750_000_000_000 + at).block;
}

/** Each way of spoiling the end of a chain that holds positions 0 and 1, and why it is not built on. */
const ATTACKS: [string, string, (block: Block) => [number, Block | typeof GARBAGE]][] = [
  ['no block', 'malformed', () => [2, GARBAGE]],
  ['a block that goes on from nothing', 'unlinked', () => [2, forged(2, RANDOM)]],
  ['a block far beyond the end', 'gap', () => [10_000, forged(10_000, RANDOM)]],
  ['a block whose payload is none', 'frame', ({ link }) => [2, { ...forged(2, link), payload: Uint8Array.of(1) }]],
  ['a block whose link is another', 'link', ({ link }) => [2, { ...forged(2, link), link: RANDOM }]],
  ['a block that counts more than it holds', 'count', ({ link }) => [2, { ...forged(2, link), count: 9 }]],
  ['a block of another format', 'version', ({ link }) => [2, { ...forged(2, link), v: 2 }]],
  ['a block of another tenant', 'entry', ({ link }) => [2, forged(2, link, { tenant: 'globex' })]],
  ['a block with an entry that is no JSON', 'entry', ({ link }) => [2, forged(2, link, { body: '{' })]],
  ['a block of another century', 'ahead', ({ link }) => [2, forged(2, link, { at: 36_525 * DAY_MS })]],
];

describe.each(ATTACKS)('%s at the end of a chain', (_what, reason, attack) => {
  async function attacked(): Promise<World & { position: number }> {
    const all = world();
    await all.ledger().append(plain('before'));
    const [position, item] = attack(all.memory.blocks('acme#0')[0]!);
    all.store.plant('acme#0', position, item);
    return { ...all, position };
  }

  test('sends a writer that comes anew to the next chain, named in an alarm', async () => {
    const { ledger, memory, told } = await attacked();
    const receipts = await ledger().append(plain('after'));
    expect(receipts.map(({ chain, position }) => [chain, position])).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(told.map((error) => [error.chain, error.reason])).toEqual([['acme#0', reason]]);
    expect([...checkChains(memory, 'acme').keys()].toSorted()).toEqual(['after-0', 'after-1', 'before-0', 'before-1']);
  });

  test.each([
    ['without a key', plain],
    ['with a key', keyed],
  ])('takes no position from a writer that knows the chain, nor anything of its group (%s)', async (_kind, request) => {
    const all = world();
    const warm = all.ledger();
    await warm.append(plain('before'));
    const [position, item] = attack(all.memory.blocks('acme#0')[0]!);
    all.store.plant('acme#0', position, item);
    const receipts = await Promise.all([warm.append(request('a')), warm.append(plain('b'))]);
    expect(receipts.flat().map(({ chain }) => chain)).toEqual(Array(4).fill(position === 2 ? 1 : 0));
    expect(all.told.map(({ chain }) => chain)).toEqual(position === 2 ? ['acme#0'] : []);
    expect(checkChains(all.memory, 'acme').size).toBe(6);
    expect(await warm.append(request('a'))).toHaveLength(2);
  });

  test('is looked at and told once in some minutes, and the chain is home again when it is repaired', async () => {
    const { ledger, store, told, clock } = await attacked();
    const writer = ledger();
    for (let i = 0; i < 5; i++) await writer.append(plain(`a${i}`));
    expect(told).toHaveLength(1);
    clock.advance(301_000);
    expect((await writer.append(plain('later')))[0]!.chain).toBe(1);
    expect(told).toHaveLength(2);
    store.repair('acme#0');
    clock.advance(301_000);
    expect((await writer.append(plain('home')))[0]).toMatchObject({ chain: 0, position: 2 });
  });
});

describe('the row of a chain', () => {
  const rowAt = (through: number, link = RANDOM) => ({ position: through - 1, count: 1, link, through });

  test.each<[string, object]>([
    ['text', { position: Number.NaN, through: Number.NaN }],
    ['numbers that no chain reaches', { position: 2 ** 60, through: 2 ** 60 + 1 }],
    ['negative numbers', { position: -7, through: -6 }],
    ['an end that its block has not', { through: 5_000 }],
    ['a block without entries', { position: 5_000, count: 0, through: 5_000 }],
  ])('with %s is not gone by while the blocks tell', async (_what, row) => {
    const { ledger, store, memory, told } = world();
    await ledger().append(plain('before'));
    store.rows.set('acme#0', { ...rowAt(2), ...row });
    expect((await ledger().append(plain('after')))[0]).toMatchObject({ chain: 0, position: 2 });
    expect(told).toEqual([]);
    checkChains(memory, 'acme');
  });

  test.each<[string, number]>([
    ['ahead of blocks that are not due to leave', 5_000],
    ['at their end, with another link', 2],
  ])('that is %s sends writers elsewhere', async (_what, through) => {
    const { ledger, store, told } = world();
    await ledger().append(plain('before'));
    store.rows.set('acme#0', rowAt(through));
    expect((await ledger().append(plain('after')))[0]).toMatchObject({ chain: 1, position: 0 });
    expect(told).toMatchObject([{ chain: 'acme#0', reason: through === 2 ? 'row' : 'missing' }]);
  });

  test('that was read after the archive had gone on is no fault', async () => {
    const { ledger, store, memory, told } = world();
    const writer = ledger();
    await writer.append(plain('a'));
    const before = memory.blocks('acme#0')[0]!;
    await writer.append(plain('b'));
    const after = memory.blocks('acme#0')[1]!;
    const end = store.end.bind(store);
    store.end = async (chain) => {
      store.end = end;
      return { newest: chain === 'acme#0' ? before : undefined, remembered: { ...after, through: 4 } };
    };
    expect((await ledger().append(plain('c')))[0]).toMatchObject({ chain: 0, position: 4 });
    expect(told).toEqual([]);
  });

  test('that is damaged sends writers elsewhere when the blocks have left', async () => {
    const { ledger, store, clock, memory, told } = world();
    await ledger().append(plain('before'));
    clock.advance(DAY_MS);
    memory.expire();
    store.rows.set('acme#0', { ...rowAt(2), through: 5_000 });
    expect((await ledger().append(plain('after')))[0]).toMatchObject({ chain: 1, position: 0 });
    expect(told).toMatchObject([{ chain: 'acme#0', reason: 'row' }]);
  });

  test('bears out blocks whose predecessors have left, and no others', async () => {
    const { ledger, store, clock, memory, told } = world();
    await ledger().append(plain('a'));
    const first = memory.blocks('acme#0')[0]!;
    clock.advance(DAY_MS / 2);
    await ledger().append(plain('b'));
    clock.advance(DAY_MS / 2);
    memory.expire();
    expect((await ledger().append(plain('c')))[0]).toMatchObject({ chain: 0, position: 4 });
    store.rows.set('acme#0', { ...first, link: RANDOM, through: 2 });
    expect((await ledger().append(plain('d')))[0]).toMatchObject({ chain: 1, position: 0 });
    expect(told).toMatchObject([{ reason: 'unlinked' }]);
  });
});

describe('all 64 chains damaged', () => {
  test('is a 503 that says so, at once from then on, and heals', async () => {
    const { ledger, store, told, memory, clock } = world();
    for (let chain = 0; chain < MAX_CHAINS; chain++) store.plant(`acme#${chain}`, 0, GARBAGE);
    const writer = ledger();
    const failure = await writer.append(plain('a')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NoIntactChain);
    expect(told).toHaveLength(MAX_CHAINS);
    const reads = store.ends;
    await expect(writer.append(keyed('b'))).rejects.toBeInstanceOf(NoIntactChain);
    expect(store.ends).toBe(reads);
    const problem = ingestProblem(DEFAULT_LIMITS)(failure);
    expect([problem.slug, problem.status]).toEqual(['unavailable', 503]);
    expect(problem.message).toContain("none of the tenant's chains");
    expect(problem.options.retryAfterSeconds).toBeGreaterThan(0);
    expect((await writer.append({ tenant: 'globex', entries: entriesOf('g', 1, '', 'globex') }))[0]!.chain).toBe(0);
    for (let chain = 0; chain < MAX_CHAINS; chain++) store.repair(`acme#${chain}`);
    clock.advance(301_000);
    expect((await writer.append(plain('c')))[0]).toMatchObject({ chain: 0, position: 0 });
    checkChains(memory, 'acme');
  });
});

describe('what stands in the place of a request', () => {
  test('and is no record fails this request, and no other of its group', async () => {
    const { ledger, store, memory } = world();
    const writer = ledger();
    store.requests.add('acme#token:me#bad');
    const results = await Promise.allSettled([
      writer.append(keyed('good')),
      writer.append(keyed('bad')),
      writer.append(plain('p')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const { reason } = results[1] as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(RequestNotIntact);
    expect(ingestProblem(DEFAULT_LIMITS)(reason).slug).toBe('not-intact');
    expect([...checkChains(memory, 'acme').keys()].toSorted()).toEqual(['good-0', 'good-1', 'p-0', 'p-1']);
  });

  const run: ReceiptRun = { chain: 0, position: 0, count: 2, block: 0 };
  test.each<[string, readonly ReceiptRun[]]>([
    ['no runs at all', []],
    ['fewer entries', [{ ...run, count: 1 }]],
    ['more entries', [run, { ...run, position: 2, block: 2 }]],
    [
      'the same entries twice',
      [
        { ...run, count: 1 },
        { ...run, count: 1 },
      ],
    ],
    ['a chain that no tenant has', [{ ...run, chain: 77 }]],
    ['a negative position', [{ ...run, position: -2, block: -2 }]],
    ['a block behind its run', [{ ...run, block: 1 }]],
  ])('and names %s is never acknowledged', async (_what, runs) => {
    const { clock, memory, ledger } = world();
    await ledger().append(keyed('k'));
    const record: RequestRecord = { request: 'acme#token:me#k', digest: digestOf('k'), runs, recordedAt: clock.now() };
    const store = new PlantedStore(memory);
    store.commit = async () => ({ kind: 'refused', blocks: [], requests: [record] });
    const robbed = new Ledger({ store, compression: zstd, clock });
    await expect(robbed.append(keyed('k'))).rejects.toBeInstanceOf(RequestNotIntact);
  });
});

test('a chain that begins with another link than its name gives is not built on', async () => {
  const { store, ledger, told } = world();
  store.plant('acme#0', 0, { ...forged(0, genesisLink('acme#0')), previousLink: RANDOM });
  expect((await ledger().append(plain('a')))[0]!.chain).toBe(1);
  expect(told).toMatchObject([{ reason: 'genesis' }]);
});
