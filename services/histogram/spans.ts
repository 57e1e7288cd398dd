// Spans of time as lists: ascending, apart from each other.
import { CELL_MS } from '../../core/index/tally.ts';
import type { Span } from './port.ts';

export const overlaps = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;

export const isWithin = (time: number, spans: readonly Span[]): boolean =>
  spans.some(({ from, to }) => time >= from && time < to);

/** Those that touch or overlap become one. */
export function merged(spans: readonly Span[]): Span[] {
  const sorted = spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  const all: { from: number; to: number }[] = [];
  for (const { from, to } of sorted) {
    const last = all.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}

/** The cells' time, within a span. */
export function spansOf(cells: Iterable<number>, within: Span): Span[] {
  const spans = [...cells].map((cell) => ({ from: cell * CELL_MS, to: (cell + 1) * CELL_MS }));
  return merged(spans.map((span) => common(span, within)));
}

/** What two spans have in common; it may be none. */
export const common = (a: Span, b: Span): Span => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) });

/** What of some spans lies in none of others; both as `merged` makes them. */
export function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  return spans.flatMap(({ from, to }) => {
    const left: Span[] = [];
    let begin = from;
    for (const other of merged(others).filter((one) => overlaps(one, { from, to }))) {
      if (other.from > begin) left.push({ from: begin, to: other.from });
      begin = Math.max(begin, other.to);
    }
    return begin < to ? [...left, { from: begin, to }] : left;
  });
}

/** Cells that the spans touch. */
export function* cellsOf(spans: readonly Span[]): Generator<number> {
  for (const { from, to } of spans) {
    for (let cell = Math.floor(from / CELL_MS); cell * CELL_MS < to; cell++) yield cell;
  }
}
