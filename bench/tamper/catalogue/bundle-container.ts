// Mutations of a bundle: the ZIP archive itself.
import { deflateRawSync, gzipSync } from 'node:zlib';
import { entriesFile } from '../../../core/bundle/files.ts';
import type { ZipFault } from '../../../core/zip/error.ts';
import { type Forgery, forge } from '../../../test/support/zip-forger.ts';
import type { BundleMutation, Expected } from '../mutation.ts';

const refused = (zip?: ZipFault): Expected => ({ refused: 'zip', ...(zip === undefined ? {} : { zip }) });

function file(name: string, does: string, zip: ZipFault | undefined, forged: BundleMutation['forge']): BundleMutation {
  const expected = refused(zip);
  return { name, attacker: 'bundle', does, expected: { bundle: expected, trusted: expected }, forge: forged };
}

/** An archive that is wrong in one record, and otherwise just what it should be. */
const record = (name: string, does: string, zip: ZipFault, entry: Omit<Forgery, 'name'> & { name?: string }) =>
  file(name, does, zip, () => forge([{ name: 'bundle.json', content: '{"kind":"bundle"}', ...entry }]));

/** The bundle's bytes, changed where they stand. */
const bytes = (name: string, does: string, zip: ZipFault | undefined, change: (bundle: Buffer) => Uint8Array) =>
  file(name, does, zip, ({ acme }) => change(Buffer.from(acme.bytes)));

/** How often a bundle is cut, from its first byte to its last. */
const CUTS = 12;

/** So that each cut is one of its own, and inside of each kind of record. */
const cuts: readonly BundleMutation[] = Array.from({ length: CUTS }, (_, i) =>
  bytes(`cut-short-${String(i).padStart(2, '0')}`, `cuts the bundle after ${i} of ${CUTS} parts`, undefined, (bundle) =>
    bundle.subarray(0, Math.floor((bundle.length * i) / CUTS)),
  ),
);

/** Where an entry's data begins: its local header has the name, and no extra field. */
function dataOf(bundle: Buffer, path: string): number {
  return bundle.indexOf(path) + path.length;
}

/** A gigabyte of zeros that takes a megabyte. */
const BOMB_BYTES = 1024 ** 3;

export const BUNDLE_CONTAINER: readonly BundleMutation[] = [
  ...cuts,
  bytes('cut-short-by-one', 'cuts the last byte', undefined, (bundle) => bundle.subarray(0, -1)),
  file('file-empty', 'hands on a file of no bytes', undefined, () => new Uint8Array()),
  file('file-not-a-zip', 'hands on a text', 'not-a-zip', () => Buffer.from('{"verdict":"intact"}\n'.repeat(99))),
  file('file-gzip', 'hands on a bundle inside of gzip', 'not-a-zip', ({ acme }) => gzipSync(acme.bytes)),
  bytes('data-behind-the-end', 'appends bytes', 'trailing-data', (bundle) => Buffer.concat([bundle, Buffer.from('x')])),
  bytes(
    'data-before-the-beginning',
    'puts bytes in front, as programs that unpack themselves have',
    undefined,
    (bundle) => Buffer.concat([Buffer.from('#!/bin/sh\n'), bundle]),
  ),
  file('data-between-entries', 'hides bytes between two files', 'trailing-data', () =>
    forge([
      { name: 'bundle.json', content: '{"kind":"bundle"}' },
      { name: 'b', content: 'b', gap: 'hidden' },
    ]),
  ),
  bytes('bundle-twice', 'appends the bundle to itself', undefined, (bundle) => Buffer.concat([bundle, bundle])),
  record('data-behind-the-deflate-stream', 'hides bytes behind the end of a compressed stream', 'trailing-data', {
    data: Buffer.concat([deflateRawSync('{"kind":"bundle"}'), Buffer.from('hidden')]),
  }),
  record('deflate-stream-cut', 'cuts a compressed stream', 'deflate', {
    data: deflateRawSync('{"kind":"bundle"}').subarray(0, -2),
  }),
  record('deflate-stream-of-gzip', 'compresses a file with gzip', 'deflate', { data: gzipSync('{"kind":"bundle"}') }),
  record('content-longer-than-said', 'says that a file is shorter than it is', 'size', {
    central: { size: 3 },
    descriptor: { size: 3 },
  }),
  record('content-shorter-than-said', 'says that a file is longer than it is', 'size', {
    central: { size: 99 },
    descriptor: { size: 99 },
  }),
  record('checksum-wrong', 'says another checksum', 'crc', { central: { crc: 1 }, descriptor: { crc: 1 } }),
  record('headers-disagree', 'says another name in front of a file than in the directory', 'mismatch', {
    local: { crc: 7 },
  }),
  record('file-encrypted', 'says that a file is encrypted', 'encrypted', { both: { flags: 9 } }),
  record('file-by-another-method', 'compresses a file by another method', 'method', { both: { method: 93 } }),
  record('file-a-symbolic-link', 'says that a file is a link', 'unsupported', { central: { external: 0xa1ff0000 } }),
  record('file-with-comment', 'hides bytes in a comment', 'comment', { comment: 'hidden' }),
  record('file-with-extra-field', 'hides bytes in an extra field', 'unsupported', {
    centralExtra: Buffer.from('75780400hide', 'latin1'),
  }),
  file('archive-with-comment', 'hides bytes in the archive’s comment', 'comment', () =>
    forge([{ name: 'a', content: 'a' }], { comment: 'hidden' }),
  ),
  record('path-traversal', 'names a file outside', 'name', { name: '../../etc/passwd' }),
  record('path-absolute', 'names a file from the root', 'name', { name: '/etc/passwd' }),
  record('path-of-windows', 'names a file as Windows does', 'name', { name: '..\\autoexec.bat' }),
  record('path-with-nul', 'hides the end of a name', 'name', { name: 'bundle.json\0.exe' }),
  record('path-empty', 'gives a file no name', 'name', { name: '' }),
  file('files-duplicate', 'puts two files of one name', 'duplicate', () =>
    forge([
      { name: 'bundle.json', content: 'a' },
      { name: 'bundle.json', content: 'b' },
    ]),
  ),
  file('files-duplicate-by-case', 'puts two files whose names are one on some systems', 'duplicate', () =>
    forge([
      { name: 'bundle.json', content: 'a' },
      { name: 'Bundle.json', content: 'b' },
    ]),
  ),
  file('file-and-folder', 'puts a file where a folder is', 'duplicate', () =>
    forge([
      { name: 'chains', content: 'a' },
      { name: 'chains/0', content: 'b' },
    ]),
  ),
  file('zip-bomb', 'hands on a gigabyte of zeros', 'ratio', () =>
    forge([
      {
        name: 'bundle.json',
        data: deflateRawSync(Buffer.alloc(1024 ** 2)),
        central: { size: BOMB_BYTES },
        descriptor: { size: BOMB_BYTES },
      },
    ]),
  ),
  file('zip-bomb-of-many', 'has every file’s data be the same bytes', 'overlap', () =>
    forge([
      { name: 'a', content: 'a'.repeat(9_999) },
      { name: 'b', content: 'b', central: { offset: 0 } },
    ]),
  ),
  file('directory-of-too-many', 'says that there are more files than the directory has', undefined, () =>
    forge([{ name: 'a', content: 'a' }], { fields: { here: 2, total: 2 } }),
  ),
  file('archive-in-parts', 'says that this is one of several disks', 'multi-disk', () =>
    forge([{ name: 'a', content: 'a' }], { fields: { disk: 1, directoryDisk: 1 } }),
  ),
  bytes('bit-flipped-in-entries', 'changes a bit of the compressed entries', undefined, (bundle) =>
    flipped(bundle, dataOf(bundle, entriesFile(0)) + 5_000),
  ),
  bytes('bit-flipped-in-directory', 'changes a bit of the directory', undefined, (bundle) =>
    flipped(bundle, bundle.length - 60),
  ),
  bytes('bytes-zeroed', 'loses a block of a disk', undefined, (bundle) =>
    Buffer.concat([bundle.subarray(0, 8_192), Buffer.alloc(4_096), bundle.subarray(12_288)]),
  ),
];

function flipped(bundle: Buffer, at: number): Buffer {
  const copy = Buffer.from(bundle);
  copy[at]! ^= 0x10;
  return copy;
}
