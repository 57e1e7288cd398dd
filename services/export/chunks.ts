// Pieces put together.
import { joined } from '../../core/bytes.ts';

/** What is handed on at a time: large enough that nothing is spent on pieces, small enough that none matters. */
const CHUNK_BYTES = 64 * 1024;

const ENCODER = new TextEncoder();

/** The same bytes in fewer pieces. */
export async function* inChunks(
  pieces: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let kept: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    const bytes = typeof piece === 'string' ? ENCODER.encode(piece) : piece;
    kept.push(bytes);
    size += bytes.length;
    if (size < CHUNK_BYTES) continue;
    yield joined(kept);
    kept = [];
    size = 0;
  }
  if (size > 0) yield joined(kept);
}
