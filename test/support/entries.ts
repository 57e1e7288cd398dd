// Small entries for the ledger.
import { leafHash } from '../../core/chain.ts';
import { sha256 } from '../../core/crypto.ts';
import type { PreparedEntry } from '../../core/entry/context.ts';
import { sampleBytes } from './ledger-stream.ts';

/** An entry as small as the ledger takes: it never looks inside but for what places it, and for its id. */
export function entryOf(id: string, fill = '', tenant = 'acme'): PreparedEntry {
  const recordedAt = '2025-06-01T00:00:00.000Z';
  const bytes = new TextEncoder().encode(JSON.stringify({ category: 'test', fill, id, recordedAt, tenant }));
  return { id, category: 'test', recordedAt, bytes, leafHash: leafHash(bytes) };
}

export function entriesOf(prefix: string, count: number, fill = '', tenant = 'acme'): PreparedEntry[] {
  return Array.from({ length: count }, (_, i) => entryOf(`${prefix}-${i}`, fill, tenant));
}

/** Entries as they are recorded, whole. */
export function wholeEntriesOf(prefix: string, count: number, tenant = 'acme'): PreparedEntry[] {
  return Array.from({ length: count }, (_, i) => {
    const recordedAt = '2025-06-01T00:00:00.000Z';
    const id = `${prefix}-${i}`;
    const bytes = sampleBytes(tenant, { category: 'payment', recordedAt: Date.parse(recordedAt), members: { id } }, i);
    return { id, category: 'payment', recordedAt, bytes, leafHash: leafHash(bytes) };
  });
}

/** Text that no compressor makes much smaller, the same for the same seed. */
export function noise(bytes: number, seed: number): string {
  let text = '';
  for (let i = 0; text.length < bytes; i++) {
    text += Buffer.from(sha256(Buffer.from(`${seed}/${i}`))).toString('base64url');
  }
  return text.slice(0, bytes);
}

export function digestOf(text: string): Uint8Array {
  return sha256(new TextEncoder().encode(text));
}
