/** Hashes and signatures in JavaScript, by the @noble packages: for browsers, whose own ones answer later or not at all. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import { joined } from '../bytes.ts';
import { digestFast } from '../wasm/message.ts';
import { type KeyFault, NO_ECDSA_KEY, type Primitives, type Sha256 } from './port.ts';
import { ecdsaPoint } from './spki.ts';

/** What goes into a block or two costs less than the way to the module and back. */
const LEAST_BYTES = 128;

export function sha256Into(input: Uint8Array, out: Uint8Array, at: number): void {
  if (input.length >= LEAST_BYTES && digestFast(input, out, at)) return;
  out.set(sha256(input), at);
}

export function createSha256(): Sha256 {
  const made = sha256.create();
  return { update: (bytes) => void made.update(bytes), digest: () => made.digest() };
}

export const hexOf = (bytes: Uint8Array): string => bytesToHex(bytes);
export const unhex = (text: string): Uint8Array => hexToBytes(text);

/** As many arguments as any engine takes. */
const CHARACTERS = 8_192;

export function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHARACTERS) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHARACTERS));
  }
  return btoa(text);
}

export function unbase64(text: string): Uint8Array {
  let decoded: string;
  try {
    decoded = atob(text);
  } catch {
    // It says "not correctly encoded": no bytes, which no such text is the encoding of.
    return new Uint8Array();
  }
  return Uint8Array.from(decoded, (character) => character.charCodeAt(0));
}

const { Point } = ed25519;
const { Fn } = Point;

/**
 * As OpenSSL does it, which @noble's own verification is laxer than: the point that the signature gives has to be the
 * signature's to the byte, and not up to a factor of eight.
 */
export function ed25519Accepts(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (s >= Fn.ORDER) return false;
  let key: InstanceType<typeof Point>;
  try {
    key = Point.fromBytes(publicKey);
  } catch {
    // Bytes of the right length that are no point.
    return false;
  }
  const k = Fn.create(littleEndian(sha512(joined([r, publicKey, message]))));
  const given = times(Point.BASE, s).subtract(times(key, k)).toBytes();
  return given.every((byte, i) => byte === r[i]);
}

function times(point: InstanceType<typeof Point>, scalar: bigint): InstanceType<typeof Point> {
  return scalar === 0n ? Point.ZERO : point.multiplyUnsafe(scalar);
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(Uint8Array.from(bytes).reverse())}`);
}

export function mlDsa44Accepts(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  context?: Uint8Array,
): boolean {
  return ml_dsa44.verify(signature, message, publicKey, context === undefined ? {} : { context });
}

const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521 };

export function ecdsaKeyFault(spki: Uint8Array): KeyFault | undefined {
  const key = ecdsaPoint(spki);
  const isKey = key !== undefined && CURVES[key.curve].utils.isValidPublicKey(key.point);
  return isKey ? undefined : { message: NO_ECDSA_KEY };
}

export function ecdsaAccepts(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = ecdsaPoint(spki);
  if (key === undefined) return false;
  const options = { prehash: false, lowS: false, format: 'der' } as const;
  return CURVES[key.curve].verify(signature, sha256(message), key.point, options);
}

/** The module as the port has it, which the compiler holds it to. */
export const NOBLE: Primitives = {
  ...{ sha256Into, createSha256, hexOf, unhex, base64Of, unbase64 },
  ...{ ed25519Accepts, mlDsa44Accepts, ecdsaKeyFault, ecdsaAccepts },
};
