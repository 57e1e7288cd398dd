/** What is said when the runtime can't start, or can't go on with something. */

/** The runtime can't start, and the person at the keyboard can do something about it: one sentence, shown without a stack. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the system's refusal of a file means for whoever has to mend it. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'this user may not use it; change its owner or its permissions',
  EDQUOT: 'the quota of this user is used up; free some space',
  EEXIST: 'a file is in the place of a folder; move it away',
  EFBIG: 'it is larger than its disk allows',
  EIO: 'its disk fails; restore the data directory from a copy on another disk',
  EISDIR: 'a folder is in the place of a file; move it away',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'this process may open no more files; raise the limit (ulimit -n)',
  ENFILE: 'this machine may open no more files',
  ENOSPC: 'the disk is full; free some space',
  ENOTDIR: 'a file is in the place of a folder; move it away',
  EPERM: 'this user may not use it; change its owner or its permissions',
  EROFS: 'its disk is read-only; mount it for writing, or set INDELIBLE_DATA to a folder on another one',
};

/** One sentence that names the file and what to do; undefined for errors that are not about a file. */
export function fileSentence(error: unknown): string | undefined {
  const { code, path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const remedy = code === undefined || !Object.hasOwn(REMEDIES, code) ? undefined : REMEDIES[code];
  if (remedy === undefined || syscall === undefined) return undefined;
  return `${path ?? 'A file of the data directory'} can't be used: ${remedy}.`;
}
