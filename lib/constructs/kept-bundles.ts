/** Bundles on disk, one folder for each state of the sources, so that a synthesis of the same sources doesn't bundle again. */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Enough to go back and forth between a few branches, each with its functions and its site: what is deployed, twice. */
const KEPT_STATES = 8;

/** Names and SHA-256 of the bundles in a folder. */
const SUMS = 'sums.json';

/** Undefined unless all bundles of the folder are there and are what was written. */
export function readKeptBundles(folder: string): ReadonlyMap<string, Uint8Array> | undefined {
  try {
    const sums = JSON.parse(readFileSync(join(folder, SUMS), 'utf8')) as Record<string, string>;
    const bundles = new Map(Object.keys(sums).map((name) => [name, readFileSync(join(folder, `${name}.mjs`))]));
    return [...bundles].every(([name, bytes]) => sha256(bytes) === sums[name]) ? bundles : undefined;
  } catch {
    // Never written, removed by another synthesis, or half there: they are built again.
    return undefined;
  }
}

/** A folder appears whole or not at all; whoever writes the same bundles at the same time writes the same. */
export function writeKeptBundles(folder: string, bundles: ReadonlyMap<string, Uint8Array>): void {
  const states = dirname(folder);
  mkdirSync(states, { recursive: true });
  const fresh = mkdtempSync(join(states, 'new-'));
  for (const [name, bytes] of bundles) writeFileSync(join(fresh, `${name}.mjs`), bytes);
  const sums = Object.fromEntries([...bundles].map(([name, bytes]) => [name, sha256(bytes)]));
  writeFileSync(join(fresh, SUMS), JSON.stringify(sums));
  try {
    // One that is there already and wasn't whole makes way.
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (readKeptBundles(folder) === undefined) throw error;
  }
  removeOldest(states);
}

function removeOldest(states: string): void {
  const byAge = readdirSync(states)
    .flatMap((name) => {
      const found = statSync(join(states, name), { throwIfNoEntry: false });
      return found === undefined ? [] : [{ path: join(states, name), at: found.mtimeMs }];
    })
    .sort((a, b) => b.at - a.at);
  for (const { path } of byAge.slice(KEPT_STATES)) rmSync(path, { recursive: true, force: true });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
