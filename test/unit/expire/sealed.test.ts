// Expiry over what seals have written.
import { describe, expect, test } from '@jest/globals';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { zstd } from '../../../adapters/zstd.ts';
import { CONTENTS } from '../../../core/documents/contents.ts';
import { NO_EXTRA_REDACTION } from '../../../core/redact/policy.ts';
import { contentsKey, planKey } from '../../../names/log.ts';
import { Ledger } from '../../../services/append/ledger.ts';
import { expire, NOTHING_EXPIRED } from '../../../services/expire/expire.ts';
import { newestSealedLog } from '../../../services/expire/log.ts';
import { planExpiry } from '../../../services/expire/plan.ts';
import type { ExpirePorts } from '../../../services/expire/port.ts';
import type { ExpireTask } from '../../../services/expire/steps.ts';
import { HoldEvents } from '../../../services/hold/events.ts';
import { MemoryBlockStore } from '../../fakes/memory-block-store.ts';
import { FakeClock } from '../../support/clock.ts';
import { Deployment } from '../../support/sealing.ts';

const DAY_MS = 86_400_000;

function portsOf(deployment: Deployment): ExpirePorts {
  const now = () => new Date(deployment.now);
  const clock = Object.assign(new FakeClock(), { now: () => deployment.now });
  const store = new MemoryBlockStore({ now: () => deployment.now });
  return {
    ...{ store: deployment.store, codec: parquetSegments, holds: new HoldEvents(deployment.store, now), now },
    ...{ retention: deployment.ports.retention, budgetMs: 60_000, onFinding: () => undefined },
    newestSeal: async () => newestSealedLog(await deployment.log()),
    recording: { ledger: new Ledger({ store, compression: zstd, clock }), redaction: NO_EXTRA_REDACTION, now },
  };
}

const task = (category: string): ExpireTask => ({
  ...{ step: 'expire', run: 'run', category, done: false, expired: NOTHING_EXPIRED },
});

/** Ten days of debug entries of two tenants, sealed each evening, kept for two seconds. */
async function tenDays(): Promise<Deployment> {
  const deployment = new Deployment();
  deployment.retention = (_tenant, category) => (category === 'debug' ? 'PT2S' : 'P7Y');
  for (let day = 0; day < 10; day++) {
    await deployment.record('acme#0', [...deployment.some('debug', 3), ...deployment.some('payment', 1)]);
    await deployment.record('globex#1', deployment.some('debug', 2));
    await deployment.seal();
    deployment.pass(DAY_MS);
  }
  return deployment;
}

const bodies = (deployment: Deployment, category: string) =>
  deployment.store.keys('entries/').filter((key) => key.includes(`category=${category}/`)).length;

describe('over what seals really wrote', () => {
  test('expires every tenant, and the next digest names the tombstones', async () => {
    const deployment = await tenDays();
    // Ends in nothing for payment, and the last debug day has passed too.
    const ports = portsOf(deployment);
    const planned = await planExpiry('run', {}, ports);
    expect(planned.map(({ category }) => category)).toEqual(expect.arrayContaining(['debug', 'payment']));
    expect(planned.map(({ category }) => category)).toContain('sanction');
    expect(bodies(deployment, 'debug')).toBe(20);
    const { done, expired } = await expire(task('debug'), ports);
    expect([done, expired.segments, expired.positions, expired.findings]).toEqual([true, 20, 50, 0]);
    expect([bodies(deployment, 'debug'), bodies(deployment, 'payment')]).toEqual([0, 10]);
    const { seal } = (await deployment.seal())!;
    for (const tenant of ['acme', 'globex']) {
      const contents = CONTENTS.parse(deployment.store.object(contentsKey(tenant, seal)).bytes);
      expect([contents.tombstones.length, contents.nextTombstone]).toEqual([1, 1]);
    }
  });

  test('goes by the genuine plan and digests, whatever is put over them', async () => {
    const deployment = await tenDays();
    for (const key of [planKey(9), ...deployment.store.keys('digests/'), ...deployment.store.keys('log/')]) {
      deployment.store.plant(key, Buffer.from('{}'));
    }
    const { expired } = await expire(task('debug'), portsOf(deployment));
    expect([expired.segments, expired.findings]).toEqual([20, 0]);
  });

  test('leaves what came after the newest seal', async () => {
    const deployment = await tenDays();
    await deployment.record('acme#0', deployment.some('debug', 1));
    deployment.pass(DAY_MS);
    const { expired } = await expire(task('debug'), portsOf(deployment));
    expect([expired.segments, expired.early]).toEqual([20, 1]);
  });
});

describe('a plan', () => {
  test('has no tasks before the first seal, and one for the category that is asked for', async () => {
    expect(await planExpiry('run', {}, portsOf(new Deployment()))).toEqual([]);
    const deployment = await tenDays();
    const ports = portsOf(deployment);
    expect(await planExpiry('run', { category: 'debug' }, ports)).toEqual([task('debug')]);
    expect(await planExpiry('run', { category: 'debug', tenant: 'globex' }, ports)).toEqual([
      { ...task('debug'), tenant: 'globex' },
    ]);
    expect(await planExpiry('run', { tenant: 'nobody' }, ports)).toEqual([]);
    const { expired } = await expire({ ...task('debug'), tenant: 'globex' }, ports);
    expect([expired.segments, bodies(deployment, 'debug')]).toEqual([10, 10]);
  });

  test('passes over categories that everybody keeps for ever', async () => {
    const deployment = await tenDays();
    deployment.retention = (tenant, category) => (category === 'error' && tenant === 'acme' ? 'P1Y' : 'permanent');
    const planned = await planExpiry('run', {}, portsOf(deployment));
    expect(planned.map(({ category }) => category)).toEqual(['error']);
  });
});
