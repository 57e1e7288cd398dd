// What the steps of the fast reader of entries share.
import type { Buffered } from './scan-text.ts';
import type { FastClock } from './scan-time.ts';

/** A buffer with an entry in it, and what was read of that so far. */
export interface EntryBytes extends Buffered {
  /** Quoted. */
  readonly tenant: Uint8Array;
  readonly clock: FastClock;
  occurredAt: number;
  recordedAt: number;
  isLate: boolean;
  isIdentified: boolean;
  hasActorId: boolean;
}

/** Where the value at `at` ends; −1 when it is not certainly what belongs there. */
export type Step = (scan: EntryBytes, at: number) => number;
