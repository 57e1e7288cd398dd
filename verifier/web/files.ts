/** Files that somebody handed to the page, read in pieces from where they are. */
import { pakoZip } from '../../adapters/zip/pako.ts';
import { asBundle, type Container, zipContainer } from '../../core/bundle/container.ts';
import { FolderError } from '../../core/bundle/error.ts';
import { openZip } from '../../core/zip/archive.ts';
import type { ZipSource } from '../../core/zip/source.ts';
import type { NamedFile } from './protocol.ts';

/** What is read at once: each read is a message to another process. */
const WINDOW_BYTES = 512 * 1024;

/** An archive is read in several places by turns, tiles here and entries there, each from its beginning to its end. */
const WINDOWS = 6;

interface Window {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Bytes of a file by offset; holds a few windows of them. Throws a FolderError where the browser can't read it any more. */
function fileSource(file: File, onRead: (bytes: number) => void = () => undefined): ZipSource {
  /** The one that was used last comes first. */
  const windows: Window[] = [];
  const covering = async (offset: number, end: number): Promise<Window> => {
    const known = windows.findIndex(({ at, bytes }) => at <= offset && end <= at + bytes.length);
    if (known >= 0) return windows.splice(known, 1)[0]!;
    const bytes = await bytesOf(file, offset, Math.max(end, Math.min(offset + WINDOW_BYTES, file.size)));
    onRead(bytes.length);
    return { at: offset, bytes };
  };
  return {
    size: file.size,
    async read(offset, length) {
      const end = Math.min(offset + length, file.size);
      const window = await covering(offset, end);
      windows.unshift(window);
      windows.length = Math.min(windows.length, WINDOWS);
      return window.bytes.subarray(offset - window.at, end - window.at);
    },
  };
}

/** Throws a FolderError where the browser can't read it any more. */
export async function bytesOf(file: File, begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.slice(begin, end).arrayBuffer());
  } catch (cause) {
    throw new FolderError('it can not be read: it was changed or removed since it was chosen', file.name, cause);
  }
}

/** All of a small file. Throws a FolderError. */
export function wholeOf(file: File): Promise<Uint8Array> {
  return bytesOf(file, 0, file.size);
}

/** The archive in a file. Throws a BundleError where it is none. */
export async function archiveIn(file: File, onRead: (bytes: number) => void): Promise<Container> {
  return asBundle(async () => zipContainer(await openZip(fileSource(file, onRead), pakoZip)));
}

/** Files of a folder by their paths. */
export function folderOf(files: readonly NamedFile[], onRead: (bytes: number) => void): Container {
  const named = new Map(files.map(({ path, file }) => [path, file]));
  const demand = (path: string): File => {
    const file = named.get(path);
    if (file === undefined) throw new FolderError('it is not there', path);
    return file;
  };
  return {
    files: files.map(({ path, file }) => ({ path, size: file.size })),
    find: (path) => {
      const file = named.get(path);
      return file && { path, size: file.size };
    },
    async *stream(path) {
      const file = demand(path);
      for (let at = 0; at < file.size; at += WINDOW_BYTES) {
        const piece = await bytesOf(file, at, Math.min(at + WINDOW_BYTES, file.size));
        onRead(piece.length);
        yield piece;
      }
    },
    async read(path, maxBytes) {
      const file = demand(path);
      if (file.size > maxBytes) throw new FolderError(`got ${file.size} bytes, want at most ${maxBytes}`, path);
      return wholeOf(file);
    },
  };
}
