/** The order of texts everywhere: S3's for keys, DynamoDB's for strings, DuckDB's and Athena's for values. */

/** By code point, as UTF-8 sorts; JavaScript's own comparison goes by UTF-16. */
export function compareText(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let i = 0;
  while (i < end && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === end) return a.length - b.length;
  const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
  // A surrogate is of a code point beyond every other unit's.
  const [high, low] = [isSurrogate(x), isSurrogate(y)];
  return high === low ? x - y : high ? 1 : -1;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;
