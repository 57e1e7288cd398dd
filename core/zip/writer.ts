// Writes ZIP archives.
import { combineCrc32 } from './combine.ts';
import { ZipError } from './error.ts';
import { STANDARD_LAYOUT, type ZipEntry, type ZipLayout } from './layout.ts';
import { Measured } from './measured.ts';
import { Output, type ZipSink } from './output.ts';
import { ArchivePaths } from './paths.ts';
import { DEFLATE_END, type Deflating } from './port.ts';

/** Bytes that are somewhere already: `append` puts them behind what was written. */
export interface Written {
  readonly bytes: number;
  append(): Promise<void>;
}

/** A slice of a deflate stream (Slicing). */
export interface DeflatedSlice extends Written {
  /** Of the content, as `size` is. */
  readonly crc32: number;
  readonly size: number;
}

/** Of a file that was written as `storedRecord` gives it. */
export interface StoredRecord {
  readonly path: string;
  readonly size: number;
  readonly crc32: number;
}

/** What stands in an archive for a file that is not deflated. Throws ZipError size where it has to be. */
export function storedRecord(path: string, bytes: Uint8Array, crc32: number, layout = STANDARD_LAYOUT): Uint8Array {
  const head = layout.localHeader(storedEntry({ path, size: bytes.length, crc32 }, 0, layout));
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return whole;
}

function storedEntry({ path, size, crc32 }: StoredRecord, offset: number, layout: ZipLayout): ZipEntry {
  if (layout.isLarge(size)) {
    throw new ZipError('size', `got ${size} bytes to store, too many for an entry that is not deflated`);
  }
  return { path, method: 'stored', crc32, size, compressedSize: size, offset };
}

/**
 * Writes an archive from front to back, in memory that does not grow with the content. The same entries in the same
 * order give the same bytes. One call at a time; after one that failed halfway the archive has no end, nor may it get
 * one.
 */
export class ZipWriter {
  readonly #output: Output;
  readonly #deflating: Deflating;
  readonly #layout: ZipLayout;
  readonly #paths: ArchivePaths;
  readonly #entries: ZipEntry[] = [];
  #state: 'ready' | 'writing' | 'broken' | 'finished' = 'ready';

  constructor(sink: ZipSink, deflating: Deflating, layout: ZipLayout = STANDARD_LAYOUT, paths = new ArchivePaths()) {
    this.#output = new Output(sink);
    this.#deflating = deflating;
    this.#layout = layout;
    this.#paths = paths;
  }

  /** Deflates the content, which may be of any size. */
  async add(path: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<void> {
    this.#demandReady();
    this.#paths.claim(path);
    await this.#step('ready', () => this.#deflate(path, content));
  }

  /** Takes bytes that deflate would not make shorter as they are. */
  async store(path: string, bytes: Uint8Array): Promise<void> {
    this.#demandReady();
    const crc32 = this.#deflating.crc32(bytes);
    const record = storedRecord(path, bytes, crc32, this.#layout);
    this.#paths.claim(path);
    await this.#step('ready', () => this.#store({ path, size: bytes.length, crc32 }, record));
  }

  /** Takes records of stored files (storedRecord) that were written elsewhere, one behind the other. */
  async splice(records: readonly StoredRecord[], { bytes, append }: Written): Promise<void> {
    this.#demandReady();
    for (const { path } of records) this.#paths.claim(path);
    await this.#step('ready', async () => {
      let at = this.#output.at;
      for (const record of records) {
        const entry = storedEntry(record, at, this.#layout);
        this.#entries.push(entry);
        at += this.#layout.localHeader(entry).length + entry.size;
      }
      if (at !== this.#output.at + bytes) {
        throw new ZipError('size', `got ${bytes} bytes of records, want ${at - this.#output.at}`, records[0]?.path);
      }
      await this.#output.pass(bytes, append);
    });
  }

  /** Takes slices of a file's deflate stream that were written elsewhere; none of them for a file that is empty. */
  async join(path: string, slices: Iterable<DeflatedSlice>): Promise<void> {
    this.#demandReady();
    this.#paths.claim(path);
    await this.#step('ready', async () => {
      const head = await this.#begin(path);
      const dataAt = this.#output.at;
      let [crc32, size] = [0, 0];
      for (const slice of slices) {
        await this.#output.pass(slice.bytes, () => slice.append());
        crc32 = combineCrc32(crc32, slice.crc32, slice.size);
        size += slice.size;
      }
      await this.#output.write(DEFLATE_END);
      await this.#close({ ...head, crc32, size, compressedSize: this.#output.at - dataAt });
    });
  }

  async finish(): Promise<void> {
    this.#demandReady();
    await this.#step('finished', () => this.#end());
  }

  #demandReady(): void {
    if (this.#state !== 'ready') throw new ZipError('writer', `got a call while the writer is ${this.#state}`);
  }

  async #step(next: 'ready' | 'finished', write: () => Promise<void>): Promise<void> {
    this.#state = 'writing';
    try {
      await write();
      this.#state = next;
    } catch (error) {
      this.#state = 'broken';
      throw error;
    }
  }

  async #deflate(path: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<void> {
    const head = await this.#begin(path);
    const dataAt = this.#output.at;
    const measured = new Measured(content instanceof Uint8Array ? [content] : content, this.#deflating);
    for await (const piece of this.#deflating.deflate(measured)) await this.#output.write(piece);
    const { crc32, size } = measured;
    await this.#close({ ...head, crc32, size, compressedSize: this.#output.at - dataAt });
  }

  async #begin(path: string): Promise<ZipEntry> {
    const head: ZipEntry = { path, method: 'deflated', crc32: 0, size: 0, compressedSize: 0, offset: this.#output.at };
    await this.#output.write(this.#layout.localHeader(head));
    return head;
  }

  async #close(entry: ZipEntry): Promise<void> {
    await this.#output.write(this.#layout.descriptor(entry));
    this.#entries.push(entry);
  }

  async #store(record: StoredRecord, bytes: Uint8Array): Promise<void> {
    this.#entries.push(storedEntry(record, this.#output.at, this.#layout));
    await this.#output.write(bytes);
  }

  async #end(): Promise<void> {
    const offset = this.#output.at;
    for (const entry of this.#entries) await this.#output.write(this.#layout.centralHeader(entry));
    const directory = { entries: this.#entries.length, size: this.#output.at - offset, offset };
    await this.#output.write(this.#layout.end(directory));
    await this.#output.flush();
  }
}
