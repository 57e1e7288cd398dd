// The content of an archive's entry, checked while it is read.
import type { CentralEntry } from './central.ts';
import { ZipError } from './error.ts';
import { checkDescriptor, checkLocal } from './local.ts';
import type { Inflating } from './port.ts';
import { Region, type ZipSource } from './source.ts';

/** An entry, and the offset at which the next record begins: everything in between is its own. */
export interface PlacedEntry extends CentralEntry {
  readonly end: number;
}

/** An entry's content, never more of it than the entry's size. Only after the last piece is all of it checked. */
export async function* checkedContent(
  source: ZipSource,
  entry: PlacedEntry,
  inflating: Inflating,
): AsyncGenerator<Uint8Array> {
  const region = new Region(source, entry.offset, entry.end - entry.offset);
  await checkLocal(region, entry);
  if (entry.compressedSize > region.left) throw new ZipError('overlap', 'its data reaches into the next record');
  const compressed = region.pieces(entry.compressedSize);
  const inflation = entry.method === 'stored' ? undefined : inflating.inflate(compressed, entry.size);
  let size = 0;
  let crc32 = 0;
  for await (const piece of inflation ?? compressed) {
    size += piece.length;
    if (size > entry.size) throw new ZipError('size', `got more than ${entry.size} bytes of content`);
    crc32 = inflating.crc32(piece, crc32);
    yield piece;
  }
  checkConsumed(entry, inflation?.consumed ?? entry.compressedSize);
  if (size !== entry.size) throw new ZipError('size', `got ${size} bytes of content, want ${entry.size}`);
  if (crc32 !== entry.crc32) throw new ZipError('crc', 'got content that has not the CRC-32 of the directory');
  await checkDescriptor(region, entry);
}

function checkConsumed({ compressedSize }: PlacedEntry, consumed: number): void {
  if (consumed === compressedSize) return;
  throw new ZipError('trailing-data', `got ${compressedSize - consumed} bytes behind the end of its deflate stream`);
}
