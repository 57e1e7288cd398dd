// Reads and writes the events of a tenant's holds.
import { PERMANENT } from '../../core/catalog/retention.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { HOLD, type HoldEvent } from '../../core/documents/hold.ts';
import { holdSlot, holdsPrefix } from '../../names/hold.ts';
import { holdKey } from '../../names/log.ts';
import { dayOf, lockUntil } from '../object-lock/lock-dates.ts';
import type { EvidenceStore, LockedObject } from '../object-lock/port.ts';
import { isTimely, oldestValid, type SlotVersion } from '../object-lock/slots.ts';
import { type Hold, reduceHolds } from './reduce.ts';

/** Slots that others took first, one after the other, before something else is wrong. */
const SLOT_ATTEMPTS = 50;

/** Every attempt at a slot was lost to another event of the tenant. */
export class HoldContention extends Error {
  override readonly name = 'HoldContention';
  readonly code = 'contention';

  constructor() {
    super(`got no slot, want one within ${SLOT_ATTEMPTS} attempts: others took each first`);
  }
}

/** A tenant's holds, and the slot that its next event takes. */
export interface Holds {
  readonly holds: readonly Hold[];
  readonly next: number;
}

/**
 * A tenant's hold events: documents in slots from 0, without gaps. An event is what the slot's oldest valid version says:
 * a slot is taken once, and nobody can put a version below one that is there. Versions that are no event of this tenant
 * and slot count for nothing, and neither does what stands beyond the first free slot.
 */
export class HoldEvents {
  readonly #store: EvidenceStore;
  readonly #now: () => Date;
  /** By key and oldest version, which settle it. */
  readonly #known = new Map<string, HoldEvent>();

  constructor(store: EvidenceStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  /** Everything that was written before; one listing, and one read for each version that is new to this reader. */
  async read(tenant: string): Promise<Holds> {
    const slots: SlotVersion[][] = [];
    for await (const { key, version, size, lastModified, marker } of this.#store.list(holdsPrefix(tenant))) {
      const slot = holdSlot(key);
      if (slot === undefined) continue;
      if (slot > slots.length) break;
      const versions = slots[slot] ?? [];
      slots[slot] = versions;
      if (!marker) versions.push({ version, size, lastModified });
    }
    const events: HoldEvent[] = [];
    for (const [slot, versions] of slots.entries()) {
      const event = await this.#eventAt(tenant, slot, versions);
      if (event !== undefined) events.push(event);
    }
    return { holds: reduceHolds(events), next: slots.length };
  }

  /** Whether an event was written since: one look, at the slot that was free. */
  async grew(tenant: string, { next }: Holds): Promise<boolean> {
    return (await this.#store.current(holdKey(tenant, next))) !== undefined;
  }

  /**
   * Writes the event that `decide` makes of the holds as they are, in the first free slot, and returns the holds with it.
   * When another event takes the slot first, `decide` is asked again; undefined means that there is nothing to write.
   * One that throws may have been written.
   */
  async append(tenant: string, decide: (holds: Holds) => Omit<HoldEvent, 'number'> | undefined): Promise<Holds> {
    for (let attempt = 0; attempt < SLOT_ATTEMPTS; attempt++) {
      const before = await this.read(tenant);
      const event = decide(before);
      if (event === undefined) return before;
      await this.#store.create(holdKey(tenant, before.next), this.#locked({ ...event, number: before.next }));
    }
    throw new HoldContention();
  }

  #locked(event: HoldEvent): LockedObject {
    return {
      bytes: HOLD.format(event),
      contentType: 'application/json',
      metadata: {},
      retainUntil: lockUntil(dayOf(new Date(event.at)), PERMANENT, this.#now()),
    };
  }

  async #eventAt(tenant: string, slot: number, newestFirst: readonly SlotVersion[]): Promise<HoldEvent | undefined> {
    const key = holdKey(tenant, slot);
    const id = `${key} ${newestFirst.at(-1)?.version}`;
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const event = await oldestValid(this.#store, key, newestFirst, HOLD.maxBytes, (bytes, putAt) =>
      parsed(bytes, tenant, slot, putAt),
    );
    if (event !== undefined) this.#known.set(id, event);
    return event;
  }
}

function parsed(bytes: Uint8Array, tenant: string, slot: number, putAt: Date): HoldEvent | undefined {
  try {
    const event = HOLD.parse(bytes);
    return event.tenant === tenant && event.number === slot && isTimely(event, putAt) ? event : undefined;
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}
