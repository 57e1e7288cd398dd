// Deflate and CRC-32 by zlib.
import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { ZipError } from '../../core/zip/error.ts';
import type { Deflating, Inflating, Inflation, Slicing } from '../../core/zip/port.ts';
import { crc32 } from './crc32.ts';

const { constants, createDeflateRaw, createInflateRaw } = zlib;

/** Measured on audit entries: 7.2:1 at 93 MB/s; level 3 gives 6.5:1 at 206 MB/s, level 9 7.4:1 at 49 MB/s. */
const LEVEL = 6;

/** Each piece is a way to the thread pool and back: at 16 KB, the default, inflating takes twice as long. */
const PIECE_BYTES = 256 * 1024;

/** zlib's own minimum; also room behind content of the declared size, so that its end is seen in the same round. */
const SPARE_BYTES = 64;

/** What zlib says of bytes, as opposed to what it says of itself. */
const DATA_FAULTS: readonly unknown[] = ['Z_DATA_ERROR', 'Z_BUF_ERROR', 'Z_NEED_DICT'];

function inflate(compressed: AsyncIterable<Uint8Array>, size: number): Inflation {
  const inflater = createInflateRaw({ chunkSize: Math.min(PIECE_BYTES, size + SPARE_BYTES) });
  return {
    [Symbol.asyncIterator]: () => inflated(compressed, inflater),
    // zlib takes no byte behind the end of the stream and node:zlib drops the rest; this counts what zlib took.
    get consumed() {
      return inflater.bytesWritten;
    },
  };
}

async function* inflated(compressed: AsyncIterable<Uint8Array>, inflater: Transform): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of through(compressed, inflater)) {
      yield piece;
      release(piece);
    }
  } catch (cause) {
    if (!DATA_FAULTS.includes((cause as { code?: unknown } | undefined)?.code)) throw cause;
    throw new ZipError('deflate', 'got data that is no whole deflate stream', undefined, cause);
  }
}

/**
 * Gives a piece's memory back now that it was taken. Left to the garbage collector, pieces make it walk through all that
 * is there for every 64 MB of them: a seventh of what verifying a bundle took. Only memory that is a piece's own, and
 * filled: what lies in node's pool is shared with others, and what has room left is with zlib, which writes on there.
 */
function release({ buffer, byteOffset, length }: Uint8Array): void {
  if (buffer.byteLength !== PIECE_BYTES || byteOffset + length !== PIECE_BYTES) return;
  // Node 20 has no transfer, and collects them.
  if (buffer instanceof ArrayBuffer) buffer.transfer?.(0);
}

/** A failure of either side destroys the other; the iteration ends with it, so the callback has nothing to add. */
async function* through(input: AsyncIterable<Uint8Array>, transform: Transform): AsyncGenerator<Uint8Array> {
  pipeline(Readable.from(input), transform, () => undefined);
  yield* transform;
}

const DEFLATING = { level: LEVEL, chunkSize: PIECE_BYTES };

/** DEFLATE and CRC-32 by node:zlib, on its thread pool. */
export const zlibZip: Inflating & Deflating & Slicing = {
  // Node has its own since 20.15.
  crc32: (zlib.crc32 as typeof zlib.crc32 | undefined) ?? crc32,
  inflate,
  deflate: (content) => through(content, createDeflateRaw(DEFLATING)),
  // A flush ends the last block at a byte, with an empty stored block behind it.
  slice: (content) => through(content, createDeflateRaw({ ...DEFLATING, finishFlush: constants.Z_SYNC_FLUSH })),
};
