// ZIP archives in files.
import { type FileHandle, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { fileSink, fileSource } from '../../../adapters/zip/file.ts';
import { zlibZip } from '../../../adapters/zip/zlib.ts';
import { linesOf } from '../../../core/bundle/ndjson.ts';
import { openZip } from '../../../core/zip/archive.ts';
import { ZipWriter } from '../../../core/zip/writer.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'indelible-zip-'));
});
afterAll(() => rm(folder, { recursive: true }));

const opened: FileHandle[] = [];
afterEach(async () => {
  for (const file of opened.splice(0)) await file.close();
});

async function openArchive(path: string, flags?: string): Promise<FileHandle> {
  const file = await open(path, flags);
  opened.push(file);
  return file;
}

const text = Array.from({ length: 60_000 }, (_, i) => `{"id":"entry-${i}","n":${i * i}}\n`).join('');

async function writeArchive(name: string): Promise<string> {
  const path = join(folder, name);
  const file = await open(path, 'w');
  const zip = new ZipWriter(fileSink(file), zlibZip);
  await zip.add('entries.ndjson', Buffer.from(text));
  await zip.store('tile/0/000', Buffer.from('hashes'));
  await zip.finish();
  await file.close();
  return path;
}

test('an archive in a file gives back what was written, and its handle stays open', async () => {
  const file = await openArchive(await writeArchive('whole.zip'));
  const zip = await openZip(await fileSource(file), zlibZip);
  expect(Buffer.from(await zip.read(zip.find('entries.ndjson')!, text.length)).toString()).toBe(text);
  expect(Buffer.from(await zip.read(zip.find('tile/0/000')!, 6)).toString()).toBe('hashes');
  expect((await file.stat()).isFile()).toBe(true);
});

test('a file that is cut off while it is open is a truncated archive', async () => {
  const path = await writeArchive('cut.zip');
  const file = await openArchive(path, 'r+');
  const zip = await openZip(await fileSource(file), zlibZip);
  await file.truncate((await stat(path)).size - 400);
  await expect(zip.read(zip.entries[0]!, text.length)).rejects.toMatchObject({
    code: 'truncated',
    path: 'entries.ndjson',
  });
});

test('a reader may stop early and close the file at once', async () => {
  const file = await open(await writeArchive('early.zip'));
  const zip = await openZip(await fileSource(file), zlibZip);
  for await (const piece of zip.stream(zip.entries[0]!)) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  await file.close();
  await expect(zip.read(zip.entries[1]!, 6)).rejects.toMatchObject({ code: 'EBADF' });
});

test('a line that goes over from one piece to the next is whole, though a piece is gone when the next is there', async () => {
  const file = await openArchive(await writeArchive('lines.zip'));
  const zip = await openZip(await fileSource(file), zlibZip);
  const lines: string[] = [];
  for await (const line of linesOf(zip.stream(zip.entries[0]!), 100, 'lines')) {
    lines.push(Buffer.from(line).toString());
  }
  expect(`${lines.join('\n')}\n`).toBe(text);
});

test('the memory of a piece is given back once the next is asked for, and no memory that others share', async () => {
  const file = await openArchive(await writeArchive('given-back.zip'));
  const zip = await openZip(await fileSource(file), zlibZip);
  const bytes = Buffer.from(text);
  const kept: Uint8Array[] = [];
  let at = 0;
  for await (const piece of zip.stream(zip.entries[0]!)) {
    expect(Buffer.compare(piece, bytes.subarray(at, at + piece.length))).toBe(0);
    at += piece.length;
    kept.push(piece);
  }
  expect(at).toBe(bytes.length);
  const whole = kept.slice(0, -1);
  expect(whole.length).toBeGreaterThan(4);
  expect(whole.map(({ length }) => length)).toEqual(whole.map(() => 0));
  // What is left of the last one's memory is zlib's.
  expect(kept.at(-1)!.length).toBeGreaterThan(0);
  const pooled = Buffer.allocUnsafe(8);
  const { text: small } = await inflated(deflateRawSync('small'));
  expect(small).toBe('small');
  expect(pooled.length).toBe(8);
});

async function* pieces(...all: Uint8Array[]) {
  yield* all;
}

async function inflated(...all: Uint8Array[]): Promise<{ text: string; consumed: number }> {
  const inflation = zlibZip.inflate(pieces(...all), 100);
  const out: Uint8Array[] = [];
  for await (const piece of inflation) out.push(piece);
  return { text: Buffer.concat(out).toString(), consumed: inflation.consumed };
}

test('inflate says where the deflate stream ended, however it and what is behind it were cut', async () => {
  const want = 'to be found again '.repeat(20);
  const stream = deflateRawSync(want);
  for (const behind of [Buffer.alloc(0), Buffer.from('x'), stream, Buffer.alloc(100_000)]) {
    const whole = Buffer.concat([stream, behind]);
    for (let at = 0; at <= stream.length + Math.min(1, behind.length); at++) {
      const result = await inflated(whole.subarray(0, at), whole.subarray(at));
      expect(result).toEqual({ text: want, consumed: stream.length });
    }
    const single = [...whole.subarray(0, stream.length + 3)].map((byte) => Uint8Array.of(byte));
    expect(await inflated(...single)).toEqual({ text: want, consumed: stream.length });
  }
});

test('inflate does not depend on the size that it is told', async () => {
  const want = 'x'.repeat(1_000_000);
  for (const size of [0, 999_999, 1_000_000, Number.MAX_SAFE_INTEGER]) {
    let length = 0;
    for await (const piece of zlibZip.inflate(pieces(deflateRawSync(want)), size)) length += piece.length;
    expect(length).toBe(want.length);
  }
});

test('inflate refuses a stream that has no end, and any that is none', async () => {
  const stream = deflateRawSync('content');
  for (let length = 0; length < stream.length; length++) {
    await expect(inflated(stream.subarray(0, length))).rejects.toMatchObject({ name: 'ZipError', code: 'deflate' });
  }
  await expect(inflated(Buffer.alloc(10, 0xff))).rejects.toMatchObject({ name: 'ZipError', code: 'deflate' });
});
