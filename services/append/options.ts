// Options of the ledger, and their defaults.
import type { Compression } from '../../core/block/block.ts';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import type { ChainNotIntact } from './errors.ts';
import type { BlockStore } from './port.ts';

/**
 * How long a caller waits at most, before the request in flight is given up on. Below API Gateway's 30 s and the
 * functions' time limit, with room for the last attempt's own timeout.
 */
const DEADLINE_MS = 10_000;

export interface LedgerOptions {
  readonly store: BlockStore;
  readonly compression: Compression;
  readonly clock?: Clock;
  readonly deadlineMs?: number;
  /** Told of each position lost to another writer. */
  readonly onLoss?: () => void;
  /** Told of each chain whose end is found not to be intact; again when it is found so again, minutes later. */
  readonly onDamaged?: (error: ChainNotIntact) => void;
}

export type Options = Required<LedgerOptions>;

export function completeOptions(options: LedgerOptions): Options {
  return {
    clock: SYSTEM_CLOCK,
    deadlineMs: DEADLINE_MS,
    onLoss: () => undefined,
    onDamaged: () => undefined,
    ...options,
  };
}
