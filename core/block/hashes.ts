// Hashes of a block's entries, many at a time.
import { HASH_BYTES, sha256Into } from '../crypto.ts';

/** First bytes of leaves and links (core/chain.ts), hashed here without a copy for each. */
const LEAF = 0x00;
const LINK = 0x02;

export interface ChainHashes {
  /** Views of one buffer. */
  readonly leafHashes: readonly Uint8Array[];
  readonly links: readonly Uint8Array[];
}

/**
 * The leaf hash and the link of each entry behind `previous`: what `leafHash` and `nextLink` of core/chain.ts give one by one,
 * in two fifths of the time.
 */
export function chainHashes(previous: Uint8Array, entries: readonly Uint8Array[]): ChainHashes {
  const leaves = new Uint8Array(entries.length * HASH_BYTES);
  const links = new Uint8Array(entries.length * HASH_BYTES);
  const leafInput = new Uint8Array(1 + entries.reduce((most, { length }) => Math.max(most, length), 0));
  const linkInput = new Uint8Array(1 + 2 * HASH_BYTES);
  leafInput[0] = LEAF;
  linkInput[0] = LINK;
  linkInput.set(previous, 1);
  for (const [i, entry] of entries.entries()) {
    leafInput.set(entry, 1);
    sha256Into(leafInput.subarray(0, 1 + entry.length), linkInput, 1 + HASH_BYTES);
    leaves.set(linkInput.subarray(1 + HASH_BYTES), i * HASH_BYTES);
    sha256Into(linkInput, linkInput, 1);
    links.set(linkInput.subarray(1, 1 + HASH_BYTES), i * HASH_BYTES);
  }
  return { leafHashes: rows(leaves), links: rows(links) };
}

function rows(hashes: Uint8Array): Uint8Array[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, i) =>
    hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}
