// Ports for searches over blocks in memory.
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { FACETS } from '../../names/index.ts';
import type { BlockReader } from '../../services/append/port.ts';
import type { HistogramPorts } from '../../services/histogram/port.ts';
import { Chains } from '../../services/search/chains.ts';
import {
  type BlockFetcher,
  type BlockPlace,
  type Keeping,
  NO_RECOVERY,
  type Order,
  type StoredBlock,
  type StoredLink,
} from '../../services/search/port.ts';
import { MemoryIndex } from '../fakes/memory-index.ts';
import { DAY_MS } from './sealing.ts';

/** Blocks of a ledger that is read one by one. */
export class FetcherOf implements BlockFetcher {
  readonly #blocks: BlockReader;

  constructor(blocks: BlockReader) {
    this.#blocks = blocks;
  }

  async blocks(places: readonly BlockPlace[]): Promise<readonly StoredBlock[]> {
    // DynamoDB refuses a request that names one of its keys twice.
    const keys = new Set(places.map(({ chain, position }) => `${chain}/${position}`));
    if (keys.size < places.length) throw new Error('a place is named twice');
    const found = await Promise.all(places.map(({ chain, position }) => this.#blocks.blockBefore(chain, position)));
    return found.flatMap((block, i) => (block?.position === places[i]!.position ? [storedOf(block)] : []));
  }

  async links(places: readonly BlockPlace[]): Promise<readonly StoredLink[]> {
    return (await this.blocks(places)).map(linkOf);
  }

  async linkBehind({ chain, position }: BlockPlace): Promise<StoredLink | undefined> {
    for await (const stored of this.from(chain, position + 1, 'asc')) return linkOf(stored);
    return undefined;
  }

  async *from(
    chain: string,
    from: number,
    order: Order,
    below = Number.MAX_SAFE_INTEGER,
  ): AsyncGenerator<StoredBlock, void, undefined> {
    const blocks: Block[] = [];
    let block = await this.#blocks.blockBefore(chain, below - 1);
    for (
      ;
      block !== undefined && block.position >= from;
      block = await this.#blocks.blockBefore(chain, block.position - 1)
    ) {
      blocks.push(block);
      if (block.position === 0) break;
    }
    yield* (order === 'asc' ? blocks.reverse() : blocks).map(storedOf);
  }
}

export const storedOf = (block: Block): StoredBlock => ({ chain: block.chain, position: block.position, block });

export const linkOf = ({ block, chain, position }: StoredBlock): StoredLink => ({
  ...{ chain, position, previousLink: block?.previousLink },
});

/** Nothing ever expires. */
export const KEEPS_ALL: Keeping = { kept: async (_tenant, found) => found, expiredDays: async () => [] };

/** What reading one entry takes. */
export function oneEntryPorts(store: BlockReader, now: () => number) {
  const ports = { store, compression: zstd, recovery: NO_RECOVERY, keeping: KEEPS_ALL };
  return { ...ports, hotWindowMs: 90 * DAY_MS, now };
}

/** A search that finds everything in the ledger itself: nothing is indexed yet. */
export function searchOver(blocks: BlockReader, now: () => number): HistogramPorts {
  const index = new MemoryIndex();
  const fetcher = new FetcherOf(blocks);
  const chains = new Chains(index, fetcher, now);
  return {
    ...{ index, fetcher, chains, compression: zstd, facets: FACETS, hotWindowMs: 90 * DAY_MS, now },
    ...{ recovery: NO_RECOVERY, keeping: KEEPS_ALL },
    ...{ tallies: index, passed: async () => [] },
  };
}
