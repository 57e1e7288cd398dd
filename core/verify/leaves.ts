// Leaf hashes of bodies, and what is wrong with each body.
import { leafHash } from '../chain.ts';
import { HASH_BYTES } from '../crypto.ts';
import type { EntryRules } from './entry-rules.ts';
import type { LeafBatch, LeafFault } from './evidence.ts';

/** An entry's bytes, and where whoever keeps it says that it belongs. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly position: number;
}

/** What is left of a body once it was hashed and checked: it waits for its turn in a fraction of the memory. */
export interface HashedBody {
  readonly position: number;
  readonly hash: Uint8Array;
  /** Length of the body. */
  readonly bytes: number;
  /** When it says that it was recorded, in milliseconds since 1970; not a number where it has a fault. */
  readonly time: number;
  readonly fault: LeafFault['fault'] | undefined;
}

export function hashedBody({ bytes, position }: Body, rules: EntryRules): HashedBody {
  const fault = rules.check(bytes);
  return { position, hash: leafHash(bytes), bytes: bytes.length, time: rules.recordedAt, fault };
}

/** Bodies that come with their positions, in order. */
export function leavesOf(bodies: readonly HashedBody[]): LeafBatch {
  const hashes = new Uint8Array(bodies.length * HASH_BYTES);
  const times = new Float64Array(bodies.length);
  const faults: LeafFault[] = [];
  for (const [at, { hash, time, fault }] of bodies.entries()) {
    hashes.set(hash, at * HASH_BYTES);
    if (fault !== undefined) faults.push({ at, fault });
    times[at] = time;
  }
  const bytes = bodies.reduce((sum, body) => sum + body.bytes, 0);
  return { hashes, bytes, positions: bodies.map(({ position }) => position), times, faults };
}
