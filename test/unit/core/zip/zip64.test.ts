// ZIP archives with ZIP64 records.
import { describe, expect, test } from '@jest/globals';
import { STANDARD_LAYOUT, ZipLayout } from '../../../../core/zip/layout.ts';
import { contents, openBytes, written, zipRefusal } from '../../../support/zip.ts';

/** Below what an archive of some entries needs, so that every ZIP64 record is there. */
const SMALL = new ZipLayout({ size: 40, entries: 3 });

const text = 'ten bytes '.repeat(1000);
const good = {
  small: 'sizes and offset fit',
  large: text,
  incompressible: Buffer.from(Array.from({ length: 300 }, (_, i) => (i * i * 31 + i * 7) & 255)).toString('latin1'),
  stored: 'after the offset does not',
};

const archive = await written(async (zip) => {
  await zip.add('small', Buffer.from(good.small));
  await zip.add('large', Buffer.from(good.large));
  await zip.add('incompressible', Buffer.from(good.incompressible, 'latin1'));
  await zip.store('stored', Buffer.from(good.stored));
}, SMALL);

/** From the end: 22 bytes of end record, 20 of locator, 56 of ZIP64 record. */
const end = archive.length - 22;
const locator = end - 20;
const record = locator - 56;
const extraOf = (name: string) => archive.lastIndexOf(name) + name.length;

function changed(at: number, value: number, bytes = 1, of = archive): Buffer {
  const copy = Buffer.from(of);
  copy.writeUIntLE(value, at, bytes);
  return copy;
}

describe('an archive with ZIP64 records', () => {
  test('has them where a value needs them and nowhere else', async () => {
    const zip = await openBytes(archive);
    const extras = zip.entries.map(({ path }) => archive.readUInt16LE(extraOf(path) - path.length - 16));
    // Of the last one, which is short, the offset alone.
    expect(extras).toEqual([0, 4 + 24, 4 + 24, 4 + 8]);
    expect(archive.readUInt32LE(record)).toBe(0x06064b50);
    expect(archive.readUInt32LE(locator)).toBe(0x07064b50);
    expect(archive.readUInt16LE(end + 10)).toBe(0xffff);
  });

  test('gives everything back', async () => {
    expect(await contents(archive)).toEqual(good);
  });

  const vectors: [code: string, name: string, bytes: Buffer][] = [
    ['unsupported', 'locator-points-elsewhere', changed(locator + 8, 1)],
    ['unsupported', 'record-longer-than-itself', changed(record + 4, 45)],
    ['unsupported', 'record-needs-a-newer-reader', changed(record + 14, 46)],
    ['mismatch', 'other-count-in-the-zip64-record', changed(record + 32, 2, 1, changed(record + 24, 2))],
    [
      'mismatch',
      'another-size-of-the-directory-in-the-end-record',
      changed(end + 12, archive.readUInt32LE(record + 40) + 1, 4),
    ],
    ['unsupported', 'offset-beyond-every-file', changed(record + 54, 0x20)],
    ['unsupported', 'size-beyond-every-file', changed(extraOf('large') + 4 + 6, 0x20)],
    ['unsupported', 'another-extra-field', changed(extraOf('large'), 0x5455, 2)],
    ['unsupported', 'extra-field-longer-than-itself', changed(extraOf('large') + 2, 17)],
    ['mismatch', 'no-zip64-record', changed(record, 0)],
    ['mismatch', 'no-locator', changed(locator, 0)],
    ['multi-disk', 'record-on-another-disk', changed(locator + 4, 1)],
    ['multi-disk', 'two-disks', changed(locator + 16, 2)],
    ['multi-disk', 'fewer-entries-here-than-in-all', changed(record + 24, 3)],
    ['mismatch', 'narrow-sum-in-a-wide-descriptor', changed(archive.lastIndexOf('PK\x07\x08', record) + 4, 0)],
  ];

  test.each(vectors)('%s: %s', async (code, _, bytes) => {
    expect(await zipRefusal(bytes)).toBe(code);
  });
});

test('more entries than 16 bits count, by the standard', async () => {
  const count = 65_600;
  const many = await written(async (zip) => {
    for (let i = 0; i < count; i++) await zip.store(`tile/${i >> 8}/${i & 255}`, Buffer.from(String(i)));
  });
  expect(many.readUInt16LE(many.length - 22 + 10)).toBe(0xffff);
  const zip = await openBytes(many);
  expect(zip.entries).toHaveLength(count);
  for (const i of [0, 1, 65_534, 65_535, 65_536, count - 1]) {
    const entry = zip.find(`tile/${i >> 8}/${i & 255}`)!;
    expect(Buffer.from(await zip.read(entry, 5)).toString()).toBe(String(i));
  }
});

test.each([
  [65_534, 22],
  [65_535, 98],
])('%i entries end in %i bytes of records', async (count, bytes) => {
  expect(STANDARD_LAYOUT.end({ entries: count, size: 1, offset: 1 })).toHaveLength(bytes);
});

test.each([
  [0xffff_fffe, 16, 0],
  [0xffff_ffff, 24, 12],
  [5 * 2 ** 32, 24, 12],
])('content of %i bytes has a descriptor of %i and an extra field of %i bytes', (size, descriptor, extra) => {
  const entry = { path: 'a', method: 'deflated', crc32: 0, size, compressedSize: 9, offset: 0 } as const;
  expect(STANDARD_LAYOUT.descriptor(entry)).toHaveLength(descriptor);
  expect(STANDARD_LAYOUT.centralHeader(entry)).toHaveLength(47 + extra);
});
