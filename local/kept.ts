/** A folder that was made before is used again when what it is made of is the same and nobody has touched it since. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { digestOfFolder } from './sources.ts';

interface Stamp {
  /** What the folder was made of. */
  readonly madeOf: string;
  /** What was in it then. */
  readonly holds: string;
}

/**
 * Calls `make` unless `folder` still holds what it made of the same, by the digest that `digest` answers. The stamp beside
 * the folder is written last and taken away first: a `make` that fails, a process that dies in it, or a source that is
 * changed meanwhile leaves nothing that would be used again.
 *
 * @returns true when what was there is used again
 */
export async function makeOnce(folder: string, digest: () => string, make: () => Promise<void>): Promise<boolean> {
  const stampFile = `${folder}.made`;
  const madeOf = digest();
  if (isKept(folder, stampFile, madeOf)) return true;
  rmSync(stampFile, { force: true });
  // What an earlier synthesis left would be taken for a bundle of this one.
  rmSync(folder, { recursive: true, force: true });
  await make();
  if (digest() !== madeOf) return false;
  const stamp: Stamp = { madeOf, holds: digestOfFolder(folder) };
  writeFileSync(`${stampFile}.new`, JSON.stringify(stamp));
  renameSync(`${stampFile}.new`, stampFile);
  return false;
}

function isKept(folder: string, stampFile: string, madeOf: string): boolean {
  try {
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8')) as Stamp;
    return stamp.madeOf === madeOf && stamp.holds === digestOfFolder(folder);
  } catch {
    // No stamp, half a stamp, no folder: whatever it is, it is made again.
    return false;
  }
}
