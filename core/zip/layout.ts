// Sizes, signatures and thresholds of a ZIP archive's records.
import { ZIP64_FIELD } from './extra.ts';
import { type Field, pack } from './fields.ts';

/** PKWARE APPNOTE 6.3.10 names the records: 4.3.7 local, 4.3.9 descriptor, 4.3.12 central, 4.3.14 to 4.3.16 end. */
export const SIGNATURE = {
  local: 0x04034b50,
  descriptor: 0x08074b50,
  central: 0x02014b50,
  zip64End: 0x06064b50,
  zip64Locator: 0x07064b50,
  end: 0x06054b50,
} as const;

/** Of the records, without names and extra fields. */
export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;
export const ZIP64_END_BYTES = 56;
export const ZIP64_LOCATOR_BYTES = 20;

/** In a 16-bit or a 32-bit field: the value is in its 64-bit counterpart. */
export const IN_ZIP64_16 = 0xffff;
export const IN_ZIP64_32 = 0xffff_ffff;

export const METHOD = { stored: 0, deflated: 8 } as const;

export const FLAG_DESCRIPTOR = 1 << 3;

/** 2.0: deflate. 4.5: ZIP64, only where an entry needs it, so that old readers take the others. */
const VERSION = 20;
const VERSION_ZIP64 = 45;
/** What needs a newer reader is passed over by some, and read by others. */
export const NEWEST_VERSION = VERSION_ZIP64;

/** 4.5 on Unix, whose permissions the external attributes are: a regular file, 0644. */
const MADE_BY = (3 << 8) | VERSION_ZIP64;
const ATTRIBUTES = 0o100644 * 2 ** 16;

/** 1980-01-01, the earliest that there is: an archive says nothing of when it was written. */
const TIME = 0;
const DATE = (1 << 5) | 1;

export interface ZipEntry {
  readonly path: string;
  readonly method: keyof typeof METHOD;
  readonly crc32: number;
  /** Of the content. */
  readonly size: number;
  readonly compressedSize: number;
  /** Of the local header, from the start of the archive. */
  readonly offset: number;
}

export interface CentralDirectory {
  readonly entries: number;
  readonly size: number;
  readonly offset: number;
}

/** From which value on a field is moved to its 64-bit counterpart, and not before. */
interface Zip64Thresholds {
  readonly size: number;
  readonly entries: number;
}

/** The one way in which the writer writes each record. Only tests know other thresholds than the standard's. */
export class ZipLayout {
  readonly #zip64: Zip64Thresholds;

  constructor(zip64: Zip64Thresholds) {
    this.#zip64 = zip64;
  }

  /** Whether a size or an offset needs 64 bits. */
  isLarge(value: number): boolean {
    return value >= this.#zip64.size;
  }

  /** Of a deflated entry it holds no sum and no sizes, so it can be written before they are known. */
  localHeader(entry: ZipEntry): Uint8Array {
    const { crc32, size, compressedSize } = entry.method === 'stored' ? entry : UNKNOWN;
    const head: Field[] = [
      [4, SIGNATURE.local],
      [2, VERSION],
      ...kind(entry),
      [4, crc32],
      [4, compressedSize],
      [4, size],
      [2, entry.path.length],
      [2, 0],
    ];
    return pack(head, entry.path);
  }

  /** Behind a deflated entry's data; nothing behind a stored one's. Both sizes are wide where one needs it. */
  descriptor(entry: ZipEntry): Uint8Array {
    if (entry.method === 'stored') return new Uint8Array();
    const wide = this.#wide(entry);
    return pack([
      [4, SIGNATURE.descriptor],
      [4, entry.crc32],
      [wide, entry.compressedSize],
      [wide, entry.size],
    ]);
  }

  #wide({ size, compressedSize }: ZipEntry): 4 | 8 {
    return this.isLarge(size) || this.isLarge(compressedSize) ? 8 : 4;
  }

  centralHeader(entry: ZipEntry): Uint8Array {
    const moved = [entry.size, entry.compressedSize, entry.offset].filter((value) => this.isLarge(value));
    const extra = moved.length === 0 ? [] : zip64Field(moved);
    const head: Field[] = [
      [4, SIGNATURE.central],
      [2, MADE_BY],
      [2, moved.length === 0 ? VERSION : VERSION_ZIP64],
      ...kind(entry),
      [4, entry.crc32],
      [4, this.#field32(entry.compressedSize)],
      [4, this.#field32(entry.size)],
      [2, entry.path.length],
      [2, zip64FieldBytes(moved.length)],
      ...NO_COMMENT_NO_DISK_NO_INTERNAL_ATTRIBUTES,
      [4, ATTRIBUTES],
      [4, this.#field32(entry.offset)],
    ];
    return pack(head, entry.path, extra);
  }

  /** Everything behind the central directory. */
  end(directory: CentralDirectory): Uint8Array {
    const { entries, size, offset } = directory;
    const many = entries >= this.#zip64.entries;
    const count = many ? IN_ZIP64_16 : entries;
    const end: Field[] = [
      [4, SIGNATURE.end],
      ...NO_DISK,
      [2, count],
      [2, count],
      [4, this.#field32(size)],
      [4, this.#field32(offset)],
      [2, 0],
    ];
    return pack(many || this.isLarge(size) || this.isLarge(offset) ? [...zip64End(directory), ...end] : end);
  }

  #field32(value: number): number {
    return this.isLarge(value) ? IN_ZIP64_32 : value;
  }
}

export const STANDARD_LAYOUT = new ZipLayout({ size: IN_ZIP64_32, entries: IN_ZIP64_16 });

const UNKNOWN = { crc32: 0, size: 0, compressedSize: 0 };

const NO_DISK: readonly Field[] = [
  [2, 0],
  [2, 0],
];

const NO_COMMENT_NO_DISK_NO_INTERNAL_ATTRIBUTES: readonly Field[] = [[2, 0], ...NO_DISK];

/** What local and central header share: flags, method, time and date. */
function kind({ method }: ZipEntry): Field[] {
  return [
    [2, method === 'stored' ? 0 : FLAG_DESCRIPTOR],
    [2, METHOD[method]],
    [2, TIME],
    [2, DATE],
  ];
}

function zip64Field(moved: readonly number[]): Field[] {
  return [[2, ZIP64_FIELD], [2, 8 * moved.length], ...moved.map((value): Field => [8, value])];
}

/** The extra field of a central header from which so many values were moved. */
function zip64FieldBytes(moved: number): number {
  return moved === 0 ? 0 : 4 + 8 * moved;
}

function zip64End({ entries, size, offset }: CentralDirectory): Field[] {
  return [
    [4, SIGNATURE.zip64End],
    // Counts what is behind itself.
    [8, ZIP64_END_BYTES - 12],
    [2, MADE_BY],
    [2, VERSION_ZIP64],
    [4, 0],
    [4, 0],
    [8, entries],
    [8, entries],
    [8, size],
    [8, offset],
    [4, SIGNATURE.zip64Locator],
    [4, 0],
    [8, offset + size],
    [4, 1],
  ];
}
