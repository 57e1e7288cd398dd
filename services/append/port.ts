// What appending needs of the store of blocks.
import type { Block } from '../../core/block/block.ts';

/** The end of a chain: where the next block goes and what it builds on. */
export interface Head {
  /** Position of the next entry. */
  readonly next: number;
  /** Link of the last entry. */
  readonly link: Uint8Array;
}

/** What the archive remembers of a chain's newest block, unchecked: whoever may write its table may have written it. */
export interface Remembered {
  readonly position: number;
  readonly count: number;
  readonly link: Uint8Array;
  /** Where everything is archived: behind that block, if the archive wrote it. */
  readonly through: number;
}

/** What there is at a chain's end, unchecked. */
export interface ChainEnd {
  readonly newest: Block | undefined;
  /** Not a number in its members where the row has none. */
  readonly remembered: Remembered | undefined;
}

/** Where an idempotent request's entries went: `count` of them from `position`, inside the block at `block`. */
export interface ReceiptRun {
  readonly chain: number;
  readonly position: number;
  readonly count: number;
  readonly block: number;
}

/** What is remembered of an idempotent request, and for how long a repeat is recognized. */
export interface RequestRecord {
  /** `tenant#owner#key`. */
  readonly request: string;
  /** SHA-256 of the request's body. */
  readonly digest: Uint8Array;
  readonly runs: readonly ReceiptRun[];
  /** Epoch milliseconds. */
  readonly recordedAt: number;
}

/** Blocks of one chain, each continuing the one before, and the requests that they settle: written whole or not at all. */
export interface Commit {
  /** The same for each attempt at this commit and for no other, at most 36 characters. */
  readonly token: string;
  readonly blocks: readonly Block[];
  readonly requests: readonly RequestRecord[];
}

export type CommitOutcome =
  | { readonly kind: 'committed' }
  /** Nothing was written by this attempt. Says what stands in its place; an earlier attempt may have put it there. */
  | {
      readonly kind: 'refused';
      /** Blocks that hold positions of the commit. */
      readonly blocks: readonly Block[];
      /** Requests of the commit that were settled before. */
      readonly requests: readonly RequestRecord[];
      /** Positions, and names of requests, at which items stand that are none; absent when there are none. */
      readonly damaged?: { readonly blocks: readonly number[]; readonly requests: readonly string[] };
    };

/**
 * Reading blocks, with strong consistency: what was committed before the call is seen by it.
 * Both throw StoreUnavailable when the store can't answer now, and BlockError when the item there is no block.
 */
export interface BlockReader {
  /**
   * The block with the greatest first position that is at most `position`; it may end before it. Undefined when there
   * is none, never or no longer: blocks leave when the hot window has passed.
   */
  blockBefore(chain: string, position: number): Promise<Block | undefined>;
}

/**
 * Where blocks are durable.
 *
 * - A block is never changed. It leaves only after `hotWindowMs`, measured from its `recordedAt`.
 * - `commit` is atomic and durable when it returns `committed`, and takes a position at most once while the block that
 *   holds it is there. Attempts that failed may have been persisted nevertheless: see StoreUnavailable.
 */
export interface BlockStore extends BlockReader {
  readonly hotWindowMs: number;

  /**
   * What stands at the end of the chain, and what is remembered of it when its last blocks have left the hot window. Both
   * as they are: checkedHead (head.ts) says what can be built on. Throws StoreUnavailable, and BlockError when the newest
   * item is no block.
   */
  end(chain: string): Promise<ChainEnd>;

  /**
   * Writes all of it, if every position is free and no request is settled. What was settled is forgotten after a while,
   * at the latest when its blocks may leave: a settled request that is told has its blocks. Does not wait and try again for long: that
   * is the caller's, who knows how long its own caller waits. Throws StoreUnavailable.
   */
  commit(commit: Commit): Promise<CommitOutcome>;
}

export type Unavailability =
  /** The store asks for less traffic. */
  | 'throttled'
  /** Another transaction holds an item of this one. */
  | 'conflict'
  /** Timeout, connection lost, server error. */
  | 'outage';

/** The store could not answer. Trying again later may help. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly code: Unavailability;
  /** True when the write may have been persisted, or may still be. False: it certainly was not. */
  readonly ambiguous: boolean;

  constructor(code: Unavailability, ambiguous: boolean, cause: unknown) {
    super(`the store is unavailable (${code}${ambiguous ? ', outcome unknown' : ''})`, { cause });
    this.code = code;
    this.ambiguous = ambiguous;
  }
}
