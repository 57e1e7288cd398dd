/** What the steps of a search of the archive are given and answer. */

export interface QueryTask {
  readonly tenant: string;
  readonly id: string;
  readonly gaveUp?: boolean;
}

export interface QueryStep extends QueryTask {
  readonly done: boolean;
  /** Seconds until there may be more to do; at least 1. */
  readonly waitSeconds: number;
}
