/** What the steps of the expiry's state machine are given and answer. */

/** What an execution may be given; nothing, or an empty object, means everything. */
export interface ExpireInput {
  readonly category?: string;
  readonly tenant?: string;
}

export interface ExpirePlanStep {
  readonly step: 'plan';
  readonly input?: ExpireInput;
}

export interface ExpirePlan {
  /** Identifies the run in logs. */
  readonly run: string;
  readonly tasks: readonly ExpireTask[];
  /** Executions of the hold sweep that were started on the way. */
  readonly sweeps: number;
}

/** A worker's payload and answer alike: the answer that is not `done` is the next payload. */
export interface ExpireTask {
  readonly step: 'expire';
  readonly run: string;
  readonly category: string;
  /** Only this tenant; otherwise all of them. */
  readonly tenant?: string;
  readonly done: boolean;
  /** Where to go on. */
  readonly cursor?: ExpireCursor;
  /** Sums over all calls so far. */
  readonly expired: ExpireSums;
}

interface ExpireCursor {
  readonly tenant: string;
  /** Keys up to this one are dealt with; absent: none of the tenant's. */
  readonly after?: string;
}

export interface ExpireSums {
  readonly segments: number;
  readonly positions: number;
  readonly bytes: number;
  /** Left because a hold covers them. */
  readonly held: number;
  /** Left because they are not sealed, or their lock has not passed. */
  readonly early: number;
  /** Objects among the expired that no seal names. */
  readonly findings: number;
}
