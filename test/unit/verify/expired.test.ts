// Verifying what has expired.
import { describe, expect, test } from '@jest/globals';
import { sha256, toHex } from '../../../core/crypto.ts';
import { HOLD } from '../../../core/documents/hold.ts';
import { TOMBSTONE } from '../../../core/documents/tombstone.ts';
import { holdKey, tombstoneKey } from '../../../names/log.ts';
import { expireCategory } from '../../support/expire-deployment.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';
import { Verifying } from '../../support/verifying.ts';

const HOUR_MS = 3_600_000;

/** Two days of entries, of which debug is kept for two seconds: past its retention, not yet expired. */
async function due(): Promise<Deployment> {
  const deployment = new Deployment();
  deployment.retention = (_tenant, category) => (category === 'debug' ? 'PT2S' : 'P7Y');
  for (let day = 0; day < 2; day++) {
    await deployment.record('acme#0', [...deployment.some('debug', 3), ...deployment.some('payment', 1)]);
    await deployment.seal();
    deployment.pass(DAY_MS);
  }
  return deployment;
}

describe('what expired by policy', () => {
  test('is counted as expired once its tombstone is sealed', async () => {
    const deployment = await due();
    await expireCategory(deployment, 'debug');
    await deployment.seal();
    deployment.pass(HOUR_MS);
    const { found, verdict, whole } = await new Verifying(deployment).run({ mode: 'full' });
    expect(found).toEqual([]);
    expect(verdict).toBe('intact');
    expect(whole.tenants[0]!.tally).toMatchObject({ entries: 8, intact: 2, expired: 6, missing: 0 });
    expect(whole.tenants[0]!.notes).toEqual([]);
  });

  test('is counted as expired, with a note, while its tombstone is not sealed', async () => {
    const deployment = await due();
    deployment.pass(-DAY_MS + 2 * HOUR_MS);
    await expireCategory(deployment, 'debug');
    const { found, verdict, whole } = await new Verifying(deployment).run({ mode: 'full' });
    expect(found).toEqual([]);
    expect(verdict).toBe('intact');
    expect(whole.tenants[0]!.tally).toMatchObject({ intact: 2, expired: 6, missing: 0 });
    expect(whole.tenants[0]!.notes).toHaveLength(1);
  });

  test('but not when a hold was in force, which neither expiry nor its tombstone minds', async () => {
    const deployment = await due();
    deployment.pass(-DAY_MS + 2 * HOUR_MS);
    await expireCategory(deployment, 'debug');
    const at = new Date(deployment.now - HOUR_MS).toISOString();
    const hold = {
      v: 1,
      kind: 'hold',
      tenant: 'acme',
      number: 0,
      event: 'applied',
      id: 'h',
      at,
      by: 'c',
      role: 'compliance',
      reason: 'r',
    } as const;
    deployment.store.plant(holdKey('acme', 0), HOLD.format({ ...hold, scope: {} }));
    const { found, whole } = await new Verifying(deployment).run({ mode: 'full' });
    expect(found).toEqual([
      ['body-missing', 'acme', 0, 0, 2],
      ['body-missing', 'acme', 0, 4, 6],
    ]);
    expect(whole.tenants[0]!.tally).toMatchObject({ intact: 2, expired: 0, missing: 6 });
  });

  test.each([
    ['2099-01-01T00:00:00.000Z', 'missing'],
    ['2034-01-01T00:00:00.000Z', 'expired'],
  ])('by a tombstone in the next slot that says %s is %s', async (at, state) => {
    const deployment = await due();
    await expireCategory(deployment, 'debug');
    await deployment.seal();
    deployment.pass(8 * 366 * DAY_MS);
    const [key] = deployment.store.keys('entries/tenant=acme/category=payment/');
    const { version, bytes } = deployment.store.object(key!);
    const object = { key: key!, version, sha256: toHex(sha256(bytes)), bytes: bytes.length };
    const segments = [{ object, chain: 0, day: '2026-03-01', first: 3, last: 3 }];
    const tombstone = { v: 1, kind: 'tombstone', tenant: 'acme', number: 1, at, category: 'payment' } as const;
    deployment.store.plant(tombstoneKey('acme', 1), TOMBSTONE.format({ ...tombstone, retention: 'P7Y', segments }));
    deployment.store.deleteVersion(key!, version);
    const { whole } = await new Verifying(deployment).run({ mode: 'full' });
    expect(whole.tenants[0]!.tally).toMatchObject({
      intact: 1,
      missing: 0,
      expired: 6,
      [state]: state === 'missing' ? 1 : 7,
    });
  });

  test('and what is gone without a tombstone is missing', async () => {
    const deployment = await due();
    await expireCategory(deployment, 'debug');
    await deployment.seal();
    deployment.pass(8 * 366 * DAY_MS);
    const [key] = deployment.store.keys('entries/tenant=acme/category=payment/');
    deployment.store.deleteVersion(key!, deployment.store.object(key!).version);
    const { found, verdict, whole } = await new Verifying(deployment).run({ mode: 'full' });
    expect(found.filter(([code]) => code !== 'seal-overdue')).toEqual([['body-missing', 'acme', 0, 3, 3]]);
    expect(verdict).toBe('missing');
    expect(whole.tenants[0]!.tally).toMatchObject({ intact: 1, expired: 6, missing: 1 });
  });
});
