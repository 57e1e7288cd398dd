/** One digest of all that a synthesis is made of, so that what an earlier one left is used again only when nothing changed. */
import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Folders whose files the app and the bundles of its functions are made of; a test holds them against what both import. */
export const SOURCE_FOLDERS = [
  'adapters',
  'bin',
  'cli',
  'console',
  'core',
  'functions',
  'lib',
  'names',
  'services',
  'verifier',
] as const;

/** The last one is what npm has installed, which a changed lockfile alone doesn't tell. Absent files count as such. */
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'node_modules/.package-lock.json'] as const;

/** Hex digest of the names and bytes of all sources below `root`, of what is installed, and of Node's version. */
export function digestOfSources(root: string = ROOT): string {
  const hash = hashOfInstalled(root);
  for (const folder of SOURCE_FOLDERS) addFolder(hash, folder, join(root, folder));
  return hash.digest('hex');
}

/** Hex digest of what is installed, and of Node's version. */
export function digestOfInstalled(root: string = ROOT): string {
  return hashOfInstalled(root).digest('hex');
}

function hashOfInstalled(root: string): Hash {
  const hash = createHash('sha256').update(process.version);
  for (const file of FILES) add(hash, file, join(root, file));
  return hash;
}

/** Hex digest of the names and bytes of all files in a folder and below it. */
export function digestOfFolder(folder: string): string {
  const hash = createHash('sha256');
  addFolder(hash, '', folder);
  return hash.digest('hex');
}

function addFolder(hash: Hash, name: string, folder: string): void {
  for (const entry of readdirSync(folder).sort()) {
    const path = join(folder, entry);
    // An editor's lock is a link to nothing.
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) addFolder(hash, `${name}/${entry}`, path);
    else if (found?.isFile()) add(hash, `${name}/${entry}`, path);
  }
}

/** With its length before it, so that no two different sets of files give the same stream. */
function add(hash: Hash, name: string, path: string): void {
  const bytes = readOrNothing(path);
  hash.update(`\0${name}\0${bytes?.length ?? 'absent'}\0`);
  if (bytes !== undefined) hash.update(bytes);
}

function readOrNothing(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}
