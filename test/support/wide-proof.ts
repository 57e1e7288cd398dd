// Audit paths in trees that are too large to build.
import { nodeHash } from '../../core/merkle/hash.ts';

export interface WideTree {
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * The audit path of a leaf in a tree far too large to build, with `fill(i)` as its hashes: climbs by the bits of
 * BigInts as RFC 9162, section 2.1.3.2, does, which shares nothing with the code that it checks.
 */
export function wideInclusion(
  index: bigint,
  size: bigint,
  leaf: Uint8Array,
  fill: (i: number) => Uint8Array,
): WideTree {
  const proof: Uint8Array[] = [];
  let root = leaf;
  let at = index;
  let last = size - 1n;
  while (last > 0n) {
    if ((at & 1n) === 1n || at !== last) {
      const hash = fill(proof.length);
      root = (at & 1n) === 1n ? nodeHash(hash, root) : nodeHash(root, hash);
      proof.push(hash);
    }
    at >>= 1n;
    last >>= 1n;
  }
  return { root, proof };
}
