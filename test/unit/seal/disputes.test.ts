// What a seal makes of histories that contradict each other, and of entries that can't be what they say.
import { describe, expect, test } from '@jest/globals';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { genesisLink, leafHash, nextLink, parseChainName } from '../../../core/chain.ts';
import { toHex } from '../../../core/crypto.ts';
import { CONTENTS } from '../../../core/documents/contents.ts';
import type { JsonObject } from '../../../core/json/value.ts';
import { segmentKey } from '../../../names/archive.ts';
import type { ArchiveRow } from '../../../services/archive/port.ts';
import { expectTrueSeals } from '../../support/check-seals.ts';
import { blockAtPlace, type SampleEntry, sampleBytes } from '../../support/ledger-stream.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';

const CHAIN = 'acme#0';
const OTHER = 'globex#0';
const LOCKED = new Date('2100-01-01T00:00:00.000Z');

/** Two tenants; six entries of each are sealed, a day ago. */
async function sealed(): Promise<Deployment> {
  const deployment = new Deployment();
  for (const chain of [CHAIN, OTHER]) {
    await deployment.record(chain, [...deployment.some('payment', 4), ...deployment.some('debug', 2)]);
  }
  await deployment.seal();
  deployment.pass(DAY_MS);
  return deployment;
}

const short = (deployment: Deployment) => deployment.found.flatMap(({ summary }) => summary.short);

/** What the tenant's newest digest says of its chains that are short. */
function saidShort(deployment: Deployment, seal: number) {
  const { contents } = deployment.digest('acme', seal);
  return contents && CONTENTS.parse(deployment.store.object(contents.key).bytes).short;
}

/** A block of entries that say what they like. */
function putBlock(deployment: Deployment, ...entries: readonly Uint8Array[]): void {
  const last = deployment.history.get(CHAIN)!.at(-1)!;
  const place = { chain: CHAIN, position: last.position + last.count, previousLink: last.link };
  deployment.blocks.put(blockAtPlace(place, entries, deployment.now));
}

/** A locked segment of entries, each a category's, that continue a chain. */
function plant(
  deployment: Deployment,
  chain: string,
  from: { position: number; link: Uint8Array },
  sample: SampleEntry,
) {
  const { tenant, chain: number } = parseChainName(chain);
  const bytes = sampleBytes(tenant, sample, 666);
  const leaf = leafHash(bytes);
  const day = new Date(sample.recordedAt).toISOString().slice(0, 10);
  const row: ArchiveRow = {
    ...{ position: from.position, bytes, leafHash: leaf, link: nextLink(from.link, leaf), previousLink: from.link },
    ...{ entry: JSON.parse(Buffer.from(bytes).toString()), day },
  };
  const key = segmentKey(tenant, sample.category, day, number, from.position);
  return { key, leaf, version: deployment.store.plant(key, parquetSegments.encode(number, [row]), {}, LOCKED) };
}

const endOf = (deployment: Deployment, chain = CHAIN) => {
  const { position, count, link } = deployment.history.get(chain)!.at(-1)!;
  return { position: position + count, link };
};

/** Everybody else is sealed as ever. */
async function sealsTheRest(deployment: Deployment): Promise<void> {
  await deployment.record(OTHER, deployment.some('payment', 2));
  const before = deployment.digest('globex', 0).chains[0]!.size;
  const published = await deployment.seal();
  const { chains } = deployment.digest('globex', published!.seal);
  expect(chains[0]!.size).toBeGreaterThan(before);
}

describe('tables that were put back before a seal', () => {
  test.each<[string, (deployment: Deployment) => void]>([
    ['another category', (deployment) => void deployment.append(CHAIN, deployment.some('security', 3))],
    ['the same category and day', (deployment) => void deployment.append(CHAIN, deployment.some('payment', 4))],
    [
      'another day',
      (deployment) => {
        deployment.pass(DAY_MS);
        deployment.append(CHAIN, deployment.some('payment', 3));
      },
    ],
  ])(
    'hold another history of %s, which is archived too: neither is sealed, and both are named',
    async (_name, record) => {
      const deployment = await sealed();
      await deployment.record(CHAIN, deployment.some('payment', 3));
      const [first] = deployment.history.get(CHAIN)!.slice(-1);
      deployment.rollBack(CHAIN, 6);
      deployment.pass(3_600_000);
      record(deployment);
      await deployment.archive();
      await sealsTheRest(deployment);
      expect(deployment.digest('acme', 1).chains).toMatchObject([{ chain: 0, size: 6 }]);
      expect(short(deployment)).toMatchObject([{ chain: CHAIN, sealed: 6, reason: 'disputed' }]);
      const [{ versions } = {}] = short(deployment);
      expect(versions!.others).toMatchObject([{ position: 6, key: expect.stringContaining('category=payment') }]);
      expect(versions!.leafHash).not.toBe(versions!.others[0]!.leafHash);
      expect(first!.position).toBe(6);
      expect(saidShort(deployment, 1)).toMatchObject([{ chain: 0, size: 6, reason: 'disputed' }]);
    },
  );

  test('are told of in every later seal, with one entry and one document each, and the chain stays where it is', async () => {
    const deployment = await sealed();
    await deployment.record(CHAIN, deployment.some('payment', 3));
    deployment.rollBack(CHAIN, 6);
    await deployment.record(CHAIN, deployment.some('security', 3));
    for (let i = 0; i < 3; i++) {
      await sealsTheRest(deployment);
      deployment.pass(DAY_MS);
      await deployment.record(CHAIN, deployment.some('security', 1));
    }
    expect(deployment.digest('acme', 3).chains).toMatchObject([{ chain: 0, size: 6 }]);
    expect(saidShort(deployment, 3)).toEqual(saidShort(deployment, 1));
    expect(deployment.evidence().filter(({ kind }) => kind === 'short')).toHaveLength(3);
    expect([...deployment.recorded.keys()]).toEqual([1, 2, 3].map((seal) => `acme system seal/${seal}/${CHAIN}`));
    const [entry] = [...deployment.recorded.values()];
    expect(JSON.parse(Buffer.from(entry!.bytes).toString())).toMatchObject({
      ...{ action: 'audit.tampering_detected', category: 'security_incident', target: { type: 'chain', id: CHAIN } },
      metadata: { seal: 1, position: 6, reason: 'disputed', archived: [{ position: 6, leafHash: expect.any(String) }] },
    });
  });

  test('and nothing was recorded since: what the archive has beyond is not sealed', async () => {
    const deployment = await sealed();
    await deployment.record(CHAIN, deployment.some('payment', 3));
    deployment.rollBack(CHAIN, 6);
    await deployment.record('acme#1', deployment.some('payment', 1));
    await sealsTheRest(deployment);
    expect(deployment.digest('acme', 1).chains).toMatchObject([{ size: 6 }, { chain: 1, size: 1 }]);
    expect(short(deployment)).toMatchObject([{ chain: CHAIN, sealed: 6, planned: 6, reason: 'unbacked' }]);
  });
});

describe('tables that lie below what is sealed', () => {
  test('empty: the next seal says so at once', async () => {
    const deployment = await sealed();
    deployment.rollBack(CHAIN, 0);
    await sealsTheRest(deployment);
    expect(short(deployment)).toMatchObject([{ chain: CHAIN, sealed: 6, planned: 6, reason: 'rolled-back' }]);
    expect(saidShort(deployment, 1)).toMatchObject([{ chain: 0, size: 6, reason: 'rolled-back' }]);
  });

  test.each([1, 6])(
    'empty, with %d new entries: the next seal says so at once, and the one after it',
    async (count) => {
      const deployment = await sealed();
      deployment.rollBack(CHAIN, 0);
      deployment.append(CHAIN, deployment.some('payment', count));
      await sealsTheRest(deployment);
      deployment.pass(DAY_MS);
      await sealsTheRest(deployment);
      expect(short(deployment)).toMatchObject([
        { chain: CHAIN, sealed: 6, reason: 'rewritten' },
        { chain: CHAIN, sealed: 6, reason: 'rewritten' },
      ]);
    },
  );

  test('empty, with more new entries than are sealed: the next seal says so at once', async () => {
    const deployment = await sealed();
    deployment.rollBack(CHAIN, 0);
    deployment.append(CHAIN, deployment.some('payment', 9));
    await sealsTheRest(deployment);
    expect(short(deployment)).toMatchObject([{ chain: CHAIN, sealed: 6, planned: 9, reason: 'unlinked' }]);
  });

  test('are not what TTL leaves of a quiet chain: its row is there', async () => {
    const deployment = await sealed();
    for (const { position } of deployment.history.get(CHAIN)!) deployment.blocks.remove(CHAIN, position);
    await sealsTheRest(deployment);
    expect(short(deployment)).toEqual([]);
  });
});

describe('segments that no block ever backed', () => {
  test('of a tenant that nobody has make no digest', async () => {
    const deployment = await sealed();
    const from = { position: 0, link: genesisLink('ghost#0') };
    plant(deployment, 'ghost#0', from, { category: 'payment', recordedAt: deployment.now });
    expect(await deployment.seal()).toMatchObject({ size: 4 });
    expect(short(deployment)).toMatchObject([{ chain: 'ghost#0', sealed: 0, reason: 'unbacked' }]);
    expect(deployment.recorded.size).toBe(0);
  });

  test.each([
    ['continue a chain', CHAIN],
    ['begin a new chain', 'acme#5'],
  ])(
    'and %s are not sealed when the chain’s row speaks for them in another link, nor without',
    async (_name, chain) => {
      for (const isForged of [false, true]) {
        const deployment = await sealed();
        const from = chain === CHAIN ? endOf(deployment) : { position: 0, link: genesisLink(chain) };
        const { key } = plant(deployment, chain, from, { category: 'payment', recordedAt: deployment.now });
        if (isForged) deployment.chains.forge(chain, { through: from.position + 1, link: from.link });
        else await deployment.record('acme#1', deployment.some('payment', 1));
        await sealsTheRest(deployment);
        const sizes = deployment.digest('acme', 1).chains.map(({ chain: number, size }) => [number, size]);
        expect(sizes).toEqual(
          isForged
            ? [[0, 6]]
            : [
                [0, 6],
                [1, 1],
              ],
        );
        expect(short(deployment)).toMatchObject([{ chain, sealed: chain === CHAIN ? 6 : 0, reason: 'unbacked' }]);
        expect(JSON.stringify(deployment.evidence())).toContain(isForged ? chain : key);
      }
    },
  );

  test('are sealed where the ledger’s stream brought them and the blocks are gone', async () => {
    const deployment = await sealed();
    await deployment.record(CHAIN, deployment.some('payment', 3), deployment.some('debug', 2));
    for (const { position } of deployment.history.get(CHAIN)!) deployment.blocks.remove(CHAIN, position);
    await sealsTheRest(deployment);
    expect(await expectTrueSeals(deployment)).toMatchObject({ [CHAIN]: 11 });
    expect(short(deployment)).toEqual([]);
  });
});

describe('a locked segment that the archive never wrote', () => {
  test('in place of the true one stops its own chain, and names both', async () => {
    const deployment = await sealed();
    const sample = { category: 'payment', recordedAt: deployment.now };
    const { key, leaf, version } = plant(deployment, CHAIN, endOf(deployment), sample);
    await deployment.record(CHAIN, deployment.some('payment', 3));
    await sealsTheRest(deployment);
    const others = [{ position: 6, leafHash: toHex(leaf), key, version }];
    expect(short(deployment)).toMatchObject([{ chain: CHAIN, sealed: 6, reason: 'disputed', versions: { others } }]);
  });

  test('does not stop anything without a lock, or without continuing the chain', async () => {
    const deployment = await sealed();
    const sample = { category: 'security', recordedAt: deployment.now };
    plant(deployment, CHAIN, { ...endOf(deployment), link: new Uint8Array(32) }, sample);
    const { key } = plant(deployment, 'acme#1', { position: 0, link: genesisLink('acme#1') }, sample);
    deployment.store.plant(key.replace('/01-', '/00-').replace(/-\d{16}/, '-0000000000000006'), new Uint8Array(9));
    await deployment.record(CHAIN, deployment.some('payment', 3));
    await sealsTheRest(deployment);
    expect(deployment.digest('acme', 1).chains).toMatchObject([{ chain: 0, size: 9 }]);
    expect(short(deployment)).toMatchObject([{ chain: 'acme#1', reason: 'unbacked' }]);
  });

  test('of which there are thousands: the chain stops, nobody else waits', async () => {
    const deployment = await sealed();
    const { key } = plant(deployment, CHAIN, endOf(deployment), { category: 'payment', recordedAt: deployment.now });
    for (let i = 0; i < 2_100; i++) {
      const day = new Date(deployment.now - i * 10).toISOString().slice(0, 10);
      deployment.store.plant(key.replace(/day=.*\//, `day=${day}/`), Uint8Array.of(i), {}, LOCKED);
    }
    await deployment.record(CHAIN, deployment.some('security', 3));
    await sealsTheRest(deployment);
    expect(short(deployment)).toMatchObject([{ chain: CHAIN, sealed: 6, reason: 'buried' }]);
  });
});

const YEAR_MS = 365 * DAY_MS;
const recorded = (deployment: Deployment, at: number, members: JsonObject = {}, category = 'payment') =>
  sampleBytes('acme', { category, recordedAt: deployment.now + at, members }, 667);
const spelled = (bytes: Uint8Array) => Buffer.from(Buffer.from(bytes).toString().replace('{', '{ '));

describe('a block with an entry', () => {
  test.each<[string, string, (deployment: Deployment) => Uint8Array]>([
    ['of years before the seal before', 'entry-backdated', (deployment) => recorded(deployment, -3 * YEAR_MS)],
    ['of hours before the seal before', 'entry-late', (deployment) => recorded(deployment, -30 * 3_600_000)],
    ['of an unknown category', 'entry-category', (deployment) => recorded(deployment, 0, {}, 'nonsense')],
    ['with blanks', 'entry-not-canonical', (deployment) => spelled(recorded(deployment, 0))],
    ['of another version', 'entry-version', (deployment) => recorded(deployment, 0, { v: 2 })],
    ['with an unknown member', 'entry-malformed', (deployment) => recorded(deployment, 0, { extra: true })],
  ])('%s is not sealed (%s); what is before it is, and other tenants are', async (_name, reason, entry) => {
    const deployment = await sealed();
    await deployment.record(CHAIN, deployment.some('payment', 2));
    putBlock(deployment, recorded(deployment, 0), entry(deployment), recorded(deployment, 0));
    await sealsTheRest(deployment);
    expect(deployment.digest('acme', 1).chains).toMatchObject([{ chain: 0, size: 9 }]);
    expect(short(deployment)).toMatchObject([{ chain: CHAIN, sealed: 9, planned: 11, reason }]);
    expect(saidShort(deployment, 1)).toMatchObject([{ chain: 0, size: 9, reason }]);
  });

  test.each<[string, (deployment: Deployment) => Uint8Array]>([
    ['of a hundred years ahead', (deployment) => recorded(deployment, 100 * YEAR_MS)],
    ['of some days ahead, kept for ever', (d) => recorded(d, 4 * DAY_MS, {}, 'legal_hold')],
  ])('%s is no block that anybody builds on: nothing of it is sealed, and other tenants are', async (_name, entry) => {
    const deployment = await sealed();
    await deployment.record(CHAIN, deployment.some('payment', 2));
    putBlock(deployment, recorded(deployment, 0), entry(deployment), recorded(deployment, 0));
    await sealsTheRest(deployment);
    expect(deployment.digest('acme', 1).chains).toMatchObject([{ chain: 0, size: 8 }]);
    expect(short(deployment)).toMatchObject([{ chain: CHAIN, sealed: 8, planned: 11, reason: 'ahead' }]);
    expect(saidShort(deployment, 1)).toMatchObject([{ chain: 0, size: 8, reason: 'ahead' }]);
  });

  test('that was held up by a gap is not late when the gap is filled days later', async () => {
    const deployment = await sealed();
    const [gone] = deployment.append(CHAIN, deployment.some('payment', 2), deployment.some('payment', 1));
    deployment.blocks.remove(CHAIN, gone!.position);
    for (let i = 0; i < 3; i++) {
      await deployment.seal();
      deployment.pass(DAY_MS);
    }
    expect(short(deployment).map(({ reason }) => reason)).toEqual(['gap', 'gap', 'gap']);
    expect(deployment.recorded.size).toBe(0);
    deployment.blocks.put(gone!);
    await deployment.seal();
    expect(deployment.digest('acme', 4).chains).toMatchObject([{ chain: 0, size: 9 }]);
    expect(saidShort(deployment, 4)).toBeUndefined();
  });
});
