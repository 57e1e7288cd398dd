// The published log.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { toHex } from '../../../core/crypto.ts';
import { proveInclusion } from '../../../core/merkle/prove.ts';
import { verifyInclusion } from '../../../core/merkle/verify.ts';
import { TileError } from '../../../core/tiles/error.ts';
import { TileNodes } from '../../../core/tiles/nodes.ts';
import { checkpointKey, digestKey, logKey } from '../../../names/log.ts';
import { DigestLog } from '../../../services/log/digests.ts';
import { type LogPorts, latestSeal, openSeal, type PublishedSeal } from '../../../services/log/published.ts';
import { EvidenceLost, readReferenced } from '../../../services/log/referenced.ts';
import { counting } from '../../support/counting.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';

const TENANTS = Array.from({ length: 150 }, (_, i) => `t${String(i).padStart(3, '0')}`);
const SEALS = 4;

let deployment: Deployment;
let latest: PublishedSeal;
let ports: LogPorts;

/** Six hundred digests: three bundles, the last of them partial. */
beforeAll(async () => {
  deployment = new Deployment();
  for (const tenant of TENANTS) await deployment.record(`${tenant}#0`, deployment.some('payment', 1));
  for (let i = 0; i < SEALS; i++) {
    await deployment.seal();
    deployment.pass(DAY_MS);
  }
  ports = await deployment.log();
  latest = (await latestSeal(ports))!;
});

describe('the published log', () => {
  test.each([0, 1, 2, 3])('has seal %d, and each of its digests', async (seal) => {
    const published = await openSeal(seal, ports);
    expect(published).toMatchObject({ seal, checkpoint: { size: (seal + 1) * TENANTS.length } });
    const tenants: string[] = [];
    for await (const { digest } of latest.log.ofSeal(seal)) tenants.push(digest.tenant);
    expect(tenants).toEqual(TENANTS);
  });

  test.each([0, 1, 2, 3, 4, 9, 1_000])('has the same newest seal when it is first looked for at %d', async (hint) => {
    expect((await latestSeal(ports, hint))?.seal).toBe(SEALS - 1);
  });

  test('finds digests in any order, and says when there is none', async () => {
    for (const [seal, tenant] of [
      [3, 't000'],
      [0, 't149'],
      [2, 't077'],
      [2, 't078'],
      [0, 't000'],
      [3, 't149'],
    ] as const) {
      const found = await latest.log.find(seal, tenant);
      expect(found?.digest).toMatchObject({ seal, tenant });
      expect(found!.index).toBe(seal * TENANTS.length + TENANTS.indexOf(tenant));
    }
    for (const tenant of ['a', 't0000', 't0765', 'z']) expect(await latest.log.find(1, tenant)).toBeUndefined();
    for (const seal of [4, 99]) expect(await latest.log.find(seal, 't000')).toBeUndefined();
  });

  test('reads a few objects to find one, however many there are', async () => {
    let calls = 0;
    const store = counting(deployment.store, () => calls++);
    const log = new DigestLog(store, latest.checkpoint);
    for (const tenant of TENANTS) await log.find(3, tenant);
    // Three bundles and four tiles, each looked up and fetched.
    expect(calls).toBeLessThanOrEqual(14);
  });

  test('proves what it finds to its checkpoint', async () => {
    const { checkpoint, log } = latest;
    const { index, leaf } = (await log.find(1, 't042'))!;
    const proof = await proveInclusion(new TileNodes(log.tiles, log.size), index, log.size);
    expect(() =>
      verifyInclusion({ index, size: checkpoint.size, leafHash: leaf, root: checkpoint.root }, proof),
    ).not.toThrow();
  });

  test('is not what others signed', async () => {
    const others = { ...ports, policy: { ...ports.policy, origin: 'other.example' } };
    expect(await latestSeal(others)).toBeUndefined();
    const oneKey = { ...ports, policy: { ...ports.policy, logKeys: ports.policy.logKeys.slice(0, 1) } };
    expect(await openSeal(0, oneKey)).toBeUndefined();
  });

  test('is refused, not shortened, when nothing that is stored leads to its root', async () => {
    const store = deployment.store.copy({ now: () => new Date('2226-01-01T00:00:00Z') });
    const key = logKey('tile/0/002.p/88');
    store.deleteVersion(key, store.object(key).version);
    const lost = { ...ports, store };
    await expect(latestSeal(lost)).rejects.toThrow(TileError);
    expect((await openSeal(2, lost))?.seal).toBe(2);
  });
});

describe('a version that a document names', () => {
  test('has to be there, and to have the bytes', async () => {
    const key = digestKey('t000', 0);
    const { bytes, version } = deployment.store.object(key);
    const { sha256 } = (await deployment.store.current(key))!;
    const ref = { key, version, sha256: toHex(sha256!), bytes: bytes.length };
    expect(await readReferenced(deployment.store, ref)).toEqual(bytes);
    for (const [change, code] of [
      [{ version: 'other' }, 'missing'],
      [{ sha256: '00'.repeat(32) }, 'altered'],
      [{ bytes: 1 }, 'altered'],
    ] as const) {
      const error = await readReferenced(deployment.store, { ...ref, ...change }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(EvidenceLost);
      expect(error).toMatchObject({ code });
    }
  });
});

test('a checkpoint is current again when it was covered, once somebody publishes', async () => {
  const covered = new Deployment();
  await covered.record('acme#0', covered.some('payment', 1));
  const planned = await covered.plan();
  if ('nothing' in planned) throw new Error('nothing to seal');
  const { result } = await covered.shard(planned, 0);
  const published = await covered.publish(planned, [result]);
  covered.store.plant(checkpointKey(0), Uint8Array.of(1));
  expect(await covered.publish(planned, [result])).toEqual(published);
  expect(Buffer.from(covered.store.object(checkpointKey(0)).bytes).toString()).toBe(published.checkpoint);
  expect(covered.signer.signatures).toBe(2);
  expect(covered.evidence()).toMatchObject([{ object: { key: checkpointKey(0) } }]);
});
