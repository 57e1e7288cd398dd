// CRC-32 in JavaScript, for platforms without one.

/** Polynomial of APPNOTE 4.4.7, its bits in reverse order. */
const POLYNOMIAL = 0xedb88320;

/** Four bytes in one step take a third of the time of one by one. */
const TABLES: readonly Int32Array[] = tables(4);

function tables(count: number): Int32Array[] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ ((rest & 1) * POLYNOMIAL);
    return rest;
  });
  const all = [first];
  while (all.length < count) all.push(all.at(-1)!.map((rest) => (rest >>> 8) ^ first[rest & 0xff]!));
  return all;
}

/** CRC-32 of APPNOTE 4.4.7, continued from `before` where it is given. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const [one, two, three, four] = TABLES as [Int32Array, Int32Array, Int32Array, Int32Array];
  let rest = ~before;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    rest ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    rest = four[rest & 0xff]! ^ three[(rest >>> 8) & 0xff]! ^ two[(rest >>> 16) & 0xff]! ^ one[rest >>> 24]!;
  }
  for (; at < bytes.length; at++) rest = (rest >>> 8) ^ one[(rest ^ bytes[at]!) & 0xff]!;
  return ~rest >>> 0;
}
