// Cuts a period into slices.
import { DAY_MS } from '../../names/time.ts';
import type { EntryPlace, Order, Period } from '../search/port.ts';

/** A part of a job's time that one query answers. */
export interface Slice extends Period {
  /** Entries that come after this place, in the order; absent: from the slice's beginning. */
  readonly after?: EntryPlace;
}

/**
 * The first slice is one day, so that there is something to see at once; each one after is twice the one before, until this:
 * what Athena can list and sort at a time, and few enough queries for ten years.
 */
const LONGEST_DAYS = 128;

/**
 * Cuts a period into slices in the given order. They follow from the period alone, end at midnight UTC as the partitions do,
 * and cover it without gap or overlap; an empty period has none.
 */
export function slicesOf({ from, to }: Period, order: Order): Slice[] {
  const slices: Slice[] = [];
  let days = 1;
  if (order === 'desc') {
    for (let end = to; end > from; days = Math.min(days * 2, LONGEST_DAYS)) {
      const start = Math.max(from, midnightBefore(end) - (days - 1) * DAY_MS);
      slices.push({ from: start, to: end });
      end = start;
    }
    return slices;
  }
  for (let start = from; start < to; days = Math.min(days * 2, LONGEST_DAYS)) {
    const end = Math.min(to, midnightAtOrBefore(start) + days * DAY_MS);
    slices.push({ from: start, to: end });
    start = end;
  }
  return slices;
}

/** Two slices of about half the time, in the order; undefined for one that is within a day, which no query reads less of. */
export function halved(slice: Slice, order: Order): readonly [Slice, Slice] | undefined {
  const first = midnightAtOrBefore(slice.from);
  const days = Math.ceil((slice.to - first) / DAY_MS);
  if (days < 2) return undefined;
  const middle = first + Math.floor(days / 2) * DAY_MS;
  const [older, newer] = [
    { from: slice.from, to: middle },
    { from: middle, to: slice.to },
  ];
  const halves = order === 'desc' ? ([newer, older] as const) : ([older, newer] as const);
  const { after } = slice;
  if (after === undefined) return halves;
  return [withAfter(halves[0], after), withAfter(halves[1], after)];
}

/** Whether something in the slice can come after the place. */
export function reaches(slice: Slice, order: Order, after: EntryPlace): boolean {
  return order === 'desc' ? slice.from <= after.recordedAt : slice.to > after.recordedAt;
}

/** The slice from a place on. A place outside it narrows nothing. */
export function withAfter(slice: Slice, after: EntryPlace): Slice {
  const { recordedAt } = after;
  return recordedAt >= slice.from && recordedAt < slice.to ? { ...slice, after } : slice;
}

const midnightAtOrBefore = (time: number) => Math.floor(time / DAY_MS) * DAY_MS;
const midnightBefore = (time: number) => midnightAtOrBefore(time - 1);
