// Unions and intersections of ordered streams.
import { comparePlaces } from './place.ts';
import type { EntryPlace, Order } from './port.ts';

/**
 * Places in an order, each perhaps more than once in a row; some at a time, as many as there are without waiting. What is
 * handed on one by one costs more than what is then done with it.
 */
export type Stream<P extends EntryPlace> = AsyncGenerator<readonly P[], void, undefined>;

/** Handed on together at most. */
export const MOST_TOGETHER = 512;

/** A stream with its next place in sight. */
class Ahead<P extends EntryPlace> {
  readonly #stream: Stream<P>;
  #places: readonly P[] = [];
  #at = 0;
  #isOver = false;

  constructor(stream: Stream<P>) {
    this.#stream = stream;
  }

  /** Undefined when it is dry, or over. */
  get next(): P | undefined {
    return this.#places[this.#at];
  }

  /** What comes next is not there yet. */
  get isDry(): boolean {
    return this.#at >= this.#places.length && !this.#isOver;
  }

  step(): void {
    this.#at += 1;
  }

  async fill(): Promise<void> {
    while (this.isDry) {
      const { value, done } = await this.#stream.next();
      if (done === true) this.#isOver = true;
      else [this.#places, this.#at] = [value, 0];
    }
  }

  async close(): Promise<void> {
    await this.#stream.return();
  }
}

/** `more` adds what comes next without waiting; false when nothing will come any more. */
async function* over<P extends EntryPlace>(
  streams: readonly Stream<P>[],
  more: (heads: readonly Ahead<P>[], places: P[]) => boolean,
): Stream<P> {
  const heads = streams.map((stream) => new Ahead(stream));
  try {
    for (;;) {
      await Promise.all(heads.map((head) => head.fill()));
      const places: P[] = [];
      const goesOn = more(heads, places);
      if (places.length > 0) yield places;
      if (!goesOn) return;
    }
  } finally {
    await Promise.all(heads.map((head) => head.close()));
  }
}

/** Every place of every stream, in order, once. */
export function union<P extends EntryPlace>(streams: readonly Stream<P>[], order: Order): Stream<P> {
  let last: P | undefined;
  return over(streams, (heads, places) => {
    while (places.length < MOST_TOGETHER) {
      const first = earliest(heads, order);
      const place = first?.next;
      if (first === undefined || place === undefined) return false;
      if (last === undefined || comparePlaces(place, last, order) !== 0) places.push(place);
      last = place;
      first.step();
      if (first.isDry) return true;
    }
    return true;
  });
}

function earliest<P extends EntryPlace>(heads: readonly Ahead<P>[], order: Order): Ahead<P> | undefined {
  let first: Ahead<P> | undefined;
  for (const head of heads) {
    if (head.next === undefined) continue;
    if (first?.next === undefined || comparePlaces(head.next, first.next, order) < 0) first = head;
  }
  return first;
}

/** The places that every stream has, in order, once. */
export function intersection<P extends EntryPlace>(streams: readonly Stream<P>[], order: Order): Stream<P> {
  let last: P | undefined;
  return over(streams, (heads, places) => {
    while (places.length < MOST_TOGETHER) {
      const furthest = latest(heads, order);
      if (furthest === undefined) return false;
      for (const head of heads) {
        while (head.next !== undefined && comparePlaces(head.next, furthest, order) < 0) head.step();
        if (head.isDry) return true;
      }
      if (!heads.every(({ next }) => next !== undefined && comparePlaces(next, furthest, order) === 0)) continue;
      if (last === undefined || comparePlaces(furthest, last, order) !== 0) places.push(furthest);
      last = furthest;
      for (const head of heads) head.step();
      if (heads.some((head) => head.isDry)) return true;
    }
    return true;
  });
}

/** Undefined where a stream is over. */
function latest<P extends EntryPlace>(heads: readonly Ahead<P>[], order: Order): P | undefined {
  let furthest: P | undefined;
  for (const { next } of heads) {
    if (next === undefined) return undefined;
    if (furthest === undefined || comparePlaces(next, furthest, order) > 0) furthest = next;
  }
  return furthest;
}
