// Deployments whose bundles are verified by the second implementation.
import type { HoldEvent } from '../../../core/documents/hold.ts';
import { HoldEvents } from '../../../services/hold/events.ts';
import { expireCategory } from '../../support/expire-deployment.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';
import { sealed } from '../../support/serving.ts';

const RETENTION: Readonly<Record<string, string>> = { debug: 'PT2S', error: 'P7D', security_incident: 'permanent' };

function deployed(): Deployment {
  const deployment = new Deployment();
  deployment.retention = (_tenant, category) => RETENTION[category] ?? 'P7Y';
  return deployment;
}

async function sealDays(deployment: Deployment, days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    await deployment.seal();
    deployment.pass(DAY_MS);
  }
}

async function recordDays(deployment: Deployment, days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    const samples = ['debug', 'error', 'payment', 'security_incident', 'debug'];
    await deployment.record(
      'acme#0',
      samples.flatMap((category) => deployment.some(category, 1 + day)),
    );
    await deployment.record('acme#1', deployment.some('debug', 2));
    await deployment.record('globex#0', deployment.some('payment'));
    await deployment.seal();
    deployment.pass(DAY_MS);
  }
}

type Event = Pick<HoldEvent, 'event' | 'id' | 'reason' | 'scope'>;

async function writeHold(deployment: Deployment, event: Event): Promise<void> {
  const at = new Date(deployment.now).toISOString();
  const holds = new HoldEvents(deployment.store, () => new Date(deployment.now));
  await holds.append('acme', (before) => {
    const hold = before.holds.find(({ id }) => id === event.id);
    const isWritten = event.event === 'applied' ? hold !== undefined : hold?.released !== undefined;
    return isWritten
      ? undefined
      : { v: 1, kind: 'hold', tenant: 'acme', at, by: 'officer-1', role: 'compliance', ...event };
  });
}

/** Debug entries, kept for seconds after their seal, and errors, kept for a week after their day, are gone. */
export async function expired(): Promise<Deployment> {
  const deployment = deployed();
  await recordDays(deployment, 3);
  await sealDays(deployment, 9);
  for (const category of ['debug', 'error']) await expireCategory(deployment, category);
  await deployment.seal();
  return deployment;
}

/** The same, but what expired last is not sealed yet: of two tombstones, one is. */
export async function expiring(): Promise<Deployment> {
  const deployment = deployed();
  await recordDays(deployment, 3);
  await sealDays(deployment, 9);
  await expireCategory(deployment, 'debug');
  await deployment.seal();
  deployment.pass(DAY_MS);
  await expireCategory(deployment, 'error');
  return deployment;
}

/** What user-1 did is held while the rest of the errors expire; one hold is released again. */
export async function held(): Promise<Deployment> {
  const deployment = deployed();
  await recordDays(deployment, 2);
  const scope = { subject: 'user-1', category: 'error', from: '2026-03-02T00:00:00.000Z' };
  await writeHold(deployment, { event: 'applied', id: 'case-1', reason: 'a lawsuit', scope });
  const other = { event: 'applied', id: 'case-2', reason: 'another', scope: { target: { type: 'invoice' } } } as const;
  await writeHold(deployment, other);
  await sealDays(deployment, 10);
  await writeHold(deployment, { ...other, event: 'released', reason: 'settled' });
  await expireCategory(deployment, 'error');
  await deployment.seal();
  return deployment;
}

/** Full tiles, three chains that begin on different days, and a segment that reaches over the end of a seal. */
export async function several(): Promise<Deployment> {
  const deployment = deployed();
  await deployment.record('acme#0', deployment.some('payment', 300));
  await deployment.record('acme#7', deployment.some('core', 3));
  deployment.append('acme#0', deployment.some('payment', 2));
  const planned = await deployment.plan();
  if ('nothing' in planned) throw new Error('got nothing to seal, want a plan');
  // The archive takes both in one segment, while the seal is at work.
  deployment.append('acme#0', deployment.some('payment', 4));
  await deployment.archive();
  const results = [];
  for (const shard of planned.shards) results.push((await deployment.shard(planned, shard)).result);
  await deployment.publish(planned, results);
  for (let day = 0; day < 3; day++) {
    deployment.pass(DAY_MS);
    await deployment.record('acme#0', [...deployment.some('payment', 150), ...deployment.some('debug', 5)]);
    await deployment.record('acme#2', deployment.some('session', 90), deployment.some('core', 1));
    await deployment.seal();
  }
  // A day on which nothing happened has a digest all the same.
  deployment.pass(DAY_MS);
  await deployment.seal();
  return deployment;
}

/** Three days of two chains, without anything else. */
export const plain = (): Promise<Deployment> => sealed(3);
