// Entry bundles of C2SP tlog-tiles as bytes.
import { TileError } from './error.ts';
import { checkWidth } from './shape.ts';

/** What the length in front of an entry, a big-endian uint16, can say. */
export const MAX_BUNDLED_ENTRY_BYTES = 65_535;

const LENGTH_BYTES = 2;

/** An entry bundle's bytes: each entry behind its length. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  checkWidth(entries.length);
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [i, entry] of entries.entries()) {
    if (entry.length > MAX_BUNDLED_ENTRY_BYTES) {
      throw new TileError('entry', `got ${entry.length} bytes as entry ${i}, want at most ${MAX_BUNDLED_ENTRY_BYTES}`);
    }
    view.setUint16(at, entry.length);
    bytes.set(entry, at + LENGTH_BYTES);
    at += LENGTH_BYTES + entry.length;
  }
  return bytes;
}

/** Exactly `width` entries and nothing behind them; views of the given bytes. */
export function decodeEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  checkWidth(width);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < width) {
    const start = at + LENGTH_BYTES;
    const end = start > bytes.length ? start : start + view.getUint16(at);
    if (end > bytes.length) {
      throw new TileError('length', `got ${bytes.length} bytes, which end inside entry ${entries.length} of ${width}`);
    }
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  if (at !== bytes.length) {
    throw new TileError('length', `got ${bytes.length - at} bytes behind the last of ${width} entries`);
  }
  return entries;
}
