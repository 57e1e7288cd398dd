// The port through which the verifier reads evidence.
import type { ObjectRef } from '../documents/fields.ts';
import type { TileReader } from '../tiles/reader.ts';
import type { EntryFault } from './entry-rules.ts';

/** A leaf of the digest log, as somebody hands it out: nothing of it is believed. */
export interface SealedDigest {
  /** Canonical bytes of a digest document. */
  readonly bytes: Uint8Array;
  /** Which leaf of the digest log it is said to be. */
  readonly index: number;
  /** RFC 6962 inclusion proof to the evidence's checkpoint. */
  readonly proof: readonly Uint8Array[];
}

/** The head of the digest log; whoever made the evidence has verified its signatures. */
export interface LogHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Seconds since 1970 by the log's own cosignature: when the newest seal was made. Undefined without a key of that type. */
  readonly timestamp: number | undefined;
}

/** A seal since the first digest, and the proof that the checkpoint's log is its continuation. */
export interface SealHead {
  readonly seal: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Leaf hashes of bodies that were hashed just now, in the order in which the bodies are kept. */
export interface LeafBatch {
  /** 32 bytes each. */
  readonly hashes: Uint8Array;
  /** Of the bodies. */
  readonly bytes: number;
  /** Where each is said to belong, rising; absent where only the order says it. */
  readonly positions?: readonly number[];
  /** When each says that it was recorded, in milliseconds since 1970; not a number for those that `faults` names. */
  readonly times: Float64Array;
  /** Of those that are no entries of the tenant, in order. */
  readonly faults: readonly LeafFault[];
}

/** A body that is no entry, by its place in the batch. */
export interface LeafFault {
  readonly at: number;
  readonly fault: EntryFault;
}

/**
 * One tenant's evidence, from wherever it is kept. Methods resolve to undefined for what is not there and reject when
 * they can't tell (not reachable, not readable); nothing that they answer is believed.
 */
export interface Evidence {
  readonly tenant: string;
  readonly log: LogHead;
  /** Number of the first digest to check. When it is not 0, `digests` begins with the one before, which anchors it. */
  readonly first: number;
  /** In order, up to the newest. May be called more than once. */
  digests(): AsyncIterable<SealedDigest>;
  /**
   * Tombstones that were written since the newest digest, in order of their numbers: nothing signed names them yet. Absent
   * where whoever has the evidence looks for them himself.
   */
  unsealed?(): AsyncIterable<ObjectRef>;
  /** The bytes under that name; whether they have its hash is for the verifier. */
  document(ref: ObjectRef): Promise<Uint8Array | undefined>;
  /** Which documents are going to be asked for next, in this order: whoever keeps them far away can begin to read. */
  expect?(refs: readonly ObjectRef[]): void;
  /** Of a chain's tree. */
  tiles(chain: number): TileReader;
  /**
   * Leaf hashes of the bodies that exist from position `from` on, to before `through`, hashed from their bytes by
   * core/verify/leaves.ts. Read as far as needed, then closed.
   */
  leaves(chain: number, from: number, through: number): AsyncIterable<LeafBatch>;
}
