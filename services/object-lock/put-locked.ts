// Puts an object under lock, or finds that it is there already.
import { equalBytes, sha256, toHex } from '../../core/crypto.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import type { LockedObject, LockedStore, StoredVersion } from './port.ts';

/** Losing more often than this to others who write the same key means that something else is wrong. */
export const WRITE_ATTEMPTS = 5;

/** The key was taken, by others, at every attempt. */
export class ObjectContention extends Error {
  override readonly name = 'ObjectContention';
  readonly code = 'contention';
  constructor(key: string) {
    super(`${key}: another writer changed the object at each of ${WRITE_ATTEMPTS} attempts`);
  }
}

/** Told of a version that stood where other bytes belong, before a newer version is put over it. */
export type OnForeign = (key: string, found: StoredVersion) => Promise<void>;

/**
 * Makes sure that a key's current version has these bytes under this lock, and returns which version that is: the one
 * that an earlier attempt wrote, if it did, or else a new one. Bytes that somebody else put there stay, one version below.
 *
 * Dying anywhere and doing it again ends in the same: the bytes are decided before, the key has room for them once.
 */
export async function putLocked(
  store: LockedStore,
  key: string,
  object: LockedObject,
  onForeign: OnForeign,
): Promise<ObjectRef> {
  const hash = object.sha256 ?? sha256(object.bytes);
  const hashed = { ...object, sha256: hash };
  const ref = (version: string): ObjectRef => ({ key, version, sha256: toHex(hash), bytes: object.bytes.length });
  for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
    const current = await store.current(key);
    if (current === undefined) {
      const created = await store.create(key, hashed);
      if (created !== undefined) return ref(created);
      continue;
    }
    if (isIntact(current, hash) || (await hasBytes(store, key, current, object.bytes))) {
      await lockFor(store, key, current, object.retainUntil);
      return ref(current.version);
    }
    await onForeign(key, current);
    const replaced = await store.replace(key, current.etag, hashed);
    if (replaced !== undefined) return ref(replaced);
  }
  throw new ObjectContention(key);
}

/** The right bytes may have come without a digest that S3 checked. */
async function hasBytes(store: LockedStore, key: string, found: StoredVersion, bytes: Uint8Array): Promise<boolean> {
  if (found.governed || found.sha256 !== undefined || found.size !== bytes.length) return false;
  return equalBytes(await store.read(key, found.version), bytes);
}

/** The very bytes, by the hash that the store itself checked. */
export function isIntact(found: StoredVersion, hash: Uint8Array): boolean {
  return !found.governed && found.sha256 !== undefined && equalBytes(found.sha256, hash);
}

/** Whoever can put an object can put the right bytes with no lock, to delete them later. */
export async function lockFor(store: LockedStore, key: string, found: StoredVersion, until: Date): Promise<void> {
  if (found.retainUntil !== undefined && found.retainUntil >= until) return;
  await store.extendLock(key, found.version, until);
}
