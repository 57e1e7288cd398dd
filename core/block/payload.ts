// The content of a block: entries as lines in one zstd frame.
import { MAX_BATCH_BYTES, MAX_BATCH_ENTRIES, MAX_BLOCK_BYTES, MAX_BLOCK_ENTRIES } from '../limits.ts';
import type { Compression } from './block.ts';
import { BlockError } from './error.ts';
import { frameContentSize } from './frame.ts';

const LF = 0x0a;

/** The largest batch and its line ends: every batch fits if it compresses, and a reader knows what memory it needs. */
export const MAX_BLOCK_CONTENT_BYTES = MAX_BATCH_BYTES + MAX_BATCH_ENTRIES;

/**
 * The entries' canonical bytes, each followed by LF, as one zstd frame. May come out larger than MAX_BLOCK_BYTES:
 * the caller splits. It depends on the entries alone, so a writer that lost its position uses it again.
 */
export function encodePayload(entries: readonly Uint8Array[], compression: Compression): Uint8Array {
  if (entries.length === 0 || entries.length > MAX_BLOCK_ENTRIES) {
    throw new BlockError('count', `got ${entries.length} entries, want 1 to ${MAX_BLOCK_ENTRIES}`);
  }
  let size = 0;
  for (const entry of entries) size += entry.length + 1;
  if (size > MAX_BLOCK_CONTENT_BYTES) {
    throw new BlockError('size', `got ${size} bytes of entries, want at most ${MAX_BLOCK_CONTENT_BYTES}`);
  }
  const content = new Uint8Array(size);
  let at = 0;
  for (const entry of entries) {
    if (entry.length === 0 || entry.includes(LF)) throw new BlockError('lines', 'an entry is empty or holds a raw LF');
    content.set(entry, at);
    at += entry.length;
    content[at++] = LF;
  }
  return compression.compress(content);
}

/** The inverse, for hostile input: exactly `count` lines in exactly one frame, or BlockError. */
export function decodePayload(payload: Uint8Array, count: number, compression: Compression): Uint8Array[] {
  if (payload.length > MAX_BLOCK_BYTES) {
    throw new BlockError('size', `got ${payload.length} compressed bytes, want at most ${MAX_BLOCK_BYTES}`);
  }
  const declared = frameContentSize(payload);
  if (declared > MAX_BLOCK_CONTENT_BYTES) {
    throw new BlockError('size', `frame declares ${declared} bytes, want at most ${MAX_BLOCK_CONTENT_BYTES}`);
  }
  return lines(inflate(payload, declared, compression), count);
}

function inflate(payload: Uint8Array, declared: number, compression: Compression): Uint8Array {
  let content: Uint8Array;
  try {
    content = compression.decompress(payload, declared);
  } catch (cause) {
    throw new BlockError('decompression', 'the frame does not decompress to its declared size', {}, cause);
  }
  if (content.length !== declared) {
    throw new BlockError('decompression', `got ${content.length} bytes, the frame declares ${declared}`);
  }
  return content;
}

function lines(content: Uint8Array, count: number): Uint8Array[] {
  if (content.at(-1) !== LF) throw new BlockError('lines', 'the last entry does not end with LF');
  const entries: Uint8Array[] = [];
  for (let start = 0; start < content.length; ) {
    const end = content.indexOf(LF, start);
    if (end === start) throw new BlockError('lines', `entry ${entries.length} is empty`);
    if (entries.length === count)
      throw new BlockError('count', `got more entries than the ${count} that the block counts`);
    entries.push(content.subarray(start, end));
    start = end + 1;
  }
  if (entries.length !== count)
    throw new BlockError('count', `got ${entries.length} entries, the block counts ${count}`);
  return entries;
}
