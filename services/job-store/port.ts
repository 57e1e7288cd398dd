/** An item that readers keep beside the evidence: a saved search, or a job of a query or an export. None of it is evidence. */
export interface JobItem<T> {
  readonly id: string;
  readonly value: T;
  /** Counts writes, from 1. */
  readonly version: number;
}

export interface JobPage<T> {
  readonly items: readonly JobItem<T>[];
  /** Where the next page begins; undefined at the end. */
  readonly next: string | undefined;
}

/** A tenant's items by kind and id. Strongly consistent; a write that throws may have been persisted. */
export interface JobStore {
  get<T>(tenant: string, kind: string, id: string): Promise<JobItem<T> | undefined>;
  /** Newest id first, where ids are UUIDv7; `after` is a page's `next`. */
  list<T>(tenant: string, kind: string, limit: number, after?: string): Promise<JobPage<T>>;
  /**
   * Writes if the item's version is still `version`; 0 says that there is none. False when it is not: nothing was written.
   * `expiresAt` in epoch seconds: the item is gone some time after.
   */
  put<T>(tenant: string, kind: string, id: string, value: T, version: number, expiresAt?: number): Promise<boolean>;
  /** False when there was none. */
  remove(tenant: string, kind: string, id: string): Promise<boolean>;
}
