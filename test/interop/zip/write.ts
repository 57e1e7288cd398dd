// Writes ZIP archives for other readers.
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSink } from '../../../adapters/zip/file.ts';
import { zlibZip } from '../../../adapters/zip/zlib.ts';
import { sha256, toHex } from '../../../core/crypto.ts';
import { STANDARD_LAYOUT, ZipLayout } from '../../../core/zip/layout.ts';
import { storedRecord, ZipWriter } from '../../../core/zip/writer.ts';

const lines = (count: number) =>
  Buffer.from(Array.from({ length: count }, (_, i) => `{"id":"entry-${i}","v":1}\n`).join(''));
const noise = Uint8Array.from({ length: 100_000 }, (_, i) => Math.imul(i ^ (i >> 3), 0x9e3779b1) >>> 24);

interface File {
  readonly path: string;
  readonly content: Uint8Array;
  readonly stored?: boolean;
}

const several: readonly File[] = [
  { path: 'entries.ndjson', content: lines(50_000) },
  { path: 'empty', content: new Uint8Array() },
  { path: 'stored-empty', content: new Uint8Array(), stored: true },
  { path: 'tile/0/x001/234.p/56', content: noise.subarray(0, 8000), stored: true },
  { path: 'segment=1/noise_#-1.bin', content: noise },
];
const many = Array.from({ length: 66_000 }, (_, i) => ({
  ...{ path: `tile/${i >> 8}/${i & 255}`, stored: true },
  content: Buffer.from(String(i)),
}));

const archives: readonly [name: string, files: readonly File[], layout: ZipLayout][] = [
  ['several', several, STANDARD_LAYOUT],
  ['nothing', [], STANDARD_LAYOUT],
  ['zip64-without-need', several.slice(0, 2), new ZipLayout({ size: 1, entries: 0 })],
  ['more-than-65535', many, STANDARD_LAYOUT],
];

/** Each archive beside the list of what is in it, for a reader that shares no code with the writer. */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('got no folder to write to');
await mkdir(folder, { recursive: true });
for (const [name, files, layout] of archives) {
  const file = await open(join(folder, `${name}.zip`), 'w');
  const zip = new ZipWriter(fileSink(file), zlibZip, layout);
  for (const { path, content, stored } of files) await (stored ? zip.store(path, content) : zip.add(path, content));
  await zip.finish();
  await file.close();
  const listed = files.map(({ path, content }) => [path, toHex(sha256(content))]);
  await writeFile(join(folder, `${name}.json`), JSON.stringify(listed));
}
await writeSliced(folder, [several, several.slice(1, 3)]);

/** Archives whose files were made in slices: of some thousand bytes, of which the last is empty. */
async function writeSliced(into: string, all: readonly (readonly File[])[]): Promise<void> {
  for (const [i, files] of all.entries()) {
    const file = await open(join(into, `sliced-${i}.zip`), 'w');
    const sink = fileSink(file);
    const zip = new ZipWriter(sink, zlibZip);
    for (const { path, content, stored } of files) {
      if (stored === true) {
        const crc32 = zlibZip.crc32(content);
        const record = storedRecord(path, content, crc32);
        const written = { bytes: record.length, append: () => sink(record) };
        await zip.splice([{ path, size: content.length, crc32 }], written);
      } else {
        await zip.join(path, await slicesOf(content, sink));
      }
    }
    await zip.finish();
    await file.close();
    const listed = files.map(({ path, content }) => [path, toHex(sha256(content))]);
    await writeFile(join(into, `sliced-${i}.json`), JSON.stringify(listed));
  }
}

async function slicesOf(content: Uint8Array, sink: (bytes: Uint8Array) => Promise<void>) {
  const slices = [];
  for (let at = 0; at <= content.length; at += 77_777) {
    const part = content.subarray(at, at + 77_777);
    const pieces: Uint8Array[] = [];
    for await (const piece of zlibZip.slice(once(part))) pieces.push(Uint8Array.from(piece));
    const bytes = Buffer.concat(pieces);
    slices.push({
      ...{ bytes: bytes.length, append: () => sink(bytes) },
      ...{ crc32: zlibZip.crc32(part), size: part.length },
    });
  }
  return slices;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
