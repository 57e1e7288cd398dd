// Whole numbers as bytes, in one spelling: what the codings of the index are made of.
import { PostingsError } from './error.ts';

/** Seven bits a byte, the lowest first, the high bit set in all bytes but the last. */
export function putWhole(bytes: number[], value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new PostingsError('what is written is not in its order');
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push(128 + (left % 128));
  bytes.push(left);
}

/** `2n` for `n ≥ 0`, `−2n − 1` for `n < 0`. */
export function putSigned(bytes: number[], value: number): void {
  putWhole(bytes, value < 0 ? -2 * value - 1 : 2 * value);
}

/** Reads what was put; throws PostingsError on any other spelling. */
export class NumberReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new PostingsError('the bytes end too early');
    return byte;
  }

  /** The shortest spelling alone. */
  whole(): number {
    const first = this.#bytes[this.#at];
    if (first !== undefined && first < 128) {
      this.#at += 1;
      return first;
    }
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new PostingsError('the bytes end inside of a number');
      value += (byte % 128) * factor;
      if (!Number.isSafeInteger(value)) throw new PostingsError('a number is no safe integer');
      if (byte < 128) {
        if (byte === 0 && factor > 1) throw new PostingsError('a number is longer than it need be');
        return value;
      }
    }
  }

  signed(): number {
    const value = this.whole();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  end(): void {
    if (this.#at < this.#bytes.length) throw new PostingsError('bytes follow the end');
  }
}
