// Times of entries where they lie in a buffer.
import type { Buffered } from './scan-text.ts';
import { DAY_PATTERN } from './time.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const DOT = 0x2e;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const ZERO = 0x30;

/** With its quotation marks. */
export const TIME_BYTES = 26;
const DAY_BYTES = 10;
const REAL_DAY = new RegExp(DAY_PATTERN);

/** Reads the one spelling of a time. Remembers the last day: neighbouring entries are mostly of one. */
export class FastClock {
  #first = 0;
  #second = 0;
  #third = 0;
  /** Midnight of the day that those ten bytes spell; not a number where they spell none. */
  #midnight = Number.NaN;

  /** What was read last. */
  time = Number.NaN;

  /** Milliseconds since 1970 of the quoted time at `at`; not a number for what is none. */
  read(buffered: Buffered, at: number): number {
    this.time = this.#timeAt(buffered, at);
    return this.time;
  }

  #timeAt({ bytes, view }: Buffered, at: number): number {
    if (at + TIME_BYTES > bytes.length) return Number.NaN;
    const first = view.getInt32(at + 1);
    const second = view.getInt32(at + 5);
    const third = view.getInt16(at + 9);
    if (first !== this.#first || second !== this.#second || third !== this.#third) {
      this.#first = first;
      this.#second = second;
      this.#third = third;
      this.#midnight = midnightOf(bytes.subarray(at + 1, at + 1 + DAY_BYTES));
    }
    if (!isSeparated(bytes, at)) return Number.NaN;
    const hour = pair(bytes, at + 12);
    const minute = pair(bytes, at + 15);
    const second60 = pair(bytes, at + 18);
    const hundredths = pair(bytes, at + 21);
    const last = bytes[at + 23]! - ZERO;
    const inRange = hour < 24 && minute < 60 && second60 < 60 && hundredths < 100 && last >= 0 && last < 10;
    if (!inRange) return Number.NaN;
    return this.#midnight + ((hour * 60 + minute) * 60 + second60) * 1_000 + hundredths * 10 + last;
  }
}

function isSeparated(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === QUOTE &&
    bytes[at + 11] === LETTER_T &&
    bytes[at + 14] === COLON &&
    bytes[at + 17] === COLON &&
    bytes[at + 20] === DOT &&
    bytes[at + 24] === LETTER_Z &&
    bytes[at + 25] === QUOTE
  );
}

/** A hundred and more for what is no two digits. */
function pair(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - ZERO;
  const ones = bytes[at + 1]! - ZERO;
  return tens >= 0 && tens < 10 && ones >= 0 && ones < 10 ? 10 * tens + ones : 100;
}

function midnightOf(day: Uint8Array): number {
  const text = String.fromCharCode(...day);
  return REAL_DAY.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : Number.NaN;
}
