// Writes ZIP archives.
import { ZipError } from './error.ts';
import { STANDARD_LAYOUT, type ZipEntry, type ZipLayout } from './layout.ts';
import { Output, type ZipSink } from './output.ts';
import { ArchivePaths } from './paths.ts';
import type { Deflating } from './port.ts';

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
    if (this.#layout.isLarge(bytes.length)) {
      throw new ZipError('size', `got ${bytes.length} bytes to store, too many for an entry that is not deflated`);
    }
    this.#paths.claim(path);
    await this.#step('ready', () => this.#store(path, bytes));
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
    const head: ZipEntry = { path, method: 'deflated', crc32: 0, size: 0, compressedSize: 0, offset: this.#output.at };
    await this.#output.write(this.#layout.localHeader(head));
    const dataAt = this.#output.at;
    const measured = new Measured(content instanceof Uint8Array ? [content] : content, this.#deflating);
    for await (const piece of this.#deflating.deflate(measured)) await this.#output.write(piece);
    const { crc32, size } = measured;
    const entry = { ...head, crc32, size, compressedSize: this.#output.at - dataAt };
    await this.#output.write(this.#layout.descriptor(entry));
    this.#entries.push(entry);
  }

  async #store(path: string, bytes: Uint8Array): Promise<void> {
    const [size, crc32] = [bytes.length, this.#deflating.crc32(bytes)];
    const entry: ZipEntry = { path, method: 'stored', crc32, size, compressedSize: size, offset: this.#output.at };
    await this.#output.write(this.#layout.localHeader(entry));
    await this.#output.write(bytes);
    this.#entries.push(entry);
  }

  async #end(): Promise<void> {
    const offset = this.#output.at;
    for (const entry of this.#entries) await this.#output.write(this.#layout.centralHeader(entry));
    const directory = { entries: this.#entries.length, size: this.#output.at - offset, offset };
    await this.#output.write(this.#layout.end(directory));
    await this.#output.flush();
  }
}

/** Content as it passes by. */
class Measured implements AsyncIterable<Uint8Array> {
  readonly #content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly #deflating: Deflating;
  size = 0;
  crc32 = 0;

  constructor(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, deflating: Deflating) {
    this.#content = content;
    this.#deflating = deflating;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#content) {
      this.size += piece.length;
      this.crc32 = this.#deflating.crc32(piece, this.crc32);
      yield piece;
    }
  }
}
