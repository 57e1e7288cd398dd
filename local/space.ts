/**
 * Free space of the disk that the data directory is on. Writes are refused while less than a reserve is left, so that what was
 * accepted before can be finished: archives written, queues drained, checkpoints moved.
 */
import { statfsSync } from 'node:fs';
import { serviceKey } from './template/provisioner.ts';

/** What is finished after the last accepted write needs far less. */
export const RESERVE_BYTES = 32 * 1024 * 1024;

const MEGABYTE = 1024 * 1024;

export const SPACE = serviceKey<Space>('free space');

export interface SpaceOptions {
  readonly directory: string;
  /** Told once when space has run short, and once when there is enough again. */
  readonly warn: (message: string) => void;
  /** Free bytes of the disk that holds the folder; the system's answer when absent. */
  readonly free?: (directory: string) => number;
}

export class Space {
  readonly #options: SpaceOptions;
  #short = false;

  constructor(options: SpaceOptions) {
    this.#options = options;
  }

  /** Undefined when there is enough; otherwise one sentence that says how little is left and what to do. */
  shortage(): string | undefined {
    const { directory, warn, free = freeBytes } = this.#options;
    const left = free(directory);
    const short = left < RESERVE_BYTES;
    const sentence =
      `The disk of ${directory} has ${Math.floor(left / MEGABYTE)} MB left and ${RESERVE_BYTES / MEGABYTE} MB are kept in ` +
      `reserve, so nothing more is accepted; free some space.`;
    if (short !== this.#short) {
      this.#short = short;
      warn(short ? sentence : `The disk of ${directory} has space again; writes are accepted.`);
    }
    return short ? sentence : undefined;
  }
}

/** Of a disk that can't be asked nothing is known; its own errors refuse the write then. */
function freeBytes(directory: string): number {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Whether the error is the disk's refusal to take more. */
export function isFull(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT';
}
