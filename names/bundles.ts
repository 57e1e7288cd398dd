/**
 * Bundles: a job a bundle, and one execution of the state machine a job.
 *
 *   Plan {tenant, id} -> {slices: [0, 1, …]} ─► Map: Slice {tenant, id, shard} ─► Finish {tenant, id}
 *   GiveUp {tenant, id}, when one of them has failed for good
 */
export const BUNDLE = {
  machineEnv: 'BUNDLE_MACHINE',
  /** Name of the state machine behind the stage's name and a hyphen. */
  stateMachine: 'Bundle',
  /** Slices that are made at the same time: a map of one execution runs no more than 40. */
  slicesAtOnce: 40,
  /** Of one execution's 25,000 events, a slice takes eleven, and a few for each time that it is tried again. */
  mostSlices: 1_500,
  /** A slice takes seconds; the end copies every piece, and reads every document. */
  timeoutSeconds: 900,
  /** How long an address of a bundle opens it. */
  linkSeconds: 300,
  /** Days that a bundle can be downloaded. */
  daysEnv: 'BUNDLE_DAYS',
} as const;
