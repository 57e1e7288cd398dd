// The functions of seal and publish.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { publish } from '../../../functions/steps/publish/publish.ts';
import { sealStep } from '../../../functions/steps/seal/seal.ts';
import { planKey } from '../../../names/log.ts';
import { SealConflict } from '../../../services/seal/opened.ts';
import type { Planned, Sharded, ShardRequest } from '../../../services/seal/steps.ts';
import { expectTrueSeals } from '../../support/check-seals.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';

let lines: Record<string, unknown>[] = [];
const write = process.stdout.write;

beforeEach(() => {
  lines = [];
  process.stdout.write = ((line: string) => lines.push(JSON.parse(line)) > 0) as typeof process.stdout.write;
});
afterEach(() => {
  process.stdout.write = write;
});

/** The values of one metric, as CloudWatch would read them from standard output. */
const metric = (name: string) => lines.flatMap((line) => (name in line && '_aws' in line ? [line[name]] : []));

type PlannedSeal = Exclude<Planned, { nothing: true }>;

/** What goes through the state machine is JSON. */
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value));

async function planned(deployment: Deployment): Promise<PlannedSeal> {
  const plan = json(await sealStep(deployment.ports)({ step: 'plan' }, () => 0));
  if ('nothing' in plan) throw new Error('nothing to seal');
  return plan as PlannedSeal;
}

async function sharded(deployment: Deployment, { seal, plan, shards }: PlannedSeal, shard: number) {
  let cursor: ShardRequest['cursor'] = null;
  for (let runs = 1; ; runs++) {
    const request: ShardRequest = { step: 'shard', seal, plan, shard, shards, chains: [], cursor };
    const answer = json((await sealStep(deployment.ports)(json(request), () => 0)) as Sharded);
    if (answer.done) return { ...answer, runs };
    cursor = answer.cursor;
  }
}

test('the seal’s steps go from answer to answer, each as long as there is time, and are measured', async () => {
  const deployment = new Deployment({ stepEntries: 2 });
  await deployment.record('acme#0', deployment.some('payment', 5));
  await deployment.record('globex#0', deployment.some('payment', 1));
  lines = [];
  const plan = await planned(deployment);
  expect(plan).toMatchObject({ seal: 0, shards: [0, 1], adopted: false });
  const first = await sharded(deployment, plan, 0);
  // Three steps of its chain, and its digest.
  expect(first.runs).toBe(4);
  const second = await sharded(deployment, plan, 1);
  const { store, origin, now } = deployment.ports;
  const request = { seal: plan.seal, plan: plan.plan, results: [first.result, second.result] };
  const published = await publish({ store, origin, now }, deployment.signer)(json(request));
  expect(published).toMatchObject({ seal: 0, size: 2 });
  expect(metric('SealedEntries')).toEqual([2, 2, 1, 1]);
  expect([metric('SealCompleted'), metric('SealShort'), metric('ForeignObject')]).toEqual([[1], [], []]);
  expect(JSON.stringify(lines)).not.toContain(published.checkpoint.split('\n')[2]);
  await expectTrueSeals(deployment);
});

test('a deployment without a chain has nothing to seal', async () => {
  expect(await sealStep(new Deployment().ports)({ step: 'plan' }, () => 0)).toEqual({ nothing: true });
  expect(lines).toEqual([]);
});

test('what was found is reported by name, also when the run fails', async () => {
  const deployment = new Deployment();
  await deployment.record('acme#0', deployment.some('payment', 2));
  const [gone] = deployment.append('acme#0', deployment.some('payment', 1), deployment.some('payment', 1));
  deployment.blocks.remove('acme#0', gone!.position);
  deployment.store.plant(planKey(0), Uint8Array.of(1));
  lines = [];
  const plan = await planned(deployment);
  expect(metric('ForeignObject')).toEqual([1]);
  const answer = await sharded(deployment, plan, 0);
  expect(metric('SealShort')).toEqual([1]);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 'ERROR', chain: 'acme#0', sealed: 2, planned: 4, reason: 'gap' }),
  );
  deployment.fault = () => 'lost';
  const { store, origin, now } = deployment.ports;
  const request = { seal: 0, plan: plan.plan, results: [answer.result] };
  await expect(publish({ store, origin, now }, deployment.signer)(request)).rejects.toThrow('nothing was written');
  expect(metric('SealCompleted')).toEqual([]);
});

test('nothing is signed that does not continue the log', async () => {
  const deployment = new Deployment();
  await deployment.record('acme#0', deployment.some('payment', 2));
  await deployment.record('globex#0', deployment.some('payment', 2));
  const before = await planned(deployment);
  await deployment.seal();
  deployment.pass(DAY_MS);
  await deployment.record('acme#0', deployment.some('payment', 1));
  const plan = await planned(deployment);
  const results = [];
  for (const shard of plan.shards) results.push((await sharded(deployment, plan, shard)).result);
  const { store, origin, now } = deployment.ports;
  const step = publish({ store, origin, now }, deployment.signer);
  const signatures = deployment.signer.signatures;
  for (const request of [
    { seal: 1, plan: plan.plan, results: results.slice(1) },
    { seal: 1, plan: before.plan, results },
    { seal: 2, plan: plan.plan, results },
  ]) {
    await expect(step(request)).rejects.toThrow(SealConflict);
  }
  expect(deployment.signer.signatures).toBe(signatures);
  expect(await step({ seal: 1, plan: plan.plan, results })).toMatchObject({ seal: 1 });
});
