// Routes of bundles, and the steps of one.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { bundleStep } from '../../../functions/steps/bundle/bundle.ts';
import { BUNDLE } from '../../../names/bundles.ts';
import type { BundlePlanned } from '../../../services/bundle-job/steps.ts';
import { MemoryBundleFiles } from '../../fakes/memory-bundle-files.ts';
import { MemoryJobStore } from '../../fakes/memory-job-store.ts';
import { begin, bundlePorts, jobOf, sealedDays, TASK } from '../../support/bundle-job.ts';
import { Routes, sampleDeployment } from '../../support/routes.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';

const WHO = { tenant: 'acme', role: 'compliance', subject: 'me' };

let deployment: Deployment;
let routes: Routes;
beforeEach(async () => {
  deployment = await sampleDeployment();
  routes = new Routes(deployment);
});

const begun = async (body: object = {}) => (await routes.ask('startBundle', WHO, { body })).json;
const read = async (id: string) => (await routes.ask('readBundle', WHO, { path: { id } })).json;
const actions = () => routes.trail.entries().map(({ action }) => action);

test('a bundle is queued, then made, and then its answer has an address and is recorded', async () => {
  const bundle = await begun();
  expect(bundle).toMatchObject({ status: 'queued', from: null, to: null, positions: null, bytes: null, reason: null });
  expect(await read(bundle.id)).toMatchObject({ status: 'queued', done: 0 });
  expect(actions()).toEqual(['audit.export_started']);
  await routes.bundled('acme', bundle.id);
  const made = await read(bundle.id);
  expect(made).toMatchObject({ status: 'succeeded', url: `https://files.example/acme/${bundle.id}.zip` });
  expect([made.positions, made.done]).toEqual([made.positions, made.positions]);
  expect(actions()).toEqual(['audit.export_started', 'audit.export_downloaded']);
  const { bundles } = (await routes.ask('listBundles', WHO)).json;
  expect(bundles).toMatchObject([{ id: bundle.id, status: 'succeeded', bytes: made.bytes, done: null }]);
  expect(bundles[0].url).toBeUndefined();
});

test('the days and the size of the log are recorded, and who asked', async () => {
  const { id, logSize } = await begun({ from: '2026-01-01' });
  expect(routes.trail.entries()).toMatchObject([
    {
      ...{ action: 'audit.export_started', actor: { id: 'me', role: 'compliance' }, target: { type: 'bundle', id } },
      metadata: { from: '2026-01-01', logSize },
    },
  ]);
});

test('one that is over is not there any more', async () => {
  const { id } = await begun();
  deployment.now += 7 * DAY_MS - 1_000;
  expect(await read(id)).toMatchObject({ id });
  deployment.now += 1_000;
  expect(await read(id)).toMatchObject({ status: 404, type: 'urn:indelible:problem:not-found' });
  expect((await routes.ask('listBundles', WHO)).json.bundles).toEqual([]);
});

test('one that is cancelled stays so, once', async () => {
  const { id } = await begun();
  const cancel = () => routes.ask('cancelBundle', WHO, { path: { id } });
  expect((await cancel()).json).toMatchObject({ id, status: 'cancelled' });
  expect(await cancel()).toMatchObject({ status: 409, json: { type: 'urn:indelible:problem:already-finished' } });
  await routes.bundled('acme', id);
  expect(await read(id)).toMatchObject({ status: 'cancelled', bytes: null });
});

test('nothing is begun where nothing is sealed, or not since', async () => {
  expect(await begun({ from: '2099-01-01' })).toMatchObject({ type: 'urn:indelible:problem:nothing-to-export' });
  const empty = new Routes(new Deployment());
  const answer = await empty.ask('startBundle', WHO, { body: {} });
  expect(answer).toMatchObject({ status: 409, json: { type: 'urn:indelible:problem:not-sealed', sealed: 0 } });
  expect([empty.trail.entries(), actions()]).toEqual([[], []]);
});

test.each([
  [{ from: '2026-02-30' }, '/from'],
  [{ to: '2026-13-01' }, '/to'],
  [{ from: '2026-03-02', to: '2026-03-01' }, '/to'],
  [{ from: 'yesterday' }, '/from'],
])('%j are no days', async (body, pointer) => {
  const { status, json } = await routes.ask('startBundle', WHO, { body });
  expect([status, json.type]).toEqual([422, 'urn:indelible:problem:invalid-export']);
  expect(json.errors).toMatchObject([{ pointer, detail: expect.stringContaining('want') }]);
});

describe('a step', () => {
  const steps = async () => {
    const world = await sealedDays(2, 10);
    const [jobs, files] = [new MemoryJobStore(), new MemoryBundleFiles(2_000)];
    await begin(jobs, world);
    return { jobs, files, step: bundleStep(bundlePorts(world, jobs, files)) };
  };

  test('takes what the state machine gives it, and the bundle comes to its end', async () => {
    const { jobs, files, step } = await steps();
    const { slices } = (await step({ step: 'plan', ...TASK })) as BundlePlanned;
    expect(slices.length).toBeLessThanOrEqual(BUNDLE.mostSlices);
    for (const shard of slices)
      expect(await step({ step: 'slice', ...TASK, shard, cursor: null })).toEqual({ done: true });
    expect(await step({ step: 'finish', ...TASK })).toEqual({ done: true });
    expect([(await jobOf(jobs)).status, files.objects.size]).toEqual(['succeeded', 1]);
  });

  test('that is given up marks the job', async () => {
    const { jobs, step } = await steps();
    expect(await step({ step: 'give-up', ...TASK })).toEqual({ done: true });
    expect((await jobOf(jobs)).status).toBe('failed');
  });

  test.each([
    [undefined],
    [{ step: 'plan' }],
    [{ step: 'plan', tenant: '../other', id: 'b' }],
    [{ step: 'plan', tenant: 'acme', id: '' }],
    [{ step: 'slice', ...TASK }],
    [{ step: 'slice', ...TASK, shard: -1 }],
    [{ step: 'slice', ...TASK, shard: '0' }],
    [{ step: 'other', ...TASK }],
  ])('refuses %j', async (payload) => {
    const { step } = await steps();
    await expect(step(payload)).rejects.toMatchObject({ code: 'input' });
  });

  test('for a slice that the plan has not, fails', async () => {
    const { step } = await steps();
    await step({ step: 'plan', ...TASK });
    await expect(step({ step: 'slice', ...TASK, shard: 99 })).rejects.toThrow(RangeError);
  });

  test('without the ones before it fails, and says what is missing', async () => {
    const { step } = await steps();
    await expect(step({ step: 'slice', ...TASK, shard: 0 })).rejects.toThrow('has no plan');
    await step({ step: 'plan', ...TASK });
    await expect(step({ step: 'finish', ...TASK })).rejects.toThrow('lacks slice 0');
  });
});
