// Measures what verifying takes of an entry, stage by stage, the way by node:crypto and JavaScript beside the modules.
import { canonicalBytes } from '../core/canonical/canonical.ts';
import { extendLink, extendLinkSlowly } from '../core/chain.ts';
import { HASH_BYTES, sha256Into } from '../core/crypto.ts';
import { EntryScan } from '../core/entry/scan.ts';
import { WasmEntryScan } from '../core/entry/wasm-scan.ts';
import { subtreeRoot, subtreeRootSlowly } from '../core/merkle/subtree.ts';
import { TILE_WIDTH } from '../core/tiles/shape.ts';
import { sampleEntries } from './entries.ts';

/** Twenty tiles: enough not to lie in a processor's nearest caches. */
const ENTRIES = 20 * TILE_WIDTH;
const ROUNDS = 15;

/** Prints a table; each number is the least of some rounds, in which old and new take turns. */
export function benchVerifyStages(): void {
  const entries = sampleEntries(ENTRIES).map(canonicalBytes);
  const text = Buffer.concat(entries);
  const lines = linesOf(entries);
  const hashes = new Uint8Array(ENTRIES * HASH_BYTES);
  const tiles = Array.from({ length: ENTRIES / TILE_WIDTH }, (_, i) => tileOf(hashes, i));
  const [link, scan, wasm] = [new Uint8Array(HASH_BYTES), new EntryScan('acme'), new WasmEntryScan('acme')];
  console.log('  of an entry, in microseconds of one core                    before     now');
  row('leaf hash, crypto.hash for each', () => {
    for (const [i, [from, to]] of lines.entries()) sha256Into(text.subarray(from, to), hashes, i * HASH_BYTES);
  });
  row(
    'reading: JavaScript, and the module',
    () => demand(lines.every(([from, to]) => !Number.isNaN(scan.read(text, from, to)))),
    () => demand(lines.every(([from, to]) => !Number.isNaN(wasm.read(text.subarray(from, to))))),
  );
  row(
    'link: crypto.hash for each, and the module',
    () => extendLinkSlowly(link, hashes),
    () => extendLink(link, hashes),
  );
  row(
    'tree node: crypto.hash for each, and the module',
    () => tiles.forEach(subtreeRootSlowly),
    () => tiles.forEach(subtreeRoot),
  );
}

const tileOf = (hashes: Uint8Array, i: number): Uint8Array =>
  hashes.subarray(i * TILE_WIDTH * HASH_BYTES, (i + 1) * TILE_WIDTH * HASH_BYTES);

function linesOf(entries: readonly Uint8Array[]): [from: number, to: number][] {
  let at = 0;
  return entries.map(({ length }) => {
    at += length;
    return [at - length, at];
  });
}

function demand(sure: boolean): void {
  if (!sure) throw new Error('an entry of the benchmark was not read in one pass');
}

function row(what: string, before: () => void, now: () => void = before): void {
  let [old, fresh] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    old = Math.min(old, microseconds(before));
    fresh = Math.min(fresh, microseconds(now));
  }
  const numbers = [old, fresh].map((least) => (least / ENTRIES).toFixed(2).padStart(8));
  console.log(`    ${what.padEnd(52)}${numbers.join('')}`);
}

function microseconds(act: () => void): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
