// Verifying a deployment that was tampered with.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { genesisLink } from '../../../core/chain.ts';
import { segmentKey } from '../../../names/archive.ts';
import { chainTileKey, checkpointKey, digestKey } from '../../../names/log.ts';
import { tenantReportKey, verificationId } from '../../../names/verify.ts';
import { blockAtPlace, sampleBytes } from '../../support/ledger-stream.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';
import { Verifying } from '../../support/verifying.ts';

const HOUR_MS = 3_600_000;
const CHAIN = 'acme#0';
/** After the newest seal: the one a day before is older then than the 26 hours for which digests are checked again. */
const SETTLED_MS = 3 * HOUR_MS;
const DEBUG_DAY = 'entries/tenant=acme/category=debug/day=2026-03-01/';

let deployment: Deployment;
let verifying: Verifying;

/** Two seals; a first verification has passed. */
beforeEach(async () => {
  deployment = new Deployment();
  verifying = new Verifying(deployment);
  await deployment.record(CHAIN, deployment.some('payment', 3), deployment.some('debug', 2));
  await deployment.record('globex#0', deployment.some('payment', 2));
  await deployment.seal();
  deployment.pass(HOUR_MS);
  expect((await verifying.run()).verdict).toBe('intact');
  deployment.pass(DAY_MS - HOUR_MS);
  await deployment.record(CHAIN, deployment.some('payment', 2), deployment.some('debug', 2));
  await deployment.seal();
  deployment.pass(SETTLED_MS);
});

function segmentsOf(tenant: string): string[] {
  return deployment.store.keys(`entries/tenant=${tenant}/`);
}

/** An altered block in the place of the one at that position, as someone with write access to the table makes it. */
function forgeBlock(position: number, serial: number): void {
  const [block] = deployment.history.get(CHAIN)!.filter((one) => one.position === position);
  const { chain, previousLink, count, recordedAt } = block!;
  const entries = Array.from({ length: count }, (_, i) =>
    sampleBytes('acme', { category: 'payment', recordedAt }, serial + i),
  );
  deployment.blocks.put(blockAtPlace({ chain, position, previousLink }, entries, recordedAt));
}

describe('someone with write access to the database', () => {
  test('who edits a sealed block, hashes and all, is found at its positions', async () => {
    forgeBlock(5, 900);
    const { verdict, found } = await verifying.run();
    expect(found).toEqual([['ledger-differs', 'acme', 0, 5, 6]]);
    expect(verdict).toBe('altered');
  });

  test('who edits one that an earlier verification covered is found by a full one', async () => {
    forgeBlock(0, 900);
    expect((await verifying.run()).found).toEqual([]);
    const { verdict, found } = await verifying.run({ mode: 'full' });
    expect(found).toEqual([['ledger-differs', 'acme', 0, 0, 2]]);
    expect(verdict).toBe('altered');
  });

  test('who starts the chain over is found', async () => {
    for (const { position } of deployment.history.get(CHAIN)!) deployment.blocks.remove(CHAIN, position);
    const entries = [sampleBytes('acme', { category: 'payment', recordedAt: deployment.now }, 0)];
    const place = { chain: CHAIN, position: 0, previousLink: genesisLink(CHAIN) };
    deployment.blocks.put(blockAtPlace(place, entries, deployment.now));
    const { found } = await verifying.run({ mode: 'full' });
    expect(found).toEqual([['ledger-differs', 'acme', 0, 0, 0]]);
  });

  test('who goes on behind the seal from another link is found', async () => {
    const entries = [sampleBytes('acme', { category: 'payment', recordedAt: deployment.now }, 9)];
    const place = { chain: CHAIN, position: 9, previousLink: genesisLink(CHAIN) };
    deployment.blocks.put(blockAtPlace(place, entries, deployment.now));
    const { found } = await verifying.run();
    expect(found).toEqual([['ledger-differs', 'acme', 0, 9, 9]]);
  });

  test('who removes blocks after their time is nobody', async () => {
    for (const { position } of deployment.history.get(CHAIN)!.slice(0, 2)) deployment.blocks.remove(CHAIN, position);
    expect((await verifying.run({ mode: 'full' })).verdict).toBe('intact');
  });
});

describe('someone with write access to the archive, short of the locks', () => {
  test('who puts a version over a sealed segment is found at its first position', async () => {
    const key = segmentsOf('globex')[0]!;
    deployment.store.plant(key, Buffer.from('other'));
    expect((await verifying.run()).found).toEqual([]);
    const { verdict, found } = await verifying.run({ mode: 'full' });
    expect(found).toEqual([['covered', 'globex', 0, 0, 0]]);
    expect(verdict).toBe('altered');
  });

  test('who hides one of a period that is verified for the first time is found by an incremental one', async () => {
    const key = segmentsOf('acme').at(-1)!;
    deployment.store.mark(key);
    const { verdict, found, whole } = await verifying.run();
    expect(found).toEqual([['covered', 'acme', 0, 5, 5]]);
    expect(verdict).toBe('altered');
    expect(whole.tenants.map(({ tenant, tally }) => [tenant, tally.intact])).toEqual([
      ['acme', 4],
      ['globex', 0],
    ]);
  });

  test('who hides an old one is found by a full one', async () => {
    deployment.store.mark(segmentsOf('acme')[0]!);
    expect((await verifying.run()).found).toEqual([]);
    const { found } = await verifying.run({ mode: 'full' });
    expect(found).toEqual([['covered', 'acme', 0, 3, 3]]);
  });

  test('who plants a report that says that all is well hides nothing of the last day', async () => {
    const honest = deployment.store.keys('reports/tenant=acme/')[0]!;
    const report = JSON.parse(Buffer.from(deployment.store.object(honest).bytes).toString());
    const forged = { ...report, through: { number: 1, seal: 1 } };
    deployment.store.plant(honest, canonicalBytes(forged));
    deployment.store.plant(
      tenantReportKey('acme', verificationId(new Date(deployment.now), '00000000')),
      canonicalBytes(forged),
    );
    deployment.store.mark(segmentsOf('acme').at(-1)!);
    expect((await verifying.run()).found).toEqual([['covered', 'acme', 0, 5, 5]]);
  });

  test('who puts the same bytes again misleads nobody', async () => {
    const key = segmentsOf('acme')[0]!;
    deployment.store.plant(key, deployment.store.object(key).bytes);
    expect((await verifying.run({ mode: 'full' })).verdict).toBe('intact');
  });

  test("who puts an object among sealed positions, or under no segment's name, is found", async () => {
    deployment.store.plant(`${DEBUG_DAY}00-0000000000000001.parquet`, Buffer.from('other'));
    deployment.store.plant(`${DEBUG_DAY}notes.txt`, Buffer.from('other'));
    const { verdict, found } = await verifying.run({ mode: 'full' });
    expect(found).toEqual([
      ['stray', 'acme', undefined, undefined, undefined],
      ['stray', 'acme', 0, 1, 1],
    ]);
    expect(verdict).toBe('altered');
  });

  test('who covers a digest, a tile and a checkpoint is found, and what is under them is verified all the same', async () => {
    deployment.store.plant(digestKey('acme', 1), Buffer.from('other'));
    deployment.store.plant(chainTileKey('acme', 0, 'tile/0/000.p/9'), Buffer.from('other'));
    deployment.store.mark(checkpointKey(1));
    const { verdict, whole } = await verifying.run();
    expect(verdict).toBe('altered');
    expect(whole.findings.map(({ code }) => code)).toEqual(['covered', 'covered', 'covered']);
    expect(whole.tenants[0]!.tally).toMatchObject({ intact: 4, missing: 0, altered: 0 });
  });
});

test('a seal that is overdue makes it incomplete, and says so to whoever is told', async () => {
  deployment.pass(3 * DAY_MS);
  const { verdict, found } = await verifying.run();
  expect(verdict).toBe('incomplete');
  expect(found).toEqual([['seal-overdue', undefined, undefined, undefined, undefined]]);
  expect(verifying.outcomes.at(-1)).toBe('incomplete');
  expect(verifying.alerts).toHaveLength(1);
  expect(verifying.alerts[0]).toContain('Verification incomplete');
  expect(verifying.entries('acme').at(-1).action).toBe('verification.incomplete');
});

test('entries of a tenant that no seal knows are a finding once a seal should have', async () => {
  const key = segmentKey('initech', 'debug', '2026-03-02', 0, 0);
  deployment.store.plant(key, Buffer.from('other'));
  expect((await verifying.run()).verdict).toBe('intact');
  deployment.pass(DAY_MS - SETTLED_MS);
  await deployment.record(CHAIN, deployment.some('payment'));
  await deployment.seal();
  deployment.pass(6 * HOUR_MS);
  const { verdict, whole } = await verifying.run();
  expect(verdict).toBe('incomplete');
  expect(whole.findings.map(({ code, tenant, object }) => [code, tenant, object])).toEqual([
    ['tenant-unsealed', 'initech', key],
  ]);
});

test('a digest of nothing but forged bytes, and a checkpoint under a number that no seal has, change nothing', async () => {
  deployment.store.plant(digestKey('initech', 1), deployment.store.object(digestKey('acme', 1)).bytes);
  deployment.store.plant(checkpointKey(7), deployment.store.object(checkpointKey(0)).bytes);
  expect((await verifying.run({ mode: 'full' })).verdict).toBe('intact');
});
