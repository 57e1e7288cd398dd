// Seals while somebody tampers with the archive.
import { describe, expect, test } from '@jest/globals';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { leafHash, nextLink } from '../../../core/chain.ts';
import { PLAN, type Plan } from '../../../core/documents/plan.ts';
import { segmentKey } from '../../../names/archive.ts';
import { checkpointKey, LOG, logKey, planKey } from '../../../names/log.ts';
import { latestSeal, openSeal } from '../../../services/log/published.ts';
import { BuriedObject } from '../../../services/log/versions.ts';
import { expectTrueSeals } from '../../support/check-seals.ts';
import { sampleBytes } from '../../support/ledger-stream.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';

const CHAIN = 'acme#0';
const JUNK = new TextEncoder().encode('nothing of the kind');

/** Two seals, and something for the third. */
async function deployed(): Promise<Deployment> {
  const deployment = new Deployment();
  for (let i = 0; i < 3; i++) {
    await deployment.record(CHAIN, [...deployment.some('payment', 3), ...deployment.some('debug', 1)]);
    await deployment.record('globex#0', deployment.some('payment', 150));
    if (i < 2) await deployment.seal();
    deployment.pass(DAY_MS);
  }
  return deployment;
}

const planted = (deployment: Deployment) =>
  deployment.evidence().filter(({ kind }) => kind === 'object' || kind === 'segment');

async function expectThird(deployment: Deployment): Promise<void> {
  expect(await deployment.seal()).toMatchObject({ seal: 2, size: 6 });
  expect(await expectTrueSeals(deployment)).toEqual({ [CHAIN]: 12, 'globex#0': 450 });
}

/** A deployment just like it, in which the third seal has been made: what its objects' keys are. */
async function keysOfThird(): Promise<readonly string[]> {
  const deployment = await deployed();
  const before = new Set(deployment.store.keys());
  await deployment.seal();
  return deployment.store.keys().filter((key) => !before.has(key));
}

describe('somebody with write access to the archive, short of breaking its locks,', () => {
  test('puts junk wherever the next seal is going to write: all of it is evidence, and put over', async () => {
    const deployment = await deployed();
    const keys = (await keysOfThird()).filter((key) => !key.includes('/shard-'));
    for (const key of keys) deployment.store.plant(key, JUNK);
    await expectThird(deployment);
    expect(new Set(planted(deployment).map(({ object }) => object!.key))).toEqual(new Set(keys));
    expect(keys.map((key) => key.slice(0, key.indexOf('/') + 1))).toEqual(
      expect.arrayContaining([
        LOG.sealsPrefix,
        LOG.logPrefix,
        LOG.digestsPrefix,
        LOG.contentsPrefix,
        LOG.listsPrefix,
        LOG.chainsPrefix,
      ]),
    );
  });

  test.each<[string, (key: string, bytes: Uint8Array) => Uint8Array | undefined]>([
    ['junk', () => JUNK],
    ['one bit turned', (_, bytes) => bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1)],
    ['zeros', (_, bytes) => new Uint8Array(bytes.length)],
    ['more than belongs there', (_, bytes) => Buffer.concat([bytes, bytes])],
  ])('puts %s over everything that was sealed: the next seal sees through it', async (_name, forge) => {
    const deployment = await deployed();
    for (const key of deployment.store.keys()) {
      if (!key.startsWith('entries/')) deployment.store.plant(key, forge(key, deployment.store.object(key).bytes)!);
    }
    await expectThird(deployment);
    const seen = planted(deployment).map(({ object }) => object!.key);
    expect(seen).toEqual(
      expect.arrayContaining([checkpointKey(1), logKey('tile/0/000.p/4'), logKey('tile/entries/000.p/4')]),
    );
  });

  test('hides everything under delete markers: the next seal sees through it', async () => {
    const deployment = await deployed();
    for (const key of deployment.store.keys()) deployment.store.mark(key);
    await expectThird(deployment);
    expect(planted(deployment)).toEqual([]);
  });

  test('puts copies of old checkpoints under the newest numbers and beyond: they stay what they are', async () => {
    const deployment = await deployed();
    const [first, second] = [0, 1].map((seal) => deployment.store.object(checkpointKey(seal)).bytes);
    deployment.store.plant(checkpointKey(1), first!);
    for (const seal of [2, 3, 5, 7, 15]) deployment.store.plant(checkpointKey(seal), second!);
    const log = await deployment.log();
    expect((await latestSeal(log))?.seal).toBe(1);
    expect((await latestSeal(log, 7))?.seal).toBe(1);
    expect((await openSeal(1, log))?.checkpoint.size).toBe(4);
    expect(await openSeal(7, log)).toBeUndefined();
    await expectThird(deployment);
    expect((await latestSeal(log))?.seal).toBe(2);
  });

  test.each<[string, (plan: Plan) => Plan]>([
    [
      'leaves entries for later',
      (plan) => ({ ...plan, tenants: plan.tenants.map((one) => ({ ...one, chains: [{ chain: 0, size: 8 }] })) }),
    ],
    ['forgets a tenant', (plan) => ({ ...plan, tenants: plan.tenants.slice(1) })],
    [
      'takes entries back',
      (plan) => ({ ...plan, tenants: plan.tenants.map((one) => ({ ...one, chains: [{ chain: 0, size: 3 }] })) }),
    ],
    [
      'seals what there is not',
      (plan) => ({ ...plan, tenants: plan.tenants.map((one) => ({ ...one, chains: [{ chain: 0, size: 9_999 }] })) }),
    ],
    [
      'invents a tenant',
      (plan) => ({ ...plan, tenants: [...plan.tenants, { tenant: 'zed', chains: [{ chain: 0, size: 1 }] }] }),
    ],
    [
      'is of long ago',
      (plan) => ({ ...plan, sealedAt: '2026-03-03T20:00:00.000Z', nextBy: '2026-03-04T21:00:00.000Z' }),
    ],
    [
      'is of the future',
      (plan) => ({ ...plan, sealedAt: '2026-03-05T00:00:00.000Z', nextBy: '2026-03-06T01:00:00.000Z' }),
    ],
    ['is never followed', (plan) => ({ ...plan, nextBy: '2099-01-01T00:00:00.000Z' })],
    ['forks the log', (plan) => ({ ...plan, size: 2 })],
    ['is of another log', (plan) => ({ ...plan, log: 'other.example' })],
    ['is of another seal', (plan) => ({ ...plan, seal: 1 })],
  ])('puts a plan there that %s: it is evidence, and another is made', async (_name, forge) => {
    const deployment = await deployed();
    const twin = await deployed();
    await twin.plan();
    const genuine = PLAN.parse(twin.store.object(planKey(2)).bytes);
    deployment.store.plant(planKey(2), PLAN.format(forge(genuine)));
    expect(await deployment.plan()).toMatchObject({ seal: 2, adopted: false });
    await expectThird(deployment);
    expect(planted(deployment).map(({ object }) => object!.key)).toEqual([planKey(2)]);
  });

  test('puts another plan over the one that is at work: that one is kept to', async () => {
    const deployment = await deployed();
    const planned = await deployment.plan();
    if ('nothing' in planned) throw new Error('nothing to seal');
    await deployment.shard(planned, 0);
    deployment.pass(60_000);
    const plan = PLAN.parse(deployment.store.object(planKey(2)).bytes);
    const sealedAt = new Date(deployment.now).toISOString();
    const nextBy = new Date(deployment.now + 90_000_000).toISOString();
    deployment.store.plant(planKey(2), PLAN.format({ ...plan, sealedAt, nextBy }));
    expect(await deployment.plan()).toMatchObject({ plan: { sha256: planned.plan.sha256 }, adopted: true });
    await expectThird(deployment);
  });

  test('puts a segment there before the archive does: the seal waits for the archive, and says so', async () => {
    const deployment = await deployed();
    await deployment.seal();
    deployment.pass(DAY_MS);
    const [block] = deployment.append(CHAIN, deployment.some('payment', 2));
    const bytes = sampleBytes('acme', { category: 'payment', recordedAt: deployment.now }, 666);
    const [leaf, entry, day] = [leafHash(bytes), JSON.parse(Buffer.from(bytes).toString()), '2026-03-05'];
    const { previousLink } = block!;
    expect(new Date(deployment.now).toISOString().slice(0, 10)).toBe(day);
    const row = { position: 12, bytes, leafHash: leaf, link: nextLink(previousLink, leaf), previousLink, entry, day };
    deployment.store.plant(segmentKey('acme', 'payment', day, 0, 12), parquetSegments.encode(0, [row]));
    await deployment.seal();
    expect((await expectTrueSeals(deployment))[CHAIN]).toBe(12);
    expect(deployment.found.flatMap(({ summary }) => summary.short)).toMatchObject([
      { chain: CHAIN, sealed: 12, planned: 14, reason: 'disputed' },
    ]);
    await deployment.archive();
    deployment.pass(DAY_MS);
    await deployment.seal();
    expect((await expectTrueSeals(deployment))[CHAIN]).toBe(14);
  });

  test('puts what is no segment there before the archive does: it is put over', async () => {
    const deployment = await deployed();
    await deployment.seal();
    deployment.append(CHAIN, deployment.some('payment', 2));
    const day = new Date(deployment.now).toISOString().slice(0, 10);
    deployment.store.plant(segmentKey('acme', 'payment', day, 0, 12), JUNK);
    deployment.pass(60_000);
    await deployment.seal();
    expect((await expectTrueSeals(deployment))[CHAIN]).toBe(14);
    expect(planted(deployment)).toMatchObject([{ kind: 'segment' }]);
  });

  test('buries a checkpoint: it is never taken for one that was not made', async () => {
    const deployment = await deployed();
    for (let i = 0; i <= 1_000; i++) deployment.store.plant(checkpointKey(1), JUNK);
    await expect(deployment.seal()).rejects.toThrow(BuriedObject);
  });
});
