import { PERMANENT } from '../../core/catalog/retention.ts';
import { equalBytes, sha256, toHex } from '../../core/crypto.ts';
import { evidenceKey } from '../../names/archive.ts';
import type { LedgerChange } from '../stream/change.ts';
import type { Finding, Tally } from './context.ts';
import type { LockedObject, SegmentStore, StoredVersion } from './port.ts';
import { dayOf, lockUntil } from './retention.ts';

const VERSION = 1;

/** Losing more often than this to others who write the same key means that something else is wrong. */
export const WRITE_ATTEMPTS = 5;

/** The key was taken, by others, at every attempt. */
export class ArchiveContention extends Error {
  override readonly name = 'ArchiveContention';
  readonly code = 'contention';
  constructor(key: string) {
    super(`${key}: another writer changed the object at each of ${WRITE_ATTEMPTS} attempts`);
  }
}

/**
 * Keeps what should never happen, for as long as a lock can be. The document holds what was seen and nothing of the
 * moment of seeing, so that a replay finds its own bytes in place.
 */
export class Witness {
  readonly #store: SegmentStore;
  readonly #tally: Tally;
  readonly #now: () => Date;

  constructor(store: SegmentStore, tally: Tally, now: () => Date) {
    this.#store = store;
    this.#tally = tally;
    this.#now = now;
  }

  /** A change of the ledger's table that is no valid append. */
  async change(change: LedgerChange, reason: string): Promise<void> {
    if (change.kind === 'expire') return;
    const { kind, chain } = change;
    const key = evidenceKey(dayOf(change.at), change.eventId);
    await this.#keep(key, dayOf(change.at), { v: VERSION, kind, record: change.record }, reason);
    this.#found({ kind, reason, chain, evidence: key, at: change.at, ...change.positions });
  }

  /** An object version that stands where a segment belongs and doesn't hold what the chain says. */
  async segment(chain: string, key: string, found: StoredVersion): Promise<void> {
    await this.#object('segment', chain, key, found);
  }

  /** An object version that stands where a document, a tile or a checkpoint belongs. */
  async foreign(key: string, found: StoredVersion): Promise<void> {
    await this.#object('object', undefined, key, found);
  }

  async #object(kind: 'segment' | 'object', chain: string | undefined, key: string, found: StoredVersion) {
    const { version, size, etag, sha256: digest, lastModified } = found;
    const day = dayOf(lastModified);
    const evidence = evidenceKey(day, toHex(sha256(new TextEncoder().encode(`${key}\n${version}`))));
    const document = {
      v: VERSION,
      kind,
      object: {
        ...{ key, version, size, etag, lastModified: lastModified.toISOString() },
        ...(digest === undefined ? {} : { sha256: toHex(digest) }),
      },
    };
    await this.#keep(evidence, day, document, kind);
    const where = { object: `${key} version ${version}`, at: lastModified };
    this.#found({ kind, reason: kind, ...(chain === undefined ? {} : { chain }), evidence, ...where });
  }

  /** Counted at every delivery: an alarm raised twice is better than one lost between the write and its report. */
  #found(finding: Finding): void {
    this.#tally.findings.push(finding);
  }

  async #keep(key: string, day: string, document: unknown, reason: string): Promise<void> {
    const bytes = new TextEncoder().encode(`${JSON.stringify(document)}\n`);
    const object: LockedObject = {
      bytes,
      contentType: 'application/json',
      // Not in the document: a replay may see another reason for the same change.
      metadata: { reason },
      retainUntil: lockUntil(day, PERMANENT, this.#now()),
    };
    const digest = sha256(bytes);
    for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
      if ((await this.#store.create(key, object)) !== undefined) return;
      const current = await this.#store.current(key);
      if (current === undefined) continue;
      if (isIntact(current, digest)) {
        return lockFor(this.#store, key, current, object.retainUntil);
      }
      if ((await this.#store.replace(key, current.etag, object)) !== undefined) return;
    }
    throw new ArchiveContention(key);
  }
}

/** The very bytes, by the digest that the store itself checked. */
export function isIntact(found: StoredVersion, digest: Uint8Array): boolean {
  return !found.governed && found.sha256 !== undefined && equalBytes(found.sha256, digest);
}

/** Whoever can put an object can put the right bytes with no lock, to delete them later. */
export async function lockFor(store: SegmentStore, key: string, found: StoredVersion, until: Date): Promise<void> {
  if (found.retainUntil !== undefined && found.retainUntil >= until) return;
  await store.extendLock(key, found.version, until);
}
