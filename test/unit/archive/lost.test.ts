// What the chain's row says is archived and is not: the stream is the last to know it.
import { describe, expect, test } from '@jest/globals';
import { genesisLink } from '../../../core/chain.ts';
import { sha256, toHex } from '../../../core/crypto.ts';
import { expectArchivedOnce } from '../../support/archived.ts';
import { Archiving, CHAIN, MARCH_1, MARCH_2, some } from '../../support/archiving.ts';
import { blockAtPlace, changeOf, insertOf, sampleBytes } from '../../support/ledger-stream.ts';

const RANDOM = sha256(Uint8Array.of(7));

/** Four blocks of which the first two are archived. */
async function halfway(options: ConstructorParameters<typeof Archiving>[0] = {}) {
  const archiving = new Archiving(options);
  const blocks = archiving.ledger([
    [...some('payment', 2), ...some('debug', 1)],
    some('payment', 3),
    [...some('debug', 2), ...some('payment', 2)],
    some('payment', 1, MARCH_2),
  ]);
  await archiving.insert(blocks.slice(0, 2));
  return { archiving, blocks };
}

type Half = Awaited<ReturnType<typeof halfway>>;

function removeAll({ archiving, blocks }: Half): void {
  for (const { position } of blocks) archiving.blocks.remove(CHAIN, position);
}

const endOf = ({ blocks }: Half, index: number) => {
  const { position, count, link } = blocks[index]!;
  return { position, count, link, through: position + count };
};

describe('a block that the row says is archived', () => {
  test('and that is in no segment is archived from the stream, though the ledger has lost it', async () => {
    const half = await halfway();
    half.archiving.chains.forge(CHAIN, endOf(half, 3));
    removeAll(half);
    const { summary, failedFrom } = await half.archiving.insert(half.blocks.slice(2), 2);
    expect(failedFrom).toBeUndefined();
    expect(summary.findings.map(({ kind, chain }) => [kind, chain])).toEqual([['row', CHAIN]]);
    await expectArchivedOnce(half.archiving.store, half.blocks);
    const row = await half.archiving.chains.read(CHAIN);
    expect(row!.state).toMatchObject({ through: 11, position: 10, count: 1 });
    expect(half.archiving.evidence()[0]!.document).toMatchObject({
      kind: 'row',
      chain: CHAIN,
      row: { state: { through: 11 } },
    });
  });

  test.each([1, 2, 3])('is found by deliveries of %i, and by one that comes again', async (size) => {
    const half = await halfway();
    half.archiving.chains.forge(CHAIN, endOf(half, 3));
    removeAll(half);
    for (let round = 0; round < 2; round++) {
      const changes = half.blocks.map(insertOf);
      for (let at = 0; at < changes.length; at += size) {
        const { summary } = await half.archiving.deliver(changes.slice(at, at + size));
        if (round === 1) expect(summary.findings).toEqual([]);
      }
    }
    await expectArchivedOnce(half.archiving.store, half.blocks);
  });

  test('is archived whatever link the row has there', async () => {
    const half = await halfway();
    half.archiving.chains.forge(CHAIN, { ...endOf(half, 3), link: RANDOM });
    removeAll(half);
    const { summary } = await half.archiving.insert(half.blocks.slice(2), 2);
    expect(summary.findings.map(({ kind }) => kind)).toEqual(['row']);
    await expectArchivedOnce(half.archiving.store, half.blocks);
  });

  test('is archived when nothing of the chain is yet', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('debug', 2)]);
    archiving.chains.forge(CHAIN, { through: 5_000, position: 4_999, count: 1, link: RANDOM });
    for (const { position } of blocks) archiving.blocks.remove(CHAIN, position);
    await archiving.insert(blocks);
    await expectArchivedOnce(archiving.store, blocks);
    expect((await archiving.chains.read(CHAIN))!.state!.through).toBe(4);
  });

  test('is archived when the row says so of its category alone', async () => {
    const half = await halfway();
    half.archiving.chains.forge(CHAIN, { ahead: { payment: 9_000 } });
    removeAll(half);
    const { summary } = await half.archiving.insert(half.blocks.slice(2), 2);
    expect(summary.findings.map(({ kind }) => kind)).toEqual(['row']);
    await expectArchivedOnce(half.archiving.store, half.blocks);
    expect((await half.archiving.chains.read(CHAIN))!.state!.ahead).toEqual({});
  });

  test.each<[string, object]>([
    ['beyond every number', { through: 2 ** 60, position: 2 ** 60 - 1, count: 1 }],
    ['below zero', { through: -5, position: -6, count: 1 }],
    ['at half a position', { through: 6.5, position: 5.5, count: 1 }],
    ['that does not end with its block', { through: 5_000 }],
    ['with a link that is none', { link: Uint8Array.of(1) }],
  ])('by a row that ends %s is archived, and the row is written anew', async (_what, state) => {
    const half = await halfway();
    half.archiving.chains.forge(CHAIN, state);
    const { summary, failedFrom } = await half.archiving.insert(half.blocks.slice(2), 2);
    expect(failedFrom).toBeUndefined();
    expect(summary.findings.map(({ kind }) => kind)).toEqual(['row']);
    await expectArchivedOnce(half.archiving.store, half.blocks);
    expect((await half.archiving.chains.read(CHAIN))!.state).toMatchObject({ through: 11, position: 10 });
  });
});

test('a lost block is told from one that somebody put at its place, whichever comes first', async () => {
  for (const order of [0, 1]) {
    const half = await halfway();
    half.archiving.chains.forge(CHAIN, endOf(half, 3));
    removeAll(half);
    const { position } = half.blocks[2]!;
    const bytes = sampleBytes('acme', { category: 'debug', recordedAt: MARCH_1 }, 77);
    const forged = insertOf(blockAtPlace({ chain: CHAIN, position, previousLink: RANDOM }, [bytes], MARCH_1), 50);
    const genuine = half.blocks.slice(2).map((block, i) => insertOf(block, i));
    const { summary } = await half.archiving.deliver(order === 0 ? [forged, ...genuine] : [...genuine, forged]);
    expect(summary.findings.map(({ reason }) => reason).toSorted()).toEqual(['replaced', 'row']);
    await expectArchivedOnce(half.archiving.store, half.blocks);
  }
});

describe('a row that is behind', () => {
  test.each<[string, (half: Half) => void]>([
    ['lost', ({ archiving }) => archiving.chains.lose(CHAIN)],
    ['set back', (half) => half.archiving.chains.forge(CHAIN, endOf(half, 0))],
    ['of another link', ({ archiving }) => archiving.chains.forge(CHAIN, { link: RANDOM })],
  ])('(%s) does not keep blocks from being archived whose predecessors have left the ledger', async (_what, spoil) => {
    const half = await halfway();
    spoil(half);
    removeAll(half);
    const { summary } = await half.archiving.insert(half.blocks.slice(2), 2);
    expect(summary.gaps).toEqual([]);
    expect(summary.findings.map(({ kind }) => kind)).toEqual(['row']);
    await expectArchivedOnce(half.archiving.store, half.blocks);
  });

  test('cuts no second segment out of what one holds already', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('payment', 2), some('payment', 2)]);
    await archiving.insert(blocks.slice(0, 2));
    archiving.chains.forge(CHAIN, { position: 0, count: 2, through: 2, link: blocks[0]!.link });
    await archiving.insert(blocks.slice(2), 2);
    await expectArchivedOnce(archiving.store, blocks);
    archiving.chains.lose(CHAIN);
    for (const { position } of blocks) archiving.blocks.remove(CHAIN, position);
    await archiving.insert(blocks.slice(1), 10);
    await expectArchivedOnce(archiving.store, blocks);
  });
});

describe('a block from before', () => {
  test('is no loss where the archive has another there, whatever row and ledger say', async () => {
    const { archiving, blocks } = await halfway();
    const [, second] = blocks;
    const forged = blockAtPlace(
      { chain: CHAIN, position: second!.position, previousLink: blocks[0]!.link },
      [sampleBytes('acme', { category: 'security', recordedAt: MARCH_1 }, 77)],
      MARCH_1,
    );
    archiving.blocks.put(forged);
    archiving.chains.forge(CHAIN, { link: forged.link });
    const { summary } = await archiving.deliver([insertOf(forged, 9)]);
    expect(summary.findings.map(({ reason }) => reason)).toEqual(['replaced']);
    expect(archiving.store.keys('entries/').filter((key) => key.includes('security'))).toEqual([]);
  });

  test('does not begin a chain anew that the archive has', async () => {
    const { archiving } = await halfway();
    const entries = [sampleBytes('acme', { category: 'security', recordedAt: MARCH_2 }, 77)];
    const forged = blockAtPlace({ chain: CHAIN, position: 0, previousLink: genesisLink(CHAIN) }, entries, MARCH_2);
    archiving.chains.lose(CHAIN);
    archiving.blocks.remove(CHAIN, 0);
    archiving.chains.forge(CHAIN, { through: 6, position: 3, count: 3, link: RANDOM });
    const { summary } = await archiving.deliver([insertOf(forged, 9)]);
    expect(summary.findings.map(({ reason }) => reason)).toEqual(['replaced']);
  });

  test('does not come back when it has expired', async () => {
    const archiving = new Archiving();
    const [old] = archiving.ledger([some('debug', 2, Date.parse('2026-01-01T10:00:00Z'))]);
    archiving.chains.forge(CHAIN, { through: 2, position: 0, count: 2, link: old!.link });
    const { summary } = await archiving.insert([old!]);
    expect(summary.findings).toEqual([]);
    expect(archiving.store.keys()).toEqual([]);
  });

  test('costs one listing and one read a segment when it is delivered again', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger(Array.from({ length: 40 }, () => [...some('payment', 2), ...some('debug', 1)]));
    await archiving.insert(blocks);
    const asked = counting(archiving);
    const { summary } = await archiving.insert(blocks);
    expect(summary.findings).toEqual([]);
    expect(asked).toEqual({ list: 2, read: 2, folders: 0, create: 0, current: 0 });
  });
});

type Asked = Record<'list' | 'read' | 'folders' | 'create' | 'current', number>;

function counting({ store }: Archiving): Asked {
  const asked: Asked = { list: 0, read: 0, folders: 0, create: 0, current: 0 };
  for (const name of Object.keys(asked) as (keyof Asked)[]) {
    const real = store[name].bind(store) as (...args: unknown[]) => unknown;
    Object.assign(store, {
      [name]: (...args: unknown[]) => {
        asked[name]++;
        return real(...args);
      },
    });
  }
  return asked;
}

test('what the row said is kept as it was read', async () => {
  const half = await halfway();
  half.archiving.chains.forge(CHAIN, { ...endOf(half, 3), link: RANDOM });
  removeAll(half);
  await half.archiving.deliver([changeOf('expire', half.blocks[0]!, 1), insertOf(half.blocks[2]!, 2)]);
  expect(half.archiving.evidence()[0]).toMatchObject({
    reason: 'row',
    document: { v: 1, kind: 'row', chain: CHAIN, row: { state: { through: 11, link: toHex(RANDOM) } } },
  });
});
