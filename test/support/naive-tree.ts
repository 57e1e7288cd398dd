// The Merkle tree written down as it is defined, to compare with.
import { createHash } from 'node:crypto';

function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/**
 * RFC 6962, section 2.1, and the subtrees of draft-ietf-plants-merkle-tree-certs, written down as they are defined.
 * Shares nothing with the code that it is compared with; remembers roots so that many proofs stay cheap.
 */
export class NaiveTree {
  readonly #leaves: readonly Uint8Array[];
  readonly #roots = new Map<string, Uint8Array>();

  /** Of entries, not of their hashes. */
  constructor(leaves: readonly Uint8Array[]) {
    this.#leaves = leaves;
  }

  root(begin: number, end: number): Uint8Array {
    const key = `${begin}-${end}`;
    const root = this.#roots.get(key) ?? this.#hash(begin, end);
    this.#roots.set(key, root);
    return root;
  }

  #hash(begin: number, end: number): Uint8Array {
    if (begin === end) return sha256();
    if (end - begin === 1) return sha256(Uint8Array.of(0), this.#leaves[begin]!);
    const split = begin + largestPowerBelow(end - begin);
    return sha256(Uint8Array.of(1), this.root(begin, split), this.root(split, end));
  }

  inclusion(index: number, begin: number, end: number): Uint8Array[] {
    if (end - begin === 1) return [];
    const split = begin + largestPowerBelow(end - begin);
    return index < split
      ? [...this.inclusion(index, begin, split), this.root(split, end)]
      : [...this.inclusion(index, split, end), this.root(begin, split)];
  }

  /** From the subtree's root to the tree's; with `start` 0, RFC 6962's consistency proof. */
  consistency(start: number, end: number, size: number): Uint8Array[] {
    return start === end ? [] : this.#subproof(start, end, 0, size, true);
  }

  #subproof(start: number, end: number, begin: number, limit: number, known: boolean): Uint8Array[] {
    if (start === begin && end === limit) return known ? [] : [this.root(begin, limit)];
    const split = begin + largestPowerBelow(limit - begin);
    if (end <= split) return [...this.#subproof(start, end, begin, split, known), this.root(split, limit)];
    if (split <= start) return [...this.#subproof(start, end, split, limit, known), this.root(begin, split)];
    return [...this.#subproof(split, end, split, limit, false), this.root(begin, split)];
  }
}

function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}
