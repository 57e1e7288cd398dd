// The tombstones that no digest has sealed yet, for bundles and for readers.

import { sha256, toHex } from '../../core/crypto.ts';
import { CONTENTS } from '../../core/documents/contents.ts';
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { TOMBSTONE, type Tombstone } from '../../core/documents/tombstone.ts';
import { tombstoneKey } from '../../names/log.ts';
import type { EvidenceReader } from '../log/versions.ts';
import { isTimely, type SlotVersion } from '../object-lock/slots.ts';
import type { TenantDigests } from './digests.ts';
import { readDocument } from './document.ts';

/** A tombstone, and the version that its slot holds. */
export interface StoredTombstone {
  readonly ref: ObjectRef;
  readonly tombstone: Tombstone;
}

/** Slots that are looked at together at most; one alone at first, since mostly none is taken. */
const MOST_SLOTS = 16;

/**
 * Those from a slot on, up to the first slot that is free. A slot holds what its oldest valid version says; one without any
 * is passed over.
 */
export async function* tombstonesFrom(
  store: EvidenceReader,
  tenant: string,
  from: number,
): AsyncGenerator<StoredTombstone, void, undefined> {
  for (let [slot, count] = [from, 1]; ; slot += count, count = Math.min(2 * count, MOST_SLOTS)) {
    const looked = await Promise.all(Array.from({ length: count }, (_, i) => slotAt(store, tenant, slot + i)));
    for (const { isFree, found } of looked) {
      if (isFree) return;
      if (found !== undefined) yield found;
    }
  }
}

async function slotAt(store: EvidenceReader, tenant: string, slot: number) {
  const key = tombstoneKey(tenant, slot);
  const versions = await store.versions(key);
  return { isFree: versions.length === 0, found: await oldestIn(store, key, versions, tenant, slot) };
}

/** What a slot holds; undefined when it is free, or holds no valid tombstone. */
export async function tombstoneAt(
  store: EvidenceReader,
  tenant: string,
  slot: number,
): Promise<StoredTombstone | undefined> {
  return (await slotAt(store, tenant, slot)).found;
}

/** The last slot that is taken, since slots are taken in order; −1 when none is. */
export async function lastTombstone(store: EvidenceReader, tenant: string): Promise<number> {
  const isTaken = async (slot: number) => (await store.versions(tombstoneKey(tenant, slot))).length > 0;
  let taken = -1;
  let free = 0;
  for (let step = 1; await isTaken(free); step *= 2) {
    taken = free;
    free += step;
  }
  while (free - taken > 1) {
    const middle = taken + Math.floor((free - taken) / 2);
    if (await isTaken(middle)) taken = middle;
    else free = middle;
  }
  return taken;
}

/**
 * The slot from which on no digest up to the published one has sealed tombstones. A tenant that ever had one has a contents
 * document in every later digest; where that can't be read, nothing is known to be sealed.
 */
export async function firstUnsealed(store: EvidenceReader, digests: TenantDigests): Promise<number> {
  const newest = await digests.newest();
  const contents = newest?.digest.contents && (await readDocument(store, CONTENTS, newest.digest.contents));
  return contents?.nextTombstone ?? 0;
}

async function oldestIn(
  store: EvidenceReader,
  key: string,
  newestFirst: readonly SlotVersion[],
  tenant: string,
  slot: number,
): Promise<StoredTombstone | undefined> {
  for (const { version, size, lastModified } of newestFirst.toReversed()) {
    const bytes = size > TOMBSTONE.maxBytes ? undefined : await store.fetch(key, version);
    const tombstone = bytes && parsed(bytes);
    if (bytes === undefined || tombstone?.tenant !== tenant || tombstone.number !== slot) continue;
    // As the seal has it: one that says a time after the store's own is none.
    if (!isTimely(tombstone, lastModified)) continue;
    return { ref: { bytes: bytes.length, key, sha256: toHex(sha256(bytes)), version }, tombstone };
  }
  return undefined;
}

function parsed(bytes: Uint8Array): Tombstone | undefined {
  try {
    return TOMBSTONE.parse(bytes);
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}
