import type { Head } from './port.ts';

/**
 * What a writer believes of a chain's end may be this old, and a quarter of the hot window at most. A believed end can
 * be behind: then the write at that position is refused, because a block is there. That only holds while the block is
 * there, so belief has to end long before a block can expire.
 */
const MAX_AGE_MS = 60_000;
const HOT_WINDOW_SHARE = 4;

/** Chains that one process remembers; each costs some hundred bytes, forgetting one costs a read. */
const CAPACITY = 10_000;

export interface Belief {
  readonly head: Head;
  readonly since: number;
}

/** The ends of chains as last seen, by chain name. */
export class Heads {
  readonly #beliefs = new Map<string, Belief>();
  readonly #asked = new Map<string, Promise<Belief>>();
  readonly #maxAgeMs: number;
  readonly #now: () => number;

  constructor(hotWindowMs: number, now: () => number) {
    this.#maxAgeMs = Math.min(MAX_AGE_MS, hotWindowMs / HOT_WINDOW_SHARE);
    this.#now = now;
  }

  /** Undefined when unknown or too old. A clock that went backwards makes everything too old. */
  get(chain: string): Belief | undefined {
    const belief = this.#beliefs.get(chain);
    if (belief === undefined) return undefined;
    if (this.isFresh(belief.since)) return belief;
    this.#beliefs.delete(chain);
    return undefined;
  }

  isFresh(since: number): boolean {
    const age = this.#now() - since;
    return age >= 0 && age < this.#maxAgeMs;
  }

  /** `since` is when the request was sent whose answer this is: it was the end then or later. */
  learn(chain: string, head: Head, since: number): void {
    this.#beliefs.delete(chain);
    this.#beliefs.set(chain, { head, since });
    if (this.#beliefs.size <= CAPACITY) return;
    for (const oldest of this.#beliefs.keys()) {
      this.#beliefs.delete(oldest);
      return;
    }
  }

  /** What is believed, or else what `read` says, which is asked once for all that wait for it. Throws what it throws. */
  async find(chain: string, read: () => Promise<Head>): Promise<Belief> {
    return this.get(chain) ?? this.#asked.get(chain) ?? this.#ask(chain, read);
  }

  #ask(chain: string, read: () => Promise<Head>): Promise<Belief> {
    const since = this.#now();
    const asked = read()
      .then((head) => {
        // A write that was under way meanwhile knows better.
        const known = this.get(chain);
        if (known !== undefined && known.head.next >= head.next) return known;
        this.learn(chain, head, since);
        return { head, since };
      })
      .finally(() => this.#asked.delete(chain));
    this.#asked.set(chain, asked);
    return asked;
  }

  forget(chain: string): void {
    this.#beliefs.delete(chain);
  }
}
