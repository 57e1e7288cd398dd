// The days that the demo tells of: whole days of UTC, of which Monday to Friday from nine to five are worked.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const SATURDAY = 6;
const SUNDAY = 0;

export interface Period {
  /** Epoch milliseconds of the first midnight, and of the one after the last day. */
  readonly from: number;
  readonly to: number;
  readonly days: number;
  /** A moment of the n-th day, from 0 on; before the period for negative ones. */
  at(day: number, hour: number, minute?: number): number;
  /** The n-th day if it is worked, else the next one that is, or the one before where the period ends first. */
  workday(day: number): number;
  readonly workdays: readonly number[];
}

/** The `days` days before the one of `now` (epoch milliseconds). */
export function periodBefore(now: number, days: number): Period {
  const to = now - (now % DAY_MS);
  const from = to - days * DAY_MS;
  const at = (day: number, hour: number, minute = 0) => from + day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS;
  const worked = (day: number) => isWorked(at(day, 0));
  const workdays = Array.from({ length: days }, (_, day) => day).filter(worked);
  const workday = (day: number) => {
    let next = day;
    while (!worked(next)) next++;
    return next < days ? next : workdays.at(-1)!;
  };
  return { from, to, days, at, workday, workdays };
}

function isWorked(time: number): boolean {
  const weekday = new Date(time).getUTCDay();
  return weekday !== SATURDAY && weekday !== SUNDAY;
}

export const minutes = (count: number) => count * MINUTE_MS;
export const days = (count: number) => count * DAY_MS;
export const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
export const yearOf = (time: number) => new Date(time).getUTCFullYear();
