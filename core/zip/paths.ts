// The paths that a ZIP archive may have.
import { visible } from '../visible.ts';
import { ZipError } from './error.ts';

/** What every file system in use takes as the whole of a path. */
export const MAX_PATH_BYTES = 255;

/** Characters of a refused name that its refusal shows. */
const SHOWN = 80;

/** The last character is no dot: Windows drops it, which would make two names one; so `.` and `..` are no segments. */
const SEGMENT = /^[A-Za-z0-9._=#-]*[A-Za-z0-9_=#-]$/;

/** Throws unless the path names a file below the place where an archive is unpacked, on every system the same. */
function checkPath(path: string, segment: RegExp): void {
  if (path.length > MAX_PATH_BYTES) {
    throw new ZipError('name', `got a name of ${path.length} bytes, want at most ${MAX_PATH_BYTES}`);
  }
  if (!path.split('/').every((one) => segment.test(one))) {
    const got = visible(path.slice(0, SHOWN));
    throw new ZipError('name', `got '${got}', which is no relative path of segments of A–Z a–z 0–9 . _ = # -`);
  }
}

/** The paths of one archive; no two of them collide where upper and lower case are one. */
export class ArchivePaths {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #folderEntries = new Set<string>();
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

  /** The same of a folder that has an entry of its own; files may be in it. */
  claimFolder(path: string): void {
    checkPath(path, this.#segment);
    const folder = path.toLowerCase();
    if (this.#folderEntries.has(folder))
      throw new ZipError('duplicate', 'the archive has two entries of this name', path);
    if ([folder, ...foldersOf(folder)].some((one) => this.#files.has(one))) {
      throw new ZipError('duplicate', 'the archive has a file where it needs a folder', path);
    }
    this.#folderEntries.add(folder);
    for (const one of [folder, ...foldersOf(folder)]) this.#folders.add(one);
  }
}

function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}
