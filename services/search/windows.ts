// Candidates that are looked at together.
import type { Candidate } from './indexed.ts';
import { comparePlaces } from './place.ts';
import type { EntryPlace, Order } from './port.ts';
import type { Stream } from './streams.ts';

/**
 * The first window is a page and one more, where everything matches. A window reaches over so many blocks at most, which are in
 * memory together and are one request. Beyond a thousand they grow with what was looked at, so that one that was read in vain is
 * little of it.
 */
const FIRST_WINDOW = 51;
const LARGE_WINDOW = 1_024;
const MOST_WINDOW = 4_096;
const MOST_BLOCKS = 64;
const SHARE = 1 / 8;

/** How much has to be looked at yet for what is wanted, where what comes matches as often as what was. */
export class Pace {
  readonly #wanted: number;
  #looked = 0;
  #found = 0;
  /** In windows that were handed out and not looked at. */
  #coming = 0;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  /** What is on its way should do. */
  get isEnough(): boolean {
    return this.#left <= 0;
  }

  /** Candidates of the next window, after one of so many. */
  after(size: number): number {
    const most = Math.min(size * 2, Math.max(LARGE_WINDOW, this.#looked * SHARE), MOST_WINDOW);
    return Math.max(FIRST_WINDOW, Math.min(most, this.#left));
  }

  handOut(candidates: number): void {
    this.#coming += candidates;
  }

  note(looked: number, found: number): void {
    this.#coming -= looked;
    this.#looked += looked;
    this.#found += found;
  }

  /** A page is known to be full by one match more. */
  get #left(): number {
    if (this.#found === 0) return Number.POSITIVE_INFINITY;
    return ((this.#wanted + 1 - this.#found) * this.#looked) / this.#found - this.#coming;
  }
}

export async function* inWindows(
  stream: Stream<Candidate>,
  after: EntryPlace | undefined,
  order: Order,
  pace: Pace,
): AsyncGenerator<readonly Candidate[], undefined, undefined> {
  let size = FIRST_WINDOW;
  let window: Candidate[] = [];
  const blocks = new Set<string>();
  let last: Candidate | undefined;
  for await (const candidates of stream) {
    for (const candidate of candidates) {
      if (after !== undefined && comparePlaces(candidate, after, order) <= 0) continue;
      window.push(candidate);
      if (last?.block !== candidate.block || last.chain !== candidate.chain) {
        blocks.add(`${candidate.chain}/${candidate.block}`);
      }
      last = candidate;
      if (window.length < size && blocks.size < MOST_BLOCKS) continue;
      pace.handOut(window.length);
      yield window;
      window = [];
      blocks.clear();
      size = pace.after(size);
    }
  }
  pace.handOut(window.length);
  if (window.length > 0) yield window;
  return undefined;
}
