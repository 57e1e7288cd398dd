// Roots over many neighbouring hashes at once.
import { HASH_BYTES, sha256Into } from '../crypto.ts';
import { subtreeRootFast } from '../wasm/batch.ts';
import { ProofError } from './error.ts';
import { NODE_PREFIX } from './hash.ts';

/** The root of the perfect tree over hashes that lie one after the other: a power of two of them, of 32 bytes each. */
export function subtreeRoot(hashes: Uint8Array): Uint8Array {
  return subtreeRootFast(hashes) ?? subtreeRootSlowly(hashes);
}

/** The same by node:crypto, node by node: for few hashes, and what the fast one is held against. */
export function subtreeRootSlowly(hashes: Uint8Array): Uint8Array {
  const count = hashes.length / HASH_BYTES;
  if (!Number.isInteger(Math.log2(count))) {
    throw new ProofError('node', `got ${count} hashes as a perfect tree's leaves, want a power of two`);
  }
  // Not `slice`, which of a Buffer is a view.
  const level = new Uint8Array(hashes);
  const input = new Uint8Array(1 + 2 * HASH_BYTES);
  input[0] = NODE_PREFIX;
  for (let length = level.length / 2; length >= HASH_BYTES; length /= 2) {
    for (let at = 0; at < length; at += HASH_BYTES) {
      for (let i = 0; i < 2 * HASH_BYTES; i++) input[1 + i] = level[2 * at + i]!;
      sha256Into(input, level, at);
    }
  }
  return level.slice(0, HASH_BYTES);
}

/** The perfect trees that a tree of these leaf hashes is made of: the root of each, one for each 1 in their count, widest first. */
export function perfectSubtrees(hashes: Uint8Array): Uint8Array[] {
  const roots: Uint8Array[] = [];
  for (let at = 0; at < hashes.length; ) {
    const width = HASH_BYTES * 2 ** Math.floor(Math.log2((hashes.length - at) / HASH_BYTES));
    roots.push(subtreeRoot(hashes.subarray(at, at + width)));
    at += width;
  }
  return roots;
}

/** Hashes as they lie in a tile. */
export function joinHashes(hashes: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(hashes.length * HASH_BYTES);
  for (const [i, hash] of hashes.entries()) joined.set(hash, i * HASH_BYTES);
  return joined;
}
