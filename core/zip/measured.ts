// Content as it passes by, with its size and its CRC-32.
import type { Checksum } from './port.ts';

/** Hands content on as it comes; once it has ended, `size` and `crc32` are those of all of it. */
export class Measured implements AsyncIterable<Uint8Array> {
  readonly #content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly #checksum: Checksum;
  size = 0;
  crc32 = 0;

  constructor(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, checksum: Checksum) {
    this.#content = content;
    this.#checksum = checksum;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#content) {
      this.size += piece.length;
      this.crc32 = this.#checksum.crc32(piece, this.crc32);
      yield piece;
    }
  }
}
