// Remembers chains whose ends are not intact, so that they are not read again at every append.
import type { ChainNotIntact } from './errors.ts';

/** A chain is looked at again after this long: whoever repairs it need not restart every writer. */
const REMEMBERED_MS = 300_000;

/** Chains that one process remembers; forgetting one costs a read and another report. */
const CAPACITY = 10_000;

export class DamagedChains {
  readonly #since = new Map<string, number>();
  readonly #now: () => number;
  readonly #onDamaged: (error: ChainNotIntact) => void;

  constructor(now: () => number, onDamaged: (error: ChainNotIntact) => void) {
    this.#now = now;
    this.#onDamaged = onDamaged;
  }

  has(chain: string): boolean {
    const since = this.#since.get(chain);
    if (since === undefined) return false;
    const age = this.#now() - since;
    if (age >= 0 && age < REMEMBERED_MS) return true;
    this.#since.delete(chain);
    return false;
  }

  add(error: ChainNotIntact): void {
    this.#since.delete(error.chain);
    this.#since.set(error.chain, this.#now());
    this.#onDamaged(error);
    if (this.#since.size <= CAPACITY) return;
    for (const oldest of this.#since.keys()) {
      this.#since.delete(oldest);
      return;
    }
  }
}
