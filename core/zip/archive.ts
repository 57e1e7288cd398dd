import { decodeCentral, MAX_CENTRAL_BYTES } from './central.ts';
import { checkedContent } from './content.ts';
import { readEnd } from './end.ts';
import { ZipError } from './error.ts';
import { type CentralDirectory, STANDARD_LAYOUT, type ZipEntry, type ZipLayout } from './layout.ts';
import { DEFAULT_LIMITS, HARMLESS_BYTES, type ZipLimits } from './limits.ts';
import type { Inflating } from './port.ts';
import { readAt, type ZipSource } from './source.ts';

/**
 * An archive whose directory is valid and whose entries fill it without gap and overlap. What is inside of an entry is
 * checked when it is read: whoever reads every entry to its end has checked every byte of the archive.
 */
export class ZipArchive {
  readonly entries: readonly ZipEntry[];
  readonly #source: ZipSource;
  readonly #inflating: Inflating;
  readonly #layout: ZipLayout;
  readonly #byPath: ReadonlyMap<string, ZipEntry>;

  constructor(entries: readonly ZipEntry[], source: ZipSource, inflating: Inflating, layout: ZipLayout) {
    this.entries = entries;
    this.#source = source;
    this.#inflating = inflating;
    this.#layout = layout;
    this.#byPath = new Map(entries.map((entry) => [entry.path, entry]));
  }

  find(path: string): ZipEntry | undefined {
    return this.#byPath.get(path);
  }

  /** In pieces, which are to be believed once the iteration has ended without a ZipError. */
  async *stream(entry: ZipEntry): AsyncGenerator<Uint8Array> {
    try {
      yield* checkedContent(this.#source, entry, this.#inflating, this.#layout);
    } catch (error) {
      throw error instanceof ZipError ? new ZipError(error.code, error.message, entry.path, error.cause) : error;
    }
  }

  async read(entry: ZipEntry, maxBytes: number): Promise<Uint8Array> {
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

/** Throws a ZipError for anything but an archive as docs/format.md, "Bundle: container", has it. */
export async function openZip(
  source: ZipSource,
  inflating: Inflating,
  limits: ZipLimits = DEFAULT_LIMITS,
  layout: ZipLayout = STANDARD_LAYOUT,
): Promise<ZipArchive> {
  const directory = await readEnd(source, layout);
  checkCount(directory, limits);
  const bytes = await readAt(source, directory.offset, directory.size);
  const entries = decodeCentral(bytes, directory.entries, layout);
  checkPlaces(entries, directory, layout);
  checkRatios(entries, source.size, limits);
  return new ZipArchive(entries, source, inflating, layout);
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

function checkPlaces(entries: readonly ZipEntry[], directory: CentralDirectory, layout: ZipLayout): void {
  let end = 0;
  for (const entry of entries) {
    checkPlace('an entry', end, entry.offset, entry.path);
    end = entry.offset + layout.span(entry);
  }
  checkPlace('the central directory', end, directory.offset);
}

function checkPlace(what: string, end: number, offset: number, path?: string): void {
  if (offset < end)
    throw new ZipError('overlap', `got ${what} ${end - offset} bytes before the last entry's end`, path);
  if (offset > end) throw new ZipError('trailing-data', `got ${offset - end} bytes before ${what}`, path);
}

function checkRatios(entries: readonly ZipEntry[], bytes: number, { ratio, entryRatio }: ZipLimits): void {
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
