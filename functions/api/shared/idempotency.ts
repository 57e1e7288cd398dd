// The Idempotency-Key header, and what is kept of a request that has one.
import type { Reader } from '../../../core/access/reader.ts';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { sha256, toHex } from '../../../core/crypto.ts';
import type { JsonValue } from '../../../core/json/value.ts';
import { Problem } from './problem.ts';

/** Visible ASCII without blanks, so that a key reads the same in headers, logs and items; long enough for any id. */
export const KEY_PATTERN = '^[\\x21-\\x7e]{1,256}$';

const KEY = new RegExp(KEY_PATTERN);

export function idempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || KEY.test(header)) return header;
  throw new Problem('invalid-idempotency-key', 'The Idempotency-Key has to be 1 to 256 visible ASCII characters.');
}

const KEYED_ID_HEX = 32;

/** The id of what a reader makes under a key: the same for each repeat, and another's key is another id. */
export const keyedId = ({ tenant, subject }: Pick<Reader, 'tenant' | 'subject'>, key: string): string =>
  `k-${digestOf([tenant, subject, key]).slice(0, KEYED_ID_HEX)}`;

/** SHA-256 of a request in canonical form, in hexadecimal: equal for the same members in any order. */
export const digestOf = (request: JsonValue): string => toHex(sha256(canonicalBytes(request)));
