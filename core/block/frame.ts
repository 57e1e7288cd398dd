// Reads the header of a zstd frame, and demands that nothing follows the frame.
import { BlockError } from './error.ts';

/** RFC 8878 §3.1.1: the magic number 0xFD2FB528, little-endian. */
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd] as const;

const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const RLE = 1;
const RESERVED = 3;

const fault = (message: string) => new BlockError('frame', message);

/**
 * Walks one zstd frame (RFC 8878 §3.1.1) and demands that the input is that frame and nothing else.
 *
 * Decoders stop at the end of the first frame or go on with the next, as they like; either way bytes could hide behind
 * what was verified. Skippable frames, dictionaries and frames of undeclared size are refused for the same reason.
 * Returns the content size that the frame declares, so that a bomb is refused before it is lit.
 */
export function frameContentSize(bytes: Uint8Array): number {
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw fault('no zstd frame at the start');
  const descriptor = byteAt(bytes, MAGIC.length);
  if ((descriptor & 0b0000_1000) !== 0) throw fault('reserved bit of the frame header is set');
  if ((descriptor & 0b0000_0011) !== 0) throw fault('frame needs a dictionary');
  const singleSegment = (descriptor & 0b0010_0000) !== 0;
  const sizeAt = MAGIC.length + 1 + (singleSegment ? 0 : 1);
  const { contentSize, fieldBytes } = declaredSize(bytes, sizeAt, descriptor >> 6, singleSegment);
  const checksum = (descriptor & 0b0000_0100) === 0 ? 0 : CHECKSUM_BYTES;
  const end = endOfBlocks(bytes, sizeAt + fieldBytes) + checksum;
  if (end > bytes.length) throw fault(`frame ends at ${end}, got ${bytes.length} bytes`);
  if (end < bytes.length) {
    throw new BlockError('trailing-data', `${bytes.length - end} bytes follow the end of the frame`);
  }
  return contentSize;
}

function declaredSize(bytes: Uint8Array, at: number, flag: number, singleSegment: boolean) {
  if (flag === 0 && !singleSegment) throw fault('frame does not declare its content size');
  const fieldBytes = 1 << flag;
  byteAt(bytes, at + fieldBytes - 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (flag === 0) return { contentSize: view.getUint8(at), fieldBytes };
  // Two bytes hold the size less 256, which one byte could have held.
  if (flag === 1) return { contentSize: view.getUint16(at, true) + 256, fieldBytes };
  if (flag === 2) return { contentSize: view.getUint32(at, true), fieldBytes };
  return { contentSize: Number(view.getBigUint64(at, true)), fieldBytes };
}

function endOfBlocks(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    byteAt(bytes, at + BLOCK_HEADER_BYTES - 1);
    const header = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    const type = (header >> 1) & 0b11;
    if (type === RESERVED) throw fault(`reserved block type at ${at}`);
    // A run-length block stores one byte, whatever size it stands for.
    at += BLOCK_HEADER_BYTES + (type === RLE ? 1 : header >> 3);
    if ((header & 1) === 1) return at;
  }
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw fault(`frame is cut off at ${bytes.length} bytes`);
  return byte;
}
