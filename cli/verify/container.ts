/** Opens what a command line names as evidence: an archive, or the folder that one was unpacked into. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { openFolder } from '../../adapters/folder.ts';
import { fileSource } from '../../adapters/zip/file.ts';
import { zlibZip } from '../../adapters/zip/zlib.ts';
import { asBundle, type Container, zipContainer } from '../../core/bundle/container.ts';
import { BundleError } from '../../core/bundle/error.ts';
import { openZip } from '../../core/zip/archive.ts';
import { CommandError, EXIT } from '../exit.ts';
import { beginningOf } from './input.ts';
import { isDocument } from './kind.ts';

export interface Opened {
  readonly container: Container;
  /** In all of its files. */
  readonly bytes: number;
  close(): Promise<void>;
}

/**
 * Opens what is at a path, which stays open until `close`. Throws a CommandError for usage where nothing is there, and a
 * BundleError where it is neither folder nor archive, or can't be read.
 */
export async function openPath(path: string): Promise<Opened> {
  const found = await readable(path, () => stat(path));
  if (found.isDirectory()) return opened(await asBundle(() => openFolder(path)), async () => undefined);
  if (!found.isFile()) throw new BundleError('folder', 'it is neither a file nor a folder');
  const file = await readable(path, () => open(path, 'r'));
  try {
    return opened(await asBundle(() => openArchive(file)), () => file.close());
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Whether a file is a document by itself. A folder, and what is not there, is none. */
export async function isDocumentAt(path: string): Promise<boolean> {
  const found = await readable(path, () => stat(path));
  return found.isFile() && isDocument(await readable(path, () => beginningOf(path, 1)));
}

async function openArchive(file: FileHandle): Promise<Container> {
  const source = await fileSource(file);
  const read = (offset: number, length: number) => readable('it', () => source.read(offset, length));
  return zipContainer(await openZip({ ...source, read }, zlibZip));
}

function opened(container: Container, close: () => Promise<void>): Opened {
  return { container, close, bytes: container.files.reduce((sum, { size }) => sum + size, 0) };
}

const NOT_THERE: readonly unknown[] = ['ENOENT', 'ENOTDIR'];

/** What the file system says when it is asked for the evidence itself. */
async function readable<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (NOT_THERE.includes(code))
      throw new CommandError(EXIT.usage, `can't read ${path}: ${message}`, { cause: error });
    throw new BundleError('folder', `it can't be read (${code})`, undefined, error);
  }
}
