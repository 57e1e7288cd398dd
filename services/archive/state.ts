import { genesisLink } from '../../core/chain.ts';
import type { ChainState, Chains } from './port.ts';
import { WRITE_ATTEMPTS } from './witness.ts';

/** Nothing archived: the state of a chain that has no row, be it new or lost. */
function emptyState(chain: string): ChainState {
  return { through: 0, ahead: {}, position: 0, count: 0, link: genesisLink(chain) };
}

/**
 * Both states are facts about the same chain, so that the greater of each part is one too. Two writers that know
 * different parts merge to the same row in any order.
 */
function mergeStates(a: ChainState, b: ChainState): ChainState {
  const newest = b.through > a.through ? b : a;
  const ahead: Record<string, number> = {};
  for (const [category, through] of [...Object.entries(a.ahead), ...Object.entries(b.ahead)]) {
    if (through > newest.through) ahead[category] = Math.max(ahead[category] ?? 0, through);
  }
  return { ...newest, ahead };
}

/** Every row of the category below it is in a segment, and the next one begins a segment or is in none yet. */
export function frontierOf(state: ChainState, category: string): number {
  return Math.max(state.through, state.ahead[category] ?? 0);
}

/** The row of this chain changed under every attempt to advance it. */
class ChainRowContention extends Error {
  override readonly name = 'ChainRowContention';
  readonly code = 'contention';
}

/** A chain's row as this invocation knows it. */
export class ChainRow {
  readonly #chains: Chains;
  readonly #chain: string;
  #state: ChainState;
  #version: number;

  private constructor(chains: Chains, chain: string, state: ChainState, version: number) {
    this.#chains = chains;
    this.#chain = chain;
    this.#state = state;
    this.#version = version;
  }

  static async open(chains: Chains, chain: string): Promise<ChainRow> {
    const row = await chains.read(chain);
    return new ChainRow(chains, chain, row?.state ?? emptyState(chain), row?.version ?? 0);
  }

  get state(): ChainState {
    return this.#state;
  }

  /** Call only when every segment that `facts` speaks of is written. */
  async advance(facts: ChainState): Promise<void> {
    for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
      const merged = mergeStates(this.#state, facts);
      if (await this.#chains.write(this.#chain, merged, this.#version)) {
        this.#state = merged;
        this.#version++;
        return;
      }
      const row = await this.#chains.read(this.#chain);
      this.#state = mergeStates(row?.state ?? emptyState(this.#chain), this.#state);
      this.#version = row?.version ?? 0;
    }
    throw new ChainRowContention(`${this.#chain}: the row changed at each of ${WRITE_ATTEMPTS} attempts`);
  }
}
