import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileSource } from '../adapters/zip/file.ts';
import { zlibZip } from '../adapters/zip/zlib.ts';
import { verifyPath } from '../cli/verify/run.ts';
import { entriesFile } from '../core/bundle/files.ts';
import { openZip } from '../core/zip/archive.ts';
import { writeBenchBundle } from './bundle-maker.ts';

const ENTRIES = 1_000_000;
const FEWER = 100_000;

/** Of each measurement: the machine does other things too. */
const ROUNDS = 3;

interface Measured {
  readonly seconds: number;
  readonly peakBytes: number;
}

/** Verifies bundles that it makes itself, each in a process of its own, so that peak memory is that of verifying. */
export async function benchVerify(entries = ENTRIES): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'indelible-bench-'));
  try {
    const [large, small] = [join(folder, 'large.zip'), join(folder, 'small.zip')];
    const { bytes, proofHashes } = await writeBenchBundle(large, entries);
    await writeBenchBundle(small, Math.min(entries, FEWER));
    print(entries, bytes, statSync(large).size, proofHashes);
    const bare = measure('bare', large);
    const one = measure('verify', large, 1);
    const two = measure('verify', large, 2);
    line('bare SHA-256 of the entries, one stream', entries, bytes, bare);
    line('verify, one thread', entries, bytes, one, bare);
    line('verify, all threads', entries, bytes, two, bare);
    const fewer = measure('verify', small, 2);
    console.log(
      `  peak memory of ${whole(entries)} and of ${whole(FEWER)} entries  ${mb(two.peakBytes)} and ${mb(fewer.peakBytes)} MB`,
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

function line(what: string, entries: number, bytes: number, { seconds }: Measured, bare?: Measured): void {
  const ratio = bare === undefined ? '' : `, ${((100 * bare.seconds) / seconds).toFixed(0)} % of bare`;
  const rate = `${whole(entries / seconds)} entries/s, ${mb(bytes / seconds)} MB/s${ratio}`;
  console.log(`  ${what.padEnd(42)}${rate}`);
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const mb = (bytes: number) => whole(bytes / 1e6);

function measure(what: 'bare' | 'verify', path: string, threads = 1): Measured {
  const runs = Array.from({ length: ROUNDS }, () => {
    const args = [fileURLToPath(import.meta.url), what, path, String(threads)];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
  });
  return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
}

/** What the processes do: the entries are unpacked before the clock of the bare hash starts, never before verify's. */
async function child(what: string, path: string, threads: number): Promise<void> {
  const begin = performance.now();
  const seconds = what === 'bare' ? await bareHash(path) : await verify(path, threads, begin);
  console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
}

async function bareHash(path: string): Promise<number> {
  const file = await open(path);
  const zip = await openZip(await fileSource(file), zlibZip);
  const hash = createHash('sha256');
  let spent = 0;
  for await (const piece of zip.stream(zip.find(entriesFile(0))!)) {
    const start = performance.now();
    hash.update(piece);
    spent += performance.now() - start;
  }
  hash.digest();
  await file.close();
  return spent / 1_000;
}

async function verify(path: string, threads: number, begin: number): Promise<number> {
  const { verdict } = await verifyPath(path, { parallel: threads > 1 });
  if (verdict !== 'intact') throw new Error(`the bundle is ${verdict}`);
  return (performance.now() - begin) / 1_000;
}

if (import.meta.main) {
  const [what, path, threads] = process.argv.slice(2);
  if (what === 'bare' || what === 'verify') await child(what, path!, Number(threads));
  else await benchVerify(what === undefined ? ENTRIES : Number(what));
}
