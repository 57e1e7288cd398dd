// What searching needs of index, ledger and archive, and what it finds.
import type { Block } from '../../core/block/block.ts';
import type { Entry } from '../../core/entry/schema.ts';
import type { Posting } from '../../core/index/postings.ts';
import type { Query } from '../../core/query/ast.ts';
import type { Candidate } from '../../core/query/match.ts';

export type { Posting };

/** When entries were recorded, in epoch milliseconds: from the first on, before the last. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** `desc` is newest first. Entries are ordered by the time of recording, then chain, then position. */
export type Order = 'asc' | 'desc';

/** Where an entry is in the order. */
export interface EntryPlace {
  /** Epoch milliseconds. */
  readonly recordedAt: number;
  readonly chain: number;
  readonly position: number;
}

/** An entry that was found, with what binds it to its chain; hashes in lower-case hex. */
export interface Found extends EntryPlace {
  readonly entry: Entry;
  /** Its canonical bytes. */
  readonly bytes: Uint8Array;
  readonly leafHash: string;
  readonly link: string;
}

export interface SearchRequest {
  readonly tenant: string;
  /** The reader's filter is in it. */
  readonly query: Query;
  readonly period: Period;
  readonly order: Order;
  /** Entries that come after this place, in the order; absent: from the beginning. */
  readonly after?: EntryPlace;
  /** What the language has no words for: besides the query, this has to hold. */
  readonly only?: (candidate: Candidate) => boolean;
}

/** What one run of indexing found of one facet value in one chain. */
export interface PostingRow {
  readonly chain: number;
  /** In the order that was asked for. */
  readonly postings: readonly Posting[];
}

/** How far a chain is indexed. */
export interface IndexedChain {
  readonly chain: number;
  /** Every position below has its postings. */
  readonly through: number;
  /** Epoch milliseconds: when the last block below was committed; absent where none was yet. */
  readonly recordedAt?: number;
}

/**
 * Reads the index. It is a convenience that can be rebuilt: whoever reads it checks every entry that it points at, and what
 * is beyond `through` has to be read from the ledger. Rows may repeat postings; none is missing below `through` within the
 * hot window.
 */
export interface PostingsReader {
  /**
   * Rows of one facet value that have postings in the period, each cut to the period. Ordered by their newest posting
   * (desc) or their oldest (asc); rows of different chains or runs may overlap in time. Facet `time` has one value, '':
   * every entry.
   */
  postings(tenant: string, facet: string, value: string, period: Period, order: Order): AsyncIterable<PostingRow>;
  /** Every chain that the index knows of the tenant. Strongly consistent. */
  indexed(tenant: string): Promise<readonly IndexedChain[]>;
}

/** Where a block is. */
export interface BlockPlace {
  /** The chain's name, `tenant#n`. */
  readonly chain: string;
  /** Of its first entry. */
  readonly position: number;
}

/** An item of the ledger, where it lies. */
export interface StoredBlock extends BlockPlace {
  /** Undefined when the item has not the shape of a block. */
  readonly block: Block | undefined;
}

/** What a block says that it continues. */
export interface StoredLink extends BlockPlace {
  /** Undefined when the item has not the shape of a block. */
  readonly previousLink: Uint8Array | undefined;
}

/** Reads blocks of the ledger, as stored: whoever asks decodes and checks them. Throws StoreUnavailable. */
export interface BlockFetcher {
  /** What begins at these places, each named once, in any order; what left the hot window is missing. */
  blocks(places: readonly BlockPlace[]): Promise<readonly StoredBlock[]>;
  /** As `blocks`, without the entries: a few dozen bytes a block. */
  links(places: readonly BlockPlace[]): Promise<readonly StoredLink[]>;
  /** Of the first block that begins behind the place, whatever begins there; undefined where none does. Strongly consistent. */
  linkBehind(place: BlockPlace): Promise<StoredLink | undefined>;
  /**
   * What begins in the chain at `from` or later, and before `below` where that is said; in order or newest first, strongly
   * consistent.
   */
  from(chain: string, from: number, order: Order, below?: number): AsyncIterable<StoredBlock>;
}

/** One position as the archive has it. */
export interface ArchivedEntry {
  /** The entry's canonical bytes. */
  readonly bytes: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly link: Uint8Array;
}

/** The archive, asked where the ledger has lost something. */
export interface Recovery {
  /**
   * Of the tenant's positions, those that the archive shows to be the chain's: by the sealed tree, or, where they are not
   * sealed, by the links from a block before to the block behind. Throws when the archive can't be reached.
   */
  entries(tenant: string, chain: number, positions: readonly number[]): Promise<ReadonlyMap<number, ArchivedEntry>>;
}

/** Where there is no archive to ask. */
export const NO_RECOVERY: Recovery = { entries: async () => new Map() };

/** Tells what has expired: it is gone for every reader, whether or not its bytes still are somewhere. */
export interface Keeping {
  /** Those of a tenant's entries that are still kept, in their order. */
  kept<F extends Kept>(tenant: string, found: readonly F[]): Promise<readonly F[]>;
  /** Whole days of which nothing is kept any more: the archive need not be asked for these. */
  expiredDays(tenant: string): Promise<readonly ExpiredDays[]>;
}

/** Days of one category that have expired, whatever is recorded on them. */
export interface ExpiredDays {
  readonly category: string;
  /** YYYY-MM-DD: days before it. */
  readonly before: string;
}

/** Of an entry, what its keeping follows from. */
export interface Kept {
  readonly entry: Entry;
  readonly chain: number;
  readonly position: number;
}
