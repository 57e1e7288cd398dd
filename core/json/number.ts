// Which numbers of a JSON text every reader takes for the same number.
/** From here on RFC 8785 writes an exponent, so what it writes is no integer literal. */
const EXPONENT_FROM = 1e21;

/**
 * The numbers that every reader agrees on. An integer beyond ±(2^53−1) is refused in any spelling (`1e20` too), because
 * its canonical form is an integer literal that other readers round differently.
 */
export function isUnsafeInteger(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < EXPONENT_FROM;
}

/** Decimals of so many significant digits come back from a double unchanged, unless it is subnormal. */
const EXACT_SIGNIFICANT_DIGITS = 15;
const LEAST_NORMAL = 2.2250738585072014e-308;

/**
 * Whether the double that a literal is read as is written back (RFC 8785, section 3.2.2.3) as the same decimal: `19.90`
 * and `1e2` are, `79.99999999999999999` would become 80. Precondition: `value` is the literal's, and finite.
 */
export function isExactLiteral(literal: string, value: number): boolean {
  const { digits, exponent } = decimalOf(literal);
  if (digits.length <= EXACT_SIGNIFICANT_DIGITS && Math.abs(value) >= LEAST_NORMAL) return true;
  const written = decimalOf(String(value));
  return digits === written.digits && exponent === written.exponent;
}

/** Significant digits, and the power of ten of the last of them; zero is no digits and the power 0. */
function decimalOf(literal: string): { readonly digits: string; readonly exponent: number } {
  const [mantissa, power = '0'] = literal.replace(/^-/, '').split(/e/i) as [string, string?];
  const dot = mantissa.indexOf('.');
  const all = mantissa.replace('.', '').replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return { digits, exponent: 0 };
  const fraction = dot < 0 ? 0 : mantissa.length - dot - 1;
  return { digits, exponent: Number(power) - fraction + (all.length - digits.length) };
}
