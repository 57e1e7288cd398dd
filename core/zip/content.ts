import { ZipError } from './error.ts';
import { difference } from './fields.ts';
import type { ZipEntry, ZipLayout } from './layout.ts';
import type { Inflating } from './port.ts';
import { Region, type ZipSource } from './source.ts';

/** An entry's content, never more of it than the entry's size. Only after the last piece is all of it checked. */
export async function* checkedContent(
  source: ZipSource,
  entry: ZipEntry,
  inflating: Inflating,
  layout: ZipLayout,
): AsyncGenerator<Uint8Array> {
  const region = new Region(source, entry.offset, layout.span(entry));
  await demand(region, layout.localHeader(entry), 'local header');
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
  await demand(region, layout.descriptor(entry), 'data descriptor');
}

async function demand(region: Region, want: Uint8Array, record: string): Promise<void> {
  const at = difference(await region.take(want.length), want);
  if (at !== undefined) throw new ZipError('mismatch', `byte ${at} of its ${record} is not what the directory says`);
}

function checkConsumed({ compressedSize }: ZipEntry, consumed: number): void {
  if (consumed === compressedSize) return;
  throw new ZipError('trailing-data', `got ${compressedSize - consumed} bytes behind the end of its deflate stream`);
}
