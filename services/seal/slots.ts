// Reads tombstones and hold events for a digest.
import { PERMANENT } from '../../core/catalog/retention.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import type { DocumentCodec } from '../../core/documents/codec.ts';
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { HOLD } from '../../core/documents/hold.ts';
import { TOMBSTONE } from '../../core/documents/tombstone.ts';
import { holdKey, tombstoneKey } from '../../names/log.ts';
import { reportForeign } from '../log/versions.ts';
import { dayOf, lockUntil } from '../object-lock/lock-dates.ts';
import { lockFor } from '../object-lock/put-locked.ts';
import { isTimely, type SlotVersion } from '../object-lock/slots.ts';
import type { Sealing } from './context.ts';

/** In one digest. What is beyond has to wait for the next one: the contents document names each. */
const MAX_SLOTS = 10_000;

/** A document in a slot; undefined where something stands that is none. */
export type Slot = ObjectRef | undefined;

interface Slotted {
  readonly tenant: string;
  readonly number: number;
  readonly at: string;
}

interface Kind {
  readonly codec: DocumentCodec<Slotted>;
  readonly keyOf: (tenant: string, slot: number) => string;
}

export const TOMBSTONES: Kind = { codec: TOMBSTONE, keyOf: tombstoneKey };
export const HOLDS: Kind = { codec: HOLD, keyOf: holdKey };

/**
 * What is in the slots from `from` up to the first that is free, or whose document was written after `sealedAt`: no seal
 * vouches for a time that had not come yet when it was planned. A slot holds what its oldest valid version says.
 */
export async function slotsFrom(
  sealing: Sealing,
  kind: Kind,
  { tenant, sealedAt }: { readonly tenant: string; readonly sealedAt: string },
  from: number,
): Promise<Slot[]> {
  const slots: Slot[] = [];
  while (slots.length < MAX_SLOTS) {
    const key = kind.keyOf(tenant, from + slots.length);
    const versions = await sealing.ports.store.versions(key);
    if (versions.length === 0) break;
    const slot = await readSlot(sealing, kind, { tenant, slot: from + slots.length, key }, versions.toReversed());
    if (slot !== undefined && slot.at > sealedAt) break;
    slots.push(slot?.ref);
  }
  return slots;
}

async function readSlot(
  sealing: Sealing,
  { codec }: Kind,
  { tenant, slot, key }: { readonly tenant: string; readonly slot: number; readonly key: string },
  oldestFirst: readonly SlotVersion[],
): Promise<{ readonly ref: ObjectRef; readonly at: string } | undefined> {
  const { store } = sealing.ports;
  const names = oldestFirst.map(({ version }) => version);
  for (const [i, { version, lastModified }] of oldestFirst.entries()) {
    const bytes = await store.fetch(key, version);
    const document = bytes && documentOf(codec, bytes, tenant, slot);
    if (bytes === undefined || document === undefined || !isTimely(document, lastModified)) continue;
    await reportForeign(store, key, names.slice(0, i), sealing.onForeign);
    await lockForGood(sealing, key, version);
    return { ref: { key, version, sha256: toHex(sha256(bytes)), bytes: bytes.length }, at: document.at };
  }
  await reportForeign(store, key, names, sealing.onForeign);
  return undefined;
}

async function lockForGood({ ports: { store, now } }: Sealing, key: string, version: string): Promise<void> {
  const found = await store.find(key, version);
  if (found === undefined) return;
  await lockFor(store, key, found, lockUntil(dayOf(found.lastModified), PERMANENT, now()));
}

function documentOf(codec: Kind['codec'], bytes: Uint8Array, tenant: string, slot: number): Slotted | undefined {
  try {
    const document = codec.parse(bytes);
    return document.tenant === tenant && document.number === slot ? document : undefined;
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}
