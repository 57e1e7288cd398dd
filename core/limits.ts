/** An entry has to fit a C2SP entry bundle item (65,535 bytes) with room for its frame. */
export const MAX_ENTRY_BYTES = 60_000;

/** What a block holds at most; a batch that is larger would need several blocks for no gain. */
export const MAX_BATCH_ENTRIES = 500;

/** DynamoDB's limit for one transaction is 4 MB, and a batch commits in one transaction. */
export const MAX_BATCH_BYTES = 4_000_000;

/** Containers inside containers of one entry, the entry itself counted; deeper data is a mistake or an attack. */
export const MAX_NESTING = 32;

/** Clocks differ and time zones get lost by up to a day; beyond it the time is wrong. */
const MAX_FUTURE_SECONDS = 24 * 60 * 60;

/** An entry that happened longer before its recording is accepted and flagged as late. */
export const LATE_AFTER_SECONDS = 24 * 60 * 60;

/** A DynamoDB item holds 400 KB; a block's links and keys need the rest. */
export const MAX_BLOCK_ENTRIES = 500;
export const MAX_BLOCK_BYTES = 390_000;

/** A full batch with the white space of a pretty-printing client; below Lambda's 6 MB payload. */
const MAX_BODY_BYTES = 5_000_000;

/** The limits that a deployment may change; each error names the one that caused it. */
export interface Limits {
  readonly entryBytes: number;
  readonly batchEntries: number;
  readonly batchBytes: number;
  readonly nesting: number;
  readonly futureSeconds: number;
  readonly bodyBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  entryBytes: MAX_ENTRY_BYTES,
  batchEntries: MAX_BATCH_ENTRIES,
  batchBytes: MAX_BATCH_BYTES,
  nesting: MAX_NESTING,
  futureSeconds: MAX_FUTURE_SECONDS,
  bodyBytes: MAX_BODY_BYTES,
};
