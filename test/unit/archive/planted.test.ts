// Objects that somebody put where segments belong.
import { describe, expect, test } from '@jest/globals';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { zstd } from '../../../adapters/zstd.ts';
import type { Block } from '../../../core/block/block.ts';
import { leafHash } from '../../../core/chain.ts';
import { segmentKey } from '../../../names/archive.ts';
import { rowsOf } from '../../../services/archive/rows.ts';
import { expectArchivedOnce } from '../../support/archived.ts';
import { Archiving, CHAIN, some } from '../../support/archiving.ts';
import { sampleBytes } from '../../support/ledger-stream.ts';

const KEY = segmentKey('acme', 'payment', '2026-03-01', 0, 0);
const LONG = new Date('2099-01-01T00:00:00Z');

const rows = (blocks: readonly Block[]) => blocks.flatMap((block) => rowsOf(block, zstd));
const file = (blocks: readonly Block[]) => parquetSegments.encode(0, rows(blocks));

/** A segment that is right but for one entry, hashes included. */
function altered(blocks: readonly Block[]): Uint8Array {
  const [first, ...others] = rows(blocks);
  const bytes = sampleBytes('acme', { category: 'payment', recordedAt: Date.parse(first!.entry.recordedAt) }, 999);
  return parquetSegments.encode(0, [{ ...first!, bytes, leafHash: leafHash(bytes) }, ...others]);
}

describe('an object where a segment belongs', () => {
  test.each<[string, (blocks: readonly Block[]) => Uint8Array]>([
    ['no Parquet', () => new TextEncoder().encode('nothing of the kind')],
    ['nothing', () => new Uint8Array()],
    ['an altered entry with the right metadata', altered],
    [
      'a wrong link',
      ([block]) =>
        parquetSegments.encode(
          0,
          rows([block!]).map((row) => ({ ...row, link: row.leafHash })),
        ),
    ],
    [
      'an entry left out',
      (blocks) =>
        parquetSegments.encode(
          0,
          rows(blocks).filter(({ position }) => position !== 1),
        ),
    ],
    ['a later first position', (blocks) => parquetSegments.encode(0, rows(blocks).slice(1))],
    [
      'more than the chain holds',
      (blocks) => parquetSegments.encode(0, [...rows(blocks), { ...rows(blocks)[0]!, position: 99 }]),
    ],
  ])('that holds %s is kept as evidence, and the true segment put over it', async (_name, make) => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('payment', 2)]);
    const planted = archiving.store.plant(KEY, make(blocks), { through: '1000', sha256: 'any' }, LONG);
    const { summary, failedFrom } = await archiving.insert(blocks);
    expect(failedFrom).toBeUndefined();
    expect(summary.findings.map(({ kind }) => kind)).toEqual(['segment']);
    expect(archiving.evidence()[0]!.document).toMatchObject({
      kind: 'segment',
      object: { key: KEY, version: planted },
    });
    await expectArchivedOnce(archiving.store, blocks);
    // The planted one is left as it was: it is evidence itself.
    expect((await archiving.store.versions(KEY)).map(({ version }) => version)).toContain(planted);

    const again = await archiving.insert(blocks, 10);
    expect(again.summary.findings).toEqual([]);
    await expectArchivedOnce(archiving.store, blocks);
  });

  test('that was put over an archived segment makes way for that segment again, at a replay', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('payment', 2), some('payment', 2)]);
    await archiving.insert(blocks.slice(0, 2));
    const genuine = archiving.store.object(KEY).bytes;
    archiving.store.plant(KEY, altered(blocks), {}, LONG);
    archiving.chains.lose(CHAIN);
    // In other boundaries than before: without the older version this would cut the chain anew.
    const { summary } = await archiving.insert([blocks[0]!]);
    expect(summary.findings).toHaveLength(1);
    expect(Buffer.compare(archiving.store.object(KEY).bytes, genuine)).toBe(0);
    await archiving.insert(blocks, 10);
    await expectArchivedOnce(archiving.store, blocks);
  });

  test('that holds exactly what ours would is taken for ours, and locked', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2)]);
    const version = archiving.store.plant(KEY, file(blocks));
    const { summary } = await archiving.insert(blocks);
    expect(summary).toMatchObject({ segments: 0, findings: [] });
    expect(archiving.store.object(KEY)).toMatchObject({ version, retainUntil: new Date('2026-04-01T00:00:00Z') });
    await expectArchivedOnce(archiving.store, blocks);
  });

  test('that an earlier delivery cut longer is adopted to its end, checked against the ledger', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('debug', 1), some('payment', 2)]);
    await archiving.insert(blocks);
    archiving.chains.lose(CHAIN);
    const { summary } = await archiving.insert([blocks[0]!]);
    expect(summary).toMatchObject({ segments: 0, findings: [] });
    expect((await archiving.chains.read(CHAIN))?.state).toMatchObject({ through: 2, ahead: { payment: 5 } });
    await archiving.insert(blocks.slice(1), 10);
    await expectArchivedOnce(archiving.store, blocks);
  });

  test('and is hidden by a delete marker is put back at a replay', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('payment', 2)]);
    await archiving.insert(blocks);
    archiving.store.mark(KEY);
    archiving.chains.lose(CHAIN);
    await archiving.insert(blocks, 10);
    await expectArchivedOnce(archiving.store, blocks);
    expect(await archiving.store.versions(KEY)).toHaveLength(2);
  });

  test('does not stop a delivery when others write it at the same time', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('payment', 2)]);
    archiving.store.plant(KEY, altered(blocks), {}, LONG);
    const outcomes = await Promise.all([
      archiving.insert(blocks),
      archiving.insert([blocks[0]!]),
      archiving.insert(blocks),
    ]);
    expect(outcomes.flatMap(({ failures }) => failures)).toEqual([]);
    await archiving.insert(blocks);
    await expectArchivedOnce(archiving.store, blocks);
  });
});
