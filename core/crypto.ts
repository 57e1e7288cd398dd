import { hash } from 'node:crypto';

/** SHA-256 is the one digest of the format (docs/format.md, "Leaf and link"). */
export const HASH_BYTES = 32;

/** The digest of the parts' concatenation; a part is read once and never kept. */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  return hash('sha256', parts.length === 1 ? parts[0]! : joined(parts), 'buffer');
}

/** One-shot hashing of a joined copy is faster than a streaming hash object for anything that fits a block. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of parts) size += part.length;
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Lower-case hexadecimal, the only spelling of a hash outside of binary fields. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

const HEX = /^(?:[0-9a-f]{2})*$/;

/** Throws on anything but an even number of lower-case digits, so that one hash has one spelling. */
export function fromHex(text: string): Uint8Array {
  if (!HEX.test(text)) throw new TypeError(`got ${text.length} characters, want lower-case hexadecimal pairs`);
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** For public values; hashes and bytes of this project are no secrets, so comparing may stop early. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
