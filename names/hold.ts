// What code and infrastructure both say about legal holds.
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

/** Where a tenant's hold events are, one after the other. */
export const holdsPrefix = (tenant: string): string => `${LOG.holdsPrefix}tenant=${tenant}/`;

const SLOT = /\/(\d{10})\.json$/;

/** Which slot a key below the prefix is; undefined when it is none. */
export const holdSlot = (key: string): number | undefined => {
  const match = SLOT.exec(key);
  return match === null ? undefined : Number(match[1]);
};
