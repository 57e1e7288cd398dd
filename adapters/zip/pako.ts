/** Inflate by pako, zlib in JavaScript: a browser's own streams say neither where a deflate stream ends nor what is wrong with it. */
import { Z_BUF_ERROR, Z_NO_FLUSH, Z_OK, Z_STREAM_END, ZStream, zlibInflate, zlibInflateInit2 } from 'pako';
import { ZipError } from '../../core/zip/error.ts';
import type { Inflating, Inflation } from '../../core/zip/port.ts';
import { crc32 } from './crc32.ts';

const PIECE_BYTES = 256 * 1024;

/** RFC 1951 without a header, in the window of the largest size. */
const RAW_WINDOW_BITS = -15;

function inflate(compressed: AsyncIterable<Uint8Array>): Inflation {
  const stream = new ZStream();
  return {
    [Symbol.asyncIterator]: () => inflated(compressed, stream),
    get consumed() {
      return stream.total_in;
    },
  };
}

async function* inflated(compressed: AsyncIterable<Uint8Array>, stream: ZStream): AsyncGenerator<Uint8Array> {
  zlibInflateInit2(stream, RAW_WINDOW_BITS);
  stream.output = new Uint8Array(PIECE_BYTES);
  let ended = false;
  // What is behind the stream's end is not taken: whoever asked compares how much was.
  for await (const piece of compressed) {
    stream.input = piece;
    stream.next_in = 0;
    stream.avail_in = piece.length;
    do {
      stream.next_out = 0;
      stream.avail_out = PIECE_BYTES;
      if (ended) break;
      ended = advanced(stream);
      if (stream.next_out > 0) yield stream.output.subarray(0, stream.next_out);
    } while (stream.avail_in > 0 || stream.avail_out === 0);
  }
  if (!ended) throw notDeflate('it ends before its end');
}

/** Whether the deflate stream has ended. */
function advanced(stream: ZStream): boolean {
  const status = zlibInflate(stream, Z_NO_FLUSH);
  // Nothing to take and nothing to give: the next piece decides.
  if (status !== Z_OK && status !== Z_STREAM_END && status !== Z_BUF_ERROR) throw notDeflate(stream.msg);
  return status === Z_STREAM_END;
}

function notDeflate(reason: string): ZipError {
  return new ZipError('deflate', 'got data that is no whole deflate stream', undefined, new Error(reason));
}

/** DEFLATE and CRC-32 in JavaScript. */
export const pakoZip: Inflating = { crc32, inflate };
