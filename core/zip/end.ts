// Reads the end records of a ZIP archive.
import { ZipError } from './error.ts';
import { difference, FieldReader } from './fields.ts';
import {
  type CentralDirectory,
  END_BYTES,
  IN_ZIP64_16,
  IN_ZIP64_32,
  NEWEST_VERSION,
  SIGNATURE,
  ZIP64_END_BYTES,
  ZIP64_LOCATOR_BYTES,
} from './layout.ts';
import { readAt, type ZipSource } from './source.ts';

const ZIP64_BYTES = ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES;

/** What one of the two end records says; of the values that it leaves to the other, undefined. */
interface Said {
  readonly entries: number | undefined;
  readonly size: number | undefined;
  readonly offset: number | undefined;
}

/** Where the central directory is, from end records that are the archive's last bytes and directly behind it. */
export async function readEnd(source: ZipSource): Promise<CentralDirectory> {
  const length = Math.min(source.size, ZIP64_BYTES + END_BYTES);
  const tail = await readAt(source, source.size - length, length);
  if (length < END_BYTES || new FieldReader(tail).uint32(length - END_BYTES) !== SIGNATURE.end) {
    throw await whyNoEnd(source);
  }
  const narrow = decodeEnd(tail.subarray(length - END_BYTES));
  const wide = decodeZip64End(tail.subarray(0, length - END_BYTES), source.size - END_BYTES);
  const { entries, size, offset } = { ...narrow, ...wide };
  if (entries === undefined || size === undefined || offset === undefined) {
    throw new ZipError('mismatch', 'got an end record that leaves its values to a ZIP64 record which is not before it');
  }
  const directory = { entries, size, offset };
  for (const name of ['entries', 'size', 'offset'] as const) {
    if (narrow[name] !== undefined && narrow[name] !== directory[name]) {
      throw new ZipError('mismatch', `got two end records that disagree about the directory's ${name}`);
    }
  }
  checkPlace(directory, source.size - END_BYTES - (wide === undefined ? 0 : ZIP64_BYTES));
  return directory;
}

function decodeEnd(end: Uint8Array): Said {
  const fields = new FieldReader(end);
  const [entries, size, offset] = [fields.uint16(10), fields.uint32(12), fields.uint32(16)];
  if (fields.uint16(4) !== 0 || fields.uint16(6) !== 0 || fields.uint16(8) !== entries) throw multiDisk();
  if (fields.uint16(20) !== 0) throw new ZipError('comment', 'got a comment of the archive');
  return {
    entries: entries === IN_ZIP64_16 ? undefined : entries,
    size: size === IN_ZIP64_32 ? undefined : size,
    offset: offset === IN_ZIP64_32 ? undefined : offset,
  };
}

/** The record and its locator, where a locator is in front of the end record, which is at `end` of the archive. */
function decodeZip64End(before: Uint8Array, end: number): CentralDirectory | undefined {
  const fields = new FieldReader(before);
  const locator = before.length - ZIP64_LOCATOR_BYTES;
  if (locator < 0 || fields.uint32(locator) !== SIGNATURE.zip64Locator) return undefined;
  if (before.length < ZIP64_BYTES || fields.uint32(0) !== SIGNATURE.zip64End) {
    throw new ZipError('mismatch', 'got the locator of a ZIP64 record which is not before it');
  }
  // Counts what is behind itself; a longer one would have room for more.
  if (fields.uint64(4) !== ZIP64_END_BYTES - 12 || fields.uint64(locator + 8) !== end - ZIP64_BYTES) {
    throw new ZipError('unsupported', 'got a ZIP64 record of another length, or a locator of another place');
  }
  if ((fields.uint16(14) & 0xff) > NEWEST_VERSION) throw new ZipError('unsupported', 'it needs a newer reader');
  const directory = { entries: fields.uint64(32), size: fields.uint64(40), offset: fields.uint64(48) };
  const disks = [fields.uint32(16), fields.uint32(20), fields.uint32(locator + 4)];
  if (
    disks.some((disk) => disk !== 0) ||
    fields.uint64(24) !== directory.entries ||
    fields.uint32(locator + 16) !== 1
  ) {
    throw multiDisk();
  }
  return directory;
}

function multiDisk(): ZipError {
  return new ZipError('multi-disk', 'got one of several parts of an archive');
}

function checkPlace({ size, offset }: CentralDirectory, end: number): void {
  const gap = end - (offset + size);
  if (gap < 0) throw new ZipError('truncated', `got ${-gap} bytes less than the end record counts before itself`);
  if (gap > 0) throw new ZipError('trailing-data', `got ${gap} bytes that the end record does not count before itself`);
}

/** The longest comment; an end record further from the end of the archive is not looked for. */
const MAX_COMMENT_BYTES = 0xffff;

/** Every archive without an end record at its end is refused; this says why as well as it can be told. */
async function whyNoEnd(source: ZipSource): Promise<ZipError> {
  const length = Math.min(source.size, MAX_COMMENT_BYTES + END_BYTES);
  const tail = await readAt(source, source.size - length, length);
  const fields = new FieldReader(tail);
  for (let at = length - END_BYTES; at >= 0; at--) {
    if (fields.uint32(at) !== SIGNATURE.end) continue;
    const behind = length - at - END_BYTES;
    return fields.uint16(at + 20) === behind
      ? new ZipError('comment', 'got a comment of the archive')
      : new ZipError('trailing-data', `got ${behind} bytes behind the end record`);
  }
  const start = await readAt(source, 0, Math.min(2, source.size));
  return start.length > 0 && difference(MARK.subarray(0, start.length), start) === undefined
    ? new ZipError('truncated', 'got an archive without its end')
    : new ZipError('not-a-zip', 'got a file that does not begin as a ZIP archive');
}

/** "PK", with which each record begins. */
const MARK = Uint8Array.of(0x50, 0x4b);
