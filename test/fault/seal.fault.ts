// Seals with a fault at each of their writes.
import { describe, expect, test } from '@jest/globals';
import { sha256, toHex } from '../../core/crypto.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { HOLD } from '../../core/documents/hold.ts';
import { holdKey, LOG, planKey } from '../../names/log.ts';
import { type Fault, InjectedFault } from '../fakes/locked-store.ts';
import { expectTrueSeals } from '../support/check-seals.ts';
import { DAY_MS, Deployment } from '../support/sealing.ts';

/** Everything that a seal writes for others to read. */
const WRITTEN = [
  LOG.sealsPrefix,
  LOG.logPrefix,
  LOG.digestsPrefix,
  LOG.contentsPrefix,
  LOG.listsPrefix,
  LOG.chainsPrefix,
];

/** The current bytes of all of it, by their digest. */
function written({ store }: Deployment): Record<string, string> {
  const keys = WRITTEN.flatMap((prefix) => store.keys(prefix));
  return Object.fromEntries(keys.map((key) => [key, toHex(sha256(store.object(key).bytes))]));
}

async function holdIn(deployment: Deployment, tenant: string, slot: number): Promise<void> {
  const at = new Date(deployment.now).toISOString();
  const bytes = HOLD.format({
    ...{ v: 1, kind: 'hold', tenant, number: slot, event: 'applied', id: `hold-${slot}`, at, by: 'c-1' },
    role: 'compliance',
    ...{ reason: 'suit', scope: {} },
  });
  const retainUntil = new Date(deployment.now + DAY_MS);
  await deployment.store.create(holdKey(tenant, slot), {
    bytes,
    contentType: 'application/json',
    metadata: {},
    retainUntil,
  });
}

/** What happens between the seals, and between a plan and its chains. */
const PERIODS: readonly {
  readonly before: (deployment: Deployment) => Promise<void>;
  readonly meanwhile?: (deployment: Deployment) => Promise<void>;
}[] = [
  {
    async before(deployment) {
      await deployment.record('acme#0', deployment.some('payment', 4), [
        ...deployment.some('debug', 2),
        ...deployment.some('payment', 1),
      ]);
      await deployment.record('globex#0', deployment.some('debug', 3));
      await deployment.record('hooli#0', deployment.some('payment', 3));
      // Two hours later it is another day; of this the archive knows nothing yet.
      deployment.pass(3 * 3_600_000);
      deployment.append(
        'acme#0',
        [...deployment.some('payment', 3), ...deployment.some('debug', 2)],
        deployment.some('payment', 2),
      );
      deployment.append('acme#3', deployment.some('payment', 2));
      await holdIn(deployment, 'acme', 0);
    },
    // Segments that begin before the size that is sealed and end behind it.
    async meanwhile(deployment) {
      deployment.append('acme#0', [...deployment.some('debug', 2), ...deployment.some('payment', 2)]);
      await deployment.archive();
    },
  },
  {
    async before(deployment) {
      await deployment.record('acme#3', deployment.some('payment', 6));
      // The tables are put back, and another history is recorded where the archive has one.
      await deployment.record('hooli#0', deployment.some('payment', 2), deployment.some('debug', 3));
      deployment.rollBack('hooli#0', 5);
      await deployment.record('hooli#0', deployment.some('security', 4));
      await deployment.record('hooli#1', deployment.some('payment', 2));
      await deployment.record('initech#0', deployment.some('debug', 1));
      await holdIn(deployment, 'globex', 0);
    },
  },
  {
    async before(deployment) {
      await deployment.record('globex#0', deployment.some('payment', 1));
    },
  },
];

/** The disputed chain is told of by the second seal and the third, once each. */
const DISPUTES = {
  evidence: [1, 2].map((seal) => expect.objectContaining({ kind: 'short', seal, chain: 'hooli#0', position: 5 })),
  recorded: [1, 2].map((seal) => `hooli system seal/${seal}/hooli#0`),
};

/** Everything that was kept as evidence, and recorded. */
function disputes(deployment: Deployment) {
  const evidence = deployment.evidence() as { kind: string; seal?: number }[];
  return {
    evidence: evidence.sort((a, b) => (a.seal ?? 0) - (b.seal ?? 0)),
    recorded: [...deployment.recorded.keys()].sort(),
  };
}

interface Disturbance {
  readonly nth: number;
  readonly fault: Fault;
}

/** One seal after the other, with a fault at the nth write of all that they write, after which that seal begins anew. */
async function history({ nth, fault }: Disturbance) {
  let [writes, faults] = [0, 0];
  const counted = () => (writes++ === nth ? fault : undefined);
  const deployment = new Deployment({ limits: { windowEntries: 5 }, stepEntries: 7 });
  for (const [seal, { before, meanwhile }] of PERIODS.entries()) {
    await before(deployment);
    const at = deployment.now;
    let pending = meanwhile;
    let publish: (() => Promise<unknown>) | undefined;
    const attempt = async () => {
      const planned = await deployment.plan();
      if ('nothing' in planned) throw new Error('nothing to seal');
      const { fault: armed, now } = deployment;
      Object.assign(deployment, { fault: undefined, now: at });
      await pending?.(deployment);
      Object.assign(deployment, { fault: armed, now });
      pending = undefined;
      const results: ObjectRef[] = [];
      for (const shard of planned.shards) results.push((await deployment.shard(planned, shard, () => 0)).result);
      // The state machine repeats its last step with what it had: whoever began anew would make the next seal.
      publish = () => deployment.publish(planned, results);
      await publish();
    };
    deployment.fault = counted;
    try {
      await attempt();
    } catch (error) {
      if (!(error instanceof InjectedFault)) throw error;
      faults++;
      deployment.fault = undefined;
      // Once there is a plan, it is no longer the clock that says what is sealed when.
      if (deployment.store.keys(planKey(seal)).length > 0) deployment.pass(60_000);
      await (publish ?? attempt)();
    }
    deployment.fault = undefined;
    deployment.now = at + DAY_MS;
  }
  return { deployment, writes, faults };
}

describe.each<Fault>(['lost', 'persisted'])('a write whose answer does not come (%s)', (fault) => {
  test('at any write of three seals leaves the bytes that it would have left without', async () => {
    const undisturbed = await history({ nth: -1, fault });
    const want = written(undisturbed.deployment);
    expect(disputes(undisturbed.deployment)).toEqual(DISPUTES);
    expect(undisturbed.deployment.signer.signatures).toBe(6);
    expect(await expectTrueSeals(undisturbed.deployment)).toEqual({
      'acme#0': 18,
      'acme#3': 8,
      'globex#0': 4,
      'hooli#0': 5,
      'hooli#1': 2,
      'initech#0': 1,
    });
    for (let nth = 0; nth < undisturbed.writes; nth++) {
      const { deployment, faults } = await history({ nth, fault });
      expect(faults).toBe(1);
      expect({ nth, written: written(deployment) }).toEqual({ nth, written: want });
      expect(disputes(deployment)).toEqual(DISPUTES);
    }
  });
});
