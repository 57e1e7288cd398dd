// Tombstones and holds in digests.
import { describe, expect, test } from '@jest/globals';
import { CONTENTS, type Contents } from '../../../core/documents/contents.ts';
import { HOLD } from '../../../core/documents/hold.ts';
import { TOMBSTONE } from '../../../core/documents/tombstone.ts';
import { contentsKey, digestKey, holdKey, tombstoneKey } from '../../../names/log.ts';
import { expectTrueSeals } from '../../support/check-seals.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';

function holdBytes(deployment: Deployment, tenant: string, number: number): Uint8Array {
  const at = new Date(deployment.now).toISOString();
  const fields = {
    v: 1,
    kind: 'hold',
    tenant,
    number,
    event: 'applied',
    id: `hold-${number}`,
    at,
    by: 'c-1',
    role: 'compliance',
  } as const;
  return HOLD.format({ ...fields, reason: 'suit', scope: {} });
}

function tombstoneBytes(deployment: Deployment, tenant: string, number: number): Uint8Array {
  const object = { key: 'entries/one', version: 'v1', sha256: '00'.repeat(32), bytes: 1 };
  const at = new Date(deployment.now).toISOString();
  const fields = { v: 1, kind: 'tombstone', tenant, number, at, category: 'debug', retention: 'P30D' } as const;
  return TOMBSTONE.format({ ...fields, segments: [{ object, chain: 0, day: '2026-03-01', first: 0, last: 0 }] });
}

async function sealed(): Promise<Deployment> {
  const deployment = new Deployment();
  await deployment.record('acme#0', deployment.some('payment', 1));
  return deployment;
}

const contentsOf = (deployment: Deployment, seal: number): Contents =>
  CONTENTS.parse(deployment.store.object(contentsKey('acme', seal)).bytes);
const keys = (refs: readonly { readonly key: string }[]) => refs.map(({ key }) => key);

describe('tombstones and holds', () => {
  test('are in the digest of the seal that comes after them, each once', async () => {
    const deployment = await sealed();
    deployment.store.plant(holdKey('acme', 0), holdBytes(deployment, 'acme', 0));
    deployment.store.plant(tombstoneKey('acme', 0), tombstoneBytes(deployment, 'acme', 0));
    await deployment.seal();
    deployment.store.plant(holdKey('acme', 1), holdBytes(deployment, 'acme', 1));
    deployment.store.plant(holdKey('acme', 2), holdBytes(deployment, 'acme', 2));
    deployment.pass(DAY_MS);
    await deployment.seal();
    expect(contentsOf(deployment, 0)).toMatchObject({ nextTombstone: 1, nextHold: 1 });
    expect(keys(contentsOf(deployment, 0).tombstones)).toEqual([tombstoneKey('acme', 0)]);
    expect(contentsOf(deployment, 1)).toMatchObject({ tombstones: [], segments: [], nextTombstone: 1, nextHold: 3 });
    expect(keys(contentsOf(deployment, 1).holds)).toEqual([holdKey('acme', 1), holdKey('acme', 2)]);
    // Planted without a lock: what a digest names is locked for good.
    expect(deployment.store.object(holdKey('acme', 2)).retainUntil!.getTime()).toBeGreaterThan(
      Date.parse('2120-01-01'),
    );
    await expectTrueSeals(deployment);
  });

  test('are counted on from where they were, however quiet it was in between', async () => {
    const deployment = await sealed();
    deployment.store.plant(holdKey('acme', 0), holdBytes(deployment, 'acme', 0));
    for (let i = 0; i < 4; i++) {
      await deployment.seal();
      deployment.pass(DAY_MS);
    }
    expect(contentsOf(deployment, 3)).toMatchObject({ segments: [], holds: [], nextHold: 1 });
    deployment.store.plant(holdKey('acme', 1), holdBytes(deployment, 'acme', 1));
    await deployment.seal();
    expect(keys(contentsOf(deployment, 4).holds)).toEqual([holdKey('acme', 1)]);
  });

  test.each<[string, (deployment: Deployment) => Uint8Array]>([
    ['junk', () => Uint8Array.of(1, 2, 3)],
    ['another tenant’s', (deployment) => holdBytes(deployment, 'globex', 0)],
    ['another slot’s', (deployment) => holdBytes(deployment, 'acme', 7)],
    ['another kind', (deployment) => tombstoneBytes(deployment, 'acme', 0)],
  ])('of which a slot holds %s: it is evidence, passed over and counted', async (_name, make) => {
    const deployment = await sealed();
    deployment.store.plant(holdKey('acme', 0), make(deployment));
    deployment.store.plant(holdKey('acme', 1), holdBytes(deployment, 'acme', 1));
    await deployment.seal();
    expect(contentsOf(deployment, 0).nextHold).toBe(2);
    expect(keys(contentsOf(deployment, 0).holds)).toEqual([holdKey('acme', 1)]);
    expect(deployment.evidence()).toMatchObject([{ kind: 'object', object: { key: holdKey('acme', 0) } }]);
  });

  test('that say a time which had not come when they were put are evidence, passed over and counted', async () => {
    const deployment = await sealed();
    const ahead = new Date(deployment.now + 300_001).toISOString();
    const said = (bytes: Uint8Array) =>
      Buffer.from(
        Buffer.from(bytes)
          .toString()
          .replace(/"at":"[^"]*"/, `"at":"${ahead}"`),
      );
    deployment.store.plant(holdKey('acme', 0), said(holdBytes(deployment, 'acme', 0)));
    deployment.store.plant(holdKey('acme', 1), holdBytes(deployment, 'acme', 1));
    deployment.store.plant(tombstoneKey('acme', 0), said(tombstoneBytes(deployment, 'acme', 0)));
    deployment.pass(DAY_MS);
    await deployment.seal();
    const { tombstones, holds, nextTombstone, nextHold } = contentsOf(deployment, 0);
    expect([keys(tombstones), keys(holds), nextTombstone, nextHold]).toEqual([[], [holdKey('acme', 1)], 1, 2]);
    expect(deployment.evidence().map(({ object }) => object!.key)).toEqual(
      expect.arrayContaining([holdKey('acme', 0), tombstoneKey('acme', 0)]),
    );
  });

  test('that are written while a seal is at work wait for the next one, and so do those behind them', async () => {
    const deployment = await sealed();
    const planned = await deployment.plan();
    if ('nothing' in planned) throw new Error('nothing to seal');
    const before = holdBytes(deployment, 'acme', 1);
    deployment.pass(1_000);
    deployment.store.plant(holdKey('acme', 0), holdBytes(deployment, 'acme', 0));
    deployment.store.plant(holdKey('acme', 1), before);
    await deployment.publish(planned, [(await deployment.shard(planned, 0)).result]);
    expect(contentsOf(deployment, 0).nextHold).toBe(0);
    deployment.pass(DAY_MS);
    await deployment.seal();
    expect(keys(contentsOf(deployment, 1).holds)).toEqual([holdKey('acme', 0), holdKey('acme', 1)]);
    expect(deployment.evidence()).toEqual([]);
  });

  test('are what the oldest valid version says, whatever covers or hides it', async () => {
    const deployment = await sealed();
    deployment.store.plant(holdKey('acme', 0), Uint8Array.of(1));
    const genuine = deployment.store.plant(holdKey('acme', 0), holdBytes(deployment, 'acme', 0));
    deployment.pass(1_000);
    deployment.store.plant(holdKey('acme', 0), holdBytes(deployment, 'acme', 0));
    deployment.store.mark(holdKey('acme', 0));
    await deployment.seal();
    expect(contentsOf(deployment, 0).holds).toMatchObject([{ version: genuine }]);
  });

  test.each<[string, (deployment: Deployment) => string[]]>([
    ['its contents', () => [contentsKey('acme', 0)]],
    ['its contents and its digest', () => [contentsKey('acme', 0), digestKey('acme', 0)]],
  ])('that come after an attempt has written %s wait for the next seal', async (_name, written) => {
    const deployment = await sealed();
    deployment.store.plant(holdKey('acme', 0), holdBytes(deployment, 'acme', 0));
    const planned = await deployment.plan();
    if ('nothing' in planned) throw new Error('nothing to seal');
    const keysOfAttempt = written(deployment);
    // The attempt dies when it has written as much.
    let [last, seen] = [keysOfAttempt.at(-1)!, false];
    deployment.fault = () => {
      seen = seen || deployment.store.keys(last).length > 0;
      return seen ? 'lost' : undefined;
    };
    await expect(deployment.shard(planned, 0)).rejects.toThrow('nothing was written');
    deployment.fault = undefined;
    last = '';
    deployment.store.plant(holdKey('acme', 1), holdBytes(deployment, 'acme', 1));
    await deployment.publish(planned, [(await deployment.shard(planned, 0)).result]);
    expect(contentsOf(deployment, 0).nextHold).toBe(1);
    expect(deployment.evidence()).toEqual([]);
    deployment.pass(DAY_MS);
    await deployment.seal();
    expect(contentsOf(deployment, 1).nextHold).toBe(2);
  });

  test('that come after an attempt has written a digest without contents wait for the next seal', async () => {
    const deployment = await sealed();
    await deployment.seal();
    deployment.pass(DAY_MS);
    const planned = await deployment.plan();
    if ('nothing' in planned) throw new Error('nothing to seal');
    const first = await deployment.shard(planned, 0);
    deployment.store.plant(holdKey('acme', 0), holdBytes(deployment, 'acme', 0));
    expect(await deployment.shard(planned, 0)).toEqual(first);
    expect(deployment.digest('acme', 1).contents).toBeUndefined();
    expect(deployment.evidence()).toEqual([]);
  });
});
