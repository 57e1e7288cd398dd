/**
 * Searching the archive: a job a search, and one execution of the state machine a job.
 *
 *   Step {tenant, id} -> QueryStep, again after `waitSeconds` until `done`
 *   GiveUp {tenant, id, gaveUp: true}, when Step has failed for good
 */
export const QUERY = {
  machineEnv: 'QUERY_MACHINE',
  /** Name of the state machine behind the stage's name and a hyphen. */
  stateMachine: 'Query',
  /** A step begins nothing new after this long. */
  budgetSeconds: 120,
  /** What the function's time limit has to be at least: the budget, and counting the rows of one slice. */
  timeoutSeconds: 600,
} as const;
