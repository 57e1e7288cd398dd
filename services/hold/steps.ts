/** What the sweep of legal holds is given and answers. */

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
