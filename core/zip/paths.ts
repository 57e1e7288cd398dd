import { ZipError } from './error.ts';

/** What every file system in use takes as the whole of a path. */
export const MAX_PATH_BYTES = 255;

/** The last character is no dot: Windows drops it, which would make two names one; so `.` and `..` are no segments. */
const SEGMENT = /^[A-Za-z0-9._=#-]*[A-Za-z0-9_=#-]$/;

/** Throws unless the path names a file below the place where an archive is unpacked, on every system the same. */
function checkPath(path: string, segment: RegExp): void {
  if (path.length > MAX_PATH_BYTES) {
    throw new ZipError('name', `got a name of ${path.length} bytes, want at most ${MAX_PATH_BYTES}`);
  }
  if (!path.split('/').every((one) => segment.test(one))) {
    throw new ZipError('name', 'got a name that is no relative path of segments of A–Z a–z 0–9 . _ = # -');
  }
}

/** The paths of one archive; no two of them collide where upper and lower case are one. */
export class ArchivePaths {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #segment: RegExp;

  /** Another pattern is for archives of other formats, whose names are given. */
  constructor(segment = SEGMENT) {
    this.#segment = segment;
  }

  /** Throws, and claims nothing, unless the path is a valid one and free. */
  claim(path: string): void {
    checkPath(path, this.#segment);
    const file = path.toLowerCase();
    const folders = foldersOf(file);
    if (this.#files.has(file)) throw new ZipError('duplicate', 'the archive has two entries of this name', path);
    if (this.#folders.has(file) || folders.some((folder) => this.#files.has(folder))) {
      throw new ZipError('duplicate', 'the archive has a file where it needs a folder', path);
    }
    this.#files.add(file);
    for (const folder of folders) this.#folders.add(folder);
  }
}

function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}
