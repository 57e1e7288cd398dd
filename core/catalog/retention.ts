// Retentions: durations of ISO 8601, until when they keep, and which of two is longer.
import { DAY_MS, DURATION } from '../../names/time.ts';
/** An ISO 8601 duration, or kept for ever. */
export type Retention = string;

export const PERMANENT = 'permanent';

/** Where a category names nothing of its own. */
export const DEFAULT_RETENTION: Retention = 'P36M';

/** As a schema has it; says what isRetention does. */
export const RETENTION_PATTERN = `^${PERMANENT}$|${DURATION.source}`;

/** A retention that is neither `permanent` nor a duration of whole units. */
export class RetentionError extends Error {
  override readonly name = 'RetentionError';
  readonly code = 'bad-retention';

  constructor(subject: string) {
    super(`got no retention for ${subject}, want “permanent” or an ISO 8601 duration such as P7Y`);
  }
}

export function isRetention(text: string): boolean {
  return text === PERMANENT || DURATION.test(text);
}

/**
 * The moment until which something recorded at `from` is kept; undefined when for ever. Years and months are calendar
 * ones in UTC, a day that the month lacks becomes its last.
 */
export function retainUntil(from: Date, retention: Retention): Date | undefined {
  if (retention === PERMANENT) return undefined;
  const match = DURATION.exec(retention);
  if (match === null) throw new RetentionError('a duration');
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map((digits) => Number(digits ?? 0));
  const until = new Date(from);
  const day = until.getUTCDate();
  until.setUTCDate(1);
  until.setUTCMonth(until.getUTCMonth() + years! * 12 + months!);
  until.setUTCDate(Math.min(day, daysInMonth(until)) + weeks! * 7 + days!);
  until.setTime(until.getTime() + ((hours! * 60 + minutes!) * 60 + seconds!) * 1_000);
  return until;
}

/**
 * Until when a segment's entries are kept, in epoch milliseconds; infinite when for ever, or when the retention is none
 * that is known. It counts from the end of their day, and one of less than a day, which is for trying things out, from
 * when they were sealed. docs/format.md, "Segments".
 */
export function keptUntil(day: string, sealedAt: string, retention: Retention | undefined): number {
  if (retention === undefined || !isRetention(retention)) return Number.POSITIVE_INFINITY;
  const end = Date.parse(`${day}T00:00:00.000Z`) + DAY_MS;
  const until = retainUntil(new Date(isShort(retention) ? Date.parse(sealedAt) : end), retention)?.getTime();
  // Not a number: a day that the calendar lacks, or a time beyond what a Date holds.
  return until === undefined || Number.isNaN(until) ? Number.POSITIVE_INFINITY : until;
}

/** Less than a day, whatever the calendar. */
export function isShort(retention: Retention): boolean {
  return (retainUntil(new Date(0), retention)?.getTime() ?? DAY_MS) < DAY_MS;
}

/** Every day of a cycle of leap years: months, and what their lengths do to a duration, repeat with it. */
const CYCLE_START = Date.UTC(2024, 0, 1);
const CYCLE_DAYS = 4 * 365 + 1;

/** Whether `retention` never ends before `other` does, whenever it begins: P1M is no match for P31D, nor for P30D. */
export function isAtLeast(retention: Retention, other: Retention): boolean {
  if (retention === PERMANENT) return true;
  if (other === PERMANENT) return false;
  for (let day = 0; day < CYCLE_DAYS; day++) {
    const from = new Date(CYCLE_START + day * DAY_MS);
    if (endsAt(from, retention) < endsAt(from, other)) return false;
  }
  return true;
}

/** Beyond what a Date holds is later than everything else. */
function endsAt(from: Date, retention: Retention): number {
  const ms = retainUntil(from, retention)!.getTime();
  return Number.isNaN(ms) ? Number.POSITIVE_INFINITY : ms;
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
