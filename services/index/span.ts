// Spans of time, by which rows of the index are cut.
import type { Posting } from '../../core/index/postings.ts';
import type { Period } from '../search/port.ts';

/**
 * No row crosses a multiple of this, in epoch milliseconds. It is what lets a reader put rows in order by either of their
 * ends after looking no further than one span: short, so that little is read to be thrown away; long, so that a run of
 * thirty seconds is seldom cut in two.
 */
export const SPAN_MS = 300_000;

export const spanOf = (recordedAt: number): number => Math.floor(recordedAt / SPAN_MS);

/** Where the span of the period's last millisecond ends: rows that begin in the period have all their postings before. */
export function endOfSpans({ to }: Period): number {
  return Math.ceil(to / SPAN_MS) * SPAN_MS;
}

/** By the time of recording, then the position: the order of one chain's entries. */
export function byPlace(a: Posting, b: Posting): number {
  return a.recordedAt - b.recordedAt || a.block + a.offset - (b.block + b.offset);
}

/** Of postings that are not empty, whatever their order. */
export function newestOf(postings: readonly Posting[]): Posting {
  return postings.reduce((newest, posting) => (byPlace(newest, posting) < 0 ? posting : newest));
}
