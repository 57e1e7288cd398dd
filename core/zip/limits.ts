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
 * Measured: entries that differ in nothing but id and times compress 14:1 at 350 bytes, 52:1 at 2 KB, 93:1 at 9 KB.
 * Whoever may append can write entries that compress 560:1, so a caller has to offer a way to raise these; deflate
 * itself ends at 1,032:1. One file among many may repeat itself more than the whole does.
 */
const MAX_RATIO = 150;
const MAX_ENTRY_RATIO = 250;

export const DEFAULT_LIMITS: ZipLimits = { entries: MAX_ENTRIES, ratio: MAX_RATIO, entryRatio: MAX_ENTRY_RATIO };

/** Half a second's work: content up to this size is no bomb, whatever its ratio. */
export const HARMLESS_BYTES = 256 * 1024 * 1024;
