// What a platform computes for core/crypto.ts, and what each implementation has to agree on (test/unit/core/primitives.test.ts).

/** A digest of bytes that come in pieces. */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  /** Of all that came; nothing may come after it. */
  digest(): Uint8Array;
}

/** What bytes are that `ecdsaKeyFault` refuses. */
export const NO_ECDSA_KEY = 'bytes that are no public key on P-256, P-384 or P-521 in its one encoding';

export interface KeyFault {
  readonly message: string;
  readonly cause?: unknown;
}

/**
 * Keys and signatures have been checked for their length, and Ed25519 keys for being reduced and of large order, when they
 * come here. What is answered is a verdict; what is thrown, too, counts as a signature that does not hold.
 */
export interface Primitives {
  /** The digest of bytes that lie together, written to `out` from `at` on, which may be inside of the input. */
  sha256Into(input: Uint8Array, out: Uint8Array, at: number): void;
  createSha256(): Sha256;
  /** Lower-case hexadecimal. */
  hexOf(bytes: Uint8Array): string;
  /** Of pairs of hexadecimal digits alone. */
  unhex(text: string): Uint8Array;
  /** RFC 4648, section 4, with padding. */
  base64Of(bytes: Uint8Array): string;
  /** What no encoder writes gives any bytes: the caller encodes them again and compares. */
  unbase64(text: string): Uint8Array;
  /** RFC 8032, section 5.1.7, by the equation without the cofactor, of raw keys. */
  ed25519Accepts(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** FIPS 204, algorithm 3, of raw keys. */
  mlDsa44Accepts(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, context?: Uint8Array): boolean;
  /** Undefined for a SubjectPublicKeyInfo of P-256, P-384 or P-521 in its one encoding. */
  ecdsaKeyFault(spki: Uint8Array): KeyFault | undefined;
  /** With SHA-256, whatever the curve; the signature is DER. */
  ecdsaAccepts(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}
