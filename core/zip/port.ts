// The port for deflate and CRC-32.
export interface Checksum {
  /** CRC-32 of APPNOTE 4.4.7, continued from `before` where it is given. */
  crc32(bytes: Uint8Array, before?: number): number;
}

/** Content while it comes out of a deflate stream; in pieces of at most a few hundred kilobytes, made when asked for; a piece holds until the next one is. */
export interface Inflation extends AsyncIterable<Uint8Array> {
  /** Once the iteration has ended: how long the deflate stream was, without what was given behind its end. */
  readonly consumed: number;
}

export interface Inflating extends Checksum {
  /**
   * Raw deflate (RFC 1951). `size` is what the archive says of the content and no more than a hint. Throws a ZipError
   * `deflate` where the bytes are no deflate stream or end before it does, and whatever reading them throws.
   */
  inflate(compressed: AsyncIterable<Uint8Array>, size: number): Inflation;
}

export interface Deflating extends Checksum {
  /** Raw deflate. The same content gives the same bytes, in whatever pieces it comes. */
  deflate(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** Deflate streams that are made in slices, by different processes. */
export interface Slicing extends Checksum {
  /**
   * A run of raw deflate blocks that ends at a byte and is not the last: such runs, one behind the other, and DEFLATE_END are one
   * stream. The same content gives the same bytes, in whatever pieces it comes.
   */
  slice(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** The last block of a deflate stream, which holds nothing (RFC 1951, 3.2.6). */
export const DEFLATE_END = Uint8Array.of(0x03, 0x00);
