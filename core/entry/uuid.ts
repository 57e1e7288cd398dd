// Makes a UUID of version 7.
const RANDOM_BYTES = 10;

/** RFC 9562 §5.7, pure: the caller brings the clock and 10 random bytes. */
export function uuidv7(milliseconds: number, random: Uint8Array): string {
  if (!Number.isInteger(milliseconds) || milliseconds < 0 || milliseconds >= 2 ** 48) {
    throw new RangeError(`got ${milliseconds}, want milliseconds that fit 48 bits`);
  }
  if (random.length !== RANDOM_BYTES) throw new RangeError(`got ${random.length} random bytes, want ${RANDOM_BYTES}`);
  const time = milliseconds.toString(16).padStart(12, '0');
  let tail = '';
  for (let i = 0; i < RANDOM_BYTES; i++) {
    let byte = random[i]!;
    if (i === 0) byte = (byte & 0x0f) | 0x70;
    if (i === 2) byte = (byte & 0x3f) | 0x80;
    tail += byte.toString(16).padStart(2, '0');
  }
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}`;
}
