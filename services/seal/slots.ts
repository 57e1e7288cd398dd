import { PERMANENT } from '../../core/catalog/retention.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import type { DocumentCodec } from '../../core/documents/codec.ts';
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { HOLD } from '../../core/documents/hold.ts';
import { TOMBSTONE } from '../../core/documents/tombstone.ts';
import { holdKey, tombstoneKey } from '../../names/log.ts';
import { dayOf, lockUntil } from '../archive/retention.ts';
import { lockFor } from '../archive/witness.ts';
import { reportForeign } from '../log/versions.ts';
import type { Sealing } from './context.ts';

/** In one digest. What is beyond has to wait for the next one: the contents document names each. */
const MAX_SLOTS = 10_000;

/** A document in a slot; undefined where something stands that is none. */
export type Slot = ObjectRef | undefined;

interface Kind {
  readonly codec: DocumentCodec<{ readonly tenant: string; readonly number: number }>;
  readonly keyOf: (tenant: string, slot: number) => string;
}

export const TOMBSTONES: Kind = { codec: TOMBSTONE, keyOf: tombstoneKey };
export const HOLDS: Kind = { codec: HOLD, keyOf: holdKey };

/** What is in the slots from `from` up to the first that is free. A slot holds what its oldest valid version says. */
export async function slotsFrom(sealing: Sealing, kind: Kind, tenant: string, from: number): Promise<Slot[]> {
  const slots: Slot[] = [];
  while (slots.length < MAX_SLOTS) {
    const key = kind.keyOf(tenant, from + slots.length);
    const versions = await sealing.ports.store.versions(key);
    if (versions.length === 0) break;
    const oldestFirst = versions.map(({ version }) => version).reverse();
    slots.push(await readSlot(sealing, kind, { tenant, slot: from + slots.length, key }, oldestFirst));
  }
  return slots;
}

async function readSlot(
  sealing: Sealing,
  { codec }: Kind,
  { tenant, slot, key }: { readonly tenant: string; readonly slot: number; readonly key: string },
  oldestFirst: readonly string[],
): Promise<Slot> {
  const { store } = sealing.ports;
  for (const [i, version] of oldestFirst.entries()) {
    const bytes = await store.fetch(key, version);
    if (bytes === undefined || !isOf(codec, bytes, tenant, slot)) continue;
    await reportForeign(store, key, oldestFirst.slice(0, i), sealing.onForeign);
    await lockForGood(sealing, key, version);
    return { key, version, sha256: toHex(sha256(bytes)), bytes: bytes.length };
  }
  await reportForeign(store, key, oldestFirst, sealing.onForeign);
  return undefined;
}

async function lockForGood({ ports: { store, now } }: Sealing, key: string, version: string): Promise<void> {
  const found = await store.find(key, version);
  if (found === undefined) return;
  await lockFor(store, key, found, lockUntil(dayOf(found.lastModified), PERMANENT, now()));
}

function isOf(codec: Kind['codec'], bytes: Uint8Array, tenant: string, slot: number): boolean {
  try {
    const document = codec.parse(bytes);
    return document.tenant === tenant && document.number === slot;
  } catch (error) {
    if (error instanceof DocumentError) return false;
    throw error;
  }
}
