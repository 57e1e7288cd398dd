/** Files that are whole after a crash at any point, and there once a write has returned. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../failure.ts';

/** Marks files that a crash may leave; `isLeftover` knows them. */
const TEMPORARY = '.tmp';

export function isLeftover(name: string): boolean {
  return name.endsWith(TEMPORARY);
}

/** The file is as it was before: nothing of the new content can be found, now or after a crash. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
  /** The system's, such as ENOSPC. */
  readonly code: string | undefined;
  constructor(path: string, cause: unknown) {
    super(`${path} can't be written: ${messageOf(cause)}`, { cause });
    this.code = (cause as NodeJS.ErrnoException | undefined)?.code;
  }
}

/** Replaces the file: readers see the old content or the new, never a part. Throws NotWritten, or that it can't be synced. */
export async function writeDurably(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}${TEMPORARY}`;
  try {
    await writeSynced(temporary, [content], mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new NotWritten(path, error);
  }
  await syncDirectory(dirname(path));
}

/** Writes a file that must not exist yet; its name is durable only after `syncDirectory`. What fails leaves no part of it. */
export async function writeSynced(
  path: string,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>,
  mode = 0o600,
): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Names that were added to or removed from the directory are durable when it returns. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows opens no directories; NTFS journals names by itself.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Makes the directory, if it isn't there, so that it is there after a crash too. The parent has to exist. */
export async function makeDirectory(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made === undefined) return;
  for (let at = path; ; at = dirname(at)) {
    await syncDirectory(dirname(at));
    if (at === made) return;
  }
}

/** Removes what a crash left of half-written replacements of this file. */
export async function removeLeftoversOf(path: string): Promise<void> {
  const directory = dirname(path);
  const names = await readdir(directory);
  await removeLeftovers(
    directory,
    names.filter((name) => name.startsWith(`${basename(path)}.`)),
  );
}

/** Removes what a crash left half-written. */
export async function removeLeftovers(directory: string, names: readonly string[]): Promise<void> {
  for (const name of names.filter(isLeftover)) await rm(join(directory, name), { force: true });
}
