// Rows of segments, their file format, and the table of chains.
import type { Entry } from '../../core/entry/schema.ts';

/** One archived position: what a segment holds of it, and what verifying needs. */
export interface SegmentRow {
  readonly position: number;
  /** The entry's canonical bytes. */
  readonly bytes: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly link: Uint8Array;
}

/** A row on its way into a segment. */
export interface ArchiveRow extends SegmentRow {
  /** Link of the position before. */
  readonly previousLink: Uint8Array;
  /** The parsed bytes; its category and day say which segment. */
  readonly entry: Entry;
  /** UTC day of `recordedAt`, YYYY-MM-DD. */
  readonly day: string;
}

/** The file format of segments. The same rows always encode to the same bytes in one version of the code. */
export interface SegmentCodec {
  encode(chain: number, rows: readonly ArchiveRow[]): Uint8Array;
  /**
   * The rows, in order. Strict: throws SegmentFault unless the bytes are one whole file of the format whose positions
   * rise and whose leaf hashes are those of the entries. Links are not checked: that takes the rows in between.
   */
  decode(bytes: Uint8Array): Promise<readonly SegmentRow[]>;
  /**
   * Whether a file that decodes to these rows also says of them, in the columns that queries read and in its bounds, what
   * `encode` does: whoever puts a file can put the right entries beside columns that say something else.
   */
  isFaithful(bytes: Uint8Array, chain: number, rows: readonly ArchiveRow[]): Promise<boolean>;
}

/** The bytes are no segment. */
export class SegmentFault extends Error {
  override readonly name = 'SegmentFault';
  readonly code = 'segment';
}

/** How far a chain is archived, and its newest known block. Every part of it is a fact that stays true. */
export interface ChainState {
  /** Every position below is in a segment. */
  readonly through: number;
  /** Of these categories, every position below (more than `through`) is in a segment. */
  readonly ahead: Readonly<Record<string, number>>;
  /** The newest block that is archived: it ends at `through`, with `link`. */
  readonly position: number;
  readonly count: number;
  readonly link: Uint8Array;
}

/** A chain's row. `state` is undefined of one that does not even have the shape: whoever may write the table wrote it. */
export interface StoredChain {
  readonly state: ChainState | undefined;
  readonly version: number;
}

/** One row a chain, versioned. Losing a row loses no evidence: archiving then starts over and finds what is there. */
export interface Chains {
  /** Strongly consistent. */
  read(chain: string): Promise<StoredChain | undefined>;
  /**
   * Writes if the row still has `version` (0: doesn't exist, or was malformed when last read); false when another writer was
   * faster.
   */
  write(chain: string, state: ChainState, version: number): Promise<boolean>;
}
