// The file of a log's verifier keys.
import { NoteError } from '../note/error.ts';
import { parseVerifierKey, type SignatureType, type VerifierKey } from '../note/key.ts';
import { BundleError } from './error.ts';

/** Evidence has to last: a log signs with both, and whoever leaves one out may be hiding something. */
const WANTED: readonly SignatureType[] = ['ed25519', 'ml-dsa-44-cosignature'];

/** Verifier keys, one a line; empty lines are passed over. Throws unless they are one log's, of both types. */
export function parseKeys(bytes: Uint8Array): VerifierKey[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  const keys = lines
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(parseKey);
  for (const type of WANTED) {
    if (!keys.some((key) => key.type === type)) throw new BundleError('keys', `got no key of type ${type}`);
  }
  if (new Set(keys.map(({ name }) => name)).size > 1) throw new BundleError('keys', 'got keys of several logs');
  return keys;
}

function parseKey(text: string): VerifierKey {
  try {
    return parseVerifierKey(text);
  } catch (cause) {
    if (!(cause instanceof NoteError)) throw cause;
    throw new BundleError('keys', 'got a line that is no verifier key', undefined, cause);
  }
}
