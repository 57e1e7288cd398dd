// The ends of chains, as this process has last seen them.
import type { Head } from './port.ts';

/**
 * A chain's end is taken from the cache while it is at most this old, and a quarter of the hot window. A cached end can
 * be behind: then the write at that position is refused, because a block is there. That only holds while the block is
 * there, so what is cached has to be dropped long before a block can expire.
 */
const MAX_AGE_MS = 60_000;
const HOT_WINDOW_SHARE = 4;

/** Chains that one process remembers; each costs some hundred bytes, forgetting one costs a read. */
const CAPACITY = 10_000;

export interface CachedHead {
  readonly head: Head;
  readonly since: number;
}

/** The ends of chains as last seen, by chain name. */
export class HeadCache {
  readonly #heads = new Map<string, CachedHead>();
  readonly #asked = new Map<string, Promise<CachedHead>>();
  readonly #maxAgeMs: number;
  readonly #now: () => number;

  constructor(hotWindowMs: number, now: () => number) {
    this.#maxAgeMs = Math.min(MAX_AGE_MS, hotWindowMs / HOT_WINDOW_SHARE);
    this.#now = now;
  }

  /** Undefined when unknown or too old. A clock that went backwards makes everything too old. */
  get(chain: string): CachedHead | undefined {
    const cached = this.#heads.get(chain);
    if (cached === undefined) return undefined;
    if (this.isFresh(cached.since)) return cached;
    this.#heads.delete(chain);
    return undefined;
  }

  isFresh(since: number): boolean {
    const age = this.#now() - since;
    return age >= 0 && age < this.#maxAgeMs;
  }

  /** `since` is when the request was sent whose answer this is: it was the end then or later. */
  learn(chain: string, head: Head, since: number): void {
    this.#heads.delete(chain);
    this.#heads.set(chain, { head, since });
    if (this.#heads.size <= CAPACITY) return;
    for (const oldest of this.#heads.keys()) {
      this.#heads.delete(oldest);
      return;
    }
  }

  /** What is cached, or else what `read` says, which is asked once for all that wait for it. Throws what it throws. */
  async find(chain: string, read: () => Promise<Head>): Promise<CachedHead> {
    return this.get(chain) ?? this.#asked.get(chain) ?? this.#ask(chain, read);
  }

  #ask(chain: string, read: () => Promise<Head>): Promise<CachedHead> {
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
    this.#heads.delete(chain);
  }
}
