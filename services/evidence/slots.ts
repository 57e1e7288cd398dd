import type { EvidenceStore } from './port.ts';

export interface SlotVersion {
  readonly version: string;
  readonly size: number;
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
  read: (bytes: Uint8Array) => T | undefined,
): Promise<T | undefined> {
  for (const { version, size } of newestFirst.toReversed()) {
    const bytes = size > maxBytes ? undefined : await store.fetch(key, version);
    const value = bytes && read(bytes);
    if (value !== undefined) return value;
  }
  return undefined;
}
