// Expires one category of one tenant: tombstone, entry, removal.
import type { Tombstone } from '../../core/documents/tombstone.ts';
import type { ActiveHold } from '../../core/hold/match.ts';
import type { Holds } from '../hold/events.ts';
import { activeHolds } from '../hold/reduce.ts';
import { isSegmentHeld } from '../hold/segment.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { recordSystemEntry } from '../record/record.ts';
import { asOf, type Classification, classify, type Expired } from './classify.ts';
import { type DueKey, dueKeys } from './due.ts';
import type { ExpirePorts, SealedLog } from './port.ts';
import { SealedSegments } from './sealed.ts';
import type { ExpireSums } from './steps.ts';
import { Tombstones } from './tombstones.ts';

/** A tombstone of this many is some megabytes, and their removal takes seconds. */
const TOMBSTONE_SEGMENTS = 5_000;

/** Keys that are classified, and versions that are removed, at the same time; S3 answers one in some 30 ms. */
const KEYS_AT_ONCE = 16;
const CLASSIFIED_TOGETHER = 64;

/** Versions that are removed between two looks for a new hold. */
const REMOVED_TOGETHER = 64;

/**
 * One category of one tenant. First a tombstone says what is going to be removed, then an entry of the tenant's own trail
 * does, and then it is removed: so nothing is ever gone that no tombstone names, and what a crash leaves undone is there
 * to be found, by the version that still is. That one is not buried again, and an entry told twice is recorded once.
 */
export class TenantExpiry {
  readonly #tenant: string;
  readonly #category: string;
  readonly #ports: ExpirePorts;
  readonly #sealed: SealedSegments;
  readonly #tombstones: Tombstones;
  readonly #retention: string;
  #holds: { readonly all: Holds; readonly active: readonly ActiveHold[] } | undefined;
  readonly #sums: { -readonly [Sum in keyof ExpireSums]: number };

  constructor(tenant: string, category: string, log: SealedLog, ports: ExpirePorts) {
    this.#tenant = tenant;
    this.#category = category;
    this.#ports = ports;
    this.#sealed = new SealedSegments(ports.store, log, tenant, category);
    this.#tombstones = new Tombstones(ports.store, tenant, ports.now);
    this.#retention = ports.retention(tenant, category);
    this.#sums = { segments: 0, positions: 0, bytes: 0, held: 0, early: 0, findings: 0 };
  }

  get sums(): ExpireSums {
    return this.#sums;
  }

  /** Returns the key after which to go on when time is up, undefined when everything due is dealt with. */
  async run(after: string | undefined, deadline: number): Promise<string | undefined> {
    const { store, now, tombstoneSegments = TOMBSTONE_SEGMENTS } = this.#ports;
    const scope = { tenant: this.#tenant, category: this.#category, retention: this.#retention };
    let gathered: Expired[] = [];
    for await (const keys of inChunks(dueKeys(store, scope, asOf(now()), after), CLASSIFIED_TOGETHER)) {
      gathered.push(...(await this.#classifyAll(keys)));
      const late = now().getTime() >= deadline;
      if (!late && gathered.length < tombstoneSegments) continue;
      await this.#bury(gathered, tombstoneSegments);
      gathered = [];
      if (late) return keys.at(-1)!.key;
    }
    await this.#bury(gathered, tombstoneSegments);
    return undefined;
  }

  async #classifyAll(keys: readonly DueKey[]): Promise<Expired[]> {
    this.#holds ??= await this.#readHolds();
    const context = { ports: this.#ports, sealed: this.#sealed, retention: this.#retention, holds: this.#holds.active };
    const classified: Classification[] = [];
    await inParallel(keys, KEYS_AT_ONCE, async (key) => {
      classified.push(await classify(key, context));
    });
    for (const { key, held, early, strange } of classified) {
      this.#sums.held += held;
      this.#sums.early += early;
      this.#sums.findings += strange.length;
      for (const finding of strange) this.#ports.onFinding({ key, ...finding });
    }
    return classified.flatMap(({ expired }) => expired);
  }

  async #bury(gathered: readonly Expired[], most: number): Promise<void> {
    for (let i = 0; i < gathered.length; i += most) await this.#expire(gathered.slice(i, i + most));
  }

  async #expire(classified: readonly Expired[]): Promise<void> {
    const at = asOf(this.#ports.now()).toISOString();
    const expired = await this.#stillFree(classified);
    if (expired.length === 0) return;
    const since = Math.min(...expired.map(({ unlockedAt }) => unlockedAt.getTime()));
    await this.#tombstones.readBack(new Date(since));
    const segments = expired.map(({ sealed: { object, chain, day, first, last } }) => ({
      ...{ object, chain, day, first, last },
    }));
    await this.#tombstones.bury({ at, category: this.#category, retention: this.#retention, segments });
    const byTombstone = Map.groupBy(
      expired,
      ({ sealed }) => this.#tombstones.naming(sealed.object.key, sealed.object.version)!,
    );
    for (const [tombstone, named] of byTombstone) await this.#record(tombstone, named);
    for (let i = 0; i < expired.length; i += REMOVED_TOGETHER) {
      await this.#remove(expired.slice(i, i + REMOVED_TOGETHER));
    }
  }

  /** Those that no hold covers that was applied since they were classified. */
  async #stillFree(expired: readonly Expired[]): Promise<Expired[]> {
    const { holds } = this.#ports;
    if (await holds.grew(this.#tenant, this.#holds!.all)) this.#holds = await this.#readHolds();
    const { active } = this.#holds!;
    const free: Expired[] = [];
    await inParallel(expired, KEYS_AT_ONCE, async (one) => {
      const { key, version, bytes: size } = one.sealed.object;
      const segment = { key, version, size };
      const held = active !== one.holds && (await isSegmentHeld(active, one.place, segment, this.#ports));
      if (held) this.#sums.held++;
      else free.push({ ...one, holds: active });
    });
    return free;
  }

  async #record({ number, at, category, segments }: Tombstone, named: readonly Expired[]): Promise<void> {
    const through = segments
      .map(({ day }) => day)
      .sort()
      .at(-1)!;
    await recordSystemEntry(this.#ports.recording, {
      tenant: this.#tenant,
      occurrence: `expire/${number}`,
      occurredAt: new Date(at),
      recorder: RECORDER,
      input: {
        action: 'audit.expired',
        category: 'audit',
        actor: { type: 'system', id: RECORDER.id },
        metadata: {
          ...{ category, tombstone: number, through, segments: segments.length },
          positions: named.reduce((sum, { sealed }) => sum + sealed.positions, 0),
          bytes: segments.reduce((sum, { object }) => sum + object.bytes, 0),
        },
      },
    });
  }

  /** A hold that was applied meanwhile keeps what it covers: the tombstone then names a version that is still there. */
  async #remove(expired: readonly Expired[]): Promise<void> {
    await inParallel(await this.#stillFree(expired), KEYS_AT_ONCE, async ({ sealed: { object, positions } }) => {
      if ((await this.#ports.store.remove(object.key, object.version)) === 'protected') {
        this.#sums.held++;
        return;
      }
      this.#sums.segments++;
      this.#sums.positions += positions;
      this.#sums.bytes += object.bytes;
    });
  }

  async #readHolds() {
    const all = await this.#ports.holds.read(this.#tenant);
    return { all, active: activeHolds(all.holds, asOf(this.#ports.now())) };
  }
}

const RECORDER = { type: 'system', id: 'indelible/expire' } as const;

async function* inChunks<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[], void, undefined> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
