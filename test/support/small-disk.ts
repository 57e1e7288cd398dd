/** A real disk of a few megabytes, for what happens when it is full. Needs the right to mount (root on Linux). */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHUNK = Buffer.alloc(256 * 1024, 7);

export interface SmallDisk {
  readonly path: string;
  /** Writes a file until the disk takes no more, or until so many bytes are left. */
  fill(left?: number): void;
  /** Removes that file. */
  free(): void;
  unmount(): void;
}

/** Undefined where this user may not mount one; say so and skip. */
export function smallDisk(megabytes: number): SmallDisk | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const path = mkdtempSync(join(tmpdir(), 'indelible-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]);
  if (mounted.status !== 0) {
    rmdirSync(path);
    return undefined;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: (left = 0) => fill(ballast, path, left),
    free: () => rmSync(ballast, { force: true }),
    unmount: () => {
      // Lazily: a process that was killed may still have a file open for a moment.
      spawnSync('umount', ['-l', path]);
      rmdirSync(path);
    },
  };
}

/** To the last byte: smaller and smaller pieces, until none is taken. */
function fill(file: string, path: string, left: number): void {
  const descriptor = openSync(file, 'a');
  const room = (): number => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize - left;
  };
  try {
    for (let size = CHUNK.length; size > 0; ) {
      const piece = left === 0 ? size : Math.min(size, room());
      if (piece <= 0) return;
      try {
        if (writeSync(descriptor, CHUNK, 0, piece) < piece) size = Math.floor(size / 2);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(descriptor);
  }
}
