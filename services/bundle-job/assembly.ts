// Makes parts of an upload of what is copied and of what is written, in whatever sizes it comes.
import type { BundleUpload, Piece } from './port.ts';

/** Parts that are on their way: most are copied inside of S3. */
const PARTS_AT_ONCE = 8;

/** Reads a piece's bytes `from` to before `to`. */
export type RangeReader = (piece: Piece, from: number, to: number) => Promise<Uint8Array>;

/**
 * An archive on its way into an upload. Ranges of pieces are copied where they lie; only so much passes through here as it takes to
 * fill up parts that would be too small, so that memory holds one such part, and a little more.
 */
export class Assembly {
  readonly #upload: BundleUpload;
  readonly #read: RangeReader;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  readonly #under = new Set<Promise<void>>();
  #failed: { readonly error: unknown } | undefined;

  constructor(upload: BundleUpload, read: RangeReader) {
    this.#upload = upload;
    this.#read = read;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hold(bytes);
    if (this.#pendingBytes >= this.#upload.leastBytes) await this.#send();
  }

  /** Bytes `from` to before `to` of a piece. */
  async copy(piece: Piece, from: number, to: number): Promise<void> {
    const missing = this.#pendingBytes === 0 ? 0 : this.#upload.leastBytes - this.#pendingBytes;
    const isWorth = to - from - missing >= this.#upload.leastBytes;
    const read = isWorth ? from + missing : to;
    if (read > from) await this.write(await this.#read(piece, from, read));
    if (isWorth) await this.#begin(() => this.#upload.copy(piece, read, to));
  }

  /** Everything is on its way and has arrived; the upload may be completed. */
  async finish(): Promise<void> {
    if (this.#pendingBytes > 0) await this.#send();
    while (this.#under.size > 0) await Promise.race(this.#under);
    if (this.#failed !== undefined) throw this.#failed.error;
  }

  /** Nothing is on its way any more, however it ended. */
  async settle(): Promise<void> {
    while (this.#under.size > 0) await Promise.race(this.#under);
  }

  /** What is written may be changed by whoever wrote it. */
  #hold(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
  }

  #send(): Promise<void> {
    const part = Buffer.concat(this.#pending, this.#pendingBytes);
    this.#pending = [];
    this.#pendingBytes = 0;
    return this.#begin(() => this.#upload.put(part));
  }

  /** Parts are numbered in the order in which they are begun. */
  async #begin(part: () => Promise<void>): Promise<void> {
    while (this.#under.size >= PARTS_AT_ONCE) await Promise.race(this.#under);
    if (this.#failed !== undefined) throw this.#failed.error;
    const sent: Promise<void> = part()
      .catch((error: unknown) => {
        this.#failed ??= { error };
      })
      .finally(() => this.#under.delete(sent));
    this.#under.add(sent);
  }
}
