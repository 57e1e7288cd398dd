// Hashes of a Merkle tree's nodes (RFC 6962).
import { HASH_BYTES, sha256 } from '../crypto.ts';
import { ProofError } from './error.ts';

/** First byte of an inner node's input; a leaf's is 0x00 (core/chain.ts). RFC 6962, section 2.1. */
export const NODE_PREFIX = 0x01;
const NODE = Uint8Array.of(NODE_PREFIX);

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE, left, right);
}

/** The root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Uint8Array {
  return sha256();
}

/** The root over neighbouring perfect subtrees, widest first, as RFC 6962 splits a tree. */
export function foldRight(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.length === 0 ? emptyRoot() : hashes.reduceRight((right, left) => nodeHash(left, right));
}

export function checkHash(hash: Uint8Array, what: string): void {
  if (hash.length === HASH_BYTES) return;
  throw new ProofError('hash-length', `got ${hash.length} bytes as ${what}, want ${HASH_BYTES}`);
}
