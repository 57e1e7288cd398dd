// What is read back, held to the format: whoever writes the ledger's table can chain anything.
import { Compile } from 'typebox/schema';
import { canonicalBytes } from '../canonical/canonical.ts';
import { CATEGORIES } from '../catalog/categories.ts';
import { equalBytes } from '../crypto.ts';
import { JsonFault } from '../json/fault.ts';
import { parseJson } from '../json/parse.ts';
import { type Entry, EntrySchema } from './schema.ts';

const recorded = Compile(EntrySchema);

/** The tenant's entry that the bytes are; undefined when they are none of the format, in the one spelling that it has. */
export function recordedEntry(bytes: Uint8Array, tenant: string): Entry | undefined {
  try {
    const value = parseJson(bytes);
    if (!recorded.Check(value)) return undefined;
    const entry = value as unknown as Entry;
    const isOwn = entry.tenant === tenant && CATEGORIES.has(entry.category);
    return isOwn && equalBytes(canonicalBytes(value), bytes) ? entry : undefined;
  } catch (error) {
    if (error instanceof JsonFault) return undefined;
    throw error;
  }
}
