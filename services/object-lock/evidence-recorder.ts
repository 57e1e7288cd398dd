// Keeps as evidence, under lock, what should never happen, and reports it as a finding.
import { PERMANENT } from '../../core/catalog/retention.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import { evidenceKey } from '../../names/archive.ts';
import type { StoredChain } from '../archive/port.ts';
import type { LedgerChange } from '../stream/change.ts';
import { dayOf, lockUntil } from './lock-dates.ts';
import type { LockedObject, LockedStore, StoredVersion } from './port.ts';
import { isIntact, lockFor, ObjectContention, WRITE_ATTEMPTS } from './put-locked.ts';

const VERSION = 1;

/** Something that should never happen, kept under lock. */
export interface EvidenceFinding {
  /**
   * 'segment', 'object': an object stood where a segment, or something else, belongs. 'row': the chain's row says what the
   * archive does not hold. Else what the stream told.
   */
  readonly kind: 'insert' | 'modify' | 'remove' | 'segment' | 'object' | 'row';
  /** A stable code: why it is one. */
  readonly reason: string;
  /** Absent where no single one is concerned. */
  readonly chain?: string;
  /** Key of the evidence object. */
  readonly evidence: string;
  /** When the change was made, or the object. */
  readonly at: Date;
  /** Positions of the block that the stream told of, both included; absent where its image has none. */
  readonly first?: number;
  readonly last?: number;
  /** Key and version of the object that stood in the way. */
  readonly object?: string;
}

/**
 * Keeps what should never happen, for as long as a lock can be. The document holds what was seen and nothing of the
 * moment of seeing, so that a replay finds its own bytes in place.
 */
export class EvidenceRecorder {
  readonly #store: LockedStore;
  readonly #findings: EvidenceFinding[];
  readonly #now: () => Date;

  constructor(store: LockedStore, findings: EvidenceFinding[], now: () => Date) {
    this.#store = store;
    this.#findings = findings;
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

  /** A chain's row that says what the archive does not bear out, or that was not there; `at` names the day. */
  async row(chain: string, row: StoredChain | undefined, at: Date): Promise<void> {
    const link = row?.state === undefined ? undefined : toHex(row.state.link);
    const said = row === undefined ? null : { ...row, state: row.state === undefined ? null : { ...row.state, link } };
    const document = { v: VERSION, kind: 'row', chain, row: said };
    const name = toHex(sha256(new TextEncoder().encode(JSON.stringify(document))));
    const key = evidenceKey(dayOf(at), name);
    await this.#keep(key, dayOf(at), document, 'row');
    // The day, which the evidence's key has too: a replay at another time tells of the same finding.
    this.#found({ kind: 'row', reason: 'row', chain, evidence: key, at: new Date(`${dayOf(at)}T00:00:00.000Z`) });
  }

  async #object(kind: 'segment' | 'object', chain: string | undefined, key: string, found: StoredVersion) {
    const { version, size, etag, sha256: hash, lastModified } = found;
    const day = dayOf(lastModified);
    const evidence = evidenceKey(day, toHex(sha256(new TextEncoder().encode(`${key}\n${version}`))));
    const document = {
      v: VERSION,
      kind,
      object: {
        ...{ key, version, size, etag, lastModified: lastModified.toISOString() },
        ...(hash === undefined ? {} : { sha256: toHex(hash) }),
      },
    };
    await this.#keep(evidence, day, document, kind);
    const where = { object: `${key} version ${version}`, at: lastModified };
    this.#found({ kind, reason: kind, ...(chain === undefined ? {} : { chain }), evidence, ...where });
  }

  /** Counted at every delivery: an alarm raised twice is better than one lost between the write and its report. */
  #found(finding: EvidenceFinding): void {
    this.#findings.push(finding);
  }

  async #keep(key: string, day: string, document: unknown, reason: string): Promise<void> {
    const bytes = new TextEncoder().encode(`${JSON.stringify(document)}\n`);
    const hash = sha256(bytes);
    const object: LockedObject = {
      bytes,
      sha256: hash,
      contentType: 'application/json',
      // Not in the document: a replay may see another reason for the same change.
      metadata: { reason },
      retainUntil: lockUntil(day, PERMANENT, this.#now()),
    };
    for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
      if ((await this.#store.create(key, object)) !== undefined) return;
      const current = await this.#store.current(key);
      if (current === undefined) continue;
      if (isIntact(current, hash)) {
        return lockFor(this.#store, key, current, object.retainUntil);
      }
      if ((await this.#store.replace(key, current.etag, object)) !== undefined) return;
    }
    throw new ObjectContention(key);
  }
}
