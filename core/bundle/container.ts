// The files of a bundle or an export, whether they come in a ZIP archive or in a folder.
import type { ZipArchive } from '../zip/archive.ts';
import { ZipError } from '../zip/error.ts';
import { BundleError, FolderError } from './error.ts';

export interface ContainedFile {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/** Files under names: an archive, or a folder that one was unpacked into. What is read to its end has that size. */
export interface Container {
  readonly files: readonly ContainedFile[];
  find(path: string): ContainedFile | undefined;
  /**
   * In pieces, each of which holds until the next is asked for; to be believed once the iteration has ended. Throws a
   * ZipError or a FolderError.
   */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Whole; throws as `stream` does, and for a file of more than `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Uint8Array>;
}

/** In front of the name of a file that is not in the folder where the others are; no name inside has it. */
const OUTSIDE = '../';

/**
 * The folder of a container that everything is in, with its slash: file managers pack a folder, and not what is in it.
 * Empty where `marker` is at the top, or in no folder or several.
 */
function topOf(paths: readonly string[], marker: string): string {
  if (paths.includes(marker)) return '';
  const tops = paths.filter(
    (path) => path.endsWith(`/${marker}`) && path.indexOf('/') === path.length - marker.length - 1,
  );
  return tops.length === 1 ? tops[0]!.slice(0, -marker.length) : '';
}

/** The files of a container by their names in the folder that has `marker`. Those elsewhere are there as `../name`. */
export function rooted(container: Container, marker: string): Container {
  const top = topOf(
    container.files.map(({ path }) => path),
    marker,
  );
  if (top === '') return container;
  const named = container.files.map(({ path, size }) => {
    const inside = path.startsWith(top) ? path.slice(top.length) : `${OUTSIDE}${path}`;
    return [inside, { path: inside, size }, path] as const;
  });
  const files = new Map(named.map(([inside, file]) => [inside, file]));
  const places = new Map(named.map(([inside, , path]) => [inside, path]));
  return {
    files: [...files.values()],
    find: (path) => files.get(path),
    stream: (path) => container.stream(places.get(path) ?? path),
    read: (path, maxBytes) => container.read(places.get(path) ?? path, maxBytes),
  };
}

export function zipContainer(zip: ZipArchive): Container {
  const demand = (path: string) => {
    const entry = zip.find(path);
    if (entry === undefined) throw new BundleError('missing-file', 'it is not there', path);
    return entry;
  };
  return {
    files: zip.entries,
    find: (path) => zip.find(path),
    stream: (path) => zip.stream(demand(path)),
    read: async (path, maxBytes) => zip.read(demand(path), maxBytes),
  };
}

export function demandFile(container: Container, path: string): void {
  if (container.find(path) === undefined) throw new BundleError('missing-file', 'the bundle lacks this file', path);
}

/** What is wrong with the container is wrong with the bundle. */
export async function asBundle<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof FolderError) throw new BundleError('folder', error.reason, error.path, error);
    if (!(error instanceof ZipError)) throw error;
    throw new BundleError('zip', `${error.code}: ${error.reason}`, error.path, error);
  }
}
