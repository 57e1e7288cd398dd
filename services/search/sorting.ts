// Puts entries, which come in the order of the chain, into the order of time.
import type { Gaps } from './gaps.ts';
import type { Candidate } from './indexed.ts';
import { comparePlaces } from './place.ts';
import type { Order, Period } from './port.ts';
import type { BlockStretch } from './stretch.ts';
import type { Times } from './times.ts';

/**
 * How far an entry's time of recording may be behind that of an entry that stands before it in its chain. An entry gets its
 * time when it is prepared, and its place when it is committed, at most the 20 seconds of a request later; the rest is for
 * clocks that disagree.
 */
export const MAX_SKEW_MS = 30_000;

/**
 * A chain is not left because a few of its blocks say that they are of another time: whoever can write the table can append
 * one with any time in it. So many in a row have to say so.
 */
const CONFIRMING = 64;

export interface Sorted {
  readonly chain: number;
  /** Epoch milliseconds: when the last block before was committed. */
  readonly recordedAt: number | undefined;
  readonly period: Period;
  readonly order: Order;
  readonly now: number;
}

/** Not before what the chain had already, and not after now. */
export function isPossible(time: number, { recordedAt: before = Number.NEGATIVE_INFINITY, now }: Sorted): boolean {
  return time >= before - MAX_SKEW_MS && time <= now + MAX_SKEW_MS;
}

/** A block of which nothing is looked at before its first entry, in the order, may be due. */
interface Pending {
  readonly position: number;
  readonly times: Times;
  readonly first: number;
}

/**
 * Blocks wait as they are, however many lie within the skew: entries are made of those alone whose turn comes, so that a page of
 * the newest costs a few blocks of a burst and not half a minute of it.
 */
export class Sorting {
  readonly #gaps: Gaps;
  readonly #tail: Sorted;
  readonly #isAscending: boolean;
  /** Both with what comes first at the end. */
  readonly #pending: Pending[] = [];
  readonly #waiting: Candidate[] = [];
  #edge: number;
  /** Blocks in a row that lie beyond the period. */
  #beyond = 0;
  #last: Candidate | undefined;

  constructor(gaps: Gaps, tail: Sorted) {
    this.#gaps = gaps;
    this.#tail = tail;
    this.#isAscending = tail.order === 'asc';
    this.#edge = this.#isAscending ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  take({ position, times }: Pick<BlockStretch, 'position' | 'times'>): void {
    const { oldest, newest, isComplete } = times;
    const isPlain =
      isComplete &&
      oldest !== undefined &&
      isPossible(oldest, this.#tail) &&
      newest !== undefined &&
      isPossible(newest, this.#tail);
    const isBeyond = isPlain ? this.#moveOver(oldest, newest) : this.#look(position, times);
    this.#beyond = isBeyond ? this.#beyond + 1 : 0;
    const { from, to } = this.#tail.period;
    if (oldest === undefined || newest === undefined || newest < from || oldest >= to) return;
    this.#insert({ position, times, first: this.#isAscending ? oldest : newest });
  }

  takeFound(candidates: readonly Candidate[]): void {
    this.#waiting.push(...candidates);
    this.#sort();
  }

  /** Those that nothing can come before any more. */
  due(): Generator<Candidate> {
    return this.#told((time) => this.#isSettled(time));
  }

  rest(): Generator<Candidate> {
    return this.#told(() => true);
  }

  get isBeyond(): boolean {
    return this.#beyond >= CONFIRMING;
  }

  *#told(isReady: (time: number) => boolean): Generator<Candidate> {
    for (;;) {
      const block = this.#pending.at(-1);
      const head = this.#waiting.at(-1);
      const isNext = head === undefined || block === undefined || !this.#isBefore(head.recordedAt, block.first);
      if (block !== undefined && isNext && isReady(block.first)) {
        this.#pending.pop();
        this.#spread(block);
        continue;
      }
      if (head === undefined || !isReady(head.recordedAt)) return;
      this.#waiting.pop();
      // One that comes after its turn shows that a time before it was made up: pages may lack what stands between.
      if (this.#last !== undefined && comparePlaces(head, this.#last, this.#tail.order) < 0) {
        this.#gaps.add(head.chain, [head.position], 'misdated');
      } else this.#last = head;
      yield head;
    }
  }

  #spread({ position: block, times }: Pending): void {
    const { chain, period } = this.#tail;
    for (const [i, recordedAt] of times.all.entries()) {
      if (recordedAt === undefined || recordedAt < period.from || recordedAt >= period.to) continue;
      this.#waiting.push({ recordedAt, chain, position: block + i, block });
    }
    this.#sort();
  }

  #insert(block: Pending): void {
    let [low, high] = [0, this.#pending.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#isBefore(block.first, this.#pending[middle]!.first)) low = middle + 1;
      else high = middle;
    }
    this.#pending.splice(low, 0, block);
  }

  #sort(): void {
    this.#waiting.sort((a, b) => comparePlaces(b, a, this.#tail.order));
  }

  /** Of a block whose times are all possible; true where all of it lies beyond the period. */
  #moveOver(oldest: number, newest: number): boolean {
    this.#move(this.#isAscending ? newest : oldest);
    return this.#liesBeyond(this.#isAscending ? oldest : newest);
  }

  /** Of any block, entry by entry. */
  #look(first: number, { all }: Times): boolean {
    const { chain } = this.#tail;
    let isBeyond = true;
    for (const [i, recordedAt] of all.entries()) {
      if (recordedAt === undefined) {
        this.#gaps.add(chain, [first + i], 'malformed');
        continue;
      }
      const isTrue = isPossible(recordedAt, this.#tail);
      if (isTrue) this.#move(recordedAt);
      else this.#gaps.add(chain, [first + i], 'misdated');
      isBeyond &&= isTrue && this.#liesBeyond(recordedAt);
    }
    return isBeyond;
  }

  #move(recordedAt: number): void {
    this.#edge = this.#isAscending ? Math.max(this.#edge, recordedAt) : Math.min(this.#edge, recordedAt);
  }

  #isBefore(a: number, b: number): boolean {
    return this.#isAscending ? a < b : a > b;
  }

  #isSettled(recordedAt: number): boolean {
    return this.#isAscending ? recordedAt < this.#edge - MAX_SKEW_MS : recordedAt > this.#edge + MAX_SKEW_MS;
  }

  #liesBeyond(recordedAt: number): boolean {
    const { from, to } = this.#tail.period;
    return this.#isAscending ? recordedAt - MAX_SKEW_MS >= to : recordedAt + MAX_SKEW_MS < from;
  }
}
