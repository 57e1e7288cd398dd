// Times and days in queries.
import { DAY_MS } from '../../names/time.ts';
import { parseTime } from '../entry/time.ts';

/** Milliseconds from the first on, before the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The day, in UTC, that `2026-03-01` names; undefined for everything else. */
export function dayOf(text: string): Span | undefined {
  if (!DAY.test(text)) return undefined;
  const from = parseTime(`${text}T00:00:00Z`);
  return from === undefined ? undefined : { from, to: from + DAY_MS };
}

/** What a value of a time's condition covers: a whole day, or one millisecond. Undefined when it is no time. */
export function spanOf(text: string): Span | undefined {
  const day = dayOf(text);
  if (day !== undefined) return day;
  const time = parseTime(text);
  return time === undefined ? undefined : { from: time, to: time + 1 };
}
