// Whether an entry is still there for readers: one rule for every door (docs/access.md, "What has expired").
import { DAY_MS } from '../../names/time.ts';
import { isShort, keptUntil, PERMANENT, type Retention } from '../catalog/retention.ts';
import type { HoldScope } from '../documents/hold.ts';
import { covers, type Holdable } from '../hold/match.ts';

/** A hold that is in force, and since when, in epoch milliseconds. */
export interface HoldSince {
  readonly scope: HoldScope;
  readonly appliedAt: number;
}

/**
 * `kept`; `expired`; or `unless-buried`: gone once a tombstone names it. So is what a hold covers that was applied after its
 * retention had passed, since no hold undoes a tombstone; and what has a retention of less than a day, which counts from a
 * seal that the entry does not know.
 */
export type Fate = 'kept' | 'expired' | 'unless-buried';

/**
 * Until when an entry is kept without a hold, in epoch milliseconds; infinite when for ever. It counts from the end of its
 * day; of a retention of less than a day it is the earliest, counted from when the entry was recorded.
 */
export function entryKeptUntil({ recordedAt }: Pick<Holdable, 'recordedAt'>, retention: Retention | undefined): number {
  return keptUntil(recordedAt.slice(0, 10), recordedAt, retention);
}

export function fateOf(
  entry: Holdable,
  retention: Retention | undefined,
  holds: readonly HoldSince[],
  now: number,
): Fate {
  const until = entryKeptUntil(entry, retention);
  if (now < until) return 'kept';
  const over = holds.filter(({ scope }) => covers(scope, entry));
  if (over.some(({ appliedAt }) => appliedAt < until)) return 'kept';
  return over.length > 0 || isShort(retention!) ? 'unless-buried' : 'expired';
}

/** The first day of a category that may still be kept: all of the days before have expired, unless something is held. */
export function firstKeptDay(retention: Retention, now: number): string | undefined {
  if (retention === PERMANENT || isShort(retention)) return undefined;
  let low = 0;
  let high = Math.floor(now / DAY_MS) + 1;
  const isPast = (day: number) => entryKeptUntil({ recordedAt: endOf(day) }, retention) <= now;
  if (!isPast(low)) return undefined;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isPast(middle)) low = middle;
    else high = middle;
  }
  return dayText(high);
}

const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
const endOf = (day: number): string => new Date((day + 1) * DAY_MS - 1).toISOString();
