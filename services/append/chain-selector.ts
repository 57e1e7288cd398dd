// Chooses the chain that a tenant's writer appends to.
import { MAX_CHAINS } from '../../core/chain.ts';
import type { Clock } from './clock.ts';

/** A writer that lost this often in one append leaves the chain to the others. */
const LOSSES_TO_SPILL = 2;

/** Without a loss for this long (and up to twice as long, by chance) it is quiet, and the writer goes home. */
const QUIET_MS = 30_000;

/**
 * Which chain a tenant's writer appends to. One chain is a strict total order, so everybody starts on chain 0 and comes
 * back; only a burst of several writers, or of more than one partition can take, fans out. Where chain 0 is not intact,
 * home is the first chain that is, for every writer alike.
 */
export class ChainSelector {
  readonly #clock: Pick<Clock, 'now' | 'random'>;
  readonly #isDamaged: (chain: number) => boolean;
  /** Undefined at home. */
  #away: number | undefined;
  #homeAt = 0;

  constructor(clock: Pick<Clock, 'now' | 'random'>, isDamaged: (chain: number) => boolean) {
    this.#clock = clock;
    this.#isDamaged = isDamaged;
  }

  /** The chain of the next append; undefined when none is intact. */
  chain(): number | undefined {
    if (this.#away !== undefined && (this.#clock.now() >= this.#homeAt || this.#isDamaged(this.#away))) {
      this.#away = undefined;
    }
    return this.#away ?? this.#home();
  }

  isHome(): boolean {
    this.chain();
    return this.#away === undefined;
  }

  /** A position was lost, this often in this append: `chain()` says where to try next. */
  lost(lossesOfThisAppend: number): void {
    this.#homeAt = this.#clock.now() + QUIET_MS * (1 + this.#clock.random());
    if (lossesOfThisAppend === 0 || lossesOfThisAppend % LOSSES_TO_SPILL !== 0) return;
    const others = MAX_CHAINS - 1;
    const from = this.#away ?? this.#home() ?? 0;
    this.#away = (from + 1 + Math.floor(this.#clock.random() * others)) % MAX_CHAINS;
  }

  #home(): number | undefined {
    for (let chain = 0; chain < MAX_CHAINS; chain++) if (!this.#isDamaged(chain)) return chain;
    return undefined;
  }
}
