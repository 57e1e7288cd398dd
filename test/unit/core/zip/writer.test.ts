// Writing ZIP archives.
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { zlibZip } from '../../../../adapters/zip/zlib.ts';
import { ZipLayout } from '../../../../core/zip/layout.ts';
import { ZipWriter } from '../../../../core/zip/writer.ts';
import { contents, written, zipRefusal } from '../../../support/zip.ts';
import { forge } from '../../../support/zip-forger.ts';

const bytes = (text: string) => Buffer.from(text);
const discard = async () => undefined;

test('writes the records of the profile, as a second writer has them', async () => {
  const text = 'one line of many\n'.repeat(5000);
  const archive = await written(async (zip) => {
    await zip.add('entries.ndjson', bytes(text));
    await zip.store('tile/0/000', bytes('hashes'));
    await zip.add('empty', bytes(''));
    await zip.store('a=1/b#2/_-.x', bytes(''));
  });
  const forged = forge([
    { name: 'entries.ndjson', content: text },
    { name: 'tile/0/000', content: 'hashes', method: 0 },
    { name: 'empty' },
    { name: 'a=1/b#2/_-.x', method: 0 },
  ]);
  expect(archive.equals(forged)).toBe(true);
});

test('an archive of nothing is an end record', async () => {
  const archive = await written(discard);
  expect(archive.toString('hex')).toBe(`504b0506${'00'.repeat(18)}`);
  expect(await contents(archive)).toEqual({});
});

test('hands the sink few large pieces, also of many small entries', async () => {
  const sizes: number[] = [];
  const zip = new ZipWriter(async ({ length }) => void sizes.push(length), zlibZip);
  for (let i = 0; i < 1000; i++) await zip.store(`small/${i}`, bytes('a few bytes'));
  await zip.finish();
  expect(sizes.length).toBeLessThan(10);
});

describe('a name', () => {
  const refused = [
    '',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    '../a',
    'a/./b',
    'a\\b',
    'C:a',
    'a.',
    'ä',
    'a b',
    'n'.repeat(256),
  ];

  test.each(refused)('%j is refused before anything is written, and the archive goes on', async (name) => {
    const archive = await written(async (zip) => {
      await zip.add('before', bytes('1'));
      await expect(zip.add(name, bytes('2'))).rejects.toMatchObject({ name: 'ZipError', code: 'name' });
      await expect(zip.store(name, bytes('2'))).rejects.toMatchObject({ name: 'ZipError', code: 'name' });
      await zip.add('behind', bytes('3'));
    });
    expect(await contents(archive)).toEqual({ before: '1', behind: '3' });
  });

  test.each([
    ['same', 'a/b'],
    ['other case', 'A/B'],
    ['folder of the first', 'a'],
    ['first as a folder', 'a/b/c'],
  ])('is refused when taken: %s', async (_, second) => {
    const zip = new ZipWriter(discard, zlibZip);
    await zip.add('a/b', bytes('first'));
    await expect(zip.store(second, bytes('second'))).rejects.toMatchObject({ code: 'duplicate', path: second });
  });

  test('has up to 255 bytes', async () => {
    const name = `${'n'.repeat(251)}/a.b`;
    expect(await contents(await written((zip) => zip.add(name, bytes('long'))))).toEqual({ [name]: 'long' });
  });
});

test('bytes that need a 64-bit size are not stored', async () => {
  const zip = new ZipWriter(discard, zlibZip, new ZipLayout({ size: 10, entries: 10 }));
  await expect(zip.store('large', bytes('ten bytes.'))).rejects.toMatchObject({ code: 'size' });
  await zip.store('small', bytes('nine byte'));
});

describe('after a failure halfway', () => {
  async function* failing() {
    yield bytes('half of the content');
    throw new Error('the source is gone');
  }

  test('of the content, the archive gets no end', async () => {
    const pieces: Uint8Array[] = [];
    const zip = new ZipWriter(async (piece) => void pieces.push(piece), zlibZip);
    await zip.add('first', bytes('x'.repeat(100_000)));
    await expect(zip.add('second', failing())).rejects.toThrow('the source is gone');
    await expect(zip.add('third', bytes(''))).rejects.toMatchObject({ code: 'writer' });
    await expect(zip.store('third', bytes(''))).rejects.toMatchObject({ code: 'writer' });
    await expect(zip.finish()).rejects.toMatchObject({ code: 'writer' });
    expect(await zipRefusal(Buffer.concat(pieces))).not.toBe('accepted');
  });

  test('of the sink, the content is no longer read', async () => {
    let closed = false;
    async function* endless() {
      try {
        for (;;) yield randomBytes(100_000);
      } finally {
        closed = true;
      }
    }
    let room = 3;
    const full = async () => {
      if (--room < 0) throw new Error('the disk is full');
    };
    const zip = new ZipWriter(full, zlibZip);
    await expect(zip.add('endless', endless())).rejects.toThrow('the disk is full');
    await new Promise(setImmediate);
    expect(closed).toBe(true);
    await expect(zip.finish()).rejects.toMatchObject({ code: 'writer' });
  });
});

test('two calls at once are refused, as is one behind the end', async () => {
  const zip = new ZipWriter(discard, zlibZip);
  const first = zip.add('first', bytes('1'));
  await expect(zip.add('second', bytes('2'))).rejects.toMatchObject({ code: 'writer' });
  await first;
  await zip.finish();
  await expect(zip.add('third', bytes('3'))).rejects.toMatchObject({ code: 'writer' });
  await expect(zip.finish()).rejects.toMatchObject({ code: 'writer' });
});

test('takes content no faster than the sink takes bytes', async () => {
  let taken = 0;
  let lag = 0;
  async function* incompressible() {
    while (taken < 20_000_000) {
      taken += 65_536;
      yield randomBytes(65_536);
    }
  }
  let accepted = 0;
  const slow = async ({ length }: Uint8Array) => {
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    lag = Math.max(lag, taken - accepted);
    accepted += length;
  };
  await new ZipWriter(slow, zlibZip).add('random', incompressible());
  expect(taken).toBeGreaterThan(20_000_000);
  expect(lag).toBeLessThan(2_000_000);
});
