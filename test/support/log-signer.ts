// The log's two keys, which count their signatures.
import type { VerifierKey } from '../../core/note/key.ts';
import type { NoteSignature } from '../../core/note/note.ts';
import type { Signer } from '../../services/seal/port.ts';
import { signer } from './signers.ts';

export const ORIGIN = 'log.example';

const ED25519 = signer(ORIGIN, 'ed25519');
const ML_DSA_44 = signer(ORIGIN, 'ml-dsa-44-cosignature');
/** ML-DSA signs with fresh randomness; here the same text gets the same signature, so that histories can be compared. */
const signed = new Map<string, readonly NoteSignature[]>();

/** The log's two keys, and how often they signed. */
export class LogSigner implements Signer {
  signatures = 0;

  async keys(): Promise<readonly VerifierKey[]> {
    return [ED25519.key, ML_DSA_44.key];
  }

  async sign(text: string, timestamp: number): Promise<readonly NoteSignature[]> {
    this.signatures += 2;
    const place = `${timestamp}\n${text}`;
    const signatures = signed.get(place) ?? [ED25519.sign(text), ML_DSA_44.sign(text, timestamp)];
    signed.set(place, signatures);
    return signatures;
  }
}
