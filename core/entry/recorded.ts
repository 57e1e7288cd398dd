// What is read back, held to the format by the rules of sealing: whoever writes the ledger's table can chain anything.
import { checkSlowly } from '../verify/entry-rules.ts';
import type { Entry } from './schema.ts';

/** The tenant's entry that the bytes are; undefined when they are none of the format, in the one spelling that it has. */
export function recordedEntry(bytes: Uint8Array, tenant: string): Entry | undefined {
  const checked = checkSlowly(bytes, tenant);
  return typeof checked === 'string' ? undefined : (checked as unknown as Entry);
}
