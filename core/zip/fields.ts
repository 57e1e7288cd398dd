// Fields of a ZIP archive's records as bytes.
import { ZipError } from './error.ts';

export type Field = readonly [bytes: 2 | 4 | 8, value: number];

/** A record's bytes: fields in little-endian order, and a name of ASCII characters between them where it has one. */
export function pack(head: readonly Field[], name = '', extra: readonly Field[] = []): Uint8Array {
  const packed = new Uint8Array(width(head) + name.length + width(extra));
  const view = new DataView(packed.buffer);
  const nameAt = put(view, 0, head);
  for (let i = 0; i < name.length; i++) packed[nameAt + i] = name.charCodeAt(i);
  put(view, nameAt + name.length, extra);
  return packed;
}

function width(fields: readonly Field[]): number {
  return fields.reduce((sum, [bytes]) => sum + bytes, 0);
}

function put(view: DataView, start: number, fields: readonly Field[]): number {
  let at = start;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    if (bytes === 4) view.setUint32(at, value, true);
    if (bytes === 8) view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  return at;
}

/** Little-endian fields at places that the caller knows to be inside of the bytes. */
export class FieldReader {
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  uint16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  uint32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  uint64(at: number): number {
    const value = this.#view.getBigUint64(at, true);
    if (value <= Number.MAX_SAFE_INTEGER) return Number(value);
    throw new ZipError('unsupported', 'got a number beyond 2^53 − 1, more than any file has');
  }
}

/** Where the bytes first differ, undefined where they are the same. */
export function difference(got: Uint8Array, want: Uint8Array): number | undefined {
  const at = want.findIndex((byte, i) => got[i] !== byte);
  if (at >= 0) return at;
  return got.length === want.length ? undefined : want.length;
}
