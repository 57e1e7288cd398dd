/** From here on RFC 8785 writes an exponent, so what it writes is no integer literal. */
const EXPONENT_FROM = 1e21;

/**
 * The numbers that every reader agrees on. An integer beyond ±(2^53−1) is refused in any spelling (`1e20` too), because
 * its canonical form is an integer literal that other readers round differently.
 */
export function isUnsafeInteger(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < EXPONENT_FROM;
}
