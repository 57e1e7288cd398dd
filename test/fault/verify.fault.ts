// Verifications with a fault at each of their writes.
import { expect, test } from '@jest/globals';
import { digestKey } from '../../names/log.ts';
import { tenantReportKey } from '../../names/verify.ts';
import type { FinalizeOutput, ShardEnd } from '../../services/verify/steps.ts';
import { type Fault, InjectedFault } from '../fakes/locked-store.ts';
import { DAY_MS, Deployment } from '../support/sealing.ts';
import { Verifying } from '../support/verifying.ts';

/** Far more than a verification writes; a fault that never comes has nothing left to test. */
const WRITES = 40;

/** A sealed deployment with something wrong: so that there is something to tell. */
async function tampered(): Promise<Deployment> {
  const deployment = new Deployment();
  await deployment.record('acme#0', deployment.some('payment', 3));
  await deployment.record('globex#0', deployment.some('debug', 2));
  await deployment.seal();
  deployment.pass(3_600_000);
  deployment.store.mark(digestKey('acme', 0));
  return deployment;
}

/** As the state machine does: a step that fails is tried again with the same input. */
async function retried<T>(step: () => Promise<T>, onFault: () => void): Promise<T> {
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof InjectedFault)) throw error;
      onFault();
    }
  }
}

interface Outcome {
  readonly finalized: FinalizeOutput;
  readonly verifying: Verifying;
  readonly faults: number;
}

/** A verification whose nth write goes wrong; undefined: none does. */
async function verifyWith(fault: Fault, nth: number): Promise<Outcome> {
  const verifying = new Verifying(await tampered());
  let writes = 0;
  let faults = 0;
  const inject = () => (writes++ === nth ? fault : undefined);
  verifying.deployment.fault = inject;
  verifying.fault = inject;
  const onFault = () => {
    faults++;
  };
  const planned = await retried(() => verifying.plan({ mode: 'full' }, 'execution'), onFault);
  const results: ShardEnd[] = [];
  for (const shard of planned.shards) results.push(await retried(() => verifying.shard(planned, shard), onFault));
  const finalized = await retried(() => verifying.finalize(planned, results), onFault);
  verifying.deployment.fault = undefined;
  return { finalized, verifying, faults };
}

function reports({ verifying, finalized: { id, report } }: Outcome): string[] {
  const keys = [report.key, ...['acme', 'globex'].map((tenant) => tenantReportKey(tenant, id))];
  return keys.map((key) => Buffer.from(verifying.deployment.store.object(key).bytes).toString());
}

test.each<Fault>(['lost', 'persisted'])(
  'a write whose answer does not come (%s), wherever, changes nothing',
  async (fault) => {
    const clean = await verifyWith(undefined, 0);
    expect(clean.finalized.verdict).toBe('altered');
    let hits = 0;
    for (let nth = 0; nth < WRITES; nth++) {
      const outcome = await verifyWith(fault, nth);
      hits += outcome.faults;
      expect(reports(outcome)).toEqual(reports(clean));
      expect(outcome.finalized.verdict).toBe('altered');
      const actions = (tenant: string) => outcome.verifying.entries(tenant).map(({ action }) => action);
      expect(actions('acme')).toEqual(['verification.failed', 'audit.tampering_detected']);
      expect(actions('globex')).toEqual(['verification.passed']);
      expect(outcome.verifying.alerts.length).toBeGreaterThanOrEqual(1);
      if (outcome.faults === 0) break;
    }
    // Plan, three parts, four reports, the message and three entries at least.
    expect(hits).toBeGreaterThanOrEqual(12);
    expect(hits).toBeLessThan(WRITES);
  },
);

test('a shard that fails for good leaves what the others found, and is itself a finding', async () => {
  const verifying = new Verifying(await tampered());
  const planned = await verifying.plan();
  const results: ShardEnd[] = [];
  for (const shard of planned.shards.slice(0, 2)) results.push(await verifying.shard(planned, shard));
  const failed = { shard: 2, cursor: null, error: { Error: 'States.TaskFailed' } };
  const { verdict, found, whole } = await verifying.finalize(planned, [...results, failed]);
  expect(verdict).toBe('altered');
  expect(found.map(([code, tenant]) => [code, tenant])).toEqual([
    ['covered', 'acme'],
    ['not-verified', 'globex'],
  ]);
  expect(whole.tenants.map(({ tenant, verdict: own }) => [tenant, own])).toEqual([
    ['acme', 'altered'],
    ['globex', 'incomplete'],
  ]);
});

test('what did not pass is verified again from the same place', async () => {
  const deployment = new Deployment();
  const verifying = new Verifying(deployment);
  const next = async (count: number, tamper = () => {}) => {
    await deployment.record('acme#0', deployment.some('payment', count));
    await deployment.seal();
    deployment.pass(3 * 3_600_000);
    tamper();
    const { whole } = await verifying.run();
    deployment.pass(DAY_MS - 3 * 3_600_000);
    const { after, tally, verdict } = whole.tenants[0]!;
    return [after?.number, tally.entries, verdict];
  };
  expect(await next(3)).toEqual([undefined, 3, 'intact']);
  const tamper = () => deployment.store.mark(digestKey('acme', 1));
  expect(await next(2, tamper)).toEqual([0, 2, 'altered']);
  expect(await next(1)).toEqual([0, 3, 'altered']);
});
