// Slots: numbered keys, each of which is taken once.
import type { EvidenceStore, StoredVersion } from './port.ts';

export type SlotVersion = Pick<StoredVersion, 'version' | 'size' | 'lastModified'>;

/** Clocks differ. */
const CLOCK_SLACK_MS = 300_000;

/**
 * Whether what a slot's document says of its time can be so, given the store's own time of its version: a later time would
 * bury what is still to be kept, or hold up those behind it.
 */
export function isTimely({ at }: { readonly at: string }, putAt: Date): boolean {
  return Date.parse(at) <= putAt.getTime() + CLOCK_SLACK_MS;
}

/**
 * What a slot holds: that which its oldest valid version says. A slot is taken once, by whoever creates its key first, and
 * nobody can put a version below one that is there, so that what covers it up later changes nothing.
 */
export async function oldestValid<T>(
  store: Pick<EvidenceStore, 'fetch'>,
  key: string,
  newestFirst: readonly SlotVersion[],
  maxBytes: number,
  read: (bytes: Uint8Array, putAt: Date) => T | undefined,
): Promise<T | undefined> {
  for (const { version, size, lastModified } of newestFirst.toReversed()) {
    const bytes = size > maxBytes ? undefined : await store.fetch(key, version);
    const value = bytes && read(bytes, lastModified);
    if (value !== undefined) return value;
  }
  return undefined;
}
