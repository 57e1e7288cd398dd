// Verifying a deployment in order.
import { describe, expect, test } from '@jest/globals';
import { DAY_MS, Deployment } from '../../support/sealing.ts';
import { Verifying } from '../../support/verifying.ts';

describe('a deployment in order', () => {
  test('is intact, in full and incrementally', async () => {
    const deployment = new Deployment();
    await deployment.record('acme#0', deployment.some('payment', 3), deployment.some('debug', 2));
    await deployment.record('globex#0', deployment.some('payment', 1));
    await deployment.seal();
    const verifying = new Verifying(deployment);
    deployment.pass(3_600_000);
    const full = await verifying.run({ mode: 'full' });
    expect(full.found).toEqual([]);
    expect(full.verdict).toBe('intact');
    expect(full.whole.tenants.map(({ tenant, tally }) => [tenant, tally.intact])).toEqual([
      ['acme', 5],
      ['globex', 1],
    ]);
    deployment.pass(DAY_MS);
    await deployment.record('acme#0', deployment.some('payment', 4));
    await deployment.seal();
    // The seal of the day before is then older than the 26 hours for which digests are checked again.
    deployment.pass(3 * 3_600_000);
    const next = await verifying.run();
    expect(next.found).toEqual([]);
    expect(next.whole.tenants.map(({ tenant, tally }) => [tenant, tally.intact])).toEqual([
      ['acme', 4],
      ['globex', 0],
    ]);
    expect(verifying.alerts).toEqual([]);
    expect(verifying.outcomes).toEqual(['passed', 'passed']);
    expect(verifying.entries('acme').map(({ action }) => action)).toEqual([
      'verification.passed',
      'verification.passed',
    ]);
  });
});
