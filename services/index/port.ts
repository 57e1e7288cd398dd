// What indexing needs of the ledger and of the index's table.
import type { Block, Compression } from '../../core/block/block.ts';
import type { Posting } from '../../core/index/postings.ts';
import type { Tally } from '../../core/index/tally.ts';
import type { Facet } from '../../names/index.ts';

/** The postings of one facet value that one run found in one chain, cut so that they lie in one span (span.ts). */
export interface IndexRow {
  readonly tenant: string;
  readonly facet: string;
  readonly value: string;
  readonly chain: number;
  /** In the order of positions, at most MAX_ROW_POSTINGS. */
  readonly postings: readonly Posting[];
  /** Epoch seconds: when the last of its blocks leaves the hot window. */
  readonly expiresAt: number;
}

/** The tally of a stretch of one chain that has ended, or what of it lies in one hour (core/index/tally.ts). */
export interface IndexTally {
  readonly tenant: string;
  readonly chain: number;
  readonly tally: Tally;
  /** Epoch seconds: when the last of its blocks leaves the hot window. */
  readonly expiresAt: number;
}

/** How far a chain is indexed, and what the next block has to continue. */
export interface Progress {
  /** Every position below has its postings, or no block that can be read. */
  readonly through: number;
  /** Link of the last block below; undefined when that block could not be read. */
  readonly link: Uint8Array | undefined;
  /** Epoch milliseconds: when that block was recorded. */
  readonly recordedAt: number;
  /** Of the stretch that ends there and goes on; absent where nothing was counted yet. */
  readonly tally?: Tally;
}

/**
 * Writes the index of one configuration of facets. Rows are durable before progress tells of them, and a row of the same
 * postings is the same item, so that whatever is done again is the same.
 */
export interface IndexStore {
  /** Returns when every row and tally is durable. Throws when that is not known of all of them. */
  write(rows: readonly IndexRow[], tallies?: readonly IndexTally[]): Promise<void>;
  /** Strongly consistent. `chain` is `tenant#n`. */
  progress(chain: string): Promise<(Progress & { readonly version: number }) | undefined>;
  /** By optimistic version, 0 for none yet: false says that another writer was there, and nothing was written. */
  advance(chain: string, progress: Progress, version: number): Promise<boolean>;
}

/** An item of the ledger where it lies. */
export interface LedgerItem {
  readonly position: number;
  /** Undefined when it has not the shape of a block. */
  readonly block: Block | undefined;
}

/** Goes along chains. Throws StoreUnavailable. */
export interface LedgerWalk {
  /** What lies at `position` and after, in order, strongly consistent. */
  from(chain: string, position: number): AsyncIterable<LedgerItem>;
}

export interface IndexPorts {
  readonly store: IndexStore;
  readonly ledger: LedgerWalk;
  readonly compression: Compression;
  /** Indexed beside time. */
  readonly facets: readonly Facet[];
  readonly hotWindowSeconds: number;
  readonly now: () => Date;
  /** Entries that are indexed in one go; other than the default in tests alone. */
  readonly sliceEntries?: number;
}
