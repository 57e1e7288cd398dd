// The compact range of a Merkle tree: what appending to it takes.
import { ProofError } from './error.ts';
import { checkHash, foldRight, nodeHash } from './hash.ts';
import { nodesOf } from './path.ts';
import { checkSize, isTreeSize, MAX_TREE_SIZE } from './size.ts';

/** Told every node that an append completes, the appended one first, then upwards. */
export type NodeVisitor = (level: number, index: number, hash: Uint8Array) => void;

/**
 * All that has to be known of a tree to go on appending to it: the hashes of the perfect subtrees that it is made of,
 * one for each 1 in its size, widest first. A seal keeps this instead of the leaves.
 */
export class CompactRange {
  #size: number;
  readonly #hashes: Uint8Array[];

  /** Continues where `hashes` of another range left off; without arguments, an empty tree. */
  constructor(size = 0, hashes: readonly Uint8Array[] = []) {
    checkSize(size);
    const want = nodesOf({ begin: 0, end: size }).length;
    if (hashes.length !== want) {
      throw new ProofError('node', `got ${hashes.length} hashes for a tree of ${size}, want ${want}`);
    }
    for (const hash of hashes) checkHash(hash, 'a node');
    this.#size = size;
    this.#hashes = [...hashes];
  }

  get size(): number {
    return this.#size;
  }

  get hashes(): readonly Uint8Array[] {
    return [...this.#hashes];
  }

  append(leafHash: Uint8Array, visit?: NodeVisitor): void {
    this.appendNode(0, leafHash, visit);
  }

  /** Appends 2^level leaves by their root: how subtrees that were hashed elsewhere come together. */
  appendNode(level: number, hash: Uint8Array, visit?: NodeVisitor): void {
    checkHash(hash, 'a node');
    const width = 2 ** level;
    if (this.#size > MAX_TREE_SIZE - width) {
      throw new ProofError('size', `got a node of ${width} leaves to append to ${this.#size}, want at most 2^53 − 1`);
    }
    if (!isTreeSize(width) || this.#size % width !== 0) {
      throw new ProofError('node', `got a node of level ${level}, which can't begin at leaf ${this.#size}`);
    }
    let node = hash;
    let at = level;
    let index = this.#size / width;
    visit?.(at, index, node);
    for (; index % 2 === 1; index = (index - 1) / 2) {
      node = nodeHash(this.#hashes.pop()!, node);
      visit?.(++at, (index - 1) / 2, node);
    }
    this.#hashes.push(node);
    this.#size += width;
  }

  root(): Uint8Array {
    return foldRight(this.#hashes);
  }
}
