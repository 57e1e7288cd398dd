// Keys that sign notes.
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type SignatureType, type VerifierKey, verifierKey } from '../../core/note/key.ts';
import type { NoteSignature } from '../../core/note/note.ts';
import { isCosignature, messageToSign, noteSignature } from '../../core/note/signature.ts';

export interface Signer {
  readonly key: VerifierKey;
  /** The signature line over a note's text; cosignatures say `timestamp`. */
  sign(text: string, timestamp?: number): NoteSignature;
}

/** Where the raw key begins in SubjectPublicKeyInfo. */
const RAW_AT = { ed25519: 12, 'ed25519-cosignature': 12, 'ml-dsa-44-cosignature': 22, ecdsa: 0 };

/** Somebody with a fresh key of that type. */
export function signer(name: string, type: SignatureType): Signer {
  const privateKey = generate(type);
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const key = verifierKey(name, type, new Uint8Array(der.subarray(RAW_AT[type])));
  return {
    key,
    sign(text, timestamp = 1_767_225_600) {
      const at = isCosignature(type) ? timestamp : undefined;
      const raw = sign(type === 'ecdsa' ? 'sha256' : null, messageToSign(key, text, at), privateKey);
      return noteSignature(key, new Uint8Array(raw), at);
    },
  };
}

function generate(type: SignatureType): KeyObject {
  if (type === 'ecdsa') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  if (type === 'ml-dsa-44-cosignature') return generateKeyPairSync('ml-dsa-44').privateKey;
  return generateKeyPairSync('ed25519').privateKey;
}
