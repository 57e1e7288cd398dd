// How a period is cut into slots.
import { DAY_MS } from '../../names/time.ts';
import type { Zone } from './zone.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** ISO 8601 durations, shortest first, in milliseconds of a day without a clock that is set. */
const INTERVALS = {
  ...{ PT1M: MINUTE_MS, PT5M: 5 * MINUTE_MS, PT15M: 15 * MINUTE_MS, PT30M: 30 * MINUTE_MS },
  ...{ PT1H: HOUR_MS, PT3H: 3 * HOUR_MS, PT6H: 6 * HOUR_MS, PT12H: 12 * HOUR_MS },
  ...{ P1D: DAY_MS, P7D: 7 * DAY_MS },
} as const;
export type Interval = keyof typeof INTERVALS;
export const INTERVAL_NAMES = Object.keys(INTERVALS) as readonly Interval[];

/** In epoch milliseconds: from the first on, before the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The shortest interval that cuts the period into about so many slots at most; the longest where none does. */
export function intervalFor({ from, to }: Span, slots: number): Interval {
  return INTERVAL_NAMES.find((name) => (to - from) / INTERVALS[name] <= slots) ?? INTERVAL_NAMES.at(-1)!;
}

/** Slots that the interval makes of the period, about; to be asked before they are made. */
export const slotsIn = ({ from, to }: Span, interval: Interval): number => Math.ceil((to - from) / INTERVALS[interval]);

/** 1970-01-05 was a Monday. */
const MONDAY = 4;

/**
 * Where slots begin, ascending, and where the last one ends: the period's own ends, and between them every multiple of the interval
 * from midnight on as the zone has it; weeks begin on Monday. No other slot crosses a midnight.
 */
export function boundariesOf({ from, to }: Span, interval: Interval, zone: Zone): number[] {
  const boundaries = [from];
  const step = INTERVALS[interval];
  const days = Math.max(1, step / DAY_MS);
  const first = zone.dayOf(from);
  const begin = first - ((((first - MONDAY) % days) + days) % days);
  for (let day = begin, start = zone.beginningOf(day); start < to; day += days) {
    const next = zone.beginningOf(day + days);
    const within = step < DAY_MS ? step : next - start;
    for (let time = start; time < Math.min(next, to); time += within) if (time > from) boundaries.push(time);
    start = next;
  }
  boundaries.push(to);
  return boundaries;
}
