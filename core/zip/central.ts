import { ZipError } from './error.ts';
import { difference, FieldReader } from './fields.ts';
import {
  CENTRAL_BYTES,
  IN_ZIP64_32,
  METHOD,
  SIGNATURE,
  type ZipEntry,
  type ZipLayout,
  zip64FieldBytes,
} from './layout.ts';
import { ArchivePaths, MAX_PATH_BYTES } from './paths.ts';

/** A header with the longest name and both sizes and the offset moved to its ZIP64 field. */
export const MAX_CENTRAL_BYTES = CENTRAL_BYTES + MAX_PATH_BYTES + zip64FieldBytes(3);

/** Bits of APPNOTE 4.4.4: encrypted, strongly encrypted, names and sums of the directory masked. */
const FLAGS_ENCRYPTED = 0x0001 | 0x0040 | 0x2000;

/** The entries of a central directory that holds so many and nothing else. */
export function decodeCentral(bytes: Uint8Array, count: number, layout: ZipLayout): ZipEntry[] {
  const paths = new ArchivePaths();
  const entries: ZipEntry[] = [];
  let at = 0;
  while (entries.length < count) {
    const header = cutHeader(bytes.subarray(at), entries.length);
    checkKind(header, entries.length);
    const entry = decodeHeader(header);
    paths.claim(entry.path);
    checkLayout(header, entry, layout);
    entries.push(entry);
    at += header.length;
  }
  if (at < bytes.length) {
    throw new ZipError(
      'mismatch',
      `got ${bytes.length - at} bytes in the directory behind the last of ${count} entries`,
    );
  }
  return entries;
}

/** The header and all that belongs to it, by its own account. */
function cutHeader(bytes: Uint8Array, index: number): Uint8Array {
  const fields = new FieldReader(bytes);
  if (bytes.length < CENTRAL_BYTES || fields.uint32(0) !== SIGNATURE.central) {
    throw new ZipError('mismatch', `got no central header where that of entry ${index} begins`);
  }
  const length = CENTRAL_BYTES + fields.uint16(28) + fields.uint16(30) + fields.uint16(32);
  if (length > bytes.length) throw new ZipError('mismatch', `the central directory ends inside entry ${index}`);
  return bytes.subarray(0, length);
}

/** What has a code of its own; everything else that is not of the profile shows in the comparison. */
function checkKind(header: Uint8Array, index: number): void {
  const fields = new FieldReader(header);
  const method = fields.uint16(10);
  if ((fields.uint16(8) & FLAGS_ENCRYPTED) !== 0) throw new ZipError('encrypted', `entry ${index} is encrypted`);
  if (method !== METHOD.stored && method !== METHOD.deflated) {
    throw new ZipError('method', `got method ${method} for entry ${index}, want 0 (stored) or 8 (deflated)`);
  }
  if (fields.uint16(32) !== 0) throw new ZipError('comment', `entry ${index} has a comment`);
  if (fields.uint16(34) !== 0) throw new ZipError('multi-disk', `entry ${index} is on another disk`);
}

function decodeHeader(header: Uint8Array): ZipEntry {
  const fields = new FieldReader(header);
  const nameEnd = CENTRAL_BYTES + fields.uint16(28);
  const [compressedSize, size, offset] = [fields.uint32(20), fields.uint32(24), fields.uint32(42)];
  const wide = wideValues(header.subarray(nameEnd), [size, compressedSize, offset]);
  return {
    path: latin1(header.subarray(CENTRAL_BYTES, nameEnd)),
    method: fields.uint16(10) === METHOD.stored ? 'stored' : 'deflated',
    crc32: fields.uint32(16),
    size: wide[0]!,
    compressedSize: wide[1]!,
    offset: wide[2]!,
  };
}

/** The values with those in place that were moved to the ZIP64 field, in the order that it has. */
function wideValues(extra: Uint8Array, values: readonly number[]): number[] {
  const want = zip64FieldBytes(values.filter((value) => value === IN_ZIP64_32).length);
  if (extra.length !== want) {
    throw new ZipError('unsupported', `got ${extra.length} bytes of extra fields, want ${want}`);
  }
  const fields = new FieldReader(extra);
  let at = 4;
  return values.map((value) => {
    if (value !== IN_ZIP64_32) return value;
    at += 8;
    return fields.uint64(at - 8);
  });
}

/** One character a byte, so that a name which is not ASCII stays one that is refused. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function checkLayout(header: Uint8Array, entry: ZipEntry, layout: ZipLayout): void {
  const at = difference(header, layout.centralHeader(entry));
  if (at !== undefined)
    throw new ZipError('unsupported', `byte ${at} of its central header is not as written here`, entry.path);
  if (entry.method === 'deflated') return;
  if (layout.isLarge(entry.size)) throw new ZipError('unsupported', 'it is too large to be stored', entry.path);
  if (entry.size === entry.compressedSize) return;
  throw new ZipError('size', `got ${entry.compressedSize} bytes stored, want ${entry.size}`, entry.path);
}
