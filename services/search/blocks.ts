import type { Block, Compression } from '../../core/block/block.ts';
import { type DecodedBlock, decodeBlock } from '../../core/block/codec.ts';
import { BlockError } from '../../core/block/error.ts';
import { chainName } from '../../core/chain.ts';
import type { BlockFetcher, BlockPlace, Place } from './port.ts';

/** Decoded blocks of one search that are kept: neighbours in the order are often neighbours in a block. */
const KEPT = 256;

/** Where a posting says that an entry is. */
export interface InBlock extends Place {
  readonly block: number;
}

export interface BlocksOptions {
  readonly fetcher: BlockFetcher;
  readonly compression: Compression;
  readonly tenant: string;
  /** Epoch milliseconds: blocks whose entries were recorded before may have left. */
  readonly hotFrom: number;
}

/** The blocks of one search: fetched once, and verified before anything of them is believed. */
export class Blocks {
  readonly #options: BlocksOptions;
  readonly #decoded = new Map<string, DecodedBlock>();

  constructor(options: BlocksOptions) {
    this.#options = options;
  }

  /** Of the tenant's chain. Throws BlockError. */
  decode(block: Block, chain: number): DecodedBlock {
    const decoded = decodeBlock(block, this.#options.compression);
    this.#keep(keyOf(chain, block.position), decoded);
    return decoded;
  }

  /**
   * The block of every candidate; of those that have left the hot window, none. Throws StoreUnavailable, and BlockError for
   * a block that does not verify, or is missing although it can't have left.
   */
  async of(candidates: readonly InBlock[]): Promise<(DecodedBlock | undefined)[]> {
    const found = candidates.map(({ chain, block }) => this.#decoded.get(keyOf(chain, block)));
    const missing = new Map<string, InBlock>();
    for (const [i, candidate] of candidates.entries()) {
      if (found[i] === undefined) missing.set(keyOf(candidate.chain, candidate.block), candidate);
    }
    if (missing.size === 0) return found;
    const { fetcher, tenant } = this.#options;
    const places = [...missing.values()].map(
      ({ chain, block }): BlockPlace => ({ chain: chainName(tenant, chain), position: block }),
    );
    const chains = new Map([...missing.values()].map(({ chain }) => [chainName(tenant, chain), chain]));
    const fetched = new Map<string, DecodedBlock>();
    for (const block of await fetcher.blocks(places)) {
      const chain = chains.get(block.chain)!;
      fetched.set(keyOf(chain, block.position), this.decode(block, chain));
    }
    return candidates.map(
      (candidate, i) => found[i] ?? fetched.get(keyOf(candidate.chain, candidate.block)) ?? this.#gone(candidate),
    );
  }

  #gone({ chain, block, recordedAt }: InBlock): undefined {
    const { tenant, hotFrom } = this.#options;
    if (recordedAt < hotFrom) return undefined;
    const at = { chain: chainName(tenant, chain), position: block };
    throw new BlockError('missing', `block ${at.chain}/${block} is in the index and not in the ledger`, at);
  }

  #keep(key: string, decoded: DecodedBlock): void {
    this.#decoded.set(key, decoded);
    if (this.#decoded.size <= KEPT) return;
    for (const oldest of this.#decoded.keys()) {
      this.#decoded.delete(oldest);
      return;
    }
  }
}

const keyOf = (chain: number, block: number): string => `${chain}/${block}`;
