// Until when an object is locked.
import { isShort, PERMANENT, type Retention, retainUntil } from '../../core/catalog/retention.ts';
import { DAY_MS } from '../../names/time.ts';

/**
 * S3 locks for at most 36,500 days from now. The lock counts from the end of the entries' day, up to a day ahead, and
 * clocks differ; so two days less.
 */
const LONGEST_LOCK_DAYS = 36_498;

/** S3 refuses a lock that has already passed, by its own clock, which may go some seconds ahead of ours. */
const SHORTEST_LOCK_MS = 10_000;

/** The bucket refuses locks of less than a day, unless a retention is configured that is shorter than two. */
const LATE_LOCK_MS = DAY_MS + 3_600_000;

/**
 * How far ahead the end of an entry's day can lie: a day, and what clocks differ. A later one is nobody's day yet, so that
 * its lock counts from here: S3 refuses what goes further, and whoever writes the table could name any day.
 */
const LATEST_END_MS = DAY_MS + DAY_MS / 2;

/** UTC day of a time, YYYY-MM-DD. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/**
 * How long to lock what belongs to a day: its retention counts from the day's end, and one of less than a day from now;
 * permanent is as long as locks go. A day that is still to come counts as if it ended tomorrow.
 */
export function lockUntil(day: string, retention: Retention, now: Date): Date {
  const end = new Date(Math.min(Date.parse(`${day}T00:00:00.000Z`) + DAY_MS, now.getTime() + LATEST_END_MS));
  const longest = end.getTime() + LONGEST_LOCK_DAYS * DAY_MS;
  const from = isShort(retention) ? now : end;
  const wanted = retention === PERMANENT ? longest : retainUntil(from, retention)?.getTime();
  // Not a number: a retention beyond what a Date holds.
  const until = wanted === undefined || Number.isNaN(wanted) ? longest : Math.min(wanted, longest);
  const least = Math.min(LATE_LOCK_MS, Math.max(SHORTEST_LOCK_MS, until - from.getTime()));
  return new Date(Math.max(until, now.getTime() + least));
}
