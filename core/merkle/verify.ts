// Verifies proofs of inclusion and of consistency.
import { equalBytes } from '../crypto.ts';
import { ProofError, RootMismatch } from './error.ts';
import { checkHash, emptyRoot, nodeHash } from './hash.ts';
import { consistencyPath, inclusionPath } from './path.ts';

export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
}

/** Throws a ProofError unless the proof shows the leaf at its index of the tree with that size and root. */
export function verifyInclusion({ index, size, leafHash, root }: Inclusion, proof: readonly Uint8Array[]): void {
  const siblings = inclusionPath(index, size);
  checkProof(proof, siblings.length);
  checkHash(leafHash, 'the leaf hash');
  const computed = siblings.reduce(
    (hash, { side }, i) => (side === 'left' ? nodeHash(proof[i]!, hash) : nodeHash(hash, proof[i]!)),
    leafHash,
  );
  checkRoot(size, root, computed);
}

export interface Consistency {
  readonly older: { readonly size: number; readonly root: Uint8Array };
  readonly newer: { readonly size: number; readonly root: Uint8Array };
}

/**
 * Throws a ProofError unless the proof shows that the newer tree begins with every leaf of the older one, in order.
 * From an empty tree to a larger one there is nothing to prove and no proof; two empty trees have the empty root.
 */
export function verifyConsistency({ older, newer }: Consistency, proof: readonly Uint8Array[]): void {
  if (older.size === 0 && newer.size === 0) {
    checkProof(proof, 0);
    checkRoot(0, older.root, emptyRoot());
    checkRoot(0, newer.root, emptyRoot());
    return;
  }
  const { seed, siblings } = consistencyPath(older.size, newer.size);
  checkProof(proof, siblings.length + (seed === undefined ? 0 : 1));
  const [start, path] = seed === undefined ? [older.root, proof] : [proof[0]!, proof.slice(1)];
  let before = start;
  let after = start;
  for (const [i, { side }] of siblings.entries()) {
    const hash = path[i]!;
    if (side === 'left') before = nodeHash(hash, before);
    after = side === 'left' ? nodeHash(hash, after) : nodeHash(after, hash);
  }
  checkRoot(older.size, older.root, before);
  checkRoot(newer.size, newer.root, after);
}

/** Before anything is hashed: a longer proof costs nothing, and lengths can't be traded between neighbours. */
function checkProof(proof: readonly Uint8Array[], length: number): void {
  if (proof.length !== length) {
    throw new ProofError('proof-length', `got a proof of ${proof.length} hashes, want ${length}`);
  }
  for (const hash of proof) checkHash(hash, 'a hash of the proof');
}

function checkRoot(size: number, expected: Uint8Array, computed: Uint8Array): void {
  if (!equalBytes(expected, computed)) throw new RootMismatch(size, expected, computed);
}
