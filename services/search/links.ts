// Holds blocks against the blocks behind them.
import { chainName, parseChainName } from '../../core/chain.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { BlockState, Whole } from './block-state.ts';
import type { BlockFetcher, StoredBlock } from './port.ts';

/** A block of which is not known yet whether the one behind continues it. */
export interface Unlinked {
  readonly chain: number;
  readonly position: number;
  readonly whole: Whole;
}

/**
 * A block's hashes follow from what it says of itself, so that whoever can put an item can make one that verifies. The
 * block behind says what it continued when it was written.
 */
export class Links {
  readonly #fetcher: BlockFetcher;
  readonly #tenant: string;
  /** Blocks that the one behind continues, or that have none behind. */
  readonly #linked = new Set<string>();
  readonly #ends = new Set<string>();

  constructor({ fetcher, tenant }: { readonly fetcher: BlockFetcher; readonly tenant: string }) {
    this.#fetcher = fetcher;
    this.#tenant = tenant;
  }

  endsAt(chain: number, position: number): void {
    this.#ends.add(keyOf(chain, position));
  }

  /** Those that the block behind contradicts. `known` tells of blocks that were read, `stateOf` what another is worth. */
  async unlinked(
    blocks: readonly Unlinked[],
    known: (chain: number, position: number) => BlockState | undefined,
    stateOf: (stored: StoredBlock) => BlockState,
  ): Promise<readonly Unlinked[]> {
    const open = blocks.filter(({ chain, position }) => !this.#linked.has(keyOf(chain, position)));
    const behind = new Map<string, BlockState | undefined>();
    const unknown: Unlinked[] = [];
    for (const one of open) {
      const [chain, position] = [one.chain, endOf(one.whole)];
      const state = known(chain, position);
      if (state !== undefined) behind.set(keyOf(chain, position), state);
      else if (!this.#ends.has(keyOf(chain, position))) unknown.push(one);
    }
    for (const stored of await this.#contradicting(unknown)) {
      behind.set(keyOf(parseChainName(stored.chain).chain, stored.position), stateOf(stored));
    }
    return open.filter(({ chain, position, whole }) => {
      const next = behind.get(keyOf(chain, endOf(whole)));
      // One that does not verify itself says nothing of another.
      const isLinked = next?.kind !== 'whole' || equalBytes(next.previousLink, whole.link);
      if (isLinked) this.#linked.add(keyOf(chain, position));
      return !isLinked;
    });
  }

  /** Of the blocks behind, whole, those alone that say something else: mostly none. */
  async #contradicting(blocks: readonly Unlinked[]): Promise<readonly StoredBlock[]> {
    if (blocks.length === 0) return [];
    const links = new Map(blocks.map(({ chain, whole }) => [this.#placeKey(chain, endOf(whole)), whole.link]));
    const places = blocks.map(({ chain, whole }) => this.#place(chain, endOf(whole)));
    const contradicting = (await this.#fetcher.links(places)).filter(({ chain, position, previousLink }) => {
      const link = links.get(`${chain}/${position}`);
      return previousLink !== undefined && (link === undefined || !equalBytes(previousLink, link));
    });
    if (contradicting.length === 0) return [];
    return this.#fetcher.blocks(contradicting.map(({ chain, position }) => ({ chain, position })));
  }

  #place(chain: number, position: number) {
    return { chain: chainName(this.#tenant, chain), position };
  }

  #placeKey(chain: number, position: number): string {
    return `${chainName(this.#tenant, chain)}/${position}`;
  }
}

const endOf = ({ position, count }: Whole): number => position + count;
const keyOf = (chain: number, position: number): string => `${chain}/${position}`;
