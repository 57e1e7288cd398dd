/** The routes of bundles for a deployment in memory, with a machine that makes them in this process. */
import { parquetSegments } from '../adapters/parquet/segment.ts';
import { zlibZip } from '../adapters/zip/zlib.ts';
import { bundlesApi } from '../functions/api/bundles/bundles.ts';
import type { Answers } from '../functions/api/shared/routes.ts';
import { newId } from '../functions/shared/id.ts';
import { BUNDLE } from '../names/bundles.ts';
import { finishBundle } from '../services/bundle-job/finish.ts';
import { planBundleJob } from '../services/bundle-job/plan.ts';
import type { BundlePorts } from '../services/bundle-job/ports.ts';
import { makeSlice } from '../services/bundle-job/slice.ts';
import type { BundleTask } from '../services/bundle-job/steps.ts';
import type { EvidenceReader } from '../services/log/versions.ts';
import { inParallel } from '../services/object-lock/parallel.ts';
import { KnownLists } from '../services/prove/lists.ts';
import type { ServedLog } from '../services/prove/log.ts';
import { SegmentBodies } from '../services/prove/segments.ts';
import { MemoryBundleFiles } from '../test/fakes/memory-bundle-files.ts';
import { MemoryJobStore } from '../test/fakes/memory-job-store.ts';
import type { ReadTrail } from '../test/support/reading.ts';

/** S3's least for a part of an upload that is not the last one. */
const LEAST_PART_BYTES = 5 * 1024 * 1024;

export interface BundleJobs {
  readonly answers: Answers;
  readonly files: MemoryBundleFiles;
}

/** Makes bundles beside the requests of whoever asks for them. */
export function bundleJobs(store: EvidenceReader, log: ServedLog, trail: ReadTrail, now: () => Date): BundleJobs {
  const [jobs, files] = [new MemoryJobStore(), new MemoryBundleFiles(LEAST_PART_BYTES)];
  const ports: BundlePorts = {
    ...{ jobs, files, log, newId, deflating: zlibZip, now: () => now().getTime(), onAbsentTile: () => undefined },
    ...{ digests: new Map(), lists: new KnownLists() },
    segments: new SegmentBodies({ store, codec: parquetSegments, onAltered: () => undefined, keptBytes: 0 }),
  };
  const begun = new Map<string, Promise<void>>();
  const starter = {
    // Of one name there is one execution.
    start: async (name: string, task: BundleTask) => void begun.set(name, begun.get(name) ?? made(ports, task)),
  };
  const reading = trail.ports({});
  return { files, answers: bundlesApi({ jobs, files, starter, store, log, reading, newId, now, days: 7 }) };
}

/** As the state machine does. What fails ends the benchmark. */
async function made(ports: BundlePorts, task: BundleTask): Promise<void> {
  const { slices } = await planBundleJob(ports, task);
  await inParallel(slices, BUNDLE.slicesAtOnce, async (slice) => void (await makeSlice(ports, task, slice)));
  await finishBundle(ports, task);
}
