/** Archives that other tools write, and that can be read in one way only. */
import { crc32, deflateRawSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { contents, openBytes } from '../../../support/zip.ts';
import { type Forgery, forge } from '../../../support/zip-forger.ts';

const TEXT = Array.from({ length: 40 }, (_, i) => `{"id":"entry-${i}","action":"case.update"}\n`).join('');
const DEFLATED = deflateRawSync(TEXT, { level: 6 });
const entries: Forgery = { name: 'entries.ndjson', content: TEXT };
const tile: Forgery = { name: 'tile/0/000', content: 'thirty-two bytes of a leaf hash.', method: 0 };
const note: Forgery = { name: 'checkpoint', content: 'example.com/log\n7\n' };
const good = [entries, tile, note];
const WANT = { [entries.name]: TEXT, [tile.name]: tile.content, [note.name]: note.content };

const mutated = (entry: Forgery, mutation: Partial<Forgery>) =>
  forge(good.map((one) => (one === entry ? { ...one, ...mutation } : one)));

const field = (id: number, data: Uint8Array) => {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(data.length, 2);
  return Buffer.concat([head, data]);
};
const wide = (...values: number[]) => {
  const data = Buffer.alloc(8 * values.length);
  for (const [i, value] of values.entries()) data.writeBigUInt64LE(BigInt(value), 8 * i);
  return field(1, data);
};
/** What Info-ZIP writes: access and change, and the owner's numbers. */
const TIMES = Buffer.concat([field(0x5455, Buffer.alloc(9)), field(0x7875, Buffer.alloc(11))]);
const SUMS = { crc: crc32(TEXT), compressed: DEFLATED.length, size: TEXT.length };
const folder = (name: string, more: Partial<Forgery> = {}): Forgery => ({
  ...{ name, method: 0, content: '', central: { external: 0x41ed0010 } },
  ...more,
});

test.each<[string, Uint8Array]>([
  ['times and owners in extra fields', mutated(entries, { localExtra: TIMES, centralExtra: TIMES })],
  ['times of NTFS', mutated(tile, { centralExtra: field(0x000a, Buffer.alloc(32)) })],
  [
    'times as ditto writes them',
    mutated(tile, { localExtra: field(0x5855, Buffer.alloc(12)), centralExtra: field(0x5855, Buffer.alloc(8)) }),
  ],
  ['the mark of a Java archive', mutated(entries, { centralExtra: field(0xcafe, Buffer.alloc(0)) })],
  ['a descriptor without signature', mutated(note, { descriptor: 'without-signature' })],
  ['sums in front of the data and behind it', mutated(entries, { local: SUMS })],
  ['sums in front of the data alone', mutated(entries, { both: { flags: 0 }, local: SUMS, descriptor: 'none' })],
  ['sums in front of stored data and behind it', mutated(tile, { both: { flags: 8 }, descriptor: {} })],
  ['how hard deflate tried', mutated(entries, { both: { flags: 0x000e } })],
  ['names declared UTF-8', mutated(entries, { both: { flags: 0x0808 } })],
  ['a time of writing', mutated(entries, { both: { date: 0x5a21, time: 0x8000 } })],
  ['made on Windows', mutated(entries, { central: { madeBy: 0x0014, external: 0x20 } })],
  [
    'made on Windows by 7-Zip, with Unix attributes',
    mutated(entries, { central: { madeBy: 0x003f, external: 0x81a48020 } }),
  ],
  ['an executable', mutated(tile, { central: { external: 0x81ed0000 } })],
  ['what looks like text', mutated(entries, { central: { internal: 1 } })],
  [
    '64-bit sizes in front of the data',
    mutated(entries, {
      local: { size: 0xffff_ffff, compressed: 0xffff_ffff },
      localExtra: wide(TEXT.length, DEFLATED.length),
    }),
  ],
  [
    '64-bit sizes that wait for the descriptor',
    mutated(entries, { local: { size: 0xffff_ffff, compressed: 0xffff_ffff }, localExtra: wide(0, 0) }),
  ],
  ['a small size in 64 bits', mutated(tile, { central: { size: 0xffff_ffff, version: 45 }, centralExtra: wide(32) })],
  [
    'folders that have entries',
    forge([
      folder('tile/'),
      ...good,
      folder('tile/0/', { method: 8, data: Buffer.from('0300', 'hex'), central: { external: 0x10 } }),
    ]),
  ],
])('%s', async (_, archive) => {
  expect(await contents(archive)).toEqual(WANT);
});

test('entries in another order than the directory lists them in', async () => {
  const archive = forge(good);
  const at = archive.readUInt32LE(archive.length - 6);
  const length = 46 + entries.name.length;
  const rest = archive.subarray(at + length, archive.length - 22);
  const turned = Buffer.concat([
    archive.subarray(0, at),
    rest,
    archive.subarray(at, at + length),
    archive.subarray(-22),
  ]);
  expect(await contents(turned)).toEqual(WANT);
  expect((await openBytes(turned)).entries.map(({ path }) => path)).toEqual([tile.name, note.name, entries.name]);
});
