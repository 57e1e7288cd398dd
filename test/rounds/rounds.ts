/** Rounds of a runtime that is killed, or whose disk fills up, under writes; each ends with a comparison. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Runtime, startRuntime } from '../e2e/runtime.ts';
import { type SmallDisk, smallDisk } from '../support/small-disk.ts';
import { compare } from './check.ts';
import { begin, CONFIG, MOMENTS } from './work.ts';
import { Writers } from './writers.ts';

/** The runtime's own files, a reserve of 32 MB, and what some rounds write. */
const DISK_MEGABYTES = 400;

/** A stop may not take longer, whatever the state that it meets. */
const LONGEST_STOP_MS = 10_000;

/** Writes before anything happens to the runtime. */
const WARM_UP_MS = 1_500;

export interface Tally {
  rounds: number;
  acknowledged: number;
  lost: number;
  doubled: number;
  /** Stops that took too long. */
  late: number;
}

export type Show = (line: string) => void;

export async function killRounds(rounds: number, tally: Tally, show: Show): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'indelible-rounds-'));
  try {
    await run(join(folder, 'data'), rounds, tally, show, async (runtime, round) => {
      const moment = MOMENTS[round % MOMENTS.length] ?? 'ingest';
      await begin(moment, runtime);
      await sleep(Math.random() * 1_500);
      await runtime.kill();
      return `killed during ${moment}`;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers false where no small disk can be mounted. */
export async function fullDiskRounds(rounds: number, tally: Tally, show: Show): Promise<boolean> {
  if (rounds === 0) return true;
  const disk = smallDisk(DISK_MEGABYTES);
  if (disk === undefined) return false;
  try {
    await run(join(disk.path, 'data'), rounds, tally, show, (runtime, round) => fillUp(runtime, disk, round, tally));
  } finally {
    disk.unmount();
  }
  return true;
}

/** To the last byte at once, or only into the reserve; then a kill, a stop, or space again under writes and a kill. */
async function fillUp(runtime: Runtime, disk: SmallDisk, round: number, tally: Tally): Promise<string> {
  const left = round % 2 === 0 ? 0 : 16 * 1024 * 1024;
  disk.fill(left);
  await begin(MOMENTS[round % MOMENTS.length] ?? 'ingest', runtime).catch(() => undefined);
  await sleep(500 + Math.random() * 2_000);
  if (round % 3 === 2) {
    const began = performance.now();
    await runtime.stop();
    const took = performance.now() - began;
    if (took > LONGEST_STOP_MS) tally.late += 1;
    disk.free();
    return `stopped in ${(took / 1000).toFixed(1)} s on a disk with ${left} bytes left`;
  }
  if (round % 3 === 1) {
    disk.free();
    await sleep(WARM_UP_MS);
    await runtime.kill();
    return `had space again after ${left} bytes were left, and was killed`;
  }
  await runtime.kill();
  disk.free();
  return `killed on a disk with ${left} bytes left`;
}

type Trouble = (runtime: Runtime, round: number) => Promise<string>;

async function run(dataDir: string, rounds: number, tally: Tally, show: Show, trouble: Trouble): Promise<void> {
  const writers = new Writers();
  let runtime = await startRuntime({ dataDir, config: CONFIG });
  try {
    for (let round = 0; round < rounds; round += 1) {
      await writers.start(runtime);
      await sleep(WARM_UP_MS);
      const what = await trouble(runtime, round);
      await writers.stop();
      runtime = await startRuntime({ dataDir, config: CONFIG });
      const { lost, doubled } = await compare(runtime, writers.acknowledged);
      tally.rounds += 1;
      tally.lost += lost.length;
      tally.doubled += doubled.length + writers.moved.length;
      show(`${what}: ${writers.acknowledged.size} acknowledged, ${lost.length} lost, ${doubled.length} doubled`);
      for (const id of [...lost.slice(0, 5), ...doubled.slice(0, 5)]) show(`  ${id}`);
    }
  } finally {
    tally.acknowledged += writers.acknowledged.size;
    await runtime.stop();
  }
}
