// Whether a legal hold covers an entry, or a category's entries of a day.
import { DAY_MS } from '../../names/time.ts';
import type { HoldScope } from '../documents/hold.ts';
import type { Entry } from '../entry/schema.ts';

/** A hold that is in force. */
export interface ActiveHold {
  readonly id: string;
  readonly scope: HoldScope;
}

/** What of an entry a scope can speak of. */
export type Holdable = Pick<Entry, 'category' | 'recordedAt' | 'actor' | 'target' | 'related'>;

/** Entries of one category and day, as a segment's key tells. */
export interface CategoryDay {
  readonly category: string;
  /** YYYY-MM-DD in UTC. */
  readonly day: string;
}

/** Of a category's entries of a day: none are held, only those that match, or all. */
export type Reach = 'none' | 'some' | 'all';

/** Whether the scope covers the entry: it has to meet every member that the scope has. */
export function covers(scope: HoldScope, entry: Holdable): boolean {
  const { subject, target, category, from, to } = scope;
  if (category !== undefined && entry.category !== category) return false;
  // Times of the format compare as text.
  if (from !== undefined && entry.recordedAt < from) return false;
  if (to !== undefined && entry.recordedAt >= to) return false;
  if (subject !== undefined && !concerns(entry, subject)) return false;
  return target === undefined || targetsOf(entry).some((one) => isTarget(one, target));
}

/** What is known of a scope's entries of a category's day without reading any. */
export function reachOf(scope: HoldScope, { category, day }: CategoryDay): Reach {
  if (scope.category !== undefined && scope.category !== category) return 'none';
  const begin = Date.parse(`${day}T00:00:00.000Z`);
  const end = begin + DAY_MS;
  const from = scope.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(scope.from);
  const to = scope.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(scope.to);
  if (from >= end || to <= begin || from >= to) return 'none';
  const whole = from <= begin && to >= end;
  return whole && scope.subject === undefined && scope.target === undefined ? 'all' : 'some';
}

/** Of several holds: the furthest reach. */
export function reachOfAll(holds: readonly ActiveHold[], categoryDay: CategoryDay): Reach {
  let furthest: Reach = 'none';
  for (const { scope } of holds) {
    const reach = reachOf(scope, categoryDay);
    if (reach === 'all') return 'all';
    if (reach === 'some') furthest = 'some';
  }
  return furthest;
}

export function isHeld(holds: readonly ActiveHold[], entry: Holdable): boolean {
  return holds.some(({ scope }) => covers(scope, entry));
}

/** A person acts, is acted for, or is acted on. */
function concerns(entry: Holdable, subject: string): boolean {
  const { id, onBehalfOf } = entry.actor ?? {};
  return id === subject || onBehalfOf === subject || targetsOf(entry).some((target) => target.id === subject);
}

type Target = NonNullable<Entry['target']>;

function targetsOf({ target, related }: Holdable): readonly Target[] {
  // Evidence is kept whatever it is: of an entry that nobody validated, members may be anything.
  return [target, ...(Array.isArray(related) ? related : [])].filter(isTargetShaped);
}

function isTargetShaped(one: unknown): one is Target {
  return typeof one === 'object' && one !== null;
}

function isTarget(one: Target, wanted: NonNullable<HoldScope['target']>): boolean {
  return one.type === wanted.type && (wanted.id === undefined || one.id === wanted.id);
}
