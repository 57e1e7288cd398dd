// What a seal costs.
import { expect, test } from '@jest/globals';
import { Sealing } from '../../../services/seal/context.ts';
import { planSeal } from '../../../services/seal/plan.ts';
import type { SealPorts } from '../../../services/seal/port.ts';
import { publishSeal } from '../../../services/seal/publish.ts';
import { sealShard } from '../../../services/seal/shard.ts';
import { counting } from '../../support/counting.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';

const NEW_ENTRIES = 100;
const BLOCK = 500;

/** Calls of store and ledger that the next seal makes, of a hundred new entries. */
async function costOfNext(deployment: Deployment): Promise<number> {
  let calls = 0;
  const count = () => {
    calls++;
  };
  await deployment.record('acme#0', deployment.some('payment', NEW_ENTRIES));
  const { store, blocks } = deployment.ports;
  const ports: SealPorts = { ...deployment.ports, store: counting(store, count), blocks: counting(blocks, count) };
  const planned = await planSeal(new Sealing(ports));
  if ('nothing' in planned) throw new Error('nothing to seal');
  const { seal, plan, shards } = planned;
  const request = { step: 'shard', seal, plan, shards, shard: 0, chains: [], cursor: null } as const;
  const sharded = await sealShard(new Sealing(ports), request, () => Number.POSITIVE_INFINITY);
  if (!sharded.done) throw new Error('the shard is not done');
  await publishSeal(new Sealing(ports), deployment.signer, { seal, plan, results: [sharded.result] });
  return calls;
}

test('a seal costs what is new, not what there is: the same at a hundred times the history', async () => {
  const costs: number[] = [];
  for (const history of [1_000, 10_000, 100_000]) {
    const deployment = new Deployment();
    for (let i = 0; i < history; i += BLOCK * 20) {
      const blocks = Array.from({ length: Math.min(20, (history - i) / BLOCK) }, () =>
        deployment.some('payment', BLOCK),
      );
      await deployment.record('acme#0', ...blocks);
    }
    await deployment.seal();
    deployment.pass(2 * DAY_MS);
    costs.push(await costOfNext(deployment));
  }
  // A tile more a level of the tree.
  expect(Math.max(...costs) - Math.min(...costs)).toBeLessThanOrEqual(8);
  expect(Math.max(...costs)).toBeLessThan(100);
});

test('a seal costs no more after a hundred seals than after ten, quiet ones or not', async () => {
  const costs: number[] = [];
  for (const [seals, isQuiet] of [
    [10, false],
    [100, false],
    [10, true],
    [100, true],
  ] as const) {
    const deployment = new Deployment();
    await deployment.record('acme#0', deployment.some('payment', 1));
    for (let i = 0; i < seals; i++) {
      if (!isQuiet) await deployment.record('acme#0', deployment.some('payment', 2));
      await deployment.seal();
      deployment.pass(DAY_MS);
    }
    costs.push(await costOfNext(deployment));
  }
  // Finding the newest one takes a look or two more, each time their number doubles.
  expect(Math.max(...costs) - Math.min(...costs)).toBeLessThanOrEqual(40);
  expect(Math.max(...costs)).toBeLessThan(130);
});

const CATEGORIES = ['payment', 'debug', 'security', 'audit', 'api'];

/** Listings that the next seal makes, of a tenant with so many chains and a history of so many days. */
async function listingsOfNext(chains: number, days: number): Promise<number> {
  const deployment = new Deployment();
  const recordAll = async () => {
    for (let chain = 0; chain < chains; chain++) {
      const entries = CATEGORIES.flatMap((category) => deployment.some(category, 2));
      await deployment.record(`acme#${chain}`, entries);
    }
  };
  for (let day = 0; day < days; day++) {
    await recordAll();
    await deployment.seal();
    deployment.pass(DAY_MS);
  }
  await recordAll();
  let listings = 0;
  const store = counting(deployment.store, (name) => {
    if (name === 'list' || name === 'folders') listings++;
  });
  const planned = await planSeal(new Sealing({ ...deployment.ports, store }));
  if ('nothing' in planned) throw new Error('nothing to seal');
  const request = { ...planned, step: 'shard', chains: [], shard: 0, cursor: null } as const;
  const sealing = new Sealing({ ...deployment.ports, store });
  const { done } = await sealShard(sealing, request, () => Number.POSITIVE_INFINITY);
  expect([done, sealing.summary.short]).toEqual([true, []]);
  return listings;
}

test('what the archive has since the seal before is listed once a category, for all chains and whatever the history', async () => {
  const [one, many, old] = [await listingsOfNext(1, 1), await listingsOfNext(12, 1), await listingsOfNext(1, 12)];
  // One names the tenants, one the tenant's categories.
  expect([one, many, old]).toEqual([2, 2, 2].map((folders) => folders + CATEGORIES.length));
});
