/** ISO 8601 durations as the configuration writes them. */
import { DURATION } from '../../names/time.ts';

const SECONDS = { week: 604_800, day: 86_400, hour: 3_600, minute: 60 } as const;

export interface IsoDuration {
  readonly years: number;
  readonly months: number;
  /** Weeks, days, hours, minutes and seconds together; none of them depends on the calendar in UTC. */
  readonly seconds: number;
}

export function parseDuration(text: string): IsoDuration | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    years,
    months,
    seconds: weeks * SECONDS.week + days * SECONDS.day + hours * SECONDS.hour + minutes * SECONDS.minute + seconds,
  };
}

/** Seconds of a duration that has neither years nor months; undefined for any other text. */
export function fixedSeconds(text: string): number | undefined {
  const duration = parseDuration(text);
  if (duration === undefined || duration.years > 0 || duration.months > 0) return undefined;
  return duration.seconds;
}

/** At least this many days, whatever the calendar: a year counts 365, a month 28. */
export function leastDays(duration: IsoDuration): number {
  return duration.years * 365 + duration.months * 28 + duration.seconds / SECONDS.day;
}
