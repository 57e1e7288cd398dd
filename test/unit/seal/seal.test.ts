// What a seal writes.
import { describe, expect, test } from '@jest/globals';
import { CONTENTS } from '../../../core/documents/contents.ts';
import { SEGMENT_LIST } from '../../../core/documents/segments.ts';
import { contentsKey, listKey, planKey } from '../../../names/log.ts';
import { latestSeal } from '../../../services/log/published.ts';
import { expectTrueSeals } from '../../support/check-seals.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';

describe('a seal', () => {
  test('of nothing is none', async () => {
    const deployment = new Deployment();
    expect(await deployment.seal()).toBeUndefined();
    expect(deployment.store.keys()).toEqual([]);
  });

  test('covers what every chain of every tenant has, and makes its checkpoint the newest', async () => {
    const deployment = new Deployment();
    await deployment.record('acme#0', deployment.some('payment', 3), deployment.some('debug', 2));
    await deployment.record('acme#7', deployment.some('debug', 1));
    await deployment.record('globex#0', deployment.some('payment', 300));
    const published = await deployment.seal();
    expect(published).toMatchObject({ seal: 0, size: 2, sealedAt: new Date(deployment.now).toISOString() });
    expect(await expectTrueSeals(deployment)).toEqual({ 'acme#0': 5, 'acme#7': 1, 'globex#0': 300 });
    const latest = await latestSeal(await deployment.log());
    expect(Buffer.from(latest!.note).toString()).toBe(published!.checkpoint);
    expect(deployment.signer.signatures).toBe(2);
  });

  test('goes on where the one before ended, with tenants and chains that are new', async () => {
    const deployment = new Deployment();
    await deployment.record('acme#0', deployment.some('payment', 3));
    await deployment.seal();
    deployment.pass(DAY_MS);
    await deployment.record('acme#0', deployment.some('debug', 2));
    await deployment.record('acme#1', deployment.some('payment', 1));
    await deployment.record('aardvark#0', deployment.some('payment', 1));
    expect(await deployment.seal()).toMatchObject({ seal: 1, size: 3 });
    expect(await expectTrueSeals(deployment)).toEqual({ 'aardvark#0': 1, 'acme#0': 5, 'acme#1': 1 });
    expect(deployment.digest('acme', 1)).toMatchObject({ number: 1, index: 2 });
    expect(deployment.digest('aardvark', 1)).toMatchObject({ number: 0, index: 1 });
  });

  test('has what a new tenant and a new chain recorded, though the archive was not told yet', async () => {
    const deployment = new Deployment();
    await deployment.record('acme#0', deployment.some('payment', 3));
    await deployment.seal();
    deployment.pass(DAY_MS);
    const { chains } = deployment;
    const rows = chains.list.bind(chains);
    chains.list = async function* partial() {
      for (const chain of ['acme#0', 'acme#1', 'globex#0']) yield { chain, through: 0 };
      yield* rows();
    };
    deployment.append('globex#0', deployment.some('payment', 2), deployment.some('debug', 1));
    deployment.append('acme#1', deployment.some('payment', 1));
    expect(await deployment.seal()).toMatchObject({ seal: 1, size: 3 });
    expect(await expectTrueSeals(deployment)).toEqual({ 'acme#0': 3, 'acme#1': 1, 'globex#0': 3 });
    await deployment.archive();
    expect(deployment.evidence()).toEqual([]);
    deployment.pass(DAY_MS);
    await deployment.record('globex#0', deployment.some('payment', 1));
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ 'acme#0': 3, 'acme#1': 1, 'globex#0': 4 });
  });

  test('of an empty period is a digest without contents', async () => {
    const deployment = new Deployment();
    await deployment.record('acme#0', deployment.some('payment', 3));
    await deployment.seal();
    deployment.pass(DAY_MS);
    expect(await deployment.seal()).toMatchObject({ seal: 1, size: 2 });
    const [first, second] = [deployment.digest('acme', 0), deployment.digest('acme', 1)];
    expect(second.contents).toBeUndefined();
    expect(second.chains).toEqual(first.chains);
    expect(deployment.store.keys(contentsKey('acme', 1))).toEqual([]);
    await expectTrueSeals(deployment);
  });

  test('promises when the next one is due, and says what entries are kept for', async () => {
    const deployment = new Deployment();
    deployment.retention = (tenant, category) => (tenant === 'acme' && category === 'debug' ? 'P1Y' : 'P2Y');
    await deployment.record('acme#0', deployment.some('debug', 1));
    await deployment.seal();
    const { sealedAt, nextBy, retention } = deployment.digest('acme', 0);
    expect(Date.parse(nextBy) - Date.parse(sealedAt)).toBe(90_000_000);
    expect(retention).toMatchObject({ debug: 'P1Y', payment: 'P2Y', legal_hold: 'P2Y' });
  });

  test('locks everything that it writes for as long as locks go', async () => {
    const deployment = new Deployment();
    await deployment.record('acme#0', deployment.some('payment', 3));
    await deployment.seal();
    const until = Date.parse('2026-03-02T00:00:00Z') + 36_498 * DAY_MS;
    const written = deployment.store.keys().filter((key) => !key.startsWith('entries/'));
    expect(written.length).toBeGreaterThan(8);
    for (const key of written) {
      expect([key, deployment.store.object(key).retainUntil!.getTime()]).toEqual([key, until]);
    }
  });

  test('archives what the archive does not have yet, which then finds it in place', async () => {
    const deployment = new Deployment();
    await deployment.record('acme#0', deployment.some('core', 1));
    deployment.append('acme#0', deployment.some('payment', 3), [
      ...deployment.some('debug', 2),
      ...deployment.some('payment', 1),
    ]);
    await deployment.seal();
    await deployment.archive();
    expect(await expectTrueSeals(deployment)).toEqual({ 'acme#0': 7 });
    expect(deployment.store.keys('entries/')).toHaveLength(3);
    expect(deployment.evidence()).toEqual([]);
  });

  test('splits a long chain into steps, which list what straddles them on both sides', async () => {
    const deployment = new Deployment({ stepEntries: 7 });
    await deployment.record(
      'acme#0',
      ...Array.from({ length: 6 }, () => [...deployment.some('payment', 2), ...deployment.some('debug', 1)]),
    );
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ 'acme#0': 18 });
    const lists = [0, 7, 14].map((from) =>
      SEGMENT_LIST.parse(deployment.store.object(listKey('acme', 0, 0, from)).bytes),
    );
    expect(lists.map(({ segments }) => segments.map(({ positions }) => positions))).toEqual([
      ['0-1,3-4,6', '2,5'],
      ['7,9-10,12-13', '8,11'],
      ['15-16', '14,17'],
    ]);
    expect(new Set(lists.flatMap(({ segments }) => segments.map(({ object }) => object.version))).size).toBe(2);
  });

  test('lists what straddles two seals on both sides', async () => {
    const deployment = new Deployment();
    await deployment.record('acme#0', deployment.some('core', 1));
    deployment.append('acme#0', deployment.some('payment', 2));
    const planned = await deployment.plan();
    if ('nothing' in planned) throw new Error('nothing to seal');
    // The archive takes both in one segment, while the seal is at work.
    deployment.append('acme#0', deployment.some('payment', 4));
    await deployment.archive();
    const { result } = await deployment.shard(planned, 0);
    await deployment.publish(planned, [result]);
    deployment.pass(DAY_MS);
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ 'acme#0': 7 });
    const [first, second] = [
      SEGMENT_LIST.parse(deployment.store.object(listKey('acme', 0, 0, 0)).bytes).segments,
      SEGMENT_LIST.parse(deployment.store.object(listKey('acme', 1, 0, 3)).bytes).segments,
    ];
    expect([first[1]!.positions, second[0]!.positions]).toEqual(['1-2', '3-6']);
    expect(second[0]!.object).toEqual(first[1]!.object);
  });

  test('archives again what straddled two seals and is gone', async () => {
    const deployment = new Deployment();
    deployment.retention = () => 'PT1S';
    await deployment.record('acme#0', deployment.some('core', 1));
    deployment.append('acme#0', deployment.some('payment', 2));
    const planned = await deployment.plan();
    if ('nothing' in planned) throw new Error('nothing to seal');
    deployment.append('acme#0', deployment.some('payment', 4));
    await deployment.archive();
    await deployment.publish(planned, [(await deployment.shard(planned, 0)).result]);
    deployment.pass(3 * DAY_MS);
    const [key] = deployment.store.keys('entries/tenant=acme/category=payment/');
    deployment.store.deleteVersion(key!, deployment.store.object(key!).version);
    await deployment.seal();
    expect(await expectTrueSeals(deployment)).toEqual({ 'acme#0': 7 });
    const list = SEGMENT_LIST.parse(deployment.store.object(listKey('acme', 1, 0, 3)).bytes);
    expect(list.segments.map(({ first, last }) => [first, last])).toEqual([[3, 6]]);
  });

  test('takes the same plan up again however late, and makes the next one after the checkpoint', async () => {
    const deployment = new Deployment();
    await deployment.record('acme#0', deployment.some('payment', 3));
    const planned = await deployment.plan();
    deployment.pass(2 * DAY_MS);
    await deployment.record('acme#0', deployment.some('payment', 2));
    await deployment.record('globex#0', deployment.some('payment', 2));
    expect(await deployment.plan()).toEqual({ ...planned, adopted: true });
    expect(await deployment.seal()).toMatchObject({ seal: 0, size: 1 });
    expect(await deployment.seal()).toMatchObject({ seal: 1, size: 3 });
    expect(await expectTrueSeals(deployment)).toEqual({ 'acme#0': 5, 'globex#0': 2 });
    expect(deployment.store.keys(planKey(0))).toHaveLength(1);
    expect(deployment.evidence()).toEqual([]);
  });

  test('of more tenants than there are shards has them all', async () => {
    const deployment = new Deployment();
    for (let i = 0; i < 420; i++) await deployment.record(`tenant-${i}#0`, deployment.some('payment', 1));
    expect(await deployment.seal()).toMatchObject({ size: 420 });
    deployment.pass(DAY_MS);
    await deployment.record('tenant-7#0', deployment.some('payment', 1));
    const planned = await deployment.plan();
    expect(planned).toMatchObject({ shards: Array.from({ length: 400 }, (_, shard) => shard) });
    expect(await deployment.seal()).toMatchObject({ size: 840 });
    expect(deployment.signer.signatures).toBe(4);
    expect((await expectTrueSeals(deployment))['tenant-7#0']).toBe(2);
  });

  test('names the segment lists that it brings, and counts slots from 0', async () => {
    const deployment = new Deployment();
    await deployment.record('acme#0', deployment.some('payment', 3));
    await deployment.seal();
    const contents = CONTENTS.parse(deployment.store.object(contentsKey('acme', 0)).bytes);
    expect(contents).toMatchObject({ tombstones: [], holds: [], nextTombstone: 0, nextHold: 0 });
    expect(contents.segments.map(({ key }) => key)).toEqual([listKey('acme', 0, 0, 0)]);
  });
});
