// Bundles made by a job, with a fault at each of its writes.
import { describe, expect, test } from '@jest/globals';
import type { Period } from '../../services/bundle/plan.ts';
import { finishBundle, giveUpBundle } from '../../services/bundle-job/finish.ts';
import { changeBundle } from '../../services/bundle-job/job.ts';
import { planBundleJob } from '../../services/bundle-job/plan.ts';
import { makeSlice, positionsMade, RECORDS } from '../../services/bundle-job/slice.ts';
import { MemoryBundleFiles } from '../fakes/memory-bundle-files.ts';
import { MemoryJobStore } from '../fakes/memory-job-store.ts';
import { begin, bundlePorts, jobOf, runBundle, sealedDays, TASK } from '../support/bundle-job.ts';
import { unpacked, verifyBytes } from '../support/bundling.ts';
import { DAY_MS } from '../support/sealing.ts';

class Killed extends Error {}

const isKilled = (error: unknown) => error instanceof Killed;

/** S3's is 5 MiB; the samples are as much smaller. */
const LEAST = 2_000;

const SEAL = 3;

function dying(at: number, made: boolean) {
  let writes = 0;
  const around = <T>(write: () => T): T => {
    const isTheOne = writes++ === at;
    if (isTheOne && !made) throw new Killed();
    const done = write();
    if (isTheOne) throw new Killed();
    return done;
  };
  const files = new MemoryBundleFiles(LEAST);
  let lost = 0;
  files.fault = (kind, write) => {
    // An upload whose id nobody was told can't be aborted by anybody but the bucket's lifecycle.
    if (kind === 'upload' && made && writes === at) lost++;
    return around(write);
  };
  return { files, jobs: new MemoryJobStore(around), count: () => writes, lostUploads: () => lost };
}

const bytesOf = ({ objects }: MemoryBundleFiles): Uint8Array => [...objects.values()][0]!;

async function contentsOf(files: MemoryBundleFiles): Promise<Record<string, string>> {
  const contents = await unpacked(bytesOf(files));
  return Object.fromEntries([...contents].map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]));
}

describe.each<[string, Period]>([
  ['everything', {}],
  ['a range of days', { from: '2026-03-02', to: '2026-03-03' }],
])('a bundle of %s', (_, period) => {
  test('killed at any write and begun again is the same bundle, and verifies', async () => {
    const deployment = await sealedDays(4, 40);
    const calm = dying(Number.POSITIVE_INFINITY, false);
    await begin(calm.jobs, deployment, period, SEAL);
    const slices = await runBundle(bundlePorts(deployment, calm.jobs, calm.files));
    expect(slices).toBeGreaterThan(3);
    const wanted = await contentsOf(calm.files);
    expect(await verifyBytes(bytesOf(calm.files))).toMatchObject({ verdict: 'intact' });
    expect(await jobOf(calm.jobs)).toMatchObject({ status: 'succeeded', bytes: bytesOf(calm.files).length });
    for (let at = 1; at < calm.count(); at++) {
      for (const made of [false, true]) {
        const { jobs, files, lostUploads } = dying(at, made);
        await begin(jobs, deployment, period, SEAL);
        await runBundle(bundlePorts(deployment, jobs, files), isKilled);
        expect([at, made, await contentsOf(files)]).toEqual([at, made, wanted]);
        expect([at, made, files.open.size, files.objects.size]).toEqual([at, made, lostUploads(), 1]);
        expect(await jobOf(jobs)).toMatchObject({ status: 'succeeded', bytes: bytesOf(files).length });
      }
    }
  });
});

async function begun() {
  const deployment = await sealedDays(4, 40);
  const [jobs, files] = [new MemoryJobStore(), new MemoryBundleFiles(LEAST)];
  await begin(jobs, deployment, {}, SEAL);
  return { deployment, jobs, files, ports: bundlePorts(deployment, jobs, files) };
}

test('every step delivered twice, side by side, makes one bundle that verifies', async () => {
  const { ports, files, jobs } = await begun();
  const [{ slices }] = await Promise.all([planBundleJob(ports, TASK), planBundleJob(ports, TASK)]);
  await Promise.all([...slices, ...slices].map((slice) => makeSlice(ports, TASK, slice)));
  await Promise.all([finishBundle(ports, TASK), finishBundle(ports, TASK)]);
  expect(await verifyBytes(bytesOf(files))).toMatchObject({ verdict: 'intact' });
  expect([files.open.size, (await jobOf(jobs)).status]).toEqual([0, 'succeeded']);
  // As many pieces as there were makers, one record each, and no document of either was replaced.
  expect(files.pieces.size).toBeLessThanOrEqual(2 * slices.length);
  expect(await files.names(TASK, RECORDS)).toHaveLength(slices.length);
});

test('what has expired between two tries of a slice is the same in piece and record', async () => {
  const { deployment, ports, files } = await begun();
  const { slices } = await planBundleJob(ports, TASK);
  await makeSlice(ports, TASK, slices[0]!);
  deployment.pass(60 * DAY_MS);
  for (const key of deployment.store.keys('entries/').filter((one) => one.includes('category=debug'))) {
    deployment.store.deleteVersion(key, deployment.store.object(key).version);
  }
  for (const slice of slices) await makeSlice(ports, TASK, slice);
  await finishBundle(ports, TASK);
  // Nothing says that they expired: the verifier misses them, and finds nothing that is altered.
  const { verdict } = await verifyBytes(bytesOf(files));
  expect(['missing', 'incomplete']).toContain(verdict);
});

test('progress counts the positions whose slices are made', async () => {
  const { ports, files, jobs } = await begun();
  const { slices } = await planBundleJob(ports, TASK);
  const made = async () => positionsMade(await files.names(TASK, RECORDS));
  expect(await made()).toBe(0);
  const seen: number[] = [];
  for (const slice of slices) {
    await makeSlice(ports, TASK, slice);
    seen.push(await made());
  }
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe((await jobOf(jobs)).positions);
});

describe('a bundle that is cancelled', () => {
  const cancel = (jobs: MemoryJobStore) =>
    changeBundle(jobs, TASK, (job) => ({ ...job, status: 'cancelled', endedAt: 1 }));

  test('before it is planned has no slices, and makes nothing', async () => {
    const { ports, files, jobs } = await begun();
    await cancel(jobs);
    expect(await runBundle(ports)).toBe(0);
    expect([files.documents.size, files.pieces.size, files.objects.size]).toEqual([0, 0, 0]);
    expect(await jobOf(jobs)).toMatchObject({ status: 'cancelled', endedAt: 1 });
  });

  test('while slices are made makes no more of them, and no object', async () => {
    const { ports, files, jobs } = await begun();
    const { slices } = await planBundleJob(ports, TASK);
    await makeSlice(ports, TASK, slices[0]!);
    await cancel(jobs);
    for (const slice of slices) await makeSlice(ports, TASK, slice);
    await finishBundle(ports, TASK);
    expect([files.pieces.size, files.objects.size]).toEqual([1, 0]);
  });

  test('while its parts are copied is not completed, and nothing of the upload stays', async () => {
    const { ports, files, jobs } = await begun();
    let cancelled: Promise<unknown> | undefined;
    files.fault = (kind, write) => {
      if (kind === 'copy') cancelled ??= cancel(jobs);
      return write();
    };
    await runBundle(ports);
    await cancelled;
    expect([files.objects.size, files.open.size, (await jobOf(jobs)).status]).toEqual([0, 0, 'cancelled']);
  });

  test('while it is completed stays cancelled', async () => {
    const { ports, files, jobs } = await begun();
    let cancelled: Promise<unknown> | undefined;
    files.fault = (kind, write) => {
      const done = write();
      if (kind === 'complete') cancelled = cancel(jobs);
      return done;
    };
    await runBundle(ports);
    await cancelled;
    expect((await jobOf(jobs)).status).toBe('cancelled');
  });
});

test('given up, it says so, and only if it has not ended', async () => {
  const { ports, jobs } = await begun();
  await giveUpBundle(ports, TASK);
  expect(await jobOf(jobs)).toMatchObject({ status: 'failed', reason: expect.stringContaining('given up') });
  const done = await begun();
  await runBundle(done.ports);
  await giveUpBundle(done.ports, TASK);
  expect((await jobOf(done.jobs)).status).toBe('succeeded');
});

test('of days after the last seal it fails and says that', async () => {
  const deployment = await sealedDays(1, 3);
  const [jobs, files] = [new MemoryJobStore(), new MemoryBundleFiles(LEAST)];
  await begin(jobs, deployment, { from: '2030-01-01' });
  expect(await runBundle(bundlePorts(deployment, jobs, files))).toBe(0);
  expect(await jobOf(jobs)).toMatchObject({ status: 'failed', reason: expect.stringContaining('2030-01-01') });
});
