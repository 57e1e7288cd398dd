// Which chains a tenant has, and how far each is indexed.
import { chainName, MAX_CHAINS } from '../../core/chain.ts';
import type { BlockFetcher, IndexedChain, PostingsReader } from './port.ts';

/** How long a process takes it that a chain which was not there is still not there. */
const REMEMBER_MS = 10_000;
const TENANTS_REMEMBERED = 1_000;

/**
 * Every chain of a tenant, with how far it is indexed. The index knows a chain from its first run on; before that, only the
 * ledger does. Writers begin further chains at random, in a burst: so each that the index doesn't know is looked for by its
 * first block, all in one request, and every ten seconds at most. An entry of a chain that is younger may be found that
 * much later than it was acknowledged; those of the first chain, where all writers begin, are found at once.
 */
export class Chains {
  readonly #index: PostingsReader;
  readonly #fetcher: BlockFetcher;
  readonly #now: () => number;
  readonly #begun = new Map<string, { readonly at: number; readonly chains: readonly number[] }>();

  constructor(index: PostingsReader, fetcher: BlockFetcher, now: () => number) {
    this.#index = index;
    this.#fetcher = fetcher;
    this.#now = now;
  }

  async of(tenant: string): Promise<readonly IndexedChain[]> {
    const [indexed, begun] = await Promise.all([this.#index.indexed(tenant), this.#unindexed(tenant)]);
    const known = new Set(indexed.map(({ chain }) => chain));
    return [...indexed, ...begun.filter((chain) => !known.has(chain)).map((chain) => ({ chain, through: 0 }))];
  }

  async #unindexed(tenant: string): Promise<readonly number[]> {
    const remembered = this.#begun.get(tenant);
    const at = this.#now();
    if (remembered !== undefined && at - remembered.at < REMEMBER_MS) return remembered.chains;
    const all = Array.from({ length: MAX_CHAINS }, (_, chain) => chain);
    const first = await this.#fetcher.links(all.map((chain) => ({ chain: chainName(tenant, chain), position: 0 })));
    const there = new Set(first.map(({ chain }) => chain));
    // The first chain is always looked at, so that the first entry of a tenant is found at once.
    const chains = all.filter((chain) => chain === 0 || there.has(chainName(tenant, chain)));
    if (this.#begun.size >= TENANTS_REMEMBERED) this.#begun.clear();
    this.#begun.set(tenant, { at, chains });
    return chains;
  }
}
