// Sets and lifts S3's own hold on segments, as the tenant's holds say.
import { type ActiveHold, reachOfAll } from '../../core/hold/match.ts';
import { type SegmentPlace, segmentPlace, segmentsPrefix } from '../../names/archive.ts';
import { DAY_MS } from '../../names/time.ts';
import type { SegmentCodec } from '../archive/port.ts';
import { inParallel } from '../object-lock/parallel.ts';
import type { HoldableStore, ListedVersion } from '../object-lock/port.ts';
import type { HoldEvents, Holds } from './events.ts';
import { activeHolds, type Hold } from './reduce.ts';
import { isSegmentHeld } from './segment.ts';
import type { SweepSums, SweepTask } from './steps.ts';

export interface SweepPorts {
  readonly store: HoldableStore;
  readonly codec: SegmentCodec;
  readonly events: HoldEvents;
  readonly now: () => Date;
  /** A worker begins nothing new after this long. */
  readonly budgetMs: number;
}

/** A release whose own sweep was lost is made good by the daily ones of this long. */
const SETTLED_AFTER_MS = 7 * DAY_MS;

const VERSIONS_TOGETHER = 64;
const VERSIONS_AT_ONCE = 16;

/** Whether S3's marks may not be what the hold wants yet. */
export function isUnsettled({ released }: Hold, now: Date): boolean {
  return released === undefined || now.getTime() - Date.parse(released.at) < SETTLED_AFTER_MS;
}

/**
 * Sets S3's own legal hold where an active hold covers an entry, and lifts it where none does any longer, on every version
 * of the tenant's segments that the task's hold reaches; without one, on those that any hold reaches which is active or was
 * released lately. What no such hold reaches is only listed, or not even that. Returns the task again, further on.
 */
export async function sweep(task: SweepTask, ports: SweepPorts): Promise<SweepTask> {
  const { store, now, budgetMs } = ports;
  const deadline = now().getTime() + budgetMs;
  const sweeping = await Sweeping.begin(task, ports);
  const { holds } = sweeping;
  const concerned = holds.filter((hold) =>
    task.hold === undefined ? isUnsettled(hold, now()) : hold.id === task.hold,
  );
  if (concerned.length === 0) return { ...task, done: true, swept: sweeping.sums };

  let together: Segment[] = [];
  for await (const listed of store.list(commonPrefix(task.tenant, concerned), task.after)) {
    const place = listed.marker ? undefined : segmentPlace(listed.key);
    if (place === undefined || reachOfAll(concerned, place) === 'none') continue;
    // All versions of a key at once, since the next call goes on behind it.
    if (together.length >= VERSIONS_TOGETHER && together.at(-1)!.listed.key !== listed.key) {
      await sweeping.all(together);
      const after = together.at(-1)!.listed.key;
      together = [];
      if (now().getTime() >= deadline) return { ...task, done: false, after, swept: sweeping.sums };
    }
    together.push({ listed, place });
  }
  await sweeping.all(together);
  return { ...task, done: true, swept: sweeping.sums };
}

interface Segment {
  readonly listed: ListedVersion;
  readonly place: SegmentPlace;
}

function commonPrefix(tenant: string, holds: readonly Hold[]): string {
  const [category, ...others] = new Set(holds.map(({ scope }) => scope.category));
  return segmentsPrefix(tenant, others.length === 0 ? category : undefined);
}

class Sweeping {
  readonly #tenant: string;
  readonly #ports: SweepPorts;
  readonly sums: { -readonly [Sum in keyof SweepSums]: number };
  #known: Holds;
  #active: readonly ActiveHold[];

  private constructor({ tenant, swept }: SweepTask, ports: SweepPorts, holds: Holds) {
    this.#tenant = tenant;
    this.#ports = ports;
    this.sums = { seen: 0, set: 0, lifted: 0, ...swept };
    this.#known = holds;
    this.#active = activeHolds(holds.holds);
  }

  static async begin(task: SweepTask, ports: SweepPorts): Promise<Sweeping> {
    return new Sweeping(task, ports, await ports.events.read(task.tenant));
  }

  get holds(): readonly Hold[] {
    return this.#known.holds;
  }

  /**
   * A hold that was applied since has a sweep of its own, which must not have its marks lifted here. That one begins a
   * minute after its event (HOLD.settleSeconds), and these few are done by then.
   */
  async all(segments: readonly Segment[]): Promise<void> {
    if (await this.#ports.events.grew(this.#tenant, this.#known)) {
      this.#known = await this.#ports.events.read(this.#tenant);
      this.#active = activeHolds(this.#known.holds);
    }
    await inParallel(segments, VERSIONS_AT_ONCE, (segment) => this.#one(segment));
  }

  async #one({ listed, place }: Segment): Promise<void> {
    const { store } = this.#ports;
    const wanted = await isSegmentHeld(this.#active, place, listed, this.#ports);
    const held = await store.held(listed.key, listed.version);
    if (held === undefined) return;
    this.sums.seen++;
    if (held === wanted) return;
    if (!(await this.#set(listed, wanted))) return;
    if (wanted) this.sums.set++;
    else this.sums.lifted++;
  }

  /** False when the version expired between the look and the mark. */
  async #set({ key, version }: ListedVersion, wanted: boolean): Promise<boolean> {
    const { store } = this.#ports;
    try {
      await store.setHold(key, version, wanted);
      return true;
    } catch (error) {
      if ((await store.held(key, version)) === undefined) return false;
      throw error;
    }
  }
}
