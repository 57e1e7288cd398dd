// Verifying in slices.
import { expect, test } from '@jest/globals';
import { Deployment } from '../../support/sealing.ts';
import { Verifying } from '../../support/verifying.ts';

const HOUR_MS = 3_600_000;
const DAYS = 3;

/** Two tenants, one of them with two chains of some tiles each, over three seals whose lists are short. */
async function busy(): Promise<Deployment> {
  const deployment = new Deployment({ stepEntries: 100, limits: { windowEntries: 60 } });
  for (let day = 0; day < DAYS; day++) {
    await deployment.record('acme#0', deployment.some('payment', 90), deployment.some('debug', 130));
    await deployment.record('acme#3', deployment.some('debug', 40));
    await deployment.record('globex#0', deployment.some('security', 5));
    await deployment.seal();
    deployment.pass(24 * HOUR_MS);
  }
  deployment.pass(-23 * HOUR_MS);
  return deployment;
}

const noTime = () => 0;

async function both(deployment: Deployment) {
  const whole = await new Verifying(deployment).run({ mode: 'full' });
  deployment.pass(1);
  const sliced = await new Verifying(deployment).run({ mode: 'full' }, noTime);
  return { whole, sliced };
}

test('in slices as short as they get, finds and counts the same as at one go', async () => {
  const { whole, sliced } = await both(await busy());
  expect(whole.verdict).toBe('intact');
  expect(whole.whole.tenants.map(({ tenant, tally }) => [tenant, tally.entries, tally.intact])).toEqual([
    ['acme', 260 * DAYS, 260 * DAYS],
    ['globex', 5 * DAYS, 5 * DAYS],
  ]);
  // Of bodies that were read ahead and not come to, the next slice reads again.
  const counted = ({ tenants }: typeof whole.whole) =>
    tenants.map((one) => ({ ...one, tally: { ...one.tally, bytes: 0 } }));
  expect(counted(sliced.whole)).toEqual(counted(whole.whole));
  expect(sliced.found).toEqual([]);
});

test('and so it does of what is wrong in many places', async () => {
  const deployment = await busy();
  const segments = deployment.store.keys('entries/tenant=acme/category=debug/');
  deployment.store.mark(segments[1]!);
  deployment.store.plant(segments[4]!, Buffer.from('other'));
  for (const block of deployment.history.get('acme#0')!.slice(2, 4)) {
    const [other] = deployment.history.get('acme#3')!;
    deployment.blocks.put({ ...block, payload: other!.payload });
  }
  const { whole, sliced } = await both(deployment);
  expect(whole.found.map(([code]) => code)).toEqual(['covered', 'ledger-differs', 'covered']);
  expect(whole.found[1]).toEqual(['ledger-differs', 'acme', 0, 220, 439]);
  expect(sliced.found).toEqual(whole.found);
  expect(sliced.whole.tenants.map(({ verdict }) => verdict)).toEqual(['altered', 'intact']);
});

test('the first chain is taken up again in the middle of its hashes and of its bodies', async () => {
  const verifying = new Verifying(await busy(), { shards: 1 });
  const planned = await verifying.plan({ mode: 'full', tenant: 'acme' });
  const phases: unknown[] = [];
  let slices = 0;
  const end = await verifying.shard(planned, 1, () => {
    slices++;
    return 0;
  });
  for (const key of verifying.deployment.store.keys('reports/runs/')) {
    const { progress } = JSON.parse(Buffer.from(verifying.deployment.store.object(key).bytes).toString());
    if (progress?.phase === 'evidence') phases.push(progress.at.sealedRange === undefined ? 'bodies' : 'hashes');
  }
  expect(end.done).toBe(true);
  expect(slices).toBeGreaterThan(10);
  expect(new Set(phases)).toEqual(new Set(['hashes', 'bodies']));
});
