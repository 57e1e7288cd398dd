// The lines of a bundle's files of digests, seals and unsealed tombstones.
import { Compile } from 'typebox/schema';
import { canonicalBytes } from '../canonical/canonical.ts';
import { equalBytes, HASH_BYTES } from '../crypto.ts';
import { ObjectRef } from '../documents/fields.ts';
import { JsonFault } from '../json/fault.ts';
import { parseJson } from '../json/parse.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/value.ts';
import { isTreeSize } from '../merkle/size.ts';
import { decodeBase64, encodeBase64 } from '../note/base64.ts';
import type { SealedDigest, SealHead } from '../verify/evidence.ts';
import { BundleError } from './error.ts';

const LF = Uint8Array.of(0x0a);

/** No line of these files is longer: a digest, every character of it escaped, and the longest proof. */
export const MAX_LINE_BYTES = 512 * 1024;

const MAX_PROOF = 64;

const ref = Compile(ObjectRef);

/** Of digests.ndjson; the digest is text inside, so that its bytes are in the file as they were hashed. */
export function digestLine({ bytes, index, proof }: SealedDigest): Uint8Array {
  return line({ digest: new TextDecoder().decode(bytes), index, proof: proof.map(encodeBase64) });
}

/** Of log/consistency.ndjson. */
export function sealLine({ seal, size, root, proof }: SealHead): Uint8Array {
  return line({ proof: proof.map(encodeBase64), root: encodeBase64(root), seal, size });
}

/** Of unsealed.ndjson: the tombstone's own bytes are among the documents. */
export function unsealedLine({ bytes, key, sha256, version }: ObjectRef): Uint8Array {
  return line({ bytes, key, sha256, version });
}

function line(value: JsonObject): Uint8Array {
  const bytes = canonicalBytes(value);
  const whole = new Uint8Array(bytes.length + 1);
  whole.set(bytes);
  whole.set(LF, bytes.length);
  return whole;
}

export function parseDigestLine(bytes: Uint8Array, path: string): SealedDigest {
  const { digest, index, proof, ...others } = parsed(bytes, 'digest-line', path);
  if (typeof digest !== 'string' || !isCount(index) || Object.keys(others).length > 0) {
    throw new BundleError('digest-line', 'got a line with members other than digest, index and proof', path);
  }
  return { bytes: new TextEncoder().encode(digest), index, proof: hashes(proof, 'digest-line', path) };
}

export function parseSealLine(bytes: Uint8Array, path: string): SealHead {
  const { seal, size, root, proof, ...others } = parsed(bytes, 'seal-line', path);
  if (!isCount(seal) || !isCount(size) || Object.keys(others).length > 0) {
    throw new BundleError('seal-line', 'got a line with members other than seal, size, root and proof', path);
  }
  return { seal, size, root: hash(root, 'seal-line', path), proof: hashes(proof, 'seal-line', path) };
}

export function parseUnsealedLine(bytes: Uint8Array, path: string): ObjectRef {
  const value = parsed(bytes, 'unsealed-line', path);
  if (ref.Check(value)) return value;
  throw new BundleError('unsealed-line', 'got a line that is no object reference', path);
}

type LineFault = 'digest-line' | 'seal-line' | 'unsealed-line';

function parsed(bytes: Uint8Array, code: LineFault, path: string): JsonObject {
  let value: JsonValue;
  try {
    value = parseJson(bytes);
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    throw new BundleError(code, 'got a line that is not JSON with one reading', path, cause);
  }
  if (!isJsonObject(value) || !equalBytes(canonicalBytes(value), bytes)) {
    throw new BundleError(code, 'got a line that is no object in canonical form', path);
  }
  return value;
}

function hashes(value: JsonValue | undefined, code: LineFault, path: string): Uint8Array[] {
  if (!Array.isArray(value) || value.length > MAX_PROOF) {
    throw new BundleError(code, `got no list of at most ${MAX_PROOF} hashes`, path);
  }
  return value.map((one) => hash(one, code, path));
}

function hash(value: JsonValue | undefined, code: LineFault, path: string): Uint8Array {
  const bytes = typeof value === 'string' ? decodeBase64(value) : undefined;
  if (bytes?.length === HASH_BYTES) return bytes;
  throw new BundleError(code, `got something else than base64 of ${HASH_BYTES} bytes`, path);
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && isTreeSize(value);
}
