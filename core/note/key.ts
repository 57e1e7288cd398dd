// Verifier keys (C2SP signed-note).
import { checkPublicKey, type KeyAlgorithm, sha256 } from '../crypto.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { NoteError } from './error.ts';
import { checkKeyName } from './text.ts';

export type SignatureType = 'ed25519' | 'ecdsa' | 'ed25519-cosignature' | 'ml-dsa-44-cosignature';

/** C2SP signed-note, "Signature types"; those that are not here are signatures of unknown keys. */
const TYPES: readonly { type: SignatureType; identifier: number; algorithm: KeyAlgorithm }[] = [
  { type: 'ed25519', identifier: 0x01, algorithm: 'ed25519' },
  { type: 'ecdsa', identifier: 0x02, algorithm: 'ecdsa' },
  { type: 'ed25519-cosignature', identifier: 0x04, algorithm: 'ed25519' },
  { type: 'ml-dsa-44-cosignature', identifier: 0x06, algorithm: 'ml-dsa-44' },
];

/** C2SP's vkey: whose signatures are believed, and what they say. */
export interface VerifierKey {
  readonly name: string;
  /** An unsigned 32-bit number that finds the key; it proves nothing. */
  readonly id: number;
  readonly type: SignatureType;
  /** Raw (Ed25519: RFC 8032, ML-DSA-44: FIPS 204); SubjectPublicKeyInfo for ECDSA. */
  readonly publicKey: Uint8Array;
}

/** Throws unless the name can stand in a note and the bytes are a key of that type. */
export function verifierKey(name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey {
  checkKeyName(name);
  const { algorithm, identifier } = TYPES.find((row) => row.type === type)!;
  try {
    checkPublicKey(algorithm, publicKey);
  } catch (cause) {
    throw new NoteError('key', `the key of ${name} is not a public key of type ${type}`, name, cause);
  }
  return { name, id: keyId(name, identifier, publicKey), type, publicKey };
}

/** `name+id+base64(type ‖ key)`. The id is compared: a key that was edited has to fail here, not find no signature. */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name, hex, encoded] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text) ?? [];
  if (name === undefined || hex === undefined || encoded === undefined) {
    throw new NoteError('key-format', 'got a verifier key that is not name+id+key');
  }
  const material = decodeBase64(encoded);
  if (material === undefined || material.length === 0 || !/^[0-9a-f]{8}$/.test(hex)) {
    throw new NoteError('key-format', 'got a verifier key whose id or key is malformed', name);
  }
  const type = TYPES.find(({ identifier }) => identifier === material[0])?.type;
  if (type === undefined) throw new NoteError('key-type', `got a key of type ${material[0]}, which is not known`, name);
  const key = verifierKey(name, type, material.slice(1));
  if (key.id !== Number.parseInt(hex, 16)) {
    throw new NoteError('key-id', `got key id ${hex}, want ${hexId(key.id)}`, name);
  }
  return key;
}

export function formatVerifierKey({ name, id, type, publicKey }: VerifierKey): string {
  const { identifier } = TYPES.find((row) => row.type === type)!;
  return `${name}+${hexId(id)}+${encodeBase64(Uint8Array.of(identifier, ...publicKey))}`;
}

/** ECDSA keys got their ids before there was a recommendation: from the key alone. */
function keyId(name: string, identifier: number, publicKey: Uint8Array): number {
  const hash =
    identifier === 0x02
      ? sha256(publicKey)
      : sha256(new TextEncoder().encode(`${name}\n`), Uint8Array.of(identifier), publicKey);
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0);
}

function hexId(id: number): string {
  return id.toString(16).padStart(8, '0');
}
