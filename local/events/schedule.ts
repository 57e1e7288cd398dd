/** Schedule expressions of rules: rate(…) and cron(…) in UTC. Occasions while the runtime is off are not made up for. */
import { DAY_MS } from '../../names/time.ts';

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: DAY_MS };
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** A cron expression that doesn't come up within this never does (29 February needs eight years across 2100). */
const HORIZON_YEARS = 9;

/** The first occasion after `now`, in epoch milliseconds; undefined when there is none any more. */
export type Schedule = (now: number) => number | undefined;

export function parseSchedule(expression: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate) return everyRate(expression, Number(rate[1]), rate[2] as string, rate[3] === 's');
  const cron = /^cron\((.+)\)$/.exec(expression);
  if (cron) return parseCron(expression, (cron[1] as string).trim().split(/\s+/));
  throw new Error(`${expression} is not a schedule expression: rate(…) or cron(…)`);
}

function everyRate(expression: string, count: number, unit: string, plural: boolean): Schedule {
  if (count < 1 || count > 1 !== plural) throw new Error(`${expression} is not a schedule expression: mind the plural`);
  const every = count * (UNITS[unit] as number);
  return (now) => now + every;
}

interface Field {
  readonly matches: (value: number) => boolean;
}

type DayRule = (date: Date) => boolean;

function parseCron(expression: string, fields: readonly string[]): Schedule {
  if (fields.length !== 6) throw new Error(`${expression} is not a cron expression: it needs six fields`);
  const [minutes, hours, days, months, weekdays, years] = fields as [string, string, string, string, string, string];
  if ((days === '?') === (weekdays === '?')) {
    throw new Error(`${expression} is not a cron expression: exactly one of day-of-month and day-of-week must be ?`);
  }
  const minute = field(minutes, 0, 59);
  const hour = field(hours, 0, 23);
  const month = field(months, 1, 12, MONTHS, 1);
  const year = field(years, 1970, 2199);
  const day: DayRule = days === '?' ? weekdayRule(weekdays) : monthDayRule(days);
  return (now) => {
    const start = new Date(now - (now % 60_000) + 60_000);
    const last = start.getUTCFullYear() + HORIZON_YEARS;
    for (let date = new Date(start); date.getUTCFullYear() <= last; date = midnightAfter(date)) {
      if (!year.matches(date.getUTCFullYear()) || !month.matches(date.getUTCMonth() + 1) || !day(date)) continue;
      const found = timeOfDay(date, hour, minute);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function timeOfDay(date: Date, hour: Field, minute: Field): number | undefined {
  const from = date.getUTCHours();
  for (let h = from; h < 24; h++) {
    if (!hour.matches(h)) continue;
    for (let m = h === from ? date.getUTCMinutes() : 0; m < 60; m++) {
      if (minute.matches(m)) return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), h, m);
    }
  }
  return undefined;
}

function midnightAfter(date: Date): Date {
  return new Date(Math.floor(date.getTime() / DAY_MS) * DAY_MS + DAY_MS);
}

function monthDayRule(text: string): DayRule {
  const lastDay = (date: Date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  if (text === 'L') return (date) => date.getUTCDate() === lastDay(date);
  const nearest = /^(\d+)W$/.exec(text);
  if (nearest) return (date) => date.getUTCDate() === nearestWeekday(date, Number(nearest[1]), lastDay(date));
  const days = field(text, 1, 31);
  return (date) => days.matches(date.getUTCDate());
}

/** The weekday closest to the day, within the month. */
function nearestWeekday(date: Date, day: number, lastDay: number): number {
  if (day > lastDay) return 0;
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < lastDay ? day + 1 : day - 2;
  return day;
}

function weekdayRule(text: string): DayRule {
  const nth = /^([A-Za-z]{3}|[1-7])#([1-5])$/.exec(text);
  if (nth) {
    const weekday = named(nth[1] as string, DAYS, 1);
    return (date) => date.getUTCDay() + 1 === weekday && Math.ceil(date.getUTCDate() / 7) === Number(nth[2]);
  }
  const last = /^([A-Za-z]{3}|[1-7])L$/.exec(text);
  if (last) {
    const weekday = named(last[1] as string, DAYS, 1);
    return (date) =>
      date.getUTCDay() + 1 === weekday && new Date(date.getTime() + 7 * DAY_MS).getUTCMonth() !== date.getUTCMonth();
  }
  if (text === 'L') return (date) => date.getUTCDay() === 6;
  const days = field(text, 1, 7, DAYS, 1);
  return (date) => days.matches(date.getUTCDay() + 1);
}

function field(text: string, least: number, most: number, names: readonly string[] = [], firstName = 0): Field {
  const parts = text.split(',').map((part) => range(part, least, most, names, firstName));
  return { matches: (value) => parts.some((part) => part(value)) };
}

function range(
  text: string,
  least: number,
  most: number,
  names: readonly string[],
  firstName: number,
): (value: number) => boolean {
  const [span = '', stepText] = text.split('/');
  const step = stepText === undefined ? 1 : Number(stepText);
  const [fromText = '', toText] = span.split('-');
  const from = span === '*' ? least : named(fromText, names, firstName);
  const to =
    span === '*' || (toText === undefined && stepText !== undefined)
      ? most
      : named(toText ?? fromText, names, firstName);
  const valid = [from, to, step].every(Number.isInteger) && from >= least && to <= most && from <= to && step >= 1;
  if (!valid) throw new Error(`${text} is not a cron field from ${least} to ${most}`);
  return (value) => value >= from && value <= to && (value - from) % step === 0;
}

function named(text: string, names: readonly string[], firstName: number): number {
  const index = names.indexOf(text.toUpperCase());
  if (index >= 0) return index + firstName;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
