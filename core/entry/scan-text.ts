// Strings of canonical JSON where they lie in a buffer: the innermost loops of the fast reader of entries.
import { isUnsafeInteger } from '../json/number.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const DELETE = 0x7f;
const LOWER_U = 0x75;
const ZERO = 0x30;

/** What may follow a backslash in a canonical string, `u` apart: a character that is meant itself, or a letter for a control. */
const ITSELF = 1;
const CONTROL = 2;
const SHORT_ESCAPES = new Uint8Array(256);
for (const letter of '"\\') SHORT_ESCAPES[letter.charCodeAt(0)] = ITSELF;
for (const letter of 'bfnrt') SHORT_ESCAPES[letter.charCodeAt(0)] = CONTROL;

/** A buffer, and views of all of it. */
export interface Buffered {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * Where a string ends that begins at `at`, behind its quotation mark: the place of the closing one; −1 for one that is not
 * canonical, not UTF-8, or, where it has to be plain, not certainly plain. May look at bytes behind the string.
 */
export function stringEnd({ bytes, view }: Buffered, at: number, isPlain: boolean): number {
  const last = bytes.length - 4;
  for (;;) {
    // Four at a time, until one of them is a quotation mark, a backslash, a control character, or no ASCII.
    let flags = 0;
    while (at <= last) {
      const word = view.getInt32(at, true);
      const quote = word ^ 0x22222222;
      const backslash = word ^ 0x5c5c5c5c;
      flags =
        (((word - 0x20202020) | (word + 0x01010101) | word) & 0x80808080) |
        ((quote - 0x01010101) & ~quote & 0x80808080) |
        ((backslash - 0x01010101) & ~backslash & 0x80808080);
      if (flags !== 0) break;
      at += 4;
    }
    // The lowest flag is true; those above it may follow from a borrow.
    if (flags !== 0) at += (31 - Math.clz32(flags & -flags)) >> 3;
    else if (at >= bytes.length) return -1;
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    const isItself = byte >= SPACE && byte < DELETE && byte !== BACKSLASH;
    at = isItself ? at + 1 : special(bytes, at, byte, isPlain);
    if (at < 0) return -1;
  }
}

/** Behind a character that is not simply itself. */
function special(bytes: Uint8Array, at: number, byte: number, isPlain: boolean): number {
  if (byte >= 0x80) return behindSequence(bytes, at, byte);
  if (byte === DELETE) return isPlain ? -1 : at + 1;
  if (byte !== BACKSLASH) return -1;
  const meaning = SHORT_ESCAPES[bytes[at + 1]!]!;
  if (meaning === ITSELF || (meaning === CONTROL && !isPlain)) return at + 2;
  return bytes[at + 1] === LOWER_U && !isPlain ? behindControl(bytes, at) : -1;
}

/** Of `\u00xx`: a control character that has no short form, in lower case. */
function behindControl(bytes: Uint8Array, at: number): number {
  const [high, low] = [bytes[at + 4]! - ZERO, bytes[at + 5]!];
  if (bytes[at + 2] !== ZERO || bytes[at + 3] !== ZERO || (high !== 0 && high !== 1)) return -1;
  const digit = low >= ZERO && low <= 0x39 ? low - ZERO : low >= 0x61 && low <= 0x66 ? low - 0x57 : -1;
  const code = 16 * high + digit;
  const hasShort = code === 8 || code === 9 || code === 10 || code === 12 || code === 13;
  return digit < 0 || hasShort ? -1 : at + 6;
}

/** Unicode 16, table 3-7: well-formed UTF-8, in which there are no surrogates and nothing overlong. */
function behindSequence(bytes: Uint8Array, at: number, first: number): number {
  const second = bytes[at + 1]!;
  if (first >= 0xc2 && first <= 0xdf) return isTail(second) ? at + 2 : -1;
  if (first >= 0xe0 && first <= 0xef) {
    const least = first === 0xe0 ? 0xa0 : 0x80;
    const most = first === 0xed ? 0x9f : 0xbf;
    return second >= least && second <= most && isTail(bytes[at + 2]) ? at + 3 : -1;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const least = first === 0xf0 ? 0x90 : 0x80;
    const most = first === 0xf4 ? 0x8f : 0xbf;
    return second >= least && second <= most && isTail(bytes[at + 2]) && isTail(bytes[at + 3]) ? at + 4 : -1;
  }
  return -1;
}

const isTail = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x80 && byte <= 0xbf;

/** Whether these bytes stand at the place. */
export function hasAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

/** Behind a number in canonical form; −1 for what is none. */
export function numberEnd(bytes: Uint8Array, at: number): number {
  const end = plainDecimalEnd(bytes, at);
  return end >= 0 && !CONTINUES[bytes[end]!] ? end : anyNumberEnd(bytes, at);
}

/** Of one with few digits and no exponent, which is as short as it can be; −1 for others. */
function plainDecimalEnd(bytes: Uint8Array, at: number): number {
  const isNegative = bytes[at] === MINUS;
  if (isNegative) at++;
  const begin = at;
  while (isDigit(bytes[at]!)) at++;
  const digits = at - begin;
  const isZero = bytes[begin] === ZERO;
  if (digits === 0 || digits > EXACT_DIGITS || (isZero && digits > 1)) return -1;
  if (bytes[at] !== DOT) return isZero && isNegative ? -1 : at;
  const point = at++;
  while (isDigit(bytes[at]!)) at++;
  const fraction = at - point - 1;
  if (fraction === 0 || bytes[at - 1] === ZERO || digits + fraction > EXACT_DIGITS) return -1;
  // From six zeros behind the point on, RFC 8785 writes an exponent.
  return isZero && fraction > 6 && hasAt(bytes, point + 1, SIX_ZEROS) ? -1 : at;
}

function anyNumberEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (end < at + LONGEST_NUMBER && CONTINUES[bytes[end]!]) end++;
  const text = String.fromCharCode(...bytes.subarray(at, end));
  const value = Number(text);
  return text !== '' && String(value) === text && !isUnsafeInteger(value) ? end : -1;
}

const MINUS = 0x2d;
const DOT = 0x2e;
const SIX_ZEROS = new TextEncoder().encode('000000');

/** A decimal of so many digits is the shortest one of its double. */
const EXACT_DIGITS = 15;

/** ECMAScript writes no double longer than this. */
const LONGEST_NUMBER = 32;

/** Characters that numbers go on with. */
const CONTINUES = new Uint8Array(256);
for (const character of '0123456789+-.eE') CONTINUES[character.charCodeAt(0)] = 1;

export const isDigit = (byte: number): boolean => byte >= ZERO && byte <= 0x39;
