import { LOG } from './log.ts';

/**
 * Legal holds, and the state machine that sets S3's own hold on what exists: one worker that is called again with its own
 * answer until it is done.
 *
 *   Wait settleSeconds; Sweep <SweepTask> -> SweepTask, again with that until `done`
 */
export const HOLD = {
  /** ARN of the sweep's state machine. */
  sweepMachineEnv: 'HOLD_SWEEP_MACHINE',
  /** A worker begins nothing new after this long, and answers with where to go on. */
  budgetSeconds: 240,
  /** What the function's time limit has to be at least. */
  timeoutSeconds: 300,
  /** How long the archive may go on by the holds that it read last. */
  cacheSeconds: 30,
  /** What the archive wrote by holds that it had read before is there by then, for the sweep to find. */
  settleSeconds: 60,
} as const;

/** An execution's input, a worker's payload and its answer alike: the answer that is not `done` is the next payload. */
export interface SweepTask {
  readonly tenant: string;
  /** Only what this hold reaches; otherwise what any hold does that is active or was released lately. */
  readonly hold?: string;
  readonly done?: boolean;
  /** Keys up to this one are dealt with. */
  readonly after?: string;
  /** Sums over all calls so far. */
  readonly swept?: SweepSums;
}

export interface SweepSums {
  readonly seen: number;
  readonly set: number;
  readonly lifted: number;
}

/** Where a tenant's hold events are, one after the other. */
export const holdsPrefix = (tenant: string): string => `${LOG.holdsPrefix}tenant=${tenant}/`;

const SLOT = /\/(\d{10})\.json$/;

/** Which slot a key below the prefix is; undefined when it is none. */
export const holdSlot = (key: string): number | undefined => {
  const match = SLOT.exec(key);
  return match === null ? undefined : Number(match[1]);
};
