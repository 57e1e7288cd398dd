// Reads a ZIP archive from where it is stored.
import { ZipError } from './error.ts';

/**
 * An archive as bytes at offsets, which do not change while it is read. `read` resolves to that many bytes in memory
 * that it never touches again, to fewer where the archive ends before, and rejects when it can't tell.
 */
export interface ZipSource {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Enough for a disk and a thread pool to be busy; what is read ahead of need and dropped stays small. */
const CHUNK_BYTES = 64 * 1024;

export async function readAt(source: ZipSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(offset, length);
  if (bytes.length === length) return bytes;
  throw new ZipError('truncated', `got ${bytes.length} bytes at ${offset}, want ${length}`);
}

/** A run of the archive from its first byte to its last; holds one chunk of it at a time. */
export class Region {
  readonly #source: ZipSource;
  readonly #end: number;
  #at: number;
  #ahead: Uint8Array = new Uint8Array();

  constructor(source: ZipSource, offset: number, length: number) {
    this.#source = source;
    this.#at = offset;
    this.#end = offset + length;
  }

  /** How many of its bytes were not handed out yet. */
  get left(): number {
    return this.#ahead.length + this.#end - this.#at;
  }

  /** The next bytes, in pieces of any size. Throws a ZipError `overlap` for more than are left. */
  async *pieces(length: number): AsyncGenerator<Uint8Array> {
    if (length > this.left) throw new ZipError('overlap', 'it reaches into the next record');
    for (let left = length; left > 0; ) {
      if (this.#ahead.length === 0) await this.#fill();
      const piece = this.#ahead.subarray(0, left);
      this.#ahead = this.#ahead.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async take(length: number): Promise<Uint8Array> {
    const whole = new Uint8Array(length);
    let at = 0;
    for await (const piece of this.pieces(length)) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  async #fill(): Promise<void> {
    const length = Math.min(CHUNK_BYTES, this.#end - this.#at);
    this.#ahead = await readAt(this.#source, this.#at, length);
    this.#at += length;
  }
}
