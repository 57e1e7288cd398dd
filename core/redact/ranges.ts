// Ranges of a text that are removed from it.
import { marker } from './marker.ts';

/** A part of a text that has to go, in UTF-16 code units. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

/** Overlapping ranges become one, under the kind of the one that starts first (of those, the longest). */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const sorted = ranges.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && range.start < last.end) {
      merged[merged.length - 1] = { ...last, end: Math.max(last.end, range.end) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

/** Precondition: merged ranges. */
export function replaceRanges(text: string, ranges: readonly Range[]): string {
  let result = '';
  let from = 0;
  for (const { start, end, kind } of ranges) {
    result += text.slice(from, start) + marker(kind);
    from = end;
  }
  return result + text.slice(from);
}
