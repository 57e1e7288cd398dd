/** An ISO 8601 duration, or kept for ever. */
export type Retention = string;

export const PERMANENT = 'permanent';

/** Where a category names nothing of its own. */
export const DEFAULT_RETENTION: Retention = 'P36M';

const DURATION = /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

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

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
