/** Where an archive goes, one write after the other: resolves when the next may come, rejects when one failed. */
export type ZipSink = (bytes: Uint8Array) => Promise<void>;

/** A write is a system call or worse, and an archive of many small files has four records for each. */
const BUFFER_BYTES = 64 * 1024;

/** Gathers small writes and knows how much was written. */
export class Output {
  readonly #sink: ZipSink;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #at = 0;

  constructor(sink: ZipSink) {
    this.#sink = sink;
  }

  /** The offset of the next byte. */
  get at(): number {
    return this.#at;
  }

  /** The bytes may not change before the next flush. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#at += bytes.length;
    if (bytes.length >= BUFFER_BYTES) {
      await this.flush();
      await this.#sink(bytes);
      return;
    }
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= BUFFER_BYTES) await this.flush();
  }

  /** `append` puts so many bytes behind what was written, past the sink's function. */
  async pass(bytes: number, append: () => Promise<void>): Promise<void> {
    await this.flush();
    await append();
    this.#at += bytes;
  }

  async flush(): Promise<void> {
    if (this.#pendingBytes === 0) return;
    const whole = new Uint8Array(this.#pendingBytes);
    let at = 0;
    for (const bytes of this.#pending) {
      whole.set(bytes, at);
      at += bytes.length;
    }
    this.#pending = [];
    this.#pendingBytes = 0;
    await this.#sink(whole);
  }
}
