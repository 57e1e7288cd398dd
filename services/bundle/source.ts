// The port from which a bundle is made.
import type { ObjectRef } from '../../core/documents/fields.ts';
import type { TileId } from '../../core/tiles/shape.ts';
import type { SealedDigest, SealHead } from '../../core/verify/evidence.ts';

/**
 * Where a bundle comes from. All answers are about one checkpoint, the newest when the source was opened. Rejects when
 * something can't be had; what is not there any more is undefined. Nothing has to be true: whoever reads the bundle
 * verifies it.
 */
export interface BundleSource {
  readonly tenant: string;
  /** The signed note. */
  readonly checkpoint: Uint8Array;
  /** Verifier keys of the log, one a line. */
  readonly keys: Uint8Array;
  /** From the digest of that number on, in order. May be called more than once. */
  digests(from: number): AsyncIterable<SealedDigest>;
  /** From that seal on, in order. */
  seals(from: number): AsyncIterable<SealHead>;
  /** The tenant's tombstones that no digest under the checkpoint has sealed, by number: those that there are now. */
  unsealed(): AsyncIterable<ObjectRef>;
  document(ref: ObjectRef): Promise<Uint8Array | undefined>;
  /** Of a chain's tree, neighbours of one level in order: each of them, or undefined where it is not there. */
  tiles(chain: number, run: readonly TileId[]): Promise<readonly (Uint8Array | undefined)[]>;
  /**
   * The bodies that exist from position `from` to before `through`, each followed by LF, in pieces that end anywhere.
   * `cuts`, rising, are positions in between where segments end: who asks in several requests asks for what lies between
   * them, so that no segment is read twice.
   */
  bodies(chain: number, from: number, through: number, cuts: readonly number[]): AsyncIterable<Uint8Array>;
}
