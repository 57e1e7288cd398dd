// The end of a bundle: its pieces, what is small, and the directory become one object.
import { entriesFile, tileFile } from '../../core/bundle/files.ts';
import { tilePath } from '../../core/tiles/path.ts';
import { type DeflatedSlice, type StoredRecord, ZipWriter } from '../../core/zip/writer.ts';
import type { Period } from '../bundle/plan.ts';
import { writeEnd, writeSealed } from '../bundle/write.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { Assembly } from './assembly.ts';
import { type BundleJob, changeBundle, hasEnded, readBundle } from './job.ts';
import { type FixedPlan, planned, planOf } from './plan.ts';
import type { Piece } from './port.ts';
import type { BundlePorts } from './ports.ts';
import { type EntriesMade, recordName, type SliceRecord, type TilesMade, tileBytes, tilesOf } from './slice.ts';
import type { Unit } from './slices.ts';
import type { BundleStep, BundleTask } from './steps.ts';
import { StoredSource } from './stored-source.ts';

const TOOL = 'indelible';

/** Records of slices that are read at the same time. */
const RECORDS_AT_ONCE = 16;

/** A slice has no record although the steps before made all of them. */
class SliceMissing extends Error {
  override readonly name = 'SliceMissing';
  readonly code = 'slice-missing';
}

/** An object that was completed a moment ago is gone. */
class ObjectMissing extends Error {
  override readonly name = 'ObjectMissing';
  readonly code = 'object-missing';
}

/**
 * Makes the object and marks the job. An object that is there is whole and this job's: whoever died behind its last request, or never
 * got the answer, has made it.
 */
export async function finishBundle(ports: BundlePorts, task: BundleTask): Promise<BundleStep> {
  const job = await underWay(ports, task);
  if (job === undefined) return { done: true };
  const isThere = (await ports.files.finished(task)) !== undefined || (await assemble(ports, task, job));
  if (!isThere) return { done: true };
  const bytes = await ports.files.finished(task);
  if (bytes === undefined) throw new ObjectMissing(`bundle ${task.id} is not there although its upload was completed`);
  await changeBundle(ports.jobs, task, (job) => ({ ...job, status: 'succeeded', endedAt: ports.now(), bytes }));
  return { done: true };
}

/** The bundle can't be made, and nobody else will try. */
export async function giveUpBundle({ jobs, now }: BundlePorts, task: BundleTask): Promise<BundleStep> {
  const reason = 'The bundle was given up after repeated failures.';
  await changeBundle(jobs, task, (job) => ({ ...job, status: 'failed', endedAt: now(), reason }));
  return { done: true };
}

/** Undefined when it has ended. */
async function underWay({ jobs }: BundlePorts, task: BundleTask): Promise<BundleJob | undefined> {
  const item = await readBundle(jobs, task);
  return item === undefined || hasEnded(item.value) ? undefined : item.value;
}

/** Makes the object; false where the job has ended meanwhile, and there is none. */
async function assemble(ports: BundlePorts, task: BundleTask, job: BundleJob): Promise<boolean> {
  const plan = await planOf(ports, task);
  const records = await recordsOf(ports, task, plan);
  const source = await StoredSource.open(ports, task.tenant, job.seal);
  const upload = await ports.files.upload(task);
  const assembly = new Assembly(upload, (piece, from, to) => ports.files.range(task, piece, from, to));
  try {
    await writeArchive(ports, source, assembly, plan, records, job);
    await assembly.finish();
    const isWanted = (await underWay(ports, task)) !== undefined;
    await (isWanted ? upload.complete() : upload.abort());
    return isWanted;
  } catch (error) {
    await assembly.settle();
    await Promise.allSettled([upload.abort()]);
    throw error;
  }
}

async function recordsOf({ files }: BundlePorts, task: BundleTask, plan: FixedPlan): Promise<SliceRecord[]> {
  const records: SliceRecord[] = [];
  await inParallel([...plan.slices.keys()], RECORDS_AT_ONCE, async (slice) => {
    const bytes = await files.read(task, recordName(plan, slice));
    if (bytes === undefined) throw new SliceMissing(`bundle ${task.id} lacks slice ${slice}`);
    records[slice] = JSON.parse(new TextDecoder().decode(bytes)) as SliceRecord;
  });
  return records;
}

async function writeArchive(
  { deflating, now }: BundlePorts,
  source: StoredSource,
  assembly: Assembly,
  plan: FixedPlan,
  records: readonly SliceRecord[],
  { from, to }: Period,
): Promise<void> {
  const zip = new ZipWriter((bytes) => assembly.write(bytes), deflating);
  const made = [...placed(plan, records)];
  for (const { chain } of plan.chains) {
    const own = made.filter(({ unit }) => unit.chain === chain);
    for (const one of own)
      if (one.unit.kind === 'tiles') await zip.splice(tileRecords(one, plan), written(one, assembly));
    await zip.join(
      entriesFile(chain),
      own.filter(({ unit }) => unit.kind === 'entries').map((one) => slice(one, assembly)),
    );
  }
  const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  // What the documents say meanwhile moves nothing: the bodies are those of the plan.
  const documents = await writeSealed(source, zip, planned(plan), period);
  const options = { ...period, now: new Date(now()), tool: TOOL };
  await writeEnd(source, zip, planned(plan), documents, options);
  await zip.finish();
}

/** A unit, and where it lies. */
interface Placed {
  readonly unit: Unit;
  readonly made: TilesMade | EntriesMade;
  readonly piece: Piece;
  readonly from: number;
}

function* placed({ slices }: FixedPlan, records: readonly SliceRecord[]): Generator<Placed, void, undefined> {
  for (const [i, { piece, units }] of records.entries()) {
    let from = 0;
    for (const [j, unit] of slices[i]!.units.entries()) {
      const made = units[j]!;
      yield { unit, made, piece, from };
      from += made.bytes;
    }
  }
}

function written({ piece, from, made: { bytes } }: Placed, assembly: Assembly) {
  return { bytes, append: async () => void (bytes > 0 && (await assembly.copy(piece, from, from + bytes))) };
}

function slice(placed: Placed, assembly: Assembly): DeflatedSlice {
  const { crc32, size } = placed.made as EntriesMade;
  return { ...written(placed, assembly), crc32, size };
}

function tileRecords({ unit, made }: Placed, plan: FixedPlan): StoredRecord[] {
  if (unit.kind !== 'tiles') return [];
  const { crcs } = made as TilesMade;
  return tilesOf(unit, plan).flatMap((tile, i) => {
    const crc32 = crcs[i] ?? null;
    if (crc32 === null) return [];
    return { path: tileFile(unit.chain, tilePath(tile)), size: tileBytes(tile), crc32 };
  });
}
