/**
 * Exports: a job an export, and one execution of the state machine a job.
 *
 *   Step {tenant, id} -> ExportStep, again after `waitSeconds` until `done`
 *   GiveUp {tenant, id, gaveUp: true}, when Step has failed for good
 */
export const EXPORT = {
  machineEnv: 'EXPORT_MACHINE',
  /** Name of the state machine behind the stage's name and a hyphen. */
  stateMachine: 'Export',
  /** A file is ended after this long, and the next step begins another. */
  budgetSeconds: 420,
  /** What the function's time limit has to be at least: the budget, closing a file, and proving millions of rows. */
  timeoutSeconds: 900,
  /** How long an address of a file opens it. */
  linkSeconds: 300,
  /** Days that an export can be downloaded. */
  daysEnv: 'EXPORT_DAYS',
} as const;
