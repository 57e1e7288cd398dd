// Measures the verification of bundles.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fileSource } from '../adapters/zip/file.ts';
import { zlibZip } from '../adapters/zip/zlib.ts';
import { entriesFile } from '../core/bundle/files.ts';
import { openZip } from '../core/zip/archive.ts';
import { writeBenchBundle } from './bundle-maker.ts';
import { noteFigure } from './goals.ts';
import { benchVerifyStages } from './verify-stages.ts';

const ENTRIES = 1_000_000;
const FEWER = 100_000;

/** Of each measurement: the machine does other things too. */
const ROUNDS = 3;

interface Measured {
  readonly seconds: number;
  /** Of all threads together: what it takes on one core, whatever else the machine does. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

interface VerifyBench {
  readonly entries?: number;
  /** A checkout to measure beside this one. */
  readonly against?: string | undefined;
}

/** Verifies bundles that it makes itself, each in a process of its own, so that peak memory is that of verifying. */
export async function benchVerify({ entries = ENTRIES, against }: VerifyBench = {}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'indelible-bench-'));
  try {
    const [large, small] = [join(folder, 'large.zip'), join(folder, 'small.zip')];
    const { bytes, proofHashes } = await writeBenchBundle(large, entries);
    await writeBenchBundle(small, Math.min(entries, FEWER));
    print(entries, bytes, statSync(large).size, proofHashes);
    const bare = measure('bare', large);
    const unpacking = measure('unpack', large);
    const one = measure('verify', large, 1);
    const all = measure('verify', large, availableParallelism());
    const hashing = { ...one, cpuSeconds: one.cpuSeconds - unpacking.cpuSeconds };
    const least = { ...bare, cpuSeconds: bare.cpuSeconds + unpacking.cpuSeconds };
    line('bare SHA-256 of the entries, one stream', entries, bytes, bare.cpuSeconds);
    line('inflate and CRC-32 alone, on one core', entries, bytes, unpacking.cpuSeconds, bare);
    line('inflate, CRC-32 and SHA-256 alone', entries, bytes, least.cpuSeconds, bare);
    line('verify, on one core', entries, bytes, one.cpuSeconds, bare);
    line('verify, on one core, without unpacking', entries, bytes, hashing.cpuSeconds, bare);
    line('verify, on all cores, as the clock has it', entries, bytes, all.seconds, bare);
    console.log(
      `  verify, of inflate, CRC-32 and SHA-256 alone  ${percent(least.cpuSeconds, one.cpuSeconds)}, goal 70 %`,
    );
    noteFigure('verify', 'now', (100 * least.cpuSeconds) / one.cpuSeconds);
    noteFigure('cores', 'now', one.seconds / all.seconds);
    if (against !== undefined) {
      const root = pathToFileURL(`${resolve(against)}/`).href;
      const [before, beforeAll] = [1, availableParallelism()].map((threads) => measure('verify', large, threads, root));
      line('verify, on one core, before', entries, bytes, before!.cpuSeconds, bare);
      noteFigure('verify', 'before', (100 * least.cpuSeconds) / before!.cpuSeconds);
      noteFigure('cores', 'before', before!.seconds / beforeAll!.seconds);
    }
    console.log(
      `  all cores, times one core, by the clock       ${(one.seconds / all.seconds).toFixed(2)}, goal 1.80 on two`,
    );
    benchVerifyStages();
    const fewer = measure('verify', small, availableParallelism());
    console.log(
      `  peak memory of ${whole(entries)} and of ${whole(FEWER)} entries  ${mb(all.peakBytes)} and ${mb(fewer.peakBytes)} MB`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(entries: number, bytes: number, size: number, proofHashes: number): void {
  console.log(
    `Verify, a bundle of ${whole(entries)} entries of ${Math.round(bytes / entries)} bytes, ${mb(size)} MB packed`,
  );
  console.log(`  proof of one entry: ${proofHashes} hashes, ${proofHashes * 32} bytes`);
}

function line(what: string, entries: number, bytes: number, seconds: number, bare?: Measured): void {
  const ratio = bare === undefined ? '' : `, ${percent(bare.cpuSeconds, seconds)} of bare`;
  console.log(`  ${what.padEnd(42)}${whole(entries / seconds)} entries/s, ${mb(bytes / seconds)} MB/s${ratio}`);
}

const percent = (least: number, seconds: number) => `${((100 * least) / seconds).toFixed(0)} %`;
const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const mb = (bytes: number) => whole(bytes / 1e6);

/** `root`: of the checkout whose verifier is measured. */
function measure(what: Work, path: string, threads = 1, root = new URL('../', import.meta.url).href): Measured {
  const runs = Array.from({ length: ROUNDS }, () => {
    const args = [fileURLToPath(import.meta.url), what, path, String(threads), root];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
  });
  const least = (member: 'seconds' | 'cpuSeconds') => Math.min(...runs.map((run) => run[member]));
  const peakBytes = Math.max(...runs.map((run) => run.peakBytes));
  return { seconds: least('seconds'), cpuSeconds: least('cpuSeconds'), peakBytes };
}

const WORKS = { bare: bareHash, unpack, verify } as const;
type Work = keyof typeof WORKS;

/** What each process does. */
async function work(what: Work, path: string, threads: number, root: string): Promise<void> {
  const begin = performance.now();
  const before = process.cpuUsage();
  const hashing = await WORKS[what](path, threads, root);
  const { user, system } = process.cpuUsage(before);
  const seconds = hashing ?? (performance.now() - begin) / 1_000;
  const cpuSeconds = hashing ?? (user + system) / 1_000_000;
  console.log(JSON.stringify({ seconds, cpuSeconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
}

/** Seconds that hashing alone took: nobody unpacks for it. */
async function bareHash(path: string): Promise<number> {
  const hash = createHash('sha256');
  let spent = 0;
  await eachPiece(path, (piece) => {
    const start = performance.now();
    hash.update(piece);
    spent += performance.now() - start;
  });
  hash.digest();
  return spent / 1_000;
}

async function unpack(path: string): Promise<undefined> {
  await eachPiece(path, () => {});
}

async function eachPiece(path: string, take: (piece: Uint8Array) => void): Promise<void> {
  const file = await open(path);
  const zip = await openZip(await fileSource(file), zlibZip);
  for await (const piece of zip.stream(zip.find(entriesFile(0))!)) take(piece);
  await file.close();
}

async function verify(path: string, threads: number, root: string): Promise<undefined> {
  const { verifyPath } = (await import(
    new URL('cli/verify/run.ts', root).href
  )) as typeof import('../cli/verify/run.ts');
  const { verdict } = await verifyPath(path, { parallel: threads > 1 });
  if (verdict !== 'intact') throw new Error(`the bundle is ${verdict}`);
}

if (import.meta.main) {
  const [what, path, threads, root] = process.argv.slice(2);
  if (what !== undefined && what in WORKS) await work(what as Work, path!, Number(threads), root!);
  else await benchVerify(what === undefined ? {} : { entries: Number(what) });
}
