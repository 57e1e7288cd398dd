// Which tallies count a chain's positions once.
import type { Tally } from '../../core/index/tally.ts';
import type { ChainTally, TalliedChain } from './port.ts';

/** The tallies of a tenant as of one look at its chains. */
export class Covered {
  /** False: two count the same positions. Chains that were indexed twice, from different beginnings, may have such. */
  readonly isSound: boolean;
  readonly all: readonly ChainTally[];
  readonly #byChain = new Map<number, Tally[]>();

  /** `chains` have to be read before `stored`: what ended meanwhile is still counted as going on. */
  constructor(chains: readonly TalliedChain[], stored: readonly ChainTally[]) {
    const open = new Map(chains.map(({ chain, tally }) => [chain, tally]));
    const ended = stored.filter(({ chain, tally }) => tally.end <= (open.get(chain)?.first ?? 0));
    const going = chains.flatMap(({ chain, tally }) => (tally === undefined ? [] : [{ chain, tally }]));
    this.all = [...ended, ...going];
    for (const { chain, tally } of this.all) {
      const own = this.#byChain.get(chain) ?? [];
      this.#byChain.set(chain, own);
      own.push(tally);
    }
    for (const own of this.#byChain.values()) own.sort((a, b) => a.end - b.end || a.first - b.first);
    this.isSound = [...this.#byChain.values()].every(isDisjoint);
  }

  /** The tally that counts a position; undefined where none that was read does. */
  at(chain: number, position: number): Tally | undefined {
    const own = this.#byChain.get(chain) ?? [];
    let [low, high] = [0, own.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (own[middle]!.end <= position) low = middle + 1;
      else high = middle;
    }
    const found = own[low];
    return found !== undefined && found.first <= position ? found : undefined;
  }
}

/** Of one stretch there may be several, with the cells of different hours. */
function isDisjoint(tallies: readonly Tally[]): boolean {
  return tallies.every((one, i) => {
    const before = tallies[i - 1];
    return before === undefined || before.end <= one.first || (before.first === one.first && before.end === one.end);
  });
}
