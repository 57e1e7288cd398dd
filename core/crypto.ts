/** Hashes, and signatures to verify; what computes them is behind a port (core/crypto/port.ts), one for each platform. */
import { ecdsaAccepts, ecdsaKeyFault, ed25519Accepts, hexOf, mlDsa44Accepts, sha256Into, unhex } from '#crypto';
import { joined } from './bytes.ts';

export { base64Of, createSha256, sha256Into, unbase64 } from '#crypto';

/** SHA-256 is the one digest of the format (docs/format.md, "Leaf and link"). */
export const HASH_BYTES = 32;

/** The digest of the parts' concatenation; a part is read once and never kept. */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  const digest = new Uint8Array(HASH_BYTES);
  // One-shot hashing of a joined copy is faster than a streaming hash object for anything that fits a block.
  sha256Into(parts.length === 1 ? parts[0]! : joined(parts), digest, 0);
  return digest;
}

/** Lower-case hexadecimal, the only spelling of a hash outside of binary fields. */
export function toHex(bytes: Uint8Array): string {
  return hexOf(bytes);
}

const HEX = /^(?:[0-9a-f]{2})*$/;

/** Throws on anything but an even number of lower-case digits, so that one hash has one spelling. */
export function fromHex(text: string): Uint8Array {
  if (!HEX.test(text)) throw new TypeError(`got ${text.length} characters, want lower-case hexadecimal pairs`);
  return unhex(text);
}

/** For public values; hashes and bytes of this project are no secrets, so comparing may stop early. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export type KeyAlgorithm = 'ed25519' | 'ml-dsa-44' | 'ecdsa';

/** What of a signature did not hold. A verification either returns or throws this: there is no verdict to forget. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
  readonly code: 'key' | 'signature';

  constructor(code: 'key' | 'signature', message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** RFC 8032, section 5.1. */
const ED25519_KEY_BYTES = 32;
const ED25519_SIGNATURE_BYTES = 64;

/** FIPS 204, table 2. */
const ML_DSA_44_KEY_BYTES = 1312;
const ML_DSA_44_SIGNATURE_BYTES = 2420;

/**
 * Encodings of the points whose order divides 8, without the sign bit. Under such a key one signature can fit every
 * message, so it identifies nobody; RFC 8032 does not forbid it, this does.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** Throws a SignatureError unless the bytes are a public key in the one encoding that its algorithm has. */
export function checkPublicKey(algorithm: KeyAlgorithm, bytes: Uint8Array): void {
  if (algorithm === 'ed25519') checkEd25519Point(bytes);
  else if (algorithm === 'ml-dsa-44') checkLength('key', bytes, ML_DSA_44_KEY_BYTES);
  else checkEcdsaKey(bytes);
}

/** Throws a SignatureError unless RFC 8032's verification accepts; the key has to be canonical and of large order. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): void {
  checkPublicKey('ed25519', publicKey);
  checkLength('signature', signature, ED25519_SIGNATURE_BYTES);
  demandVerified(() => ed25519Accepts(publicKey, message, signature));
}

/** Throws a SignatureError unless FIPS 204's ML-DSA.Verify accepts (the pure variant, algorithm 3). */
export function verifyMlDsa44(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  context?: Uint8Array,
): void {
  checkPublicKey('ml-dsa-44', publicKey);
  checkLength('signature', signature, ML_DSA_44_SIGNATURE_BYTES);
  demandVerified(() => mlDsa44Accepts(publicKey, message, signature, context));
}

/** Throws a SignatureError unless ECDSA with SHA-256 accepts; the key is SubjectPublicKeyInfo, the signature DER. */
export function verifyEcdsa(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): void {
  checkPublicKey('ecdsa', publicKey);
  demandVerified(() => ecdsaAccepts(publicKey, message, signature));
}

/** RFC 8032, section 5.1.3: y below 2^255 − 19; OpenSSL would reduce a larger one instead of refusing it. */
function checkEd25519Point(bytes: Uint8Array): void {
  checkLength('key', bytes, ED25519_KEY_BYTES);
  const y = Uint8Array.from(bytes);
  y[31] = y[31]! & 0x7f;
  if (y[31] === 0x7f && y[0]! >= 0xed && y.subarray(1, 31).every((byte) => byte === 0xff)) {
    throw new SignatureError('key', 'got an Ed25519 key whose coordinate is not reduced');
  }
  if (SMALL_ORDER.has(toHex(y))) throw new SignatureError('key', 'got an Ed25519 key of small order');
}

function checkLength(what: 'key' | 'signature', bytes: Uint8Array, want: number): void {
  if (bytes.length !== want) throw new SignatureError(what, `got a ${what} of ${bytes.length} bytes, want ${want}`);
}

function checkEcdsaKey(bytes: Uint8Array): void {
  const fault = ecdsaKeyFault(bytes);
  if (fault !== undefined) throw new SignatureError('key', `got ${fault.message}`, fault.cause);
}

/** OpenSSL answers some malformed input with an exception instead of a verdict. */
function demandVerified(check: () => boolean): void {
  let accepted: boolean;
  try {
    accepted = check();
  } catch (cause) {
    throw new SignatureError('signature', 'the signature could not be checked', cause);
  }
  if (!accepted) throw new SignatureError('signature', 'the signature is not by this key over this message');
}
