// What has expired, for readers: by the deployment's retention, the tenant's holds and, at the edge, its tombstones.

import { CATEGORIES } from '../../core/catalog/catalog.ts';
import { isShort, PERMANENT } from '../../core/catalog/retention.ts';
import { type Fate, fateOf, firstKeptDay, type HoldSince } from '../../core/expiry/kept.ts';
import type { RetentionPolicy } from '../archive/context.ts';
import type { PassedDays } from '../histogram/port.ts';
import type { Hold } from '../hold/reduce.ts';
import type { EvidenceReader } from '../log/versions.ts';
import { lastTombstone, tombstoneAt } from '../prove/tombstones.ts';
import type { ExpiredDays, Keeping, Kept } from '../search/port.ts';

export interface KeepingPorts {
  readonly retention: RetentionPolicy;
  /** Every hold of a tenant, as it was some seconds ago. */
  readonly holds: { all(tenant: string): Promise<readonly Hold[]> };
  readonly store: EvidenceReader;
  readonly now: () => number;
}

const LAST_DAY = '9999-12-31';

/** Holds and tombstones are looked at only where a retention has passed, so that mostly this costs nothing. */
export class RetentionKeeping implements Keeping {
  readonly #ports: KeepingPorts;

  constructor(ports: KeepingPorts) {
    this.#ports = ports;
  }

  async kept<F extends Kept>(tenant: string, found: readonly F[]): Promise<readonly F[]> {
    const now = this.#ports.now();
    const fate = (one: F, holds: readonly HoldSince[]) =>
      fateOf(one.entry, this.#ports.retention(tenant, one.entry.category), holds, now);
    if (found.every((one) => fate(one, []) === 'kept')) return found;
    const holds = activeSince(await this.#ports.holds.all(tenant));
    const kept: F[] = [];
    for (const one of found) if (await this.#isKept(tenant, one, fate(one, holds))) kept.push(one);
    return kept;
  }

  /** Of categories that no hold reaches on such days: the archive need not be asked for these at all. */
  async expiredDays(tenant: string): Promise<readonly ExpiredDays[]> {
    const days = await this.passed(tenant);
    return days.flatMap(({ category, before, isGone }) => (isGone ? [{ category, before }] : []));
  }

  /** Days of which the retention has passed, of all categories. */
  async passed(tenant: string): Promise<readonly PassedDays[]> {
    const now = this.#ports.now();
    const days = [...CATEGORIES.keys()].flatMap((category) => {
      const retention = this.#ports.retention(tenant, category);
      // What is kept for less than a day counts from a seal: each entry has to be asked.
      const isBrief = retention !== PERMANENT && isShort(retention);
      const before = isBrief ? LAST_DAY : firstKeptDay(retention, now);
      return before === undefined ? [] : [{ category, before, isGone: !isBrief }];
    });
    if (days.length === 0) return days;
    const holds = (await this.#ports.holds.all(tenant)).filter(({ released }) => released === undefined);
    const isHeld = (category: string) => holds.some(({ scope }) => (scope.category ?? category) === category);
    return days.map(({ isGone, ...one }) => ({ ...one, isGone: isGone && !isHeld(one.category) }));
  }

  async #isKept(tenant: string, { entry, chain, position }: Kept, fate: Fate): Promise<boolean> {
    if (fate !== 'unless-buried') return fate === 'kept';
    const day = entry.recordedAt.slice(0, 10);
    const { store } = this.#ports;
    for (let slot = await lastTombstone(store, tenant); slot >= 0; slot--) {
      const tombstone = (await tombstoneAt(store, tenant, slot))?.tombstone;
      if (tombstone === undefined) continue;
      // Nothing of a day expires before the day is over.
      if (tombstone.at < day) return true;
      const isBuried = tombstone.segments.some(
        (one) => one.chain === chain && one.day === day && one.first <= position && position <= one.last,
      );
      if (isBuried && tombstone.category === entry.category) return false;
    }
    return true;
  }
}

function activeSince(holds: readonly Hold[]): HoldSince[] {
  const active = holds.filter(({ released }) => released === undefined);
  return active.map(({ scope, applied }) => ({ scope, appliedAt: Date.parse(applied.at) }));
}
