// What the archive keeps as evidence of tampering.
import { describe, expect, test } from '@jest/globals';
import { zstd } from '../../../adapters/zstd.ts';
import type { Block } from '../../../core/block/block.ts';
import { encodePayload } from '../../../core/block/payload.ts';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { genesisLink } from '../../../core/chain.ts';
import { sha256 } from '../../../core/crypto.ts';
import { expectArchivedOnce } from '../../support/archived.ts';
import { Archiving, CHAIN, MARCH_1, some } from '../../support/archiving.ts';
import { blockAtPlace, changeOf, insertOf, sampleBytes } from '../../support/ledger-stream.ts';

const forgedLink = sha256(new TextEncoder().encode('no link of this chain'));

/** A well-formed block in which somebody wrote what never was recorded. */
function forged(position: number, previousLink: Uint8Array, count = 1): Block {
  const entries = Array.from({ length: count }, (_, i) =>
    sampleBytes('acme', { category: 'payment', recordedAt: MARCH_1 }, 900 + i),
  );
  return blockAtPlace({ chain: CHAIN, position, previousLink }, entries, MARCH_1);
}

describe('the evidence recorder', () => {
  test('keeps a change and a removal, images and all, and archives the rest of the batch', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('payment', 2)]);
    const { summary, failedFrom } = await archiving.deliver([
      changeOf('modify', blocks[0]!, 1, blocks[1]!),
      insertOf(blocks[0]!, 2),
      changeOf('remove', blocks[0]!, 3),
      insertOf(blocks[1]!, 4),
      changeOf('expire', blocks[0]!, 5),
    ]);
    expect(failedFrom).toBeUndefined();
    expect(summary.findings.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['modify', 'modify'],
      ['remove', 'remove'],
    ]);
    expect(archiving.evidence()).toEqual([
      {
        key: 'evidence/2026-03-01/event-1.json',
        reason: 'modify',
        document: { v: 1, kind: 'modify', record: changeOf('modify', blocks[0]!, 1, blocks[1]!).record },
      },
      {
        key: 'evidence/2026-03-01/event-3.json',
        reason: 'remove',
        document: { v: 1, kind: 'remove', record: changeOf('remove', blocks[0]!, 3).record },
      },
    ]);
    await expectArchivedOnce(archiving.store, blocks);
  });

  test('finds its own evidence at a replay and writes it once', async () => {
    const archiving = new Archiving();
    const [block] = archiving.ledger([some('payment')]);
    for (let i = 0; i < 3; i++) {
      const { summary } = await archiving.deliver([changeOf('modify', block!, 1)]);
      expect(summary.findings).toHaveLength(1);
    }
    expect(await archiving.store.versions('evidence/2026-03-01/event-1.json')).toHaveLength(1);
  });

  test('puts its evidence over what somebody wrote in its place', async () => {
    const archiving = new Archiving();
    const [block] = archiving.ledger([some('payment')]);
    archiving.store.plant('evidence/2026-03-01/event-1.json', new TextEncoder().encode('{}'));
    await archiving.deliver([changeOf('remove', block!, 1)]);
    expect(archiving.evidence()[0]!.document).toMatchObject({ kind: 'remove' });
    expect(await archiving.store.versions('evidence/2026-03-01/event-1.json')).toHaveLength(2);
  });

  test.each<[string, (good: Block) => Block | undefined]>([
    ['malformed', () => undefined],
    ['version', (good) => ({ ...good, v: 2 })],
    ['link', (good) => ({ ...good, link: forgedLink })],
    ['count', (good) => ({ ...good, count: good.count + 1 })],
    ['frame', (good) => ({ ...good, payload: Uint8Array.of(1, 2, 3) })],
    ['unlinked', (good) => forged(good.position, forgedLink)],
  ])('keeps an inserted block that does not verify: %s', async (reason, spoil) => {
    const archiving = new Archiving();
    const [first, second] = archiving.ledger([some('payment', 2), some('payment', 2)]);
    const spoiled = spoil(second!);
    const { summary, failedFrom } = await archiving.deliver([
      insertOf(first!, 1),
      changeOf('insert', second!, 2, spoiled),
      // The genuine one, written again after the other was removed.
      insertOf(second!, 3),
    ]);
    expect(failedFrom).toBeUndefined();
    expect(summary.findings.map((finding) => finding.reason)).toEqual([reason]);
    expect(archiving.evidence().map(({ key }) => key)).toEqual(['evidence/2026-03-01/event-2.json']);
    await expectArchivedOnce(archiving.store, [first!, second!]);
  });

  test.each<[string, Uint8Array]>([
    ['of another tenant', sampleBytes('globex', { category: 'payment', recordedAt: MARCH_1 }, 1)],
    ['without a category', canonicalBytes({ tenant: 'acme', recordedAt: '2026-03-01T10:00:00.000Z' })],
    [
      'whose category would leave its folder',
      canonicalBytes({ tenant: 'acme', category: '../x', recordedAt: '2026-03-01T10:00:00.000Z' }),
    ],
    ['without a time', canonicalBytes({ tenant: 'acme', category: 'payment', recordedAt: 'yesterday' })],
    [
      'at no real time',
      canonicalBytes({ tenant: 'acme', category: 'payment', recordedAt: '2026-13-41T10:00:00.000Z' }),
    ],
    ['that is null', new TextEncoder().encode('null')],
    ['that is no JSON', new TextEncoder().encode('{')],
    [
      'that names two tenants',
      new TextEncoder().encode('{"category":"a","recordedAt":"2026-03-01T10:00:00.000Z","tenant":"x","tenant":"acme"}'),
    ],
  ])('keeps a linked block with an entry %s', async (_name, bytes) => {
    const archiving = new Archiving();
    const block = blockAtPlace({ chain: CHAIN, position: 0, previousLink: genesisLink(CHAIN) }, [bytes], MARCH_1);
    const { summary, failedFrom } = await archiving.insert([block]);
    expect(failedFrom).toBeUndefined();
    expect(summary.findings.map(({ reason }) => reason)).toEqual(['entry']);
    expect(archiving.store.keys('entries/')).toEqual([]);
  });

  test('keeps a block of no chain at all', async () => {
    const archiving = new Archiving();
    const block = { ...forged(0, genesisLink(CHAIN)), chain: '../acme' };
    const { summary } = await archiving.insert([block]);
    expect(summary.findings.map(({ reason }) => reason)).toEqual(['malformed']);
  });

  test('keeps a block that was put where an archived one has been', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('payment', 2), some('payment', 2)]);
    await archiving.insert(blocks);
    archiving.blocks.remove(CHAIN, 0);
    for (const block of [forged(0, genesisLink(CHAIN), 2), forged(1, forgedLink), forged(5, forgedLink, 3)]) {
      const { summary } = await archiving.insert([block], block.position + 50);
      expect(summary.findings.map(({ reason }) => reason)).toEqual(['replaced']);
    }
    await expectArchivedOnce(archiving.store, blocks);
  });

  test('keeps every block that builds on a forged one, and stalls nobody', async () => {
    const archiving = new Archiving();
    const [first] = archiving.ledger([some('payment', 2)]);
    const planted = forged(2, forgedLink);
    const after = forged(3, planted.link);
    archiving.blocks.put(planted);
    archiving.blocks.put(after);
    const other = archiving.ledger([some('debug')], 'globex#0');
    const { summary, failedFrom } = await archiving.insert([first!, planted, after, other[0]!]);
    expect(failedFrom).toBeUndefined();
    expect(summary.findings.map(({ reason }) => reason)).toEqual(['unlinked', 'unlinked']);
    expect(archiving.evidence()).toHaveLength(2);
    await expectArchivedOnce(archiving.store, [first!, ...other]);
  });

  test('does not stall on a ledger item that is no block', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('payment', 2), some('payment', 2)]);
    archiving.blocks.put({ ...blocks[1]!, payload: Uint8Array.of(0) });
    const { summary, failedFrom } = await archiving.insert([blocks[0]!, blocks[2]!]);
    expect(failedFrom).toBeUndefined();
    expect(summary.findings.map(({ reason }) => reason)).toEqual(['unlinked']);
    await expectArchivedOnce(archiving.store, [blocks[0]!]);
  });

  test('tells of a gap, keeps what comes after it, and closes it as soon as the ledger can', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('payment', 3), some('payment', 2), some('payment', 1)]);
    archiving.blocks.remove(CHAIN, 2);
    const { summary, failedFrom } = await archiving.insert([blocks[0]!, blocks[2]!]);
    expect(failedFrom).toBeUndefined();
    expect(summary.gaps).toEqual([{ chain: CHAIN, from: 2, to: 5 }]);
    expect(archiving.evidence().map(({ reason }) => reason)).toEqual(['gap']);
    await expectArchivedOnce(archiving.store, [blocks[0]!]);

    archiving.blocks.put(blocks[1]!);
    const healed = await archiving.insert([blocks[3]!], 10);
    expect(healed.summary).toMatchObject({ gaps: [], findings: [] });
    await expectArchivedOnce(archiving.store, blocks);
  });

  test('a block whose entries hash right but were compressed twice over is none', async () => {
    const archiving = new Archiving();
    const [block] = archiving.ledger([some('payment', 1)]);
    const more = encodePayload([sampleBytes('acme', { category: 'payment', recordedAt: MARCH_1 }, 7)], zstd);
    const { summary } = await archiving.insert([{ ...block!, payload: Buffer.concat([block!.payload, more]) }]);
    expect(summary.findings.map(({ reason }) => reason)).toEqual(['trailing-data']);
  });
});
