/** A folder of the file system as a container of files, taken as it is: no link is followed, nothing but files is read. */
import { constants, type Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainedFile, Container } from '../core/bundle/container.ts';
import { FolderError } from '../core/bundle/error.ts';
import { DEFAULT_LIMITS } from '../core/zip/limits.ts';

const PIECE_BYTES = 256 * 1024;
/** Deeper than any bundle or export goes. */
const MAX_DEPTH = 32;
/** A file that became a link or a pipe since it was listed is refused, and not waited for. Windows has neither flag. */
const READ_PLAIN = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Lists all files of a folder. Throws a FolderError for links, devices and whatever else is neither file nor folder. */
export async function openFolder(top: string): Promise<Container> {
  const files = new Map<string, ContainedFile>();
  await list(top, '', 0, files);
  const stream = (path: string) => streamFile(top, path, files.get(path));
  return {
    files: [...files.values()],
    find: (path) => files.get(path),
    stream,
    async read(path, maxBytes) {
      const size = files.get(path)?.size ?? 0;
      if (size > maxBytes) throw new FolderError(`got ${size} bytes, want at most ${maxBytes}`, path);
      // No Buffer, whose `slice` is a view.
      const whole = new Uint8Array(size);
      let at = 0;
      for await (const piece of stream(path)) {
        whole.set(piece, at);
        at += piece.length;
      }
      return whole;
    },
  };
}

async function list(top: string, folder: string, depth: number, files: Map<string, ContainedFile>): Promise<void> {
  if (depth > MAX_DEPTH) throw new FolderError(`got folders inside of each other, want at most ${MAX_DEPTH}`, folder);
  const found = await reading(folder, () => readdir(join(top, folder), { withFileTypes: true }));
  for (const one of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? one.name : `${folder}/${one.name}`;
    if (one.isDirectory()) {
      await list(top, path, depth + 1, files);
      continue;
    }
    if (!one.isFile()) throw new FolderError(`got ${kindOf(one)}, want a regular file`, path);
    if (files.size === DEFAULT_LIMITS.entries) throw new FolderError(`got more than ${DEFAULT_LIMITS.entries} files`);
    files.set(path, { path, size: (await reading(path, () => stat(join(top, path)))).size });
  }
}

function kindOf(one: Dirent): string {
  return one.isSymbolicLink() ? 'a link' : 'a device, a pipe or a socket';
}

async function* streamFile(top: string, path: string, listed: ContainedFile | undefined): AsyncGenerator<Uint8Array> {
  if (listed === undefined) throw new FolderError('it is not there', path);
  const file = await reading(path, () => open(join(top, path), READ_PLAIN));
  try {
    const found = await reading(path, () => file.stat());
    if (!found.isFile() || found.size !== listed.size) throw changed(path);
    let left = found.size;
    while (left > 0) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, left));
      const { bytesRead } = await reading(path, () => file.read(buffer, 0, buffer.length));
      if (bytesRead === 0) break;
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    if (left > 0) throw changed(path);
  } finally {
    await file.close();
  }
}

const changed = (path: string) => new FolderError('it changed while it was read', path);

async function reading<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new FolderError(`it can't be read (${code})`, path === '' ? undefined : path, error);
  }
}
