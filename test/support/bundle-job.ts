// A deployment with a bundle's job in it, and what its steps take.
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zlibZip } from '../../adapters/zip/zlib.ts';
import { JOB_STORE } from '../../names/job-store.ts';
import type { Period } from '../../services/bundle/plan.ts';
import { finishBundle } from '../../services/bundle-job/finish.ts';
import type { BundleJob } from '../../services/bundle-job/job.ts';
import { planBundleJob } from '../../services/bundle-job/plan.ts';
import type { BundleFiles } from '../../services/bundle-job/port.ts';
import type { BundlePorts } from '../../services/bundle-job/ports.ts';
import { makeSlice } from '../../services/bundle-job/slice.ts';
import type { JobStore } from '../../services/job-store/port.ts';
import { ServedLog } from '../../services/prove/log.ts';
import { SegmentBodies } from '../../services/prove/segments.ts';
import { MemoryBundleFiles } from '../fakes/memory-bundle-files.ts';
import { MemoryJobStore } from '../fakes/memory-job-store.ts';
import { ORIGIN } from './log-signer.ts';
import { DAY_MS, Deployment } from './sealing.ts';

const TENANT = 'acme';
export const TASK = { tenant: TENANT, id: 'bundle-1' };

const CATEGORIES = ['payment', 'security', 'debug'] as const;

/** Days of entries in two chains of a tenant and in one of another, in categories that alternate; each day is sealed. */
export async function sealedDays(days: number, entries: number): Promise<Deployment> {
  const deployment = new Deployment();
  for (let day = 0; day < days; day++) {
    const samples = (from: number) =>
      Array.from({ length: entries }, (_, i) => ({
        category: CATEGORIES[(from + i * i) % CATEGORIES.length]!,
        recordedAt: deployment.now + i,
        members: { id: `e${day}-${from}-${i}`, description: `entry ${i} of day ${day}` },
      }));
    await deployment.record(`${TENANT}#0`, samples(0), samples(1));
    if (day % 2 === 0) await deployment.record(`${TENANT}#3`, samples(2).slice(0, 5));
    await deployment.record('globex#0', samples(3).slice(0, 2));
    await deployment.seal();
    deployment.pass(DAY_MS);
  }
  return deployment;
}

let ids = 0;

/** What the worker has, in memory; slices are so small that there are several. */
export function bundlePorts(deployment: Deployment, jobs: JobStore, files: BundleFiles): BundlePorts {
  const { store, signer: keys } = deployment;
  const now = () => deployment.now;
  return {
    ...{ jobs, files, now, newId: () => String(ids++), deflating: zlibZip },
    log: new ServedLog({ store, keys, origin: ORIGIN, now: () => new Date(now()) }),
    segments: new SegmentBodies({ store, codec: parquetSegments, onAltered: () => undefined, keptBytes: 0 }),
    onAbsentTile: () => undefined,
    sizes: { sliceBytes: 6_000, partBytes: 1_000 },
  };
}

/** Puts the job in the job store, as its request does. */
export async function begin(
  jobs: JobStore,
  deployment: Deployment,
  { from, to }: Period = {},
  seal = lastSeal(deployment),
): Promise<void> {
  const job: BundleJob = {
    ...{ subject: 'clara', status: 'queued', seal, logSize: 1, createdAt: deployment.now, expiresAt: 4_000_000_000 },
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
  await jobs.put(TENANT, JOB_STORE.bundles, TASK.id, job, 0);
}

export async function jobOf(jobs: JobStore): Promise<BundleJob> {
  return (await jobs.get<BundleJob>(TENANT, JOB_STORE.bundles, TASK.id))!.value;
}

/** Every step of the state machine, each tried again as often as `survives` says so of what it threw. */
export async function runBundle(ports: BundlePorts, survives: (error: unknown) => boolean = () => false) {
  const again = async <T>(step: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await step();
      } catch (error) {
        if (!survives(error)) throw error;
      }
    }
  };
  const { slices } = await again(() => planBundleJob(ports, TASK));
  await Promise.all(slices.map((slice) => again(() => makeSlice(ports, TASK, slice))));
  await again(() => finishBundle(ports, TASK));
  return slices.length;
}

/** Number of the newest seal. */
const lastSeal = ({ store }: Deployment): number =>
  store.keys('seals/').filter((key) => key.endsWith('/checkpoint')).length - 1;

/** What such parts as S3 demands are for samples, whose pieces have some thousand bytes. */
const LEAST_PART_BYTES = 2_000;

/** The bundle that a job makes of a deployment's tenant. */
export async function bundleByJob(deployment: Deployment, period: Period): Promise<Uint8Array> {
  const [jobs, files] = [new MemoryJobStore(), new MemoryBundleFiles(LEAST_PART_BYTES)];
  await begin(jobs, deployment, period);
  await runBundle(bundlePorts(deployment, jobs, files));
  return [...files.objects.values()][0]!;
}
