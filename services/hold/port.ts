// What starts a sweep of legal holds.
import type { SweepTask } from './steps.ts';

/** Starts the state machine that sets S3's own hold on what exists. */
export interface Sweeper {
  /** Starts one execution a name: again under the same name is no error and starts nothing. */
  start(name: string, task: SweepTask): Promise<void>;
}
