// A tenant's active holds as they were a moment ago.
import type { ActiveHold } from '../../core/hold/match.ts';
import type { HoldEvents, Holds } from './events.ts';
import { activeHolds, type Hold } from './reduce.ts';

interface Remembered {
  readonly holds: Holds;
  readonly active: readonly ActiveHold[];
  /** Epoch milliseconds. */
  readonly asOf: number;
}

/**
 * A tenant's active holds as they were at most `maxAgeMs` ago: for whoever asks all the time, and can be some seconds
 * behind. A tenant that is asked about again costs one look for a new event.
 */
export class RecentHolds {
  readonly #events: Pick<HoldEvents, 'read' | 'grew'>;
  readonly #maxAgeMs: number;
  readonly #now: () => Date;
  readonly #tenants = new Map<string, Promise<Remembered>>();

  constructor(events: Pick<HoldEvents, 'read' | 'grew'>, maxAgeMs: number, now: () => Date) {
    this.#events = events;
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
  }

  async of(tenant: string): Promise<readonly ActiveHold[]> {
    return (await this.#recent(tenant)).active;
  }

  /** Those that were released too, with who did what. */
  async all(tenant: string): Promise<readonly Hold[]> {
    return (await this.#recent(tenant)).holds.holds;
  }

  async #recent(tenant: string): Promise<Remembered> {
    const before = this.#tenants.get(tenant);
    const recent = this.#refresh(tenant, before);
    this.#tenants.set(tenant, recent);
    try {
      return await recent;
    } catch (error) {
      if (this.#tenants.get(tenant) === recent) this.#tenants.delete(tenant);
      throw error;
    }
  }

  async #refresh(tenant: string, before: Promise<Remembered> | undefined): Promise<Remembered> {
    const known = await before;
    const asOf = this.#now().getTime();
    if (known !== undefined && asOf - known.asOf < this.#maxAgeMs) return known;
    if (known !== undefined && !(await this.#events.grew(tenant, known.holds))) return { ...known, asOf };
    const holds = await this.#events.read(tenant);
    return { holds, active: activeHolds(holds.holds), asOf };
  }
}
