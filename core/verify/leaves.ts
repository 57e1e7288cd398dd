import { leafHash } from '../chain.ts';
import { HASH_BYTES } from '../crypto.ts';
import type { LeafBatch } from './evidence.ts';

/** An entry's bytes, and where whoever keeps it says that it belongs. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly position: number;
}

/** Hashes bodies that come with their positions, in order. */
export function leavesOf(bodies: readonly Body[]): LeafBatch {
  const hashes = new Uint8Array(bodies.length * HASH_BYTES);
  for (const [i, { bytes }] of bodies.entries()) hashes.set(leafHash(bytes), i * HASH_BYTES);
  const bytes = bodies.reduce((sum, body) => sum + body.bytes.length, 0);
  return { hashes, bytes, positions: bodies.map(({ position }) => position) };
}
