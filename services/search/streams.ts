// Unions and intersections of ordered streams.
import { comparePlaces } from './place.ts';
import type { EntryPlace, Order } from './port.ts';

/** Places in an order, each perhaps more than once in a row. */
export type Stream<P extends EntryPlace> = AsyncIterator<P, void, undefined>;

/** A stream with its next place in sight. */
class Ahead<P extends EntryPlace> {
  next: P | undefined;
  readonly #stream: Stream<P>;

  constructor(stream: Stream<P>) {
    this.#stream = stream;
  }

  async advance(): Promise<void> {
    const { value } = await this.#stream.next();
    this.next = value ?? undefined;
  }

  async close(): Promise<void> {
    await this.#stream.return?.();
  }
}

async function* over<P extends EntryPlace>(
  streams: readonly Stream<P>[],
  walk: (heads: readonly Ahead<P>[]) => AsyncGenerator<P, void, undefined>,
): AsyncGenerator<P, void, undefined> {
  const heads = streams.map((stream) => new Ahead(stream));
  try {
    await Promise.all(heads.map((head) => head.advance()));
    yield* walk(heads);
  } finally {
    await Promise.all(heads.map((head) => head.close()));
  }
}

/** Every place of every stream, in order, once. */
export function union<P extends EntryPlace>(
  streams: readonly Stream<P>[],
  order: Order,
): AsyncGenerator<P, void, undefined> {
  return over(streams, async function* (heads) {
    for (let last: P | undefined; ; ) {
      const first = earliest(heads, order);
      if (first?.next === undefined) return;
      const place = first.next;
      await first.advance();
      if (last !== undefined && comparePlaces(place, last, order) === 0) continue;
      last = place;
      yield place;
    }
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
export function intersection<P extends EntryPlace>(
  streams: readonly Stream<P>[],
  order: Order,
): AsyncGenerator<P, void, undefined> {
  return over(streams, async function* (heads) {
    for (;;) {
      let furthest: P | undefined;
      for (const { next } of heads) {
        if (next === undefined) return;
        if (furthest === undefined || comparePlaces(next, furthest, order) > 0) furthest = next;
      }
      const wanted = furthest!;
      if (heads.every(({ next }) => comparePlaces(next!, wanted, order) === 0)) {
        yield wanted;
        await Promise.all(heads.map((head) => skipOver(head, wanted, order)));
      } else await Promise.all(heads.map((head) => skipTo(head, wanted, order)));
    }
  });
}

async function skipTo<P extends EntryPlace>(head: Ahead<P>, place: P, order: Order): Promise<void> {
  while (head.next !== undefined && comparePlaces(head.next, place, order) < 0) await head.advance();
}

async function skipOver<P extends EntryPlace>(head: Ahead<P>, place: P, order: Order): Promise<void> {
  while (head.next !== undefined && comparePlaces(head.next, place, order) <= 0) await head.advance();
}
