// The time between what happened, for a timeline that shows it as long as it was.
import type { Row } from '../entries/use-entries.ts';

/** An entry with what lies between it and the one before. */
export interface Moment {
  readonly row: Row;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Milliseconds since the entry before; 0 for the first. */
  readonly after: number;
  /** Of the longest such time: 0 to 1. */
  readonly share: number;
}

/** `rows`: in the order in which they occurred. */
export function momentsOf(rows: readonly Row[]): readonly Moment[] {
  const times = rows.map(({ entry }) => Date.parse(entry.occurredAt));
  const gaps = times.map((at, i) => (i === 0 ? 0 : at - times[i - 1]!));
  const longest = gaps.reduce((most, gap) => Math.max(most, gap), 0);
  return rows.map((row, i) => {
    const [at, after] = [times[i]!, gaps[i]!];
    return { row, at, after, share: longest === 0 ? 0 : after / longest };
  });
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A length of time in the largest unit that it has at least one of, and how many whole ones it is. */
export function lengthOf(milliseconds: number): { readonly unit: (typeof UNITS)[number][0]; readonly count: number } {
  const [unit, one] = UNITS.find(([, least]) => milliseconds >= least) ?? UNITS.at(-1)!;
  return { unit, count: Math.floor(milliseconds / one) };
}
