/** What a verification leaves in the trail of each tenant. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { tenantReportKey } from '../../../names/verify.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';
import { Verifying } from '../../support/verifying.ts';

let deployment: Deployment;
let verifying: Verifying;

beforeEach(async () => {
  deployment = new Deployment();
  verifying = new Verifying(deployment);
  await deployment.record('acme#0', deployment.some('payment', 3), deployment.some('debug', 2));
  await deployment.record('globex#0', deployment.some('payment', 2));
  await deployment.seal();
  deployment.pass(3_600_000);
});

const cover = (tenant: string, count = 1) => {
  for (const key of deployment.store.keys(`entries/tenant=${tenant}/`).slice(0, count)) deployment.store.mark(key);
};

describe('a verification that failed', () => {
  test('is kept for ever, with the places, what was expected and found, and the report by version and hash', async () => {
    cover('globex');
    const { id } = await verifying.run({ mode: 'full' });
    const [failed, detected, ...more] = verifying.entries('globex');
    expect(more).toEqual([]);
    const report = verifying.deployment.store.object(tenantReportKey('globex', id));
    expect(failed).toMatchObject({
      action: 'verification.failed',
      category: 'security_incident',
      severity: 'critical',
    });
    expect(failed.metadata).toMatchObject({
      ...{ verdict: 'altered', findings: 1, intact: 2 },
      report: {
        key: tenantReportKey('globex', id),
        version: report.version,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    const { found } = failed.metadata;
    expect(found).toEqual([
      expect.objectContaining({ code: 'covered', verdict: 'altered', tenant: 'globex', chain: 0, first: 0, last: 0 }),
    ]);
    expect(found[0].expected).toMatch(/^version .* to be the current one$/);
    expect(found[0].found).toBe('a delete marker over it');
    expect(found[0].object).toMatch(/^entries\/tenant=globex\/.*\.parquet version /);
    expect(detected).toMatchObject({
      ...{ action: 'audit.tampering_detected', category: 'security_incident' },
      target: { type: 'audit-trail', id: 'globex#0' },
      metadata: { source: 'verification', verification: id, ...found[0], report: failed.metadata.report },
    });
  });

  test('is no other tenant’s to know', async () => {
    cover('globex');
    await verifying.run({ mode: 'full' });
    expect(verifying.entries('acme').map(({ action }) => action)).toEqual(['verification.passed']);
    expect(JSON.stringify(verifying.entries('acme'))).not.toContain('globex');
  });

  test('spells out a bounded number of findings, and says how many there are', async () => {
    for (let i = 0; i < 30; i++) {
      deployment.store.plant(`entries/tenant=globex/category=debug/day=2026-03-01/note-${i}`, Buffer.from('x'));
    }
    await verifying.run({ mode: 'full' });
    const [failed, ...detected] = verifying.entries('globex');
    expect(failed.metadata.findings).toBe(30);
    expect(failed.metadata.found).toHaveLength(20);
    expect(detected).toHaveLength(20);
    expect(new Set(detected.map(({ id }) => id)).size).toBe(20);
  });

  test('says so again the next time, whatever an earlier report says, planted or not', async () => {
    cover('globex');
    await verifying.run({ mode: 'full' });
    deployment.pass(DAY_MS);
    await deployment.record('globex#0', deployment.some('payment', 1));
    await deployment.seal();
    deployment.pass(3_600_000);
    await verifying.run();
    expect(verifying.entries('globex').map(({ action }) => action)).toEqual([
      ...['verification.failed', 'audit.tampering_detected'],
      ...['verification.failed', 'audit.tampering_detected'],
    ]);
  });
});

test('one that could not be completed is no tampering', async () => {
  deployment.pass(3 * DAY_MS);
  await verifying.run();
  const [incomplete, ...more] = verifying.entries('acme');
  expect(more).toEqual([]);
  expect(incomplete).toMatchObject({ action: 'verification.incomplete', category: 'audit' });
  expect(incomplete.metadata.found).toMatchObject([{ code: 'seal-overdue' }]);
});

test('telling more tenants than a run has time for goes on in the next, and tells each once', async () => {
  const many = new Deployment();
  const tenants = Array.from({ length: 260 }, (_, i) => `tenant-${i}`);
  for (const tenant of tenants) await many.record(`${tenant}#0`, many.some('payment', 1));
  await many.seal();
  many.pass(3_600_000);
  const telling = new Verifying(many);
  const planned = await telling.plan({ mode: 'full' });
  const results = [];
  for (const shard of planned.shards) results.push(await telling.shard(planned, shard));
  let runs = 0;
  const { verdict } = await telling.finalize(planned, results, () => {
    runs++;
    return 0;
  });
  expect(verdict).toBe('intact');
  expect(runs).toBeGreaterThan(0);
  expect(telling.alerts).toEqual([]);
  expect(telling.outcomes).toEqual(['passed']);
  for (const tenant of tenants) expect(telling.entries(tenant)).toHaveLength(1);
});
