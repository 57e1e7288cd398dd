import type { ZipArchive } from '../zip/archive.ts';
import { ZipError } from '../zip/error.ts';
import type { ZipEntry } from '../zip/layout.ts';
import { BundleError } from './error.ts';

export function demandFile(zip: ZipArchive, path: string): ZipEntry {
  const entry = zip.find(path);
  if (entry === undefined) throw new BundleError('missing-file', 'the bundle lacks this file', path);
  return entry;
}

/** What is wrong with the container is wrong with the bundle. */
export async function asBundle<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw new BundleError('zip', `${error.code}: ${error.message}`, error.path, error);
  }
}
