// The one encoding of an ECDSA key: SubjectPublicKeyInfo (RFC 5480) with a named curve and an uncompressed point.

export type CurveName = 'P-256' | 'P-384' | 'P-521';

/** Up to the point, whose first byte says that it is uncompressed; and how long all of it is. */
const CURVES: readonly (readonly [name: CurveName, beforePoint: readonly number[], bytes: number])[] = [
  ['P-256', bytesIn('3059301306072a8648ce3d020106082a8648ce3d030107034200'), 91],
  ['P-384', bytesIn('3076301006072a8648ce3d020106052b81040022036200'), 120],
  ['P-521', bytesIn('30819b301006072a8648ce3d020106052b8104002303818600'), 158],
];

const UNCOMPRESSED = 0x04;

function bytesIn(hex: string): number[] {
  return Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** Undefined for anything else; whether the point is on the curve is not looked at. */
export function ecdsaPoint(spki: Uint8Array): { readonly curve: CurveName; readonly point: Uint8Array } | undefined {
  for (const [curve, before, bytes] of CURVES) {
    const isOf = spki.length === bytes && before.every((byte, i) => spki[i] === byte);
    if (isOf && spki[before.length] === UNCOMPRESSED) return { curve, point: spki.subarray(before.length) };
  }
  return undefined;
}
