import { leafHash } from '../chain.ts';
import { HASH_BYTES } from '../crypto.ts';
import { MAX_ENTRY_BYTES } from '../limits.ts';
import type { LeafBatch } from '../verify/evidence.ts';
import { linesOf } from './ndjson.ts';

/** Enough to make the way to the verifier and back cheap. */
const BATCH = 1_024;

/** Leaf hashes of the entries of a file, in its order. */
export async function* entryLeaves(content: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<LeafBatch> {
  let hashes = new Uint8Array(BATCH * HASH_BYTES);
  let count = 0;
  let bytes = 0;
  for await (const line of linesOf(content, MAX_ENTRY_BYTES, path)) {
    hashes.set(leafHash(line), count * HASH_BYTES);
    bytes += line.length;
    count++;
    if (count < BATCH) continue;
    yield { hashes, bytes };
    hashes = new Uint8Array(BATCH * HASH_BYTES);
    count = 0;
    bytes = 0;
  }
  if (count > 0) yield { hashes: hashes.subarray(0, count * HASH_BYTES), bytes };
}
