// Any JSON in canonical form, where it lies in a buffer.
import { type Buffered, hasAt, numberEnd, stringEnd } from './scan-text.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const [TRUE, FALSE, NULL] = ['true', 'false', 'null'].map((word) => new TextEncoder().encode(word)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

/** First bytes of the characters that UTF-16 orders otherwise than UTF-8 does. */
const BEYOND_BMP = 0xf0;

/** Where the value ends; −1 when it is not certainly canonical, or nests deeper than `room` containers. */
export function jsonEnd(scan: Buffered, at: number, room: number): number {
  const { bytes } = scan;
  const first = bytes[at];
  if (first === QUOTE) return stringEnd(scan, at + 1, false) + 1 || -1;
  if (first === OPEN) return objectEnd(scan, at, room);
  if (first === OPEN_ARRAY) return arrayEnd(scan, at, room);
  if (hasAt(bytes, at, TRUE)) return at + TRUE.length;
  if (hasAt(bytes, at, FALSE)) return at + FALSE.length;
  if (hasAt(bytes, at, NULL)) return at + NULL.length;
  return numberEnd(bytes, at);
}

function arrayEnd(scan: Buffered, open: number, room: number): number {
  const { bytes } = scan;
  if (room < 1) return -1;
  let at = open + 1;
  if (bytes[at] === CLOSE_ARRAY) return at + 1;
  for (;;) {
    at = jsonEnd(scan, at, room - 1);
    if (at < 0) return -1;
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    if (bytes[at++] !== COMMA) return -1;
  }
}

export function objectEnd(scan: Buffered, open: number, room: number): number {
  const { bytes } = scan;
  if (room < 1 || bytes[open] !== OPEN) return -1;
  let at = open + 1;
  if (bytes[at] === CLOSE) return at + 1;
  let [before, beforeEnd] = [0, -1];
  for (;;) {
    if (bytes[at] !== QUOTE) return -1;
    const name = at + 1;
    const end = stringEnd(scan, name, false);
    if (end < 0 || bytes[end + 1] !== COLON || !isBehind(bytes, name, end, before, beforeEnd)) return -1;
    [before, beforeEnd] = [name, end];
    at = jsonEnd(scan, end + 2, room - 1);
    if (at < 0) return -1;
    if (bytes[at] === CLOSE) return at + 1;
    if (bytes[at++] !== COMMA) return -1;
  }
}

/** Whether a name certainly comes behind another one, if there is one. */
function isBehind(bytes: Uint8Array, name: number, end: number, before: number, beforeEnd: number): boolean {
  for (let i = name; i < end; i++) if (bytes[i]! >= BEYOND_BMP || bytes[i] === BACKSLASH) return false;
  if (beforeEnd < 0) return true;
  const length = Math.min(end - name, beforeEnd - before);
  for (let i = 0; i < length; i++) {
    const difference = bytes[name + i]! - bytes[before + i]!;
    if (difference !== 0) return difference > 0;
  }
  return end - name > beforeEnd - before;
}
