/** What a reader is willing to do for a stranger's archive. */
export interface ZipLimits {
  /** Each costs memory before the first is read. */
  readonly entries: number;
  /** How many bytes of content a byte of the whole archive may stand for. */
  readonly ratio: number;
  /** The same for one entry and its compressed data. */
  readonly entryRatio: number;
}

/** The tiles and entry bundles of a log of 2^24 leaves are half as many; a directory of them takes less than 100 MB. */
const MAX_ENTRIES = 250_000;

/**
 * Entries of an audit trail that differ in nothing but id and times compress 30:1 when they are short and 60:1 at 2 KB.
 * Deflate ends at 1,032:1. One file among many may hold longer repetitions than the whole.
 */
const MAX_RATIO = 100;
const MAX_ENTRY_RATIO = 250;

export const DEFAULT_LIMITS: ZipLimits = { entries: MAX_ENTRIES, ratio: MAX_RATIO, entryRatio: MAX_ENTRY_RATIO };

/** Half a second's work: content up to this size is no bomb, whatever its ratio. */
export const HARMLESS_BYTES = 256 * 1024 * 1024;
