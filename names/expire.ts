/**
 * The expiry state machine: plan, then one worker a category that is called again with its own answer until it is done.
 *
 *   Plan {step: 'plan', input: <the execution's input>} -> ExpirePlan
 *   Map over $.tasks: Expire <ExpireTask> -> ExpireTask, again with that until `done`
 */
export const EXPIRE = {
  /** A worker begins nothing new after this long, and answers with where to go on. */
  budgetSeconds: 240,
  /** What the function's time limit has to be at least: the budget, and the removals that it began. */
  timeoutSeconds: 600,
  /** Workers at the same time; each works on one category of every tenant. */
  concurrency: 4,
} as const;
