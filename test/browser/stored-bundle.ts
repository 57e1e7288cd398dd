/** Bundles of the bench whose archive is as large as what is in it: a large file, where deflate would leave a seventh. */
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createDeflateRaw } from 'node:zlib';
import { fileSink, fileSource } from '../../adapters/zip/file.ts';
import { zlibZip } from '../../adapters/zip/zlib.ts';
import { writeBenchBundle } from '../../bench/bundle-maker.ts';
import { openZip } from '../../core/zip/archive.ts';
import { ZipWriter } from '../../core/zip/writer.ts';

/** Deflate streams of blocks that are stored. */
const stored = {
  ...zlibZip,
  deflate: (content: AsyncIterable<Uint8Array>) => Readable.from(content).pipe(createDeflateRaw({ level: 0 })),
};

/** Writes a bundle of so many entries of some 870 bytes; answers the file's size. */
export async function writeStoredBundle(path: string, entries: number): Promise<number> {
  await writeBenchBundle(`${path}.deflated`, entries);
  const [from, to] = [await open(`${path}.deflated`), await open(path, 'w')];
  const archive = await openZip(await fileSource(from), zlibZip);
  const zip = new ZipWriter(fileSink(to), stored);
  for (const entry of archive.entries) await zip.add(entry.path, copied(archive.stream(entry)));
  await zip.finish();
  const { size } = await to.stat();
  await Promise.all([from.close(), to.close()]);
  return size;
}

/** A piece holds until the next is asked for, and a stream asks ahead. */
async function* copied(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield Uint8Array.from(piece);
}
