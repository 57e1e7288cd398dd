// Reads the central directory of a ZIP archive.
import { ZipError } from './error.ts';
import { MAX_EXTRA_BYTES, zip64Data } from './extra.ts';
import { FieldReader } from './fields.ts';
import {
  CENTRAL_BYTES,
  FLAG_DESCRIPTOR,
  IN_ZIP64_32,
  METHOD,
  NEWEST_VERSION,
  SIGNATURE,
  type ZipEntry,
} from './layout.ts';
import { ArchivePaths, MAX_PATH_BYTES } from './paths.ts';

export const MAX_CENTRAL_BYTES = CENTRAL_BYTES + MAX_PATH_BYTES + 1 + MAX_EXTRA_BYTES;

/** Bits of APPNOTE 4.4.4: encrypted, strongly encrypted, names and sums of the directory masked. */
const FLAGS_ENCRYPTED = 0x0001 | 0x0040 | 0x2000;
/** How hard deflate tried, sums behind the data, names in UTF-8: nothing of it changes what is read. */
const FLAGS_TAKEN = 0x0002 | 0x0004 | FLAG_DESCRIPTOR | 0x0800;
/** That the content looks like text; nothing else has a meaning. */
const INTERNAL_TAKEN = 0x0001;
/** Of MS-DOS and Windows: a volume's name, a device, a reparse point. Of Unix, in the upper half: what kind of file. */
const DOS_FOLDER = 0x0010;
const DOS_SPECIAL = 0x0008 | 0x0040 | 0x0400;
const UNIX_KIND = { mask: 0o170000, none: 0, file: 0o100000, folder: 0o040000 } as const;

/** An entry as the directory has it, and what its local header has to repeat. */
export interface CentralEntry extends ZipEntry {
  /** A folder: `path` is its name without the slash at its end, and it has no content. */
  readonly folder: boolean;
  readonly flags: number;
  /** MS-DOS time and date. */
  readonly modified: number;
}

/** The entries of a central directory that holds so many and nothing else, in its order. */
export function decodeCentral(bytes: Uint8Array, count: number): CentralEntry[] {
  const paths = new ArchivePaths();
  const entries: CentralEntry[] = [];
  let at = 0;
  while (entries.length < count) {
    const header = cutHeader(bytes.subarray(at), entries.length);
    const kind = checkKind(header, entries.length);
    const entry = decodeHeader(header, kind);
    if (entry.folder) paths.claimFolder(entry.path);
    else paths.claim(entry.path);
    checkAttributes(header, entry);
    checkSizes(entry);
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

type Kind = Pick<CentralEntry, 'flags' | 'method'>;

function checkKind(header: Uint8Array, index: number): Kind {
  const fields = new FieldReader(header);
  const [flags, method] = [fields.uint16(8), fields.uint16(10)];
  if ((flags & FLAGS_ENCRYPTED) !== 0) throw new ZipError('encrypted', `entry ${index} is encrypted`);
  if (method !== METHOD.stored && method !== METHOD.deflated) {
    throw new ZipError('method', `got method ${method} for entry ${index}, want 0 (stored) or 8 (deflated)`);
  }
  if (fields.uint16(32) !== 0) throw new ZipError('comment', `entry ${index} has a comment`);
  if (fields.uint16(34) !== 0) throw new ZipError('multi-disk', `entry ${index} is on another disk`);
  if ((flags & ~FLAGS_TAKEN) !== 0) {
    throw new ZipError('unsupported', `entry ${index} has the flags 0x${flags.toString(16).padStart(4, '0')}`);
  }
  return { flags, method: method === METHOD.stored ? 'stored' : 'deflated' };
}

function decodeHeader(header: Uint8Array, kind: Kind): CentralEntry {
  const fields = new FieldReader(header);
  const nameEnd = CENTRAL_BYTES + fields.uint16(28);
  const name = latin1(header.subarray(CENTRAL_BYTES, nameEnd));
  const folder = name.endsWith('/');
  const [compressedSize, size, offset] = [fields.uint32(20), fields.uint32(24), fields.uint32(42)];
  const wide = wideValues(header.subarray(nameEnd), [size, compressedSize, offset]);
  return {
    ...{ ...kind, folder, path: folder ? name.slice(0, -1) : name },
    ...{ modified: fields.uint32(12), crc32: fields.uint32(16) },
    ...{ size: wide[0]!, compressedSize: wide[1]!, offset: wide[2]! },
  };
}

/** The values with those in place that were moved to the ZIP64 field, in the order that it has. */
function wideValues(extra: Uint8Array, values: readonly number[]): number[] {
  const data = zip64Data(extra) ?? new Uint8Array();
  const want = 8 * values.filter((value) => value === IN_ZIP64_32).length;
  if (data.length !== want) {
    throw new ZipError(
      'unsupported',
      `got ${data.length} bytes of 64-bit values in a header that leaves ${want} to them`,
    );
  }
  const fields = new FieldReader(data);
  let at = 0;
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

/** What would make something else of it where it is unpacked: a link, a device, a folder with content. */
function checkAttributes(header: Uint8Array, { path, folder }: CentralEntry): void {
  const fields = new FieldReader(header);
  if ((fields.uint16(6) & 0xff) > NEWEST_VERSION) throw new ZipError('unsupported', 'it needs a newer reader', path);
  if ((fields.uint16(36) & ~INTERNAL_TAKEN) !== 0) throw new ZipError('unsupported', 'got internal attributes', path);
  const [dos, kind] = [fields.uint16(38), fields.uint16(40) & UNIX_KIND.mask];
  const same = kind === UNIX_KIND.none || kind === (folder ? UNIX_KIND.folder : UNIX_KIND.file);
  if (!same || (dos & DOS_SPECIAL) !== 0 || (!folder && (dos & DOS_FOLDER) !== 0)) {
    throw new ZipError('unsupported', `its attributes say that it is no ${folder ? 'folder' : 'regular file'}`, path);
  }
}

/** An empty deflate stream, which some tools write for folders. */
const EMPTY_DEFLATED_BYTES = 2;

function checkSizes({ path, folder, method, size, compressedSize }: CentralEntry): void {
  if (method === 'stored' && size !== compressedSize) {
    throw new ZipError('size', `got ${compressedSize} bytes stored, want ${size}`, path);
  }
  if (folder && (size > 0 || compressedSize > EMPTY_DEFLATED_BYTES)) {
    throw new ZipError('size', 'got a folder with content', path);
  }
}
