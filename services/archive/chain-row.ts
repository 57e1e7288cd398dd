// The row of a chain in the table of chains: how far the chain is archived.
import { genesisLink } from '../../core/chain.ts';
import { HASH_BYTES } from '../../core/crypto.ts';
import { MAX_BLOCK_ENTRIES } from '../../core/limits.ts';
import { WRITE_ATTEMPTS } from '../object-lock/put-locked.ts';
import type { ChainState, Chains, StoredChain } from './port.ts';

/** Nothing archived: the state of a chain that has no row, be it new or lost. */
function emptyState(chain: string): ChainState {
  return { through: 0, ahead: {}, position: 0, count: 0, link: genesisLink(chain) };
}

/** Whether a row can be what the archive wrote: its newest block ends where everything is archived. */
function isWhole({ through, position, count, link }: ChainState): boolean {
  return (
    [through, position, count].every((number) => Number.isSafeInteger(number) && number >= 0) &&
    position + count === through &&
    count >= 1 &&
    count <= MAX_BLOCK_ENTRIES &&
    link.length === HASH_BYTES
  );
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

/** Every row of the category below it is said to be in a segment. */
export function frontierOf(state: ChainState, category: string): number {
  return Math.max(state.through, state.ahead[category] ?? 0);
}

/** The row of this chain changed under every attempt to advance it. */
class ChainRowContention extends Error {
  override readonly name = 'ChainRowContention';
  readonly code = 'contention';
}

/** A chain's row as this invocation knows it: a hint, and never a reason to leave out what is not looked up. */
export class ChainRow {
  readonly #chains: Chains;
  readonly #chain: string;
  #state: ChainState;
  #version: number;
  /** As it was when it was opened; undefined when there was none. */
  readonly read: StoredChain | undefined;
  #isDamaged: boolean;

  private constructor(chains: Chains, chain: string, row: StoredChain | undefined) {
    this.#chains = chains;
    this.#chain = chain;
    this.read = row;
    this.#state = wholeState(row) ?? emptyState(chain);
    this.#version = row?.version ?? 0;
    this.#isDamaged = row !== undefined && wholeState(row) === undefined;
  }

  static async open(chains: Chains, chain: string): Promise<ChainRow> {
    return new ChainRow(chains, chain, await chains.read(chain));
  }

  get state(): ChainState {
    return this.#state;
  }

  /** What was read has not the form of what the archive writes, and nothing of it is used. */
  get isDamaged(): boolean {
    return this.#isDamaged;
  }

  /** Forgets what the row said, after it was found to be untrue; the next advance writes what is known instead. */
  discard(): void {
    this.#state = emptyState(this.#chain);
    this.#isDamaged = false;
  }

  /** The same of one category that was said to be archived further than the rest. */
  discardAhead(category: string): void {
    const { [category]: _, ...ahead } = this.#state.ahead;
    this.#state = { ...this.#state, ahead };
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
      this.#state = mergeStates(wholeState(row) ?? emptyState(this.#chain), this.#state);
      this.#version = row?.version ?? 0;
    }
    throw new ChainRowContention(`${this.#chain}: the row changed at each of ${WRITE_ATTEMPTS} attempts`);
  }
}

function wholeState(row: StoredChain | undefined): ChainState | undefined {
  return row?.state !== undefined && isWhole(row.state) ? row.state : undefined;
}
