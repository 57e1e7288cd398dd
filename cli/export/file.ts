// Writes a file whole or not at all.
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CommandError, EXIT } from '../exit.ts';

/**
 * Writes a file under another name, and gives it its own once all of it is on the disk: whoever finds the name finds the
 * whole file, however the writing ends.
 */
export async function writeWhole<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const unfinished = `${path}.${process.pid}.part`;
  const file = await create(unfinished);
  try {
    const result = await write(file);
    await file.sync();
    await file.close();
    await rename(unfinished, path);
    await syncFolder(dirname(path));
    return result;
  } catch (error) {
    await file.close();
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx+');
  } catch (error) {
    throw new CommandError(EXIT.usage, `can't write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** The new name is in the folder, which has to reach the disk as well; Windows does that by itself and opens no folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
