/** What became of a query. `exhausted`: it was stopped because it read more than one query may (names/athena.ts). */
export type QueryState = 'queued' | 'running' | 'succeeded' | 'failed' | 'exhausted' | 'cancelled';

export interface QueryStatus {
  readonly state: QueryState;
  /** Read so far, as it is billed. */
  readonly scannedBytes: number;
  /** Where the rows are, once it has succeeded; for `rows`. */
  readonly output?: string;
  /** Why it ended otherwise. */
  readonly reason?: string;
}

/** One row: text, or null for no value. */
export interface ResultRow {
  readonly cells: readonly (string | null)[];
  /** Where the next row begins. */
  readonly end: number;
}

/**
 * SQL over the archive (names/segment.ts has the columns of the table; tenant, category and day are the partitions).
 *
 * Queries run elsewhere and survive whoever started them. Every call may be repeated; one that throws may have had its
 * effect. Results are kept for JOB_STORE.athenaDays.
 */
export interface ArchiveQuery {
  /** Answers the query's id. The same token, of 32 to 128 characters, is the same query: it is not run again. */
  start(sql: string, token: string): Promise<string>;
  /** Throws QueryForgotten when there is no such query any more. */
  status(id: string): Promise<QueryStatus>;
  /** Of one that has ended nothing changes. */
  stop(id: string): Promise<void>;
  /**
   * The rows of a query's output in their order, from the one that begins at `from`; 0 is the first. Reads ahead by little,
   * whatever the size. Throws ResultsExpired when they are gone.
   */
  rows(output: string, from: number): AsyncIterable<ResultRow>;
}

/** The query is no longer known: it is older than a job lives. */
export class QueryForgotten extends Error {
  override readonly name = 'QueryForgotten';
  readonly code = 'forgotten';
}

/** The rows were removed at the end of their days. */
export class ResultsExpired extends Error {
  override readonly name = 'ResultsExpired';
  readonly code = 'expired';
}

/** A query over the archive did not succeed; the message says what the engine says, which quotes the query and no entry. */
export class ArchiveQueryFailed extends Error {
  override readonly name = 'ArchiveQueryFailed';
  readonly code = 'archive-query';
  readonly state: QueryState;

  constructor(state: QueryState, reason: string | undefined) {
    super(reason ?? 'the query ended without a reason');
    this.state = state;
  }
}
