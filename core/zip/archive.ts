// Opens a ZIP archive that can be read in one way only.
import { type CentralEntry, decodeCentral, MAX_CENTRAL_BYTES } from './central.ts';
import { checkedContent, type PlacedEntry } from './content.ts';
import { readEnd } from './end.ts';
import { ZipError } from './error.ts';
import { type CentralDirectory, LOCAL_BYTES } from './layout.ts';
import { DEFAULT_LIMITS, HARMLESS_BYTES, type ZipLimits } from './limits.ts';
import type { Inflating } from './port.ts';
import { readAt, type ZipSource } from './source.ts';

/**
 * An archive whose directory is valid and whose entries fill it without gap and overlap. What is inside of an entry is
 * checked when it is read: whoever reads every entry to its end has checked every byte of the archive.
 */
export class ZipArchive {
  /** Files, in the order of the directory. */
  readonly entries: readonly PlacedEntry[];
  readonly #source: ZipSource;
  readonly #inflating: Inflating;
  readonly #byPath: ReadonlyMap<string, PlacedEntry>;

  constructor(entries: readonly PlacedEntry[], source: ZipSource, inflating: Inflating) {
    this.entries = entries;
    this.#source = source;
    this.#inflating = inflating;
    this.#byPath = new Map(entries.map((entry) => [entry.path, entry]));
  }

  find(path: string): PlacedEntry | undefined {
    return this.#byPath.get(path);
  }

  /** In pieces, each of which holds until the next is asked for; to be believed once the iteration has ended without a ZipError. */
  async *stream(entry: PlacedEntry): AsyncGenerator<Uint8Array> {
    try {
      yield* checkedContent(this.#source, entry, this.#inflating);
    } catch (error) {
      throw error instanceof ZipError ? new ZipError(error.code, error.reason, entry.path, error.cause) : error;
    }
  }

  async read(entry: PlacedEntry, maxBytes: number): Promise<Uint8Array> {
    if (entry.size > maxBytes) {
      throw new ZipError('too-large', `got ${entry.size} bytes, want at most ${maxBytes}`, entry.path);
    }
    const whole = new Uint8Array(entry.size);
    let at = 0;
    for await (const piece of this.stream(entry)) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }
}

/**
 * Throws a ZipError for anything but an archive as docs/format.md, "Bundle: container", lets a reader take it. What is
 * inside of folders, which is nothing, is checked here; of files, when they are read.
 */
export async function openZip(
  source: ZipSource,
  inflating: Inflating,
  limits: ZipLimits = DEFAULT_LIMITS,
): Promise<ZipArchive> {
  const directory = await readEnd(source);
  checkCount(directory, limits);
  const bytes = await readAt(source, directory.offset, directory.size);
  const entries = placed(decodeCentral(bytes, directory.entries), directory);
  checkRatios(entries, source.size, limits);
  const [folders, files] = [entries.filter(({ folder }) => folder), entries.filter(({ folder }) => !folder)];
  const inside = new ZipArchive(folders, source, inflating);
  for (const folder of folders) await inside.read(folder, 0);
  return new ZipArchive(files, source, inflating);
}

/** Before anything is allocated for the directory. */
function checkCount({ entries, size }: CentralDirectory, limits: ZipLimits): void {
  if (entries > limits.entries) {
    throw new ZipError('too-many-entries', `got ${entries} entries, want at most ${limits.entries}`);
  }
  if (size > entries * MAX_CENTRAL_BYTES) {
    throw new ZipError('mismatch', `got a central directory of ${size} bytes for ${entries} entries`);
  }
}

/** Entries fill the archive from its first byte to the directory, whatever the order that the directory lists them in. */
function placed(entries: readonly CentralEntry[], directory: CentralDirectory): PlacedEntry[] {
  const ordered = entries.toSorted((a, b) => a.offset - b.offset);
  const ends = new Map<CentralEntry, number>();
  if ((ordered[0]?.offset ?? directory.offset) > 0) {
    throw new ZipError('trailing-data', 'got bytes before the first record', ordered[0]?.path);
  }
  for (const [i, entry] of ordered.entries()) {
    const end = ordered[i + 1]?.offset ?? directory.offset;
    const least = entry.offset + LOCAL_BYTES + entry.path.length + entry.compressedSize;
    if (least > end) throw new ZipError('overlap', `it reaches ${least - end} bytes into the next record`, entry.path);
    ends.set(entry, end);
  }
  return entries.map((entry) => ({ ...entry, end: ends.get(entry)! }));
}

function checkRatios(entries: readonly PlacedEntry[], bytes: number, { ratio, entryRatio }: ZipLimits): void {
  let total = 0;
  for (const { path, size, compressedSize } of entries) {
    checkRatio(size, compressedSize, entryRatio, path);
    total += size;
  }
  checkRatio(total, bytes, ratio);
}

function checkRatio(size: number, bytes: number, limit: number, path?: string): void {
  if (size <= HARMLESS_BYTES || size <= bytes * limit) return;
  throw new ZipError('ratio', `got ${size} bytes from ${bytes}, want at most ${limit} times as many`, path);
}
