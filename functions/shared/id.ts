// Ids of entries, jobs and holds.
import { randomBytes } from 'node:crypto';
import { uuidv7 } from '../../core/entry/uuid.ts';

const RANDOM_BYTES = 10;

/** UUIDv7: ids sort roughly as entries were recorded. */
export function newId(): string {
  return uuidv7(Date.now(), randomBytes(RANDOM_BYTES));
}
