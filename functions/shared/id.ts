// Ids of entries, jobs and holds.
import { randomFillSync } from 'node:crypto';
import { uuidv7 } from '../../core/entry/uuid.ts';

const RANDOM_BYTES = 10;

/** A call of the system's generator takes as long as the rest of an id, so one fetches what a batch of them needs. */
const pool = new Uint8Array(500 * RANDOM_BYTES);
let used = pool.length;

/** UUIDv7: ids sort roughly as entries were recorded. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  return uuidv7(Date.now(), pool.subarray(used - RANDOM_BYTES, used));
}
