// ZIP archives that are refused.
import { crc32, deflateRawSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { contents, zipRefusal } from '../../../support/zip.ts';
import { type Forgery, forge } from '../../../support/zip-forger.ts';

const TEXT = Array.from({ length: 40 }, (_, i) => `{"id":"entry-${i}","action":"case.update"}\n`).join('');
const DEFLATED = deflateRawSync(TEXT, { level: 6 });
const entries: Forgery = { name: 'entries.ndjson', content: TEXT };
const tile: Forgery = { name: 'tile/0/000', content: 'thirty-two bytes of a leaf hash.', method: 0 };
const note: Forgery = { name: 'checkpoint', content: 'example.com/log\n7\n' };
const good = [entries, tile, note];
const archive = forge(good);

test('the archive that is mutated is a good one', async () => {
  expect(await contents(archive)).toEqual(Object.fromEntries(good.map(({ name, content }) => [name, content])));
});

const mutated = (entry: Forgery, mutation: Partial<Forgery>) =>
  forge(good.map((one) => (one === entry ? { ...one, ...mutation } : one)));
const renamed = (name: string) => mutated(note, { name });
const together = (...names: string[]) =>
  forge(names.map((name) => (name.endsWith('/') ? folder(name) : { name, content: name })));
const behindStream = (behind: Uint8Array) => mutated(entries, { data: Buffer.concat([DEFLATED, behind]) });
const without = (start: number, length: number) =>
  Buffer.concat([archive.subarray(0, start), archive.subarray(start + length)]);
const endsWith = (fields: Record<string, number>) => forge(good, { fields });
function folder(name: string): Forgery {
  return { name, method: 0, content: '', central: { external: 0x41ed0010 } };
}
/** A ZIP64 field of one value, and one that other tools use for times. */
const zip64Field = (value: number) => Buffer.from([1, 0, 8, 0, value, 0, 0, 0, 0, 0, 0, 0]);
const TIMES = Buffer.from('555405000130000000', 'hex');
/** A ZIP64 field of a local header. */
function wideSizes(size: number, compressed: number): Buffer {
  const field = Buffer.alloc(20);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(16, 2);
  field.writeBigUInt64LE(BigInt(size), 4);
  field.writeBigUInt64LE(BigInt(compressed), 12);
  return field;
}
/** Eleven bytes whose CRC-32 is the signature of a data descriptor. */
const LIKE_A_SIGNATURE = Buffer.from('666f6c64657220edd92fd9', 'hex');
const SUM_AS_SIGNATURE: Partial<Forgery> = {
  data: deflateRawSync(LIKE_A_SIGNATURE),
  both: { crc: crc32(LIKE_A_SIGNATURE), size: LIKE_A_SIGNATURE.length },
  local: { crc: 0, size: 0 },
};
const directoryAt = archive.readUInt32LE(archive.length - 6);

const vectors: [code: string, name: string, bytes: Uint8Array][] = [
  ['not-a-zip', 'empty-file', Buffer.alloc(0)],
  ['not-a-zip', 'text', Buffer.from(TEXT)],
  ['not-a-zip', 'one-byte-of-something-else', Buffer.from('Q')],

  ['truncated', 'first-byte-alone', archive.subarray(0, 1)],
  ['truncated', 'cut-inside-an-entry', archive.subarray(0, 200)],
  ['truncated', 'cut-inside-the-directory', archive.subarray(0, directoryAt + 60)],
  ['truncated', 'cut-before-the-end-record', archive.subarray(0, -22)],
  ['truncated', 'last-byte-cut-off', archive.subarray(0, -1)],
  ['truncated', 'bytes-cut-out-of-an-entry', without(60, 10)],
  ['truncated', 'bytes-cut-out-of-the-directory', without(directoryAt + 50, 3)],

  ['trailing-data', 'byte-behind-the-end-record', forge(good, { behind: '\n' })],
  ['trailing-data', 'second-archive-behind-the-first', Buffer.concat([archive, archive])],
  ['trailing-data', 'program-before-the-archive', Buffer.concat([Buffer.from('#!/bin/sh\n'), archive])],
  ['trailing-data', 'bytes-before-the-first-entry', mutated(entries, { gap: 'hidden' })],
  ['trailing-data', 'bytes-between-entries', mutated(tile, { gap: 'hidden' })],
  ['trailing-data', 'bytes-before-the-directory', forge(good, { beforeDirectory: 'hidden' })],
  ['trailing-data', 'bytes-behind-the-directory', forge(good, { gap: 'hidden' })],
  ['trailing-data', 'byte-behind-the-deflate-stream', behindStream(Buffer.from([0]))],
  ['trailing-data', 'second-deflate-stream', behindStream(DEFLATED)],
  ['trailing-data', 'megabyte-behind-the-deflate-stream', behindStream(Buffer.alloc(1_000_000, 'x'))],

  ['overlap', 'two-entries-of-the-same-bytes', mutated(tile, { central: { offset: 0 } })],
  ['overlap', 'entry-begins-in-the-one-before', mutated(note, { central: { offset: archive.indexOf('thirty-two') } })],
  ['overlap', 'last-entry-reaches-into-the-directory', mutated(note, { both: { compressed: 99 } })],
  ['mismatch', 'no-data-descriptor', mutated(note, { descriptor: 'none' })],

  ['mismatch', 'other-name-in-the-local-header', Buffer.from(archive).fill('x', 30, 31)],
  ['mismatch', 'encrypted-by-the-local-header-alone', mutated(entries, { local: { flags: 9 } })],
  ['mismatch', 'other-method-in-the-local-header', mutated(tile, { local: { method: 8 } })],
  ['mismatch', 'other-time-in-the-local-header', mutated(entries, { local: { time: 1 } })],
  ['mismatch', 'no-local-header', mutated(entries, { local: { signature: 0x02014b50 } })],
  ['mismatch', 'no-sum-in-a-stored-local-header', mutated(tile, { local: { crc: 0 } })],
  ['mismatch', 'other-size-in-the-local-header', mutated(tile, { local: { size: 31 } })],
  ['mismatch', 'other-sum-in-the-descriptor', mutated(entries, { descriptor: { crc: 7 } })],
  ['mismatch', 'other-size-in-the-descriptor', mutated(entries, { descriptor: { size: 7 } })],
  ['mismatch', 'other-compressed-size-in-the-descriptor', mutated(entries, { descriptor: { compressed: 7 } })],
  ['mismatch', 'more-entries-counted-than-listed', endsWith({ here: 4, total: 4 })],
  ['mismatch', 'fewer-entries-counted-than-listed', endsWith({ here: 2, total: 2 })],
  ['mismatch', 'directory-too-large-for-its-entries', endsWith({ here: 0, total: 0 })],
  ['mismatch', 'no-central-header', mutated(tile, { central: { signature: 0x04034b50 } })],
  ['mismatch', 'central-header-longer-than-the-directory', mutated(note, { central: { extra: 1 } })],
  ['mismatch', 'sent-to-a-zip64-record-that-is-not-there', endsWith({ size: 0xffff_ffff })],
  ['mismatch', 'sent-to-a-zip64-record-before-the-file', forge([], { fields: { offset: 0xffff_ffff } })],

  ['multi-disk', 'last-of-two-disks', endsWith({ disk: 1 })],
  ['multi-disk', 'directory-on-another-disk', endsWith({ directoryDisk: 1 })],
  ['multi-disk', 'entries-on-another-disk', endsWith({ total: 4 })],
  ['multi-disk', 'entry-on-another-disk', mutated(tile, { central: { disk: 1 } })],

  ['comment', 'comment-of-the-archive', forge(good, { comment: 'verified!' })],
  ['comment', 'comment-announced-and-not-there', endsWith({ comment: 1 })],
  ['comment', 'comment-of-an-entry', mutated(tile, { comment: 'verified!' })],

  ['encrypted', 'encrypted', mutated(entries, { both: { flags: 0x0009 } })],
  ['encrypted', 'strongly-encrypted', mutated(entries, { both: { flags: 0x0048 } })],
  ['encrypted', 'directory-masked', mutated(entries, { both: { flags: 0x2008 } })],

  ['method', 'deflate64', mutated(entries, { both: { method: 9 } })],
  ['method', 'bzip2', mutated(entries, { both: { method: 12 } })],
  ['method', 'aes', mutated(entries, { both: { method: 99 } })],

  [
    'mismatch',
    'sums-nowhere-in-front-of-data-without-descriptor',
    mutated(entries, { both: { flags: 0 }, descriptor: 'none' }),
  ],
  ['unsupported', 'needs-a-newer-reader', mutated(entries, { both: { version: 46 } })],
  ['unsupported', 'symbolic-link', mutated(tile, { central: { external: 0xa1ff0000 } })],
  [
    'mismatch',
    'stored-with-a-size-that-only-the-descriptor-has',
    mutated(tile, { both: { flags: 8 }, local: { size: 0, compressed: 0, crc: 0 }, descriptor: {} }),
  ],
  [
    'mismatch',
    'descriptor-whose-sum-looks-like-its-signature',
    mutated(note, { content: '', method: 8, ...SUM_AS_SIGNATURE, descriptor: 'without-signature' }),
  ],
  [
    'mismatch',
    'other-wide-size-in-the-local-header',
    mutated(entries, {
      local: { size: 0xffff_ffff, compressed: 0xffff_ffff },
      localExtra: wideSizes(7, DEFLATED.length),
    }),
  ],
  ['mismatch', 'other-flags-in-the-local-header', mutated(entries, { local: { flags: 0x0808 } })],
  ['trailing-data', 'bytes-behind-stored-data', mutated(note, { gap: 'x' })],
  ['trailing-data', 'bytes-behind-a-descriptor', mutated(tile, { gap: 'x' })],
  ['unsupported', 'patched-data', mutated(entries, { both: { flags: 0x0028 } })],
  ['unsupported', 'reserved-flags', mutated(entries, { both: { flags: 0x1008 } })],
  ['unsupported', 'records-of-a-mainframe', mutated(entries, { central: { internal: 2 } })],
  ['unsupported', 'folder-by-its-attributes-alone', mutated(tile, { central: { external: 0x10 } })],
  ['unsupported', 'device', mutated(tile, { central: { external: 0x21a40000 } })],
  ['unsupported', 'reparse-point', mutated(tile, { central: { external: 0x400 } })],
  [
    'unsupported',
    'another-name-in-an-extra-field',
    mutated(tile, { centralExtra: Buffer.from('757005000100000000', 'hex') }),
  ],
  [
    'unsupported',
    'another-name-in-a-local-extra-field',
    mutated(tile, { localExtra: Buffer.from('757005000100000000', 'hex') }),
  ],
  ['unsupported', 'padding-of-the-local-header', mutated(tile, { localExtra: Buffer.alloc(3) })],
  [
    'unsupported',
    'encryption-in-an-extra-field',
    mutated(tile, { centralExtra: Buffer.from('0199070001004145030800', 'hex') }),
  ],
  ['unsupported', 'times-twice', mutated(tile, { centralExtra: Buffer.concat([TIMES, TIMES]) })],
  [
    'unsupported',
    'bytes-hidden-behind-times',
    mutated(tile, { centralExtra: Buffer.from(`55540e00${'61'.repeat(14)}`, 'hex') }),
  ],
  [
    'unsupported',
    'extra-field-longer-than-its-header',
    mutated(tile, { centralExtra: Buffer.from('55540900', 'hex') }),
  ],
  ['unsupported', 'zip64-field-without-need', mutated(entries, { centralExtra: zip64Field(1) })],
  ['unsupported', 'zip64-field-missing', mutated(tile, { central: { size: 0xffff_ffff, version: 45 } })],

  ['name', 'parent', renamed('../checkpoint')],
  ['name', 'parent-inside', renamed('tile/../../checkpoint')],
  ['name', 'parent-alone', renamed('..')],
  ['name', 'here', renamed('./checkpoint')],
  ['name', 'absolute', renamed('/etc/passwd')],
  ['name', 'empty', renamed('')],
  ['name', 'empty-segment', renamed('tile//0')],
  ['name', 'backslash', renamed('..\\checkpoint')],
  ['name', 'drive', renamed('C:/checkpoint')],
  ['name', 'drive-without-slash', renamed('C:checkpoint')],
  ['name', 'stream-of-windows', renamed('checkpoint:hidden')],
  ['name', 'dot-that-windows-drops', renamed('tile/checkpoint.')],
  ['name', 'space', renamed('check point')],
  ['name', 'line-feed', renamed('checkpoint\n')],
  ['name', 'null-byte', renamed('checkpoint\0.txt')],
  ['name', 'escape-sequence', renamed('\x1b[2Jcheckpoint')],
  ['name', 'not-ascii', renamed('ch\xe9ckpoint')],
  ['name', '256-bytes', renamed('n'.repeat(256))],

  ['duplicate', 'same-name', together('a/b', 'a/b')],
  ['duplicate', 'same-name-in-upper-case', together('a/b', 'A/B')],
  ['duplicate', 'folder-twice', together('a/', 'a/')],
  ['duplicate', 'file-and-folder-of-one-name', together('a', 'a/')],
  ['duplicate', 'folder-in-a-file', together('a', 'a/b/')],
  ['name', 'folder-above', renamed('../')],
  ['name', 'folder-of-no-name', renamed('/')],
  ['size', 'folder-with-content', mutated(note, { name: 'note/', central: { external: 0x41ed0010 } })],
  ['unsupported', 'folder-that-is-a-file', mutated(note, { name: 'note/', content: '' })],
  ['duplicate', 'file-where-a-folder-is', together('a/b/c', 'a/B')],
  ['duplicate', 'folder-where-a-file-is', together('a', 'A/b/c')],

  [
    'size',
    'deflated-content-longer-than-declared',
    mutated(entries, { both: { size: TEXT.length - 1 }, local: { size: 0 } }),
  ],
  [
    'size',
    'deflated-content-shorter-than-declared',
    mutated(entries, { both: { size: TEXT.length + 1 }, local: { size: 0 } }),
  ],
  ['size', 'stored-with-two-sizes', mutated(tile, { both: { size: 31 } })],

  ['crc', 'other-sum-everywhere', mutated(tile, { both: { crc: 7 } })],
  ['crc', 'other-content', Buffer.from(archive).fill('T', archive.indexOf('thirty-two'), archive.indexOf('hirty-two'))],

  ['deflate', 'no-deflate-stream', mutated(entries, { data: Buffer.alloc(40, 0xff) })],
  ['deflate', 'stream-without-its-end', mutated(entries, { data: DEFLATED.subarray(0, -1) })],
  ['deflate', 'no-data', mutated(entries, { data: Buffer.alloc(0) })],
];

test.each(vectors)('%s: %s', async (code, _, bytes) => {
  expect(await zipRefusal(bytes)).toBe(code);
});

test('no two vectors have one name', () => {
  expect(new Set(vectors.map(([, name]) => name)).size).toBe(vectors.length);
});
