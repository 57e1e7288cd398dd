// What a signature of a note signs, and whether it verifies.
import { parseCheckpoint } from '../checkpoint/body.ts';
import {
  decodeTimestamped,
  ed25519CosignedMessage,
  encodeTimestamped,
  mlDsa44CosignedMessage,
} from '../checkpoint/cosignature.ts';
import { verifyEcdsa, verifyEd25519, verifyMlDsa44 } from '../crypto.ts';
import { NoteError } from './error.ts';
import type { SignatureType, VerifierKey } from './key.ts';
import type { NoteSignature } from './note.ts';
import { encodeText } from './text.ts';

/** Cosignatures say when; the others sign the text and nothing else. */
export function isCosignature(type: SignatureType): boolean {
  return type === 'ed25519-cosignature' || type === 'ml-dsa-44-cosignature';
}

/** The bytes that the key's owner signs. Cosignatures need a timestamp in seconds; the others have no place for one. */
export function messageToSign(key: VerifierKey, text: string, timestamp?: number): Uint8Array {
  checkWanted(key, timestamp);
  if (timestamp === undefined) return encodeText(text);
  if (key.type === 'ed25519-cosignature') return ed25519CosignedMessage(text, timestamp);
  return mlDsa44CosignedMessage(key.name, timestamp, parseCheckpoint(text));
}

/** The note's line for a raw signature over messageToSign's bytes. */
export function noteSignature(key: VerifierKey, raw: Uint8Array, timestamp?: number): NoteSignature {
  checkWanted(key, timestamp);
  const signature = timestamp === undefined ? raw : encodeTimestamped({ timestamp, signature: raw });
  return { name: key.name, keyId: key.id, signature };
}

function checkWanted(key: VerifierKey, timestamp: number | undefined): void {
  if (isCosignature(key.type) === (timestamp !== undefined)) return;
  throw new NoteError('timestamp', `a signature of type ${key.type} and a timestamp do not go together`, key.name);
}

/** Throws a NoteError unless the key signed the text; returns when, if its type says so. */
export function checkSignature(key: VerifierKey, text: string, signature: Uint8Array): number | undefined {
  try {
    const { timestamp, signature: raw } = isCosignature(key.type)
      ? decodeTimestamped(signature)
      : { timestamp: undefined, signature };
    const message = messageToSign(key, text, timestamp);
    if (key.type === 'ecdsa') verifyEcdsa(key.publicKey, message, raw);
    else if (key.type === 'ml-dsa-44-cosignature') verifyMlDsa44(key.publicKey, message, raw);
    else verifyEd25519(key.publicKey, message, raw);
    return timestamp;
  } catch (cause) {
    throw new NoteError('signature', `the signature of ${key.name} does not verify`, key.name, cause);
  }
}
