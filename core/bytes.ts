// Bytes put together, and searched.

/** The parts' concatenation, in memory of its own. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
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

/** A view of the bytes up to `end` whose `indexOf` is quick: Node's Buffer searches in a third of the time. */
export function searchable(bytes: Uint8Array, end: number): Uint8Array {
  if (typeof Buffer === 'undefined') return bytes.subarray(0, end);
  return Buffer.from(bytes.buffer, bytes.byteOffset, end);
}
