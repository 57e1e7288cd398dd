/** What the steps that build the index anew are given and answer. */

/** What an execution is started with. */
export interface ReindexInput {
  /** Absent or null: every tenant. */
  readonly tenant?: string | null;
}

export interface ReindexPlan {
  readonly tenant: string | null;
  /** From 0 on. */
  readonly shards: readonly number[];
}

export interface ReindexRequest extends ReindexPlan {
  readonly step: 'shard';
  readonly shard: number;
  /** What the run before answered; null in the first. */
  readonly cursor: ReindexCursor | null;
}

export interface ReindexCursor {
  /** `tenant#n`: chains before it, by name, are done. */
  readonly chain: string;
  /** Where to go on in it; null: at the chain after it. */
  readonly position: number | null;
  /** Of the stretch that goes on there, as its bytes in base64; absent where there is none. */
  readonly tally?: string;
  /** Sums over all runs so far. */
  readonly chains: number;
  readonly entries: number;
}

export interface Reindexed {
  readonly done: boolean;
  /** Null when there was no chain. */
  readonly cursor: ReindexCursor | null;
}
