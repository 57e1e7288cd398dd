// CRC-32 of a whole, from those of its parts.

/** The polynomial of APPNOTE 4.4.7, the lowest bit first. */
const POLYNOMIAL = 0xedb88320;

/** A linear map over the 32 bits of a CRC: where each bit goes. */
type Matrix = readonly number[];

/** One zero bit behind what was summed. */
const ONE_BIT: Matrix = [POLYNOMIAL, ...Array.from({ length: 31 }, (_, i) => 2 ** i)];

/** By powers: entry n stands for 2^n zero bytes. Sizes are below 2^53. */
const ZEROS: Matrix[] = [squared(squared(squared(ONE_BIT)))];

function applied(matrix: Matrix, vector: number): number {
  let sum = 0;
  for (let i = 0, rest = vector; rest !== 0; i++, rest >>>= 1) if ((rest & 1) === 1) sum ^= matrix[i]!;
  return sum >>> 0;
}

function squared(matrix: Matrix): Matrix {
  return matrix.map((column) => applied(matrix, column));
}

/**
 * The CRC-32 of `first` followed by `second`, whose length is `secondBytes`: a CRC is linear, so that the first counts as if as many
 * zero bytes stood behind it. Throws RangeError for a length that is no safe integer of at least 0.
 */
export function combineCrc32(first: number, second: number, secondBytes: number): number {
  if (!Number.isSafeInteger(secondBytes) || secondBytes < 0) {
    throw new RangeError(`got a length of ${secondBytes}, want a whole number of bytes`);
  }
  let sum = first >>> 0;
  for (let power = 0, rest = secondBytes; rest > 0; power++, rest = Math.floor(rest / 2)) {
    ZEROS[power] ??= squared(ZEROS[power - 1]!);
    if (rest % 2 === 1) sum = applied(ZEROS[power]!, sum);
  }
  return (sum ^ second) >>> 0;
}
