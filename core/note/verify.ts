// Which of the known keys signed a note.
import { equalBytes } from '../crypto.ts';
import { NoteError } from './error.ts';
import type { VerifierKey } from './key.ts';
import type { Note } from './note.ts';
import { checkSignature } from './signature.ts';

export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** Seconds since 1970, of a cosignature. */
  readonly timestamp: number | undefined;
}

/**
 * Who of the known keys signed the note, in the note's order. Signatures of unknown keys are passed over; one of a
 * known key that fails refuses the whole note, and so does a note that no known key signed.
 */
export function verifyNote(note: Note, keys: readonly VerifierKey[]): VerifiedSignature[] {
  const known = byName(keys);
  const verified: VerifiedSignature[] = [];
  for (const { name, keyId, signature } of note.signatures) {
    const key = known.get(spelled(name, keyId));
    if (key !== undefined) verified.push({ key, timestamp: checkSignature(key, note.text, signature) });
  }
  if (verified.length === 0) throw new NoteError('unverified', 'none of the known keys signed the note');
  return verified;
}

function byName(keys: readonly VerifierKey[]): Map<string, VerifierKey> {
  const known = new Map<string, VerifierKey>();
  for (const key of keys) {
    const place = spelled(key.name, key.id);
    const other = known.get(place);
    if (other !== undefined && !(other.type === key.type && equalBytes(other.publicKey, key.publicKey))) {
      throw new NoteError('ambiguous-key', `two keys of ${key.name} share an id`, key.name);
    }
    known.set(place, key);
  }
  return known;
}

/** Names hold no plus sign. */
function spelled(name: string, id: number): string {
  return `${name}+${id}`;
}
