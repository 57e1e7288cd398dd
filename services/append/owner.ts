// Whose idempotency keys are whose: nobody's request is answered with what another recorded.
import { sha256, toHex } from '../../core/crypto.ts';
import type { Recorder } from '../../core/entry/schema.ts';

/** Enough of a hash that nobody finds a second subject with it. */
const HASH_HEX = 32;

/** What the bus delivers: its ids are EventBridge's and CloudTrail's own, whatever is delivered again. */
export const EVENT_OWNER = 'event';
/** What the service records of itself. */
export const SYSTEM_OWNER = 'system';

/** The subject that holds a token of an issuer; of any length and alphabet, so by its hash. */
export function ownerOf({ type, id, issuer }: Pick<Recorder, 'type' | 'id' | 'issuer'>): string {
  const named = new TextEncoder().encode(JSON.stringify([issuer ?? null, id]));
  return `${type}:${toHex(sha256(named)).slice(0, HASH_HEX)}`;
}
