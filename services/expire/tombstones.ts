// Writes a tenant's tombstones.
import { PERMANENT } from '../../core/catalog/retention.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { TOMBSTONE, type Tombstone } from '../../core/documents/tombstone.ts';
import { tombstoneKey } from '../../names/log.ts';
import { dayOf, lockUntil } from '../object-lock/lock-dates.ts';
import type { EvidenceStore } from '../object-lock/port.ts';
import { isTimely, oldestValid } from '../object-lock/slots.ts';

/** Slots that others took first, one after the other, before something else is wrong. */
const SLOT_ATTEMPTS = 200;

/** Tombstones of one tenant are written by several workers, whose clocks differ. */
const CLOCK_SLACK_MS = 3_600_000;

const idOf = (key: string, version: string) => `${key} ${version}`;

/** Every attempt at a slot was lost to another tombstone of the tenant. */
class TombstoneContention extends Error {
  override readonly name = 'TombstoneContention';
  readonly code = 'contention';

  constructor() {
    super(`got no slot, want one within ${SLOT_ATTEMPTS} attempts: others took each first`);
  }
}

/**
 * A tenant's tombstones as one worker knows them: documents in slots from 0, without gaps.
 *
 * A version gets one tombstone, also when a worker died after it, or several are at it. A tombstone that names a version is
 * younger than the end of that version's lock, so reading back as far as the oldest such end finds it; and the next one
 * goes into the slot that was free then, so whoever is faster is seen before it is written.
 */
export class Tombstones {
  readonly #store: EvidenceStore;
  readonly #tenant: string;
  readonly #now: () => Date;
  /** By key and version of the segment. */
  readonly #naming = new Map<string, Tombstone>();
  #free: number | undefined;
  /** The slots from this one on are known, and were written from this time on. */
  #read = 0;
  #knownSince = Number.POSITIVE_INFINITY;

  constructor(store: EvidenceStore, tenant: string, now: () => Date) {
    this.#store = store;
    this.#tenant = tenant;
    this.#now = now;
  }

  /** Makes known what was written since; costs one read for each tombstone that is younger. */
  async readBack(since: Date): Promise<void> {
    if (this.#free === undefined) {
      this.#free = await this.#firstFree();
      this.#read = this.#free;
    }
    while (this.#read > 0 && this.#knownSince >= since.getTime() - CLOCK_SLACK_MS) {
      const tombstone = await this.#learn(this.#read - 1);
      this.#read--;
      if (tombstone !== undefined) this.#knownSince = Date.parse(tombstone.at);
    }
  }

  /** The tombstone that names a version, among those that are known. */
  naming(key: string, version: string): Tombstone | undefined {
    return this.#naming.get(idOf(key, version));
  }

  /**
   * Writes one tombstone over those of the segments that none names yet; afterwards one names each of them. Call it after
   * `readBack`. One that throws may have been written.
   */
  async bury(what: Pick<Tombstone, 'at' | 'category' | 'retention' | 'segments'>): Promise<void> {
    const { segments } = what;
    const fresh = () => segments.filter(({ object }) => this.naming(object.key, object.version) === undefined);
    for (let attempt = 0; attempt < SLOT_ATTEMPTS; attempt++) {
      const left = fresh();
      if (left.length === 0) return;
      await this.#write({ ...what, segments: left });
    }
    throw new TombstoneContention();
  }

  async #write(what: Parameters<Tombstones['bury']>[0]): Promise<void> {
    const slot = this.#free!;
    const now = this.#now();
    const tombstone: Tombstone = { v: 1, kind: 'tombstone', tenant: this.#tenant, number: slot, ...what };
    const created = await this.#store.create(tombstoneKey(this.#tenant, slot), {
      bytes: TOMBSTONE.format(tombstone),
      contentType: 'application/json',
      metadata: {},
      retainUntil: lockUntil(dayOf(now), PERMANENT, now),
    });
    this.#free = slot + 1;
    if (created === undefined) await this.#learn(slot);
    else this.#remember(tombstone);
  }

  /** Slots are taken one after the other, so a taken slot has every one before it taken. */
  async #firstFree(): Promise<number> {
    const taken = async (slot: number) => (await this.#store.current(tombstoneKey(this.#tenant, slot))) !== undefined;
    let [least, most] = [0, 1];
    while (await taken(most - 1)) [least, most] = [most, most * 2];
    // Taken below `least`, free from `most - 1` on.
    most--;
    while (least < most) {
      const middle = least + Math.floor((most - least) / 2);
      if (await taken(middle)) least = middle + 1;
      else most = middle;
    }
    return least;
  }

  async #learn(slot: number): Promise<Tombstone | undefined> {
    const key = tombstoneKey(this.#tenant, slot);
    const versions = await this.#store.versions(key);
    const read = (bytes: Uint8Array, putAt: Date) => this.#parsed(bytes, slot, putAt);
    const tombstone = await oldestValid(this.#store, key, versions, TOMBSTONE.maxBytes, read);
    if (tombstone !== undefined) this.#remember(tombstone);
    return tombstone;
  }

  #remember(tombstone: Tombstone): void {
    for (const { object } of tombstone.segments) {
      this.#naming.set(idOf(object.key, object.version), tombstone);
    }
  }

  #parsed(bytes: Uint8Array, slot: number, putAt: Date): Tombstone | undefined {
    try {
      const tombstone = TOMBSTONE.parse(bytes);
      const isOwn = tombstone.tenant === this.#tenant && tombstone.number === slot && isTimely(tombstone, putAt);
      return isOwn ? tombstone : undefined;
    } catch (error) {
      if (error instanceof DocumentError) return undefined;
      throw error;
    }
  }
}
