// Puts rows of one facet value in the order of their postings.
import type { Posting } from '../../core/index/postings.ts';
import type { Order, Period, PostingRow } from '../search/port.ts';
import { byPlace, spanOf } from './span.ts';

/**
 * Rows of one facet value in the order of their first posting, each cut to the period. `stored` gives rows by the place of
 * their newest posting, uncut: newest first for `desc`, oldest first for `asc`, and all that have their newest posting from
 * `period.from` on and in the spans that the period touches.
 *
 * Nothing is held longer than its span. Rows of one span are together in either direction, as none crosses a boundary
 * (span.ts); so when a row of another span comes, every row of the spans before has come, and of both directions the
 * last posting of one span is before the first of the next.
 *
 * - `asc`: a row's oldest posting may be before that of a row that came earlier, in the same span alone. The span is
 *   gathered, put in order and given out.
 * - `desc`: rows come by their newest posting, as asked. Cutting changes that only for rows that reach beyond
 *   `period.to`. Those come first; each waits for the rows whose newest posting comes before the one that is left to it.
 */
export function inOrder(
  stored: AsyncIterable<PostingRow>,
  period: Period,
  order: Order,
): AsyncGenerator<PostingRow, void, undefined> {
  return order === 'asc' ? ascending(stored, period) : descending(stored, period);
}

async function* ascending(stored: AsyncIterable<PostingRow>, period: Period): AsyncGenerator<PostingRow, void> {
  let span: PostingRow[] = [];
  for await (const row of stored) {
    const cut = cutTo(row, period, 'asc');
    if (cut === undefined) continue;
    if (span.length > 0 && spanOf(timeOf(span[0]!)) !== spanOf(timeOf(cut))) {
      yield* span.sort(byFirst);
      span = [];
    }
    span.push(cut);
  }
  yield* span.sort(byFirst);
}

async function* descending(stored: AsyncIterable<PostingRow>, period: Period): AsyncGenerator<PostingRow, void> {
  let waiting: PostingRow[] = [];
  for await (const row of stored) {
    const reaches = row.postings.some(({ recordedAt }) => recordedAt >= period.to);
    const cut = cutTo(row, period, 'desc');
    if (cut === undefined) continue;
    if (reaches) {
      waiting.push(cut);
      continue;
    }
    if (waiting.length > 0) {
      waiting.sort((a, b) => byFirst(b, a));
      const next = waiting.findIndex((one) => byFirst(one, cut) < 0);
      const due = next < 0 ? waiting.length : next;
      yield* waiting.slice(0, due);
      waiting = waiting.slice(due);
    }
    yield cut;
  }
  yield* waiting.sort((a, b) => byFirst(b, a));
}

/** What of a row is in the period, in the order; undefined when nothing is. */
export function cutTo({ chain, postings }: PostingRow, { from, to }: Period, order: Order): PostingRow | undefined {
  const inside = postings.filter(({ recordedAt }) => recordedAt >= from && recordedAt < to);
  if (inside.length === 0) return undefined;
  inside.sort(order === 'asc' ? byPlace : (a, b) => byPlace(b, a));
  return { chain, postings: inside };
}

const timeOf = ({ postings }: PostingRow): number => postings[0]!.recordedAt;

/** The order of entries (services/search/port.ts), by the first posting of each row. */
export function byFirst(a: PostingRow, b: PostingRow): number {
  const [one, other]: [Posting, Posting] = [a.postings[0]!, b.postings[0]!];
  return (
    one.recordedAt - other.recordedAt || a.chain - b.chain || one.block + one.offset - (other.block + other.offset)
  );
}
