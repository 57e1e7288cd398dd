// Seals while somebody tampers with the database.
import { describe, expect, test } from '@jest/globals';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { zstd } from '../../../adapters/zstd.ts';
import type { Block } from '../../../core/block/block.ts';
import { decodeBlock } from '../../../core/block/codec.ts';
import { leafHash, nextLink } from '../../../core/chain.ts';
import { segmentKey } from '../../../names/archive.ts';
import { expectTrueSeals } from '../../support/check-seals.ts';
import { blockAtPlace, sampleBytes } from '../../support/ledger-stream.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';

const CHAIN = 'acme#0';

/** Five blocks of two categories, archived as they came; the first two are sealed. */
async function sealedAndMore(): Promise<{ deployment: Deployment; blocks: Block[] }> {
  const deployment = new Deployment();
  const two = () => [...deployment.some('payment', 2), ...deployment.some('debug', 1)];
  await deployment.record(CHAIN, two(), two());
  await deployment.seal();
  deployment.pass(DAY_MS);
  for (let i = 0; i < 3; i++) await deployment.record(CHAIN, two());
  return { deployment, blocks: deployment.history.get(CHAIN)! };
}

const short = (deployment: Deployment) => deployment.found.flatMap(({ summary }) => summary.short);
const faults = (deployment: Deployment) => deployment.found.flatMap(({ summary }) => summary.ledger);

/** The chain written anew from a block on, with right links: `change` makes the entries of the first of them. */
function rewrite(
  deployment: Deployment,
  blocks: readonly Block[],
  from: number,
  change: (entries: readonly Uint8Array[]) => readonly Uint8Array[],
): void {
  let { position, link } = { position: blocks[from]!.position, link: blocks[from]!.previousLink };
  for (const [i, block] of blocks.entries()) {
    if (i < from) continue;
    const { entries } = decodeBlock(block, zstd);
    const changed = i === from ? change(entries) : entries;
    const forged = blockAtPlace({ chain: CHAIN, position, previousLink: link }, changed, block.recordedAt);
    deployment.blocks.put(forged);
    position += forged.count;
    link = forged.link;
  }
}

const forgedEntry = (deployment: Deployment, category: string) =>
  sampleBytes('acme', { category, recordedAt: deployment.now }, 666);

describe('somebody with write access to the database', () => {
  test.each([0, 3, 1_000_000, Number.MAX_SAFE_INTEGER])(
    'says that a chain goes to %d: the archive knows',
    async (through) => {
      const { deployment } = await sealedAndMore();
      deployment.chains.forge(CHAIN, { through });
      await deployment.seal();
      expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 15 });
      expect(short(deployment)).toEqual([]);
    },
  );

  test('removes the rows of chains, sealed before or not: they are sealed', async () => {
    const { deployment } = await sealedAndMore();
    await deployment.record('globex#2', deployment.some('payment', 2));
    deployment.chains.lose(CHAIN);
    deployment.chains.lose('globex#2');
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 15, 'globex#2': 2 });
  });

  test('invents chains that nothing bears out: they get no digest', async () => {
    const { deployment } = await sealedAndMore();
    deployment.chains.forge('evil#0', { through: 7 });
    deployment.chains.forge('no chain at all', { through: 7 });
    expect(await deployment.seal()).toMatchObject({ size: 2 });
    expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 15 });
  });

  test.each([
    ['the tail', (blocks: readonly Block[]) => blocks.slice(-2)],
    ['the middle', (blocks: readonly Block[]) => blocks.slice(2, 4)],
    ['everything', (blocks: readonly Block[]) => blocks],
  ])('deletes %s of the ledger: the archive has it', async (_name, select) => {
    const { deployment, blocks } = await sealedAndMore();
    for (const { position } of select(blocks)) deployment.blocks.remove(CHAIN, position);
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 15 });
    expect(short(deployment)).toEqual([]);
  });

  test('deletes what the archive has not got yet: the seal ends before it, and says so', async () => {
    const { deployment } = await sealedAndMore();
    const [gone] = deployment.append(CHAIN, deployment.some('payment', 2), deployment.some('payment', 1));
    deployment.blocks.remove(CHAIN, gone!.position);
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 15 });
    expect(short(deployment)).toEqual([{ chain: CHAIN, sealed: 15, planned: 18, reason: 'gap' }]);
    // Restored, it is sealed with the next one.
    deployment.blocks.put(gone!);
    deployment.pass(DAY_MS);
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 18 });
  });

  test('puts what is no block over one: the archive stands in', async () => {
    const { deployment, blocks } = await sealedAndMore();
    deployment.blocks.put({ ...blocks[3]!, payload: Uint8Array.of(1, 2, 3) });
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 15 });
    expect(faults(deployment)).toMatchObject([{ chain: CHAIN, position: 9 }]);
  });

  test('puts a block that does not continue the chain over one: the archive stands in', async () => {
    const { deployment, blocks } = await sealedAndMore();
    const { position, link } = blocks[3]!;
    deployment.blocks.put(
      blockAtPlace({ chain: CHAIN, position, previousLink: link }, [forgedEntry(deployment, 'debug')], deployment.now),
    );
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 15 });
    expect(faults(deployment)).toEqual([{ chain: CHAIN, position, reason: 'unlinked' }]);
  });

  test.each<[string, (deployment: Deployment, entries: readonly Uint8Array[]) => readonly Uint8Array[]]>([
    ['with another entry', (deployment, [, ...rest]) => [forgedEntry(deployment, 'payment'), ...rest]],
    ['with an entry of another category', (deployment, [, ...rest]) => [forgedEntry(deployment, 'core'), ...rest]],
    ['with another last entry', (deployment, entries) => [...entries.slice(0, 2), forgedEntry(deployment, 'debug')]],
    [
      'with another last entry of another category',
      (deployment, entries) => [...entries.slice(0, 2), forgedEntry(deployment, 'payment')],
    ],
    ['without an entry', (_, entries) => entries.slice(1)],
    ['with one entry more', (deployment, entries) => [...entries, forgedEntry(deployment, 'core')]],
    ['with two entries swapped', (_, [first, second, ...rest]) => [second!, first!, ...rest]],
  ])('writes the chain anew from a block that is archived %s: nothing of it is sealed', async (_name, change) => {
    const { deployment, blocks } = await sealedAndMore();
    rewrite(deployment, blocks, 3, (entries) => change(deployment, entries));
    const before = deployment.store.keys('entries/');
    await deployment.seal();
    const sealed = (await expectTrueSeals(deployment))[CHAIN]!;
    expect(sealed).toBeGreaterThanOrEqual(9);
    expect(sealed).toBeLessThanOrEqual(12);
    expect(short(deployment)).toMatchObject([{ chain: CHAIN, sealed, reason: 'disputed' }]);
    // Nothing of it went into the archive either.
    expect(deployment.store.keys('entries/')).toEqual(before);
    // The table restored, the next one goes on.
    for (let position = 0; position < 20; position++) deployment.blocks.remove(CHAIN, position);
    for (const block of blocks) deployment.blocks.put(block);
    deployment.pass(DAY_MS);
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 15 });
  });

  test('writes anew what a segment holds that straddles the last seal: nothing of it is sealed', async () => {
    const deployment = new Deployment();
    await deployment.record(CHAIN, deployment.some('core', 1));
    deployment.append(CHAIN, deployment.some('payment', 2));
    const planned = await deployment.plan();
    if ('nothing' in planned) throw new Error('nothing to seal');
    deployment.append(CHAIN, deployment.some('payment', 3));
    await deployment.archive();
    await deployment.publish(planned, [(await deployment.shard(planned, 0)).result]);
    deployment.pass(DAY_MS);
    const blocks = deployment.history.get(CHAIN)!;
    rewrite(deployment, blocks, 2, ([first, , third]) => [first!, forgedEntry(deployment, 'payment'), third!]);
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 4 });
    expect(short(deployment)).toMatchObject([{ chain: CHAIN, sealed: 4, planned: 6, reason: 'disputed' }]);
  });

  test('puts a block far ahead: the seal ends where the chain does', async () => {
    const { deployment } = await sealedAndMore();
    const place = { chain: CHAIN, position: 1_000_000, previousLink: new Uint8Array(32) };
    deployment.blocks.put(blockAtPlace(place, [forgedEntry(deployment, 'debug')], deployment.now));
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 15 });
    expect(short(deployment)).toEqual([{ chain: CHAIN, sealed: 15, planned: 1_000_001, reason: 'gap' }]);
  });

  test('removes blocks and puts a forged version over their segment: neither is believed', async () => {
    const { deployment, blocks } = await sealedAndMore();
    for (const { position } of blocks.slice(2)) deployment.blocks.remove(CHAIN, position);
    const at = segmentKey('acme', 'debug', '2026-03-02', 0, 8);
    const before = segmentKey('acme', 'payment', '2026-03-02', 0, 6);
    const previousLink = (await parquetSegments.decode(deployment.store.object(before).bytes)).at(-1)!.link;
    const bytes = forgedEntry(deployment, 'debug');
    const [leaf, entry] = [leafHash(bytes), JSON.parse(Buffer.from(bytes).toString())];
    const row = {
      position: 8,
      bytes,
      leafHash: leaf,
      link: nextLink(previousLink, leaf),
      previousLink,
      entry,
      day: '2026-03-02',
    };
    deployment.store.plant(at, parquetSegments.encode(0, [row]));
    await deployment.seal();
    // Who vouches for what is left stands behind the position at which there are two.
    expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 6 });
    expect(short(deployment)).toEqual([{ chain: CHAIN, sealed: 6, planned: 15, reason: 'ambiguous' }]);
  });
});
