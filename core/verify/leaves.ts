import { leafHash } from '../chain.ts';
import { HASH_BYTES } from '../crypto.ts';
import type { LeafBatch } from './evidence.ts';

/** An entry's bytes, and where whoever keeps it says that it belongs. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly position: number;
}

/** What is left of a body once it was hashed: it waits for its turn in a fraction of the memory. */
export interface HashedBody {
  readonly position: number;
  readonly hash: Uint8Array;
  /** Length of the body. */
  readonly bytes: number;
}

export function hashedBody({ bytes, position }: Body): HashedBody {
  return { position, hash: leafHash(bytes), bytes: bytes.length };
}

/** Bodies that come with their positions, in order. */
export function leavesOf(bodies: readonly HashedBody[]): LeafBatch {
  const hashes = new Uint8Array(bodies.length * HASH_BYTES);
  for (const [i, { hash }] of bodies.entries()) hashes.set(hash, i * HASH_BYTES);
  const bytes = bodies.reduce((sum, body) => sum + body.bytes, 0);
  return { hashes, bytes, positions: bodies.map(({ position }) => position) };
}
