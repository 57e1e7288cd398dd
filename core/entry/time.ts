// Times of entries: RFC 3339 as clients send it, and the one exact form that is stored.
const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

const MINUTE = 60_000;
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * An RFC 3339 date-time as milliseconds since 1970 in UTC; undefined when it is none. Digits beyond milliseconds are
 * cut, never rounded up. A leap second (23:59:60 UTC at a month's end) becomes the last millisecond before it.
 */
export function parseTime(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  const offset = offsetOf(match[8], match[9], match[10]);
  if (hour > 23 || minute > 59 || second > 60 || offset === undefined) return undefined;
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const leap = second === 60;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, leap ? 59 : second, leap ? 999 : milliseconds);
  const time = date.getTime() - offset;
  if (leap && !endsMonth(time)) return undefined;
  return time >= FIRST && time <= LAST ? time : undefined;
}

/** What four digits of a year can write in UTC. */
const FIRST = Date.UTC(2000, 0, 1) - 730_485 * 24 * 60 * MINUTE;
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function offsetOf(
  sign: string | undefined,
  hours: string | undefined,
  minutes: string | undefined,
): number | undefined {
  if (sign === undefined) return 0;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
}

function daysIn(year: number, month: number): number {
  const leapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leapYear ? 29 : MONTHS[month - 1]!;
}

/** Leap seconds are only ever inserted behind the last minute of a month in UTC. */
function endsMonth(time: number): boolean {
  const next = new Date(time + 1);
  return (
    next.getUTCDate() === 1 && next.getUTCHours() === 0 && next.getUTCMinutes() === 0 && next.getUTCSeconds() === 0
  );
}

const DAY =
  '(?:\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))' +
  '|(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)';

/** `YYYY-MM-DD` of a day that the calendar has, leap years and all; years 0000 to 9999. */
export const DAY_PATTERN = `^${DAY}$`;

/** `YYYY-MM-DDTHH:MM:SS.sssZ` of an instant that there is: docs/format.md, "Entry". It sorts as text as it does in time. */
export const TIME_PATTERN = `^${DAY}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z$`;

/** The last second that four digits of a year can write, since 1970. */
export const LAST_SECOND = 253_402_300_799;

const EXACT_TIME = new RegExp(TIME_PATTERN);

/** The one spelling that entries and documents have of a time, in milliseconds since 1970; undefined when it is none. */
export function parseExactTime(text: string): number | undefined {
  return EXACT_TIME.test(text) ? Date.parse(text) : undefined;
}
