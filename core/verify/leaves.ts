import { leafHash } from '../chain.ts';
import { HASH_BYTES } from '../crypto.ts';
import type { EntryRules } from './entry-rules.ts';
import type { LeafBatch, LeafFault } from './evidence.ts';

/** An entry's bytes, and where whoever keeps it says that it belongs. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly position: number;
}

/** Hashes and judges bodies that come with their positions, in order. */
export function leavesOf(bodies: readonly Body[], rules: EntryRules): LeafBatch {
  const hashes = new Uint8Array(bodies.length * HASH_BYTES);
  const times = new Float64Array(bodies.length);
  const faults: LeafFault[] = [];
  for (const [at, { bytes }] of bodies.entries()) {
    hashes.set(leafHash(bytes), at * HASH_BYTES);
    const fault = rules.judge(bytes);
    if (fault !== undefined) faults.push({ at, fault });
    times[at] = rules.recordedAt;
  }
  const bytes = bodies.reduce((sum, body) => sum + body.bytes.length, 0);
  return { hashes, bytes, positions: bodies.map(({ position }) => position), times, faults };
}
