// What of a tail waits, and what is handed on.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Gaps } from '../../services/search/gaps.ts';
import type { Candidate } from '../../services/search/indexed.ts';
import { comparePlaces } from '../../services/search/place.ts';
import type { Order } from '../../services/search/port.ts';
import { isPossible, MAX_SKEW_MS, Sorting } from '../../services/search/sorting.ts';
import { Times } from '../../services/search/times.ts';

const NOW = 10_000_000;
const blocks = fc.array(
  fc.array(fc.option(fc.integer({ min: NOW - 200_000, max: NOW + 2 * MAX_SKEW_MS }), { nil: undefined, freq: 9 }), {
    minLength: 1,
    maxLength: 4,
  }),
  { maxLength: 12 },
);

/** Each entry for itself: all that wait are sorted behind each block. */
function plainly(
  all: readonly (readonly (number | undefined)[])[],
  order: Order,
  from: number,
  to: number,
): string[][] {
  const told: string[][] = [];
  const waiting: Candidate[] = [];
  let edge = order === 'asc' ? -Infinity : Infinity;
  let position = 0;
  const hand = (isDue: (one: Candidate) => boolean) => {
    waiting.sort((a, b) => comparePlaces(a, b, order));
    const due = waiting.findIndex((one) => !isDue(one));
    const taken = waiting.splice(0, due < 0 ? waiting.length : due);
    told.push(taken.map(({ recordedAt, position: at, block }) => `${recordedAt} ${at} ${block}`));
  };
  for (const times of all) {
    for (const [i, recordedAt] of times.entries()) {
      if (recordedAt === undefined) continue;
      const isTrue = isPossible(recordedAt, tailOf(order, from, to));
      if (isTrue) edge = order === 'asc' ? Math.max(edge, recordedAt) : Math.min(edge, recordedAt);
      if (recordedAt >= from && recordedAt < to)
        waiting.push({ recordedAt, chain: 0, position: position + i, block: position });
    }
    position += times.length;
    hand(({ recordedAt }) => (order === 'asc' ? recordedAt < edge - MAX_SKEW_MS : recordedAt > edge + MAX_SKEW_MS));
  }
  hand(() => true);
  return told;
}

const tailOf = (order: Order, from: number, to: number) => ({
  ...{ chain: 0, recordedAt: NOW - 150_000, period: { from, to }, order, now: NOW },
});

test('blocks that wait as they are come out as their entries would', () => {
  fc.assert(
    fc.property(
      blocks,
      fc.constantFrom<Order>('asc', 'desc'),
      fc.integer({ min: NOW - 200_000, max: NOW }),
      fc.integer({ min: NOW - 100_000, max: NOW + 60_000 }),
      (all, order, from, to) => {
        const sorting = new Sorting(new Gaps('acme'), tailOf(order, from, to));
        const texts = (some: Iterable<Candidate>) =>
          [...some].map(({ recordedAt, position, block }) => `${recordedAt} ${position} ${block}`);
        const told: string[][] = [];
        let position = 0;
        for (const times of all) {
          sorting.take({ position, times: new Times(times) });
          position += times.length;
          told.push(texts(sorting.due()));
        }
        told.push(texts(sorting.rest()));
        expect(told).toEqual(plainly(all, order, from, to));
      },
    ),
    { numRuns: 3_000 },
  );
});
