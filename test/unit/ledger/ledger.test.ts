// Appending: group commit, lost races, cached heads.
import { describe, expect, test } from '@jest/globals';
import { zstd } from '../../../adapters/zstd.ts';
import type { Compression } from '../../../core/block/block.ts';
import { BlockMissing, IdempotencyMismatch, LedgerUnavailable } from '../../../services/append/errors.ts';
import { Ledger } from '../../../services/append/ledger.ts';
import type { BlockStore } from '../../../services/append/port.ts';
import type { AppendRequest } from '../../../services/append/request.ts';
import { FaultyStore } from '../../fakes/faulty-store.ts';
import { MemoryBlockStore } from '../../fakes/memory-block-store.ts';
import { checkChains } from '../../support/check-chain.ts';
import { FakeClock } from '../../support/clock.ts';
import { digestOf, entriesOf, entryOf, noise } from '../../support/entries.ts';

const HOUR_MS = 3_600_000;

function world({ hotWindowMs = 24 * HOUR_MS } = {}) {
  const clock = new FakeClock();
  const store = new MemoryBlockStore({ now: clock.now, hotWindowMs });
  const ledger = () => new Ledger({ store, compression: zstd, clock });
  return { clock, store, ledger };
}

const plain = (name: string, count = 1): AppendRequest => ({ tenant: 'acme', entries: entriesOf(name, count) });
const keyed = (key: string, body = key): AppendRequest => ({
  ...plain(body),
  idempotency: { owner: 'token:me', key, digest: digestOf(body) },
});
/** The store, but for some of its methods. */
const overriding = (store: BlockStore, methods: Partial<BlockStore>): BlockStore => ({
  hotWindowMs: store.hotWindowMs,
  end: (chain) => store.end(chain),
  blockBefore: (chain, position) => store.blockBefore(chain, position),
  commit: (commit) => store.commit(commit),
  ...methods,
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  test('requests of one turn share a block', async () => {
    const { store, ledger } = world();
    const appends = ledger();
    const receipts = await Promise.all([0, 1, 2, 3].map((i) => appends.append(plain(`r${i}`, 2))));
    expect(store.commits).toBe(1);
    expect(receipts.flat().map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...checkChains(store, 'acme').values()].flat()).toEqual(receipts.flat());
  });

  test('a block takes 500 entries, in order of arrival, and no request is torn apart', async () => {
    const { store, ledger } = world();
    const appends = ledger();
    const counts = [200, 200, 200, 1, 500, 1];
    const receipts = await Promise.all(counts.map((count, i) => appends.append(plain(`r${i}`, count))));
    expect(store.history('acme#0').map(({ count }) => count)).toEqual([400, 201, 500, 1]);
    expect(receipts.flat().map(({ position }) => position)).toEqual(Array.from({ length: 1_102 }, (_, i) => i));
    checkChains(store, 'acme');
  });

  test('requests that compress to more than a block are parted between requests', async () => {
    const { store, ledger } = world();
    const appends = ledger();
    const entry = (i: number) => entryOf(`e${i}`, noise(59_000, i));
    await Promise.all(Array.from({ length: 20 }, (_, i) => appends.append({ tenant: 'acme', entries: [entry(i)] })));
    const blocks = store.history('acme#0');
    expect(blocks.length).toBeGreaterThan(2);
    expect(blocks.length).toBeLessThan(6);
    for (const { payload } of blocks) expect(payload.length).toBeLessThanOrEqual(390_000);
    expect(store.commits).toBe(blocks.length);
    expect(checkChains(store, 'acme').size).toBe(20);
  });

  test('a batch over several blocks is one commit, and its receipts follow on', async () => {
    const { store, ledger } = world();
    const entries = Array.from({ length: 40 }, (_, i) => entryOf(`e${i}`, noise(59_000, i)));
    const idempotency = { owner: 'token:me', key: 'k', digest: digestOf('k') };
    const receipts = await ledger().append({ tenant: 'acme', entries, idempotency });
    expect(store.commits).toBe(1);
    expect(store.history('acme#0').length).toBeGreaterThan(3);
    expect(receipts).toEqual([...checkChains(store, 'acme').values()].flat());
    expect(await ledger().append({ tenant: 'acme', entries, idempotency })).toEqual(receipts);
  });

  test('the largest batch of what compresses worst is accepted', async () => {
    const { store, ledger } = world();
    const entries = Array.from({ length: 67 }, (_, i) => entryOf(`e${i}`, noise(59_600, i)));
    await ledger().append({ tenant: 'acme', entries });
    expect(checkChains(store, 'acme').size).toBe(67);
  });

  test('more keyed requests than a transaction holds, with the longest keys', async () => {
    const { store, ledger } = world();
    const appends = ledger();
    const short = Array.from({ length: 150 }, (_, i) => appends.append(keyed(`k${i}`)));
    const long = Array.from({ length: 40 }, (_, i) => appends.append(keyed(`${'ü'.repeat(250)}${i}`)));
    await Promise.all([...short, ...long]);
    expect(store.requestNames()).toHaveLength(190);
    expect(checkChains(store, 'acme').size).toBe(190);
  });

  test('tenants do not wait for each other and share nothing', async () => {
    const { store, ledger } = world();
    const appends = ledger();
    await Promise.all(
      ['a', 'b'].map((tenant) => appends.append({ tenant, entries: entriesOf(tenant, 3, '', tenant) })),
    );
    expect(store.chainNames()).toEqual(['a#0', 'b#0']);
    expect([...checkChains(store, 'a').keys()]).toEqual(['a-0', 'a-1', 'a-2']);
  });
});

describe('a lost race', () => {
  test('is linked on behind the winner, without reading, compressing or hashing again', async () => {
    const { store, clock } = world();
    let compressed = 0;
    const counting: Compression = {
      ...zstd,
      compress: (bytes) => {
        compressed += 1;
        return zstd.compress(bytes);
      },
    };
    let losses = 0;
    const [winner, loser] = [0, 1].map(
      () => new Ledger({ store, compression: counting, clock, onLoss: () => (losses += 1) }),
    );
    await winner!.append(plain('w0'));
    await loser!.append(plain('l0'));
    await winner!.append(plain('w1', 3));
    const before = { reads: store.reads, compressed };
    const [receipt] = await loser!.append(plain('l1'));
    expect(receipt).toMatchObject({ chain: 0, position: 5 });
    expect(store.reads).toBe(before.reads);
    expect(compressed).toBe(before.compressed + 1);
    // The winner believed position 1 free when the loser had taken it; then the other way round.
    expect(losses).toBe(2);
    checkChains(store, 'acme');
  });

  test('a writer that loses twice in one append goes to another chain, and comes back when it is quiet', async () => {
    const { store, clock } = world();
    const [busy, other] = [0, 1].map(() => new Ledger({ store, compression: zstd, clock }));
    await other!.append(plain('first'));
    // Two blocks further without the other one knowing, all within a second: a race.
    for (let i = 0; i < 3; i++) await busy!.append(plain(`b${i}`));
    const [spilled] = await other!.append(plain('spilled'));
    expect(spilled!.chain).not.toBe(0);
    expect(spilled!.position).toBe(0);
    const [stays] = await other!.append(plain('stays'));
    expect(stays).toMatchObject({ chain: spilled!.chain, position: 1 });
    clock.advance(60_000);
    const [back] = await other!.append(plain('back'));
    expect(back!.chain).toBe(0);
    checkChains(store, 'acme');
  });

  test('chance decides where to, among 63 others', async () => {
    const chains = new Set<number>();
    for (let seed = 1; seed < 60; seed++) {
      const clock = new FakeClock(seed * 7_919);
      const store = new MemoryBlockStore({ now: clock.now });
      const [busy, other] = [0, 1].map(() => new Ledger({ store, compression: zstd, clock }));
      await other!.append(plain('first'));
      for (let i = 0; i < 3; i++) await busy!.append(plain(`b${i}`));
      chains.add((await other!.append(plain('spilled')))[0]!.chain);
    }
    expect(chains.has(0)).toBe(false);
    expect(chains.size).toBeGreaterThan(25);
    expect(Math.max(...chains)).toBeLessThan(64);
  });

  test('low traffic of several writers stays on one chain, however far behind one has fallen', async () => {
    const { store, clock } = world();
    const ledgers = [0, 1, 2].map(() => new Ledger({ store, compression: zstd, clock }));
    for (let i = 0; i < 60; i++) {
      clock.advance(5_000);
      await ledgers[i % 7 === 0 ? 0 : 1 + (i % 2)]!.append(plain(`r${i}`));
    }
    expect(store.chainNames()).toEqual(['acme#0']);
    checkChains(store, 'acme');
  });

  test('throttling is a reason to go elsewhere: one key takes 1,000 write units a second', async () => {
    const { store, clock } = world();
    const throttled = new FaultyStore(store, ['throttled', 'throttled']);
    const [receipt] = await new Ledger({ store: throttled, compression: zstd, clock }).append(plain('a'));
    expect(receipt!.chain).not.toBe(0);
    expect(clock.slept.length).toBe(2);
  });
});

describe('the believed end of a chain', () => {
  test('is read once, and again when it is a minute old', async () => {
    const { store, clock, ledger } = world();
    const appends = ledger();
    await appends.append(plain('a'));
    clock.advance(59_000);
    await appends.append(plain('b'));
    expect(store.reads).toBe(1);
    clock.advance(60_000);
    await appends.append(plain('c'));
    expect(store.reads).toBe(2);
  });

  test('is not believed after the clock went backwards', async () => {
    const { store, clock, ledger } = world();
    const appends = ledger();
    await appends.append(plain('a'));
    clock.advance(-1);
    await appends.append(plain('b'));
    expect(store.reads).toBe(2);
  });

  test('a chain whose blocks have all expired goes on, it does not start again', async () => {
    const { store, clock, ledger } = world({ hotWindowMs: HOUR_MS });
    await ledger().append(plain('a', 4));
    clock.advance(HOUR_MS);
    store.expire();
    expect(store.blocks('acme#0')).toEqual([]);
    expect((await ledger().append(plain('b')))[0]).toMatchObject({ chain: 0, position: 4 });
    checkChains(store, 'acme');
  });

  test('a writer that slept through the hot window does not write at a position that has expired', async () => {
    const { store, clock, ledger } = world({ hotWindowMs: HOUR_MS });
    const [sleeper, awake] = [ledger(), ledger()];
    await sleeper.append(plain('a'));
    await awake.append(plain('b'));
    clock.advance(HOUR_MS);
    store.expire();
    // It believes position 1 to be free, and it is: the store alone would let it fork the chain.
    expect((await sleeper.append(plain('c')))[0]).toMatchObject({ chain: 0, position: 2 });
    checkChains(store, 'acme');
  });

  test('no belief outlives a quarter of a short hot window', async () => {
    const { store, clock, ledger } = world({ hotWindowMs: 100_000 });
    const [sleeper, awake] = [ledger(), ledger()];
    await sleeper.append(plain('a'));
    await awake.append(plain('b'));
    clock.advance(30_000);
    const reads = store.reads;
    await sleeper.append(plain('c'));
    expect(store.reads).toBe(reads + 1);
  });
});

describe('an idempotency key', () => {
  test('gives the first receipts again, in the same process and after a restart', async () => {
    const { store, ledger } = world();
    const appends = ledger();
    const first = await appends.append({ ...keyed('k'), entries: entriesOf('e', 3) });
    await appends.append(plain('between'));
    const repeat = { ...keyed('k'), entries: entriesOf('e-again', 3) };
    expect(await appends.append(repeat)).toEqual(first);
    expect(await ledger().append(repeat)).toEqual(first);
    expect(checkChains(store, 'acme').size).toBe(4);
  });

  test('with another body is a mismatch, and the others of its group are written', async () => {
    const { store, ledger } = world();
    const appends = ledger();
    await appends.append(keyed('k'));
    const results = await Promise.allSettled([
      appends.append(plain('x')),
      appends.append(keyed('k', 'another body')),
      appends.append(keyed('new')),
      appends.append(keyed('k')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect((results[1] as PromiseRejectedResult).reason).toEqual(new IdempotencyMismatch(1));
    expect([...checkChains(store, 'acme').keys()].toSorted()).toEqual(['k-0', 'new-0', 'x-0']);
  });

  test('belongs to its tenant', async () => {
    const { store, ledger } = world();
    const appends = ledger();
    await appends.append(keyed('k'));
    const [receipt] = await appends.append({ ...keyed('k', 'other'), tenant: 'other' });
    expect(receipt).toMatchObject({ id: 'other-0', position: 0 });
    expect(store.chainNames()).toEqual(['acme#0', 'other#0']);
  });

  test('belongs to its owner', async () => {
    const { store, ledger } = world();
    const appends = ledger();
    const owned = (owner: string): AppendRequest => {
      const { idempotency, ...request } = keyed('k');
      return { ...request, idempotency: { ...idempotency!, owner } };
    };
    const receipts = await Promise.all(['token:me', 'token:you', 'event'].map((one) => appends.append(owned(one))));
    expect(receipts.map(([receipt]) => receipt!.position)).toEqual([0, 1, 2]);
    expect(store.requestNames()).toEqual(['acme#token:me#k', 'acme#token:you#k', 'acme#event#k']);
    expect(await ledger().append(owned('token:you'))).toEqual(receipts[1]);
    await expect(appends.append(owned('token:a#b'))).rejects.toThrow(RangeError);
  });

  test('many at once, in one process and in several, converge to one write', async () => {
    const { store, ledger } = world();
    const ledgers = [ledger(), ledger(), ledger()];
    const receipts = await Promise.all(
      Array.from({ length: 30 }, async (_, i) => {
        if (i > 20) await turn();
        return ledgers[i % 3]!.append({ ...keyed('k'), entries: entriesOf(`try${i}`, 2) });
      }),
    );
    for (const each of receipts) expect(each).toEqual(receipts[0]);
    expect(checkChains(store, 'acme').size).toBe(2);
  });

  test('at once with another body: one is written, the other is a mismatch', async () => {
    const { store, ledger } = world();
    const appends = ledger();
    const results = await Promise.allSettled([appends.append(keyed('k', 'a')), appends.append(keyed('k', 'b'))]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((results[1] as PromiseRejectedResult).reason).toEqual(new IdempotencyMismatch(1));
    expect(checkChains(store, 'acme').size).toBe(1);
  });

  test('a repeat waits for the first one, and tries for itself when that failed', async () => {
    const { store, clock } = world();
    const denied = new Error('AccessDenied');
    const denials = [denied];
    const commit: BlockStore['commit'] = async (it) => {
      const denial = denials.shift();
      if (denial) throw denial;
      return store.commit(it);
    };
    const ledger = new Ledger({ store: overriding(store, { commit }), compression: zstd, clock });
    const results = await Promise.allSettled([ledger.append(keyed('k')), ledger.append(keyed('k'))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect((results[0] as PromiseRejectedResult).reason).toBe(denied);
    expect(checkChains(store, 'acme').size).toBe(1);
  });

  test('whose block somebody removed is an error, and never a second write', async () => {
    const { store, ledger } = world();
    await ledger().append(keyed('k'));
    const robbed = overriding(store, { blockBefore: async () => undefined });
    await expect(new Ledger({ store: robbed, compression: zstd }).append(keyed('k'))).rejects.toThrow(BlockMissing);
  });

  test('whose record names a block that settled other requests is an error, and never acknowledged', async () => {
    const { store, ledger } = world();
    await ledger().append(keyed('k'));
    const blockBefore: BlockStore['blockBefore'] = async (chain, position) => {
      const block = await store.blockBefore(chain, position);
      return block && { ...block, requests: ['acme#token:me#another'] };
    };
    const forged = overriding(store, { blockBefore });
    await expect(new Ledger({ store: forged, compression: zstd }).append(keyed('k'))).rejects.toThrow(BlockMissing);
  });
});

describe('callers are held to the limits', () => {
  const { ledger, store } = world();
  const refused: Record<string, AppendRequest> = {
    'no entries': plain('a', 0),
    '501 entries': plain('a', 501),
    'an entry over 60,000 bytes': { tenant: 'acme', entries: [entryOf('a', 'x'.repeat(60_000))] },
    'a batch over 4 MB': { tenant: 'acme', entries: entriesOf('a', 70, 'x'.repeat(59_000)) },
    'an entry with a raw LF': { tenant: 'acme', entries: [{ ...entryOf('a'), bytes: Buffer.from('{\n}') }] },
    'a malformed tenant': { tenant: 'ac#me', entries: entriesOf('a', 1) },
    'an empty key': keyed('', 'body'),
    'a key over 256 characters': keyed('k'.repeat(257), 'body'),
    'a key that is not well-formed': keyed('\ud800', 'body'),
    'a digest of the wrong length': {
      ...plain('a'),
      idempotency: { owner: 'token:me', key: 'k', digest: new Uint8Array(31) },
    },
  };
  test.each(Object.entries(refused))('%s', async (_name, request) => {
    await expect(ledger().append(request)).rejects.toThrow(RangeError);
    expect(store.commits).toBe(0);
  });
});

test('what waited in the queue until its time was up is certainly not written', async () => {
  const { store, clock } = world();
  const faulty = new FaultyStore(store, Array(9).fill('lost-request'));
  const ledger = new Ledger({ store: faulty, compression: zstd, clock, deadlineMs: 500 });
  const [first, second] = await Promise.allSettled([ledger.append(plain('a', 400)), ledger.append(plain('b', 400))]);
  expect((first as PromiseRejectedResult).reason).toBeInstanceOf(LedgerUnavailable);
  expect((second as PromiseRejectedResult).reason).toBeInstanceOf(LedgerUnavailable);
  expect(checkChains(store, 'acme').size).toBe(0);
  expect(await ledger.append(plain('c'))).toHaveLength(1);
});

test('what trying again does not heal is told as it is, and the next request is not held up', async () => {
  const { store, clock } = world();
  const denied = new Error('AccessDenied');
  let deny = true;
  const denying = overriding(store, { commit: (commit) => (deny ? Promise.reject(denied) : store.commit(commit)) });
  const ledger = new Ledger({ store: denying, compression: zstd, clock });
  await expect(ledger.append(plain('a'))).rejects.toBe(denied);
  deny = false;
  expect(await ledger.append(plain('b'))).toHaveLength(1);
});
