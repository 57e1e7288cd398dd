import type { HoldEvent, HoldScope } from '../../core/documents/hold.ts';
import type { ActiveHold } from '../../core/hold/match.ts';

/** Who did what to a hold, when and why, and which of the tenant's events it is. */
export interface HoldDeed {
  readonly number: number;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

export interface Hold {
  readonly id: string;
  readonly scope: HoldScope;
  readonly applied: HoldDeed;
  readonly released?: HoldDeed;
}

/** The holds that the events amount to, in the order in which they were applied. The first event of a kind counts. */
export function foldHolds(events: readonly HoldEvent[]): Hold[] {
  const holds = new Map<string, Hold>();
  for (const { event, id, scope, number, at, by, reason } of events) {
    const hold = holds.get(id);
    const deed = { number, at, by, reason };
    if (event === 'applied' && hold === undefined) holds.set(id, { id, scope, applied: deed });
    if (event === 'released' && hold !== undefined && hold.released === undefined) {
      holds.set(id, { ...hold, released: deed });
    }
  }
  return [...holds.values()];
}

/** Those in force; of an earlier time, those that were not released by then, or are not yet. */
export function activeHolds(holds: readonly Hold[], at?: Date): ActiveHold[] {
  const isActive = ({ released }: Hold) =>
    released === undefined || (at !== undefined && Date.parse(released.at) > at.getTime());
  return holds.filter(isActive).map(({ id, scope }) => ({ id, scope }));
}
