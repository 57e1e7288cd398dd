// What is read back, held to the format by the rules of sealing: whoever writes the ledger's table can chain anything.
import { judgeSlowly } from '../verify/entry-rules.ts';
import type { Entry } from './schema.ts';

/** The tenant's entry that the bytes are; undefined when they are none of the format, in the one spelling that it has. */
export function recordedEntry(bytes: Uint8Array, tenant: string): Entry | undefined {
  const judged = judgeSlowly(bytes, tenant);
  return typeof judged === 'string' ? undefined : (judged as unknown as Entry);
}
