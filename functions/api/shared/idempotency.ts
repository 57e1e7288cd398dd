// The Idempotency-Key header.
import { Problem } from './problem.ts';

/** Visible ASCII without blanks, so that a key reads the same in headers, logs and items; long enough for any id. */
export const KEY_PATTERN = '^[\\x21-\\x7e]{1,256}$';

const KEY = new RegExp(KEY_PATTERN);

export function idempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || KEY.test(header)) return header;
  throw new Problem('invalid-idempotency-key', 'The Idempotency-Key has to be 1 to 256 visible ASCII characters.');
}
