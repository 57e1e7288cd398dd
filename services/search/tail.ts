// Reads from the ledger what the index has not reached.
import { chainName } from '../../core/chain.ts';
import type { Blocks } from './blocks.ts';
import type { Gaps } from './gaps.ts';
import type { Candidate } from './indexed.ts';
import { comparePlaces } from './place.ts';
import type { BlockFetcher, Order, Period } from './port.ts';
import { recordedAtOf } from './recorded-at.ts';
import { type BlockStretch, type LostStretch, stretchesOf } from './stretches.ts';

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

/** Of one stretch: more than that is a ledger that has to be restored, and not searched. */
const MOST_RECOVERED = 20_000;

export interface Tail {
  readonly tenant: string;
  readonly chain: number;
  /** The index has what is below. */
  readonly through: number;
  /** Epoch milliseconds: when the last block below was committed. */
  readonly recordedAt: number | undefined;
  readonly period: Period;
  readonly order: Order;
  readonly now: number;
  readonly hotFrom: number;
}

/**
 * What the index has not reached yet, read from the ledger itself and put in order: an entry is found as soon as it is
 * acknowledged. Usually half a minute of entries; where an index is being built anew, everything. What is lost in between is
 * taken from the archive or noted as a gap. Throws StoreUnavailable.
 */
export async function* tailOf(
  fetcher: BlockFetcher,
  blocks: Blocks,
  gaps: Gaps,
  tail: Tail,
): AsyncGenerator<Candidate, void, undefined> {
  const { tenant, chain } = tail;
  const sorting = new Sorting(gaps, tail);
  for await (const stretch of stretchesOf(fetcher, blocks, { ...tail, chain: chainName(tenant, chain) })) {
    if (stretch.kind === 'block') sorting.take(stretch);
    else if (mayConcern(stretch, tail)) sorting.takeFound(await recovered(blocks, gaps, tail, stretch));
    yield* sorting.due();
    if (sorting.isBeyond) break;
  }
  yield* sorting.rest();
}

/** Entries of lost positions that the archive has. */
async function recovered(blocks: Blocks, gaps: Gaps, { chain, period }: Tail, lost: LostStretch): Promise<Candidate[]> {
  const last = Math.min(lost.last, lost.first + MOST_RECOVERED - 1);
  const positions = Array.from({ length: last - lost.first + 1 }, (_, i) => lost.first + i);
  if (lost.last > last) gaps.addRun(chain, last + 1, lost.last, lost.reason);
  const found = await blocks.recover(chain, positions, lost.reason);
  return [...found].flatMap(([position, { bytes }]) => {
    const recordedAt = recordedAtOf(bytes);
    const isInside = recordedAt !== undefined && recordedAt >= period.from && recordedAt < period.to;
    return isInside ? [{ recordedAt, chain, position, block: lost.first }] : [];
  });
}

/** Unless what lies behind it is of before the period, or what lies before it of after it. */
function mayConcern({ older, newer }: LostStretch, tail: Tail): boolean {
  const { from, to } = tail.period;
  const isBefore = newer !== undefined && isPossible(newer, tail) && newer < from - MAX_SKEW_MS;
  return !isBefore && !(older !== undefined && isPossible(older, tail) && older >= to + MAX_SKEW_MS);
}

/** Not before what the chain had already, and not after now. */
function isPossible(time: number, { recordedAt: before = Number.NEGATIVE_INFINITY, now }: Tail): boolean {
  return time >= before - MAX_SKEW_MS && time <= now + MAX_SKEW_MS;
}

/** Puts entries, which come in the order of the chain, into the order of time. */
class Sorting {
  readonly #gaps: Gaps;
  readonly #tail: Tail;
  readonly #isAscending: boolean;
  #waiting: Candidate[] = [];
  #edge: number;
  /** Blocks in a row that lie beyond the period. */
  #beyond = 0;
  #last: Candidate | undefined;

  constructor(gaps: Gaps, tail: Tail) {
    this.#gaps = gaps;
    this.#tail = tail;
    this.#isAscending = tail.order === 'asc';
    this.#edge = this.#isAscending ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  take({ whole: { position: first }, times }: BlockStretch): void {
    const { chain, period } = this.#tail;
    let isBeyond = true;
    for (const [i, recordedAt] of times.entries()) {
      const position = first + i;
      if (recordedAt === undefined) {
        this.#gaps.add(chain, [position], 'malformed');
        continue;
      }
      const isTrue = isPossible(recordedAt, this.#tail);
      if (isTrue) this.#move(recordedAt);
      else this.#gaps.add(chain, [position], 'misdated');
      isBeyond &&= isTrue && this.#liesBeyond(recordedAt);
      if (recordedAt < period.from || recordedAt >= period.to) continue;
      this.#waiting.push({ recordedAt, chain, position, block: first });
    }
    this.#beyond = isBeyond ? this.#beyond + 1 : 0;
  }

  takeFound(candidates: readonly Candidate[]): void {
    this.#waiting.push(...candidates);
  }

  /** Those that nothing can come before any more. */
  *due(): Generator<Candidate> {
    this.#sort();
    const settled = this.#waiting.findIndex((one) => !this.#isSettled(one));
    yield* this.#told(this.#waiting.splice(0, settled < 0 ? this.#waiting.length : settled));
  }

  *rest(): Generator<Candidate> {
    this.#sort();
    yield* this.#told(this.#waiting.splice(0));
  }

  get isBeyond(): boolean {
    return this.#beyond >= CONFIRMING;
  }

  /** One that comes after its turn shows that a time before it was made up: pages may lack what stands between. */
  *#told(candidates: readonly Candidate[]): Generator<Candidate> {
    for (const candidate of candidates) {
      if (this.#last !== undefined && comparePlaces(candidate, this.#last, this.#tail.order) < 0) {
        this.#gaps.add(candidate.chain, [candidate.position], 'misdated');
      } else this.#last = candidate;
      yield candidate;
    }
  }

  #sort(): void {
    this.#waiting.sort((a, b) => comparePlaces(a, b, this.#tail.order));
  }

  #move(recordedAt: number): void {
    this.#edge = this.#isAscending ? Math.max(this.#edge, recordedAt) : Math.min(this.#edge, recordedAt);
  }

  #isSettled({ recordedAt }: Candidate): boolean {
    return this.#isAscending ? recordedAt < this.#edge - MAX_SKEW_MS : recordedAt > this.#edge + MAX_SKEW_MS;
  }

  #liesBeyond(recordedAt: number): boolean {
    const { from, to } = this.#tail.period;
    return this.#isAscending ? recordedAt - MAX_SKEW_MS >= to : recordedAt + MAX_SKEW_MS < from;
  }
}
