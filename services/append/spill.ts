import { MAX_CHAINS } from '../../core/chain.ts';
import type { Pace } from './pace.ts';

/** A writer that lost this often in one append leaves the chain to the others. */
const LOSSES_TO_SPILL = 2;

/** Without a loss for this long (and up to twice as long, by chance) it is quiet, and the writer goes home. */
const QUIET_MS = 30_000;

const HOME = 0;

/**
 * Which chain a tenant's writer appends to. One chain is a strict total order, so everybody starts on chain 0 and comes
 * back; only a burst of several writers, or of more than one partition can take, fans out.
 */
export class Spill {
  readonly #pace: Pick<Pace, 'now' | 'random'>;
  #chain = HOME;
  #homeAt = 0;

  constructor(pace: Pick<Pace, 'now' | 'random'>) {
    this.#pace = pace;
  }

  /** The chain of the next append. */
  chain(): number {
    if (this.#chain !== HOME && this.#pace.now() >= this.#homeAt) this.#chain = HOME;
    return this.#chain;
  }

  isHome(): boolean {
    return this.chain() === HOME;
  }

  /** A position was lost, this often in this append: `chain()` says where to try next. */
  lost(lossesOfThisAppend: number): void {
    this.#homeAt = this.#pace.now() + QUIET_MS * (1 + this.#pace.random());
    if (lossesOfThisAppend === 0 || lossesOfThisAppend % LOSSES_TO_SPILL !== 0) return;
    const others = MAX_CHAINS - 1;
    this.#chain = (this.#chain + 1 + Math.floor(this.#pace.random() * others)) % MAX_CHAINS;
  }
}
