/** The version of the block format that this code writes, and the only one that it reads. */
export const BLOCK_VERSION = 1;

/** The unit of commit: a contiguous run of one chain's entries, as stored (docs/format.md, "Block"). */
export interface Block {
  /** The chain's name, `tenant#n`. */
  readonly chain: string;
  /** Position of the first entry. */
  readonly position: number;
  readonly count: number;
  /** Format version. */
  readonly v: number;
  /** The entries: one zstd frame. */
  readonly payload: Uint8Array;
  /** Link of the entry before the first; the genesis link at position 0. */
  readonly previousLink: Uint8Array;
  /** Link of the last entry. Never believed: decodeBlock derives it. */
  readonly link: Uint8Array;
  /** Epoch milliseconds of the commit. */
  readonly recordedAt: number;
  /** Idempotent requests (`tenant#owner#key`) whose entries are inside; empty when none. */
  readonly requests: readonly string[];
}

/** zstd is injected, since core is pure. Implementations throw on input that they can't process whole. */
export interface Compression {
  /** Exactly one frame, which declares its content size. */
  compress(bytes: Uint8Array): Uint8Array;
  /** Never makes more than `maxBytes`: throws instead. What follows the first frame may be ignored. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array;
}
