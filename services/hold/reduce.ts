// The holds that a tenant's events amount to.
import type { HoldEvent, HoldRole, HoldScope } from '../../core/documents/hold.ts';
import type { ActiveHold } from '../../core/hold/match.ts';

/** Who did what to a hold, when and why, and which of the tenant's events it is. */
export interface HoldAction {
  readonly number: number;
  readonly at: string;
  readonly by: string;
  readonly role: HoldRole;
  readonly reason: string;
}

export interface Hold {
  readonly id: string;
  readonly scope: HoldScope;
  readonly applied: HoldAction;
  /** The newest request to release it, whether or not it came to that. */
  readonly releaseRequested?: HoldAction;
  readonly released?: HoldAction;
}

/**
 * The holds that the events amount to, in the order in which they were applied. The first that applies or releases one
 * counts, and the last that asks for its release.
 */
export function reduceHolds(events: readonly HoldEvent[]): Hold[] {
  const holds = new Map<string, Hold>();
  for (const { event, id, scope, number, at, by, role, reason } of events) {
    const hold = holds.get(id);
    const action = { number, at, by, role, reason };
    if (event === 'applied' && hold === undefined) holds.set(id, { id, scope, applied: action });
    if (hold === undefined || hold.released !== undefined) continue;
    if (event === 'release_requested') holds.set(id, { ...hold, releaseRequested: action });
    if (event === 'released') holds.set(id, { ...hold, released: action });
  }
  return [...holds.values()];
}

/** Those in force; of an earlier time, those that were not released by then, or are not yet. */
export function activeHolds(holds: readonly Hold[], at?: Date): ActiveHold[] {
  const isActive = ({ released }: Hold) =>
    released === undefined || (at !== undefined && Date.parse(released.at) > at.getTime());
  return holds.filter(isActive).map(({ id, scope }) => ({ id, scope }));
}
