// A tile as bytes.
import { HASH_BYTES } from '../crypto.ts';
import { TileError } from './error.ts';
import { checkWidth } from './shape.ts';

/** A tile's bytes: its hashes, one after the other. */
export function encodeTile(hashes: readonly Uint8Array[]): Uint8Array {
  checkWidth(hashes.length);
  const bytes = new Uint8Array(hashes.length * HASH_BYTES);
  for (const [i, hash] of hashes.entries()) {
    if (hash.length !== HASH_BYTES) throw new TileError('length', `got a hash of ${hash.length} bytes`);
    bytes.set(hash, i * HASH_BYTES);
  }
  return bytes;
}

/** The hashes of a tile of that width, no more and no fewer. */
export function decodeTile(bytes: Uint8Array, width: number): Uint8Array[] {
  checkWidth(width);
  if (bytes.length !== width * HASH_BYTES) {
    throw new TileError('length', `got a tile of ${bytes.length} bytes, want ${width * HASH_BYTES}`);
  }
  return Array.from({ length: width }, (_, i) => bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}
