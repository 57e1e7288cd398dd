// Fetches and verifies the blocks of one search.
import type { Block, Compression } from '../../core/block/block.ts';
import { type DecodedBlock, decodeBlock } from '../../core/block/codec.ts';
import { BlockError } from '../../core/block/error.ts';
import { chainName, parseChainName } from '../../core/chain.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { GapReason } from '../../core/gap/gap.ts';
import type { Gaps } from './gaps.ts';
import type { ArchivedEntry, BlockFetcher, EntryPlace, Recovery, StoredBlock } from './port.ts';

/** Decoded blocks of one search that are kept: neighbours in the order are often neighbours in a block. */
const KEPT = 256;

/** Where a posting says that an entry is. */
export interface InBlock extends EntryPlace {
  readonly block: number;
}

export interface BlocksOptions {
  readonly fetcher: BlockFetcher;
  readonly recovery: Recovery;
  readonly compression: Compression;
  readonly tenant: string;
  /** Epoch milliseconds: blocks whose entries were recorded before may have left. */
  readonly hotFrom: number;
  readonly gaps: Gaps;
}

/** A block whose hashes follow from its entries. */
export interface Whole extends Pick<Block, 'position' | 'count' | 'previousLink' | 'link'> {
  readonly kind: 'whole';
  readonly decoded: DecodedBlock;
}

export type BlockState = Whole | { readonly kind: 'lost'; readonly reason: GapReason };

/**
 * The blocks of one search: fetched once, and verified before anything of them is believed. What does not verify, does not
 * continue into the block behind it, or is gone before its time is looked for in the archive; what is not there either is
 * a gap.
 */
export class Blocks {
  readonly #options: BlocksOptions;
  readonly #kept = new Map<string, BlockState>();
  /** Blocks that the one behind continues, or that have none behind. */
  readonly #linked = new Set<string>();
  /** By chain and position; undefined where the archive had nothing. */
  readonly #recovered = new Map<string, ArchivedEntry | undefined>();

  constructor(options: BlocksOptions) {
    this.#options = options;
  }

  /** What an item of the tenant's chain is worth, as far as itself tells. */
  stateOf({ block, chain: name, position }: StoredBlock): BlockState {
    const state = this.#decode(block);
    this.#keep(keyOf(parseChainName(name).chain, position), state);
    return state;
  }

  /**
   * Of each candidate what is recorded there, from the ledger or the archive; undefined of those that have left the hot
   * window, and of gaps. Throws StoreUnavailable.
   */
  async of(candidates: readonly InBlock[]): Promise<(ArchivedEntry | undefined)[]> {
    const isOpen = ({ chain, position }: InBlock) => !this.#recovered.has(keyOf(chain, position));
    const states = await this.#statesOf(candidates.filter(isOpen));
    const lost = new Map<string, { chain: number; reason: GapReason; positions: number[] }>();
    for (const candidate of candidates.filter(isOpen)) {
      const { chain, position } = candidate;
      const reason = this.#reason(candidate, states.get(keyOf(chain, candidate.block)));
      if (reason === undefined) continue;
      const key = `${chain} ${reason}`;
      const group = lost.get(key) ?? { chain, reason, positions: [] };
      lost.set(key, group);
      group.positions.push(position);
    }
    for (const { chain, reason, positions } of lost.values()) await this.recover(chain, positions, reason);
    return candidates.map(({ chain, position, block }) => {
      if (this.#recovered.has(keyOf(chain, position))) return this.#recovered.get(keyOf(chain, position));
      const state = states.get(keyOf(chain, block));
      return state?.kind === 'whole' ? entryOf(state, position) : undefined;
    });
  }

  /** Looks for lost positions in the archive, and notes each as a gap, with whether it was found. */
  async recover(
    chain: number,
    positions: readonly number[],
    reason: GapReason,
  ): Promise<ReadonlyMap<number, ArchivedEntry>> {
    const { recovery, tenant, gaps } = this.#options;
    const wanted = [...new Set(positions)].sort((a, b) => a - b);
    const found = await recovery.entries(tenant, chain, wanted);
    for (const position of wanted) {
      this.#recovered.set(keyOf(chain, position), found.get(position));
      gaps.add(chain, [position], reason, found.has(position));
    }
    return found;
  }

  #reason({ recordedAt, position }: InBlock, state: BlockState | undefined): GapReason | undefined {
    if (state === undefined) return recordedAt < this.#options.hotFrom ? undefined : 'missing';
    if (state.kind === 'lost') return state.reason;
    return position < state.position + state.count ? undefined : 'altered';
  }

  /** By chain and position of the block; those that are not there are left out. */
  async #statesOf(candidates: readonly InBlock[]): Promise<Map<string, BlockState>> {
    const states = new Map<string, BlockState>();
    const wanted = new Map<string, { chain: string; position: number }>();
    for (const { chain, block } of candidates) {
      const known = this.#kept.get(keyOf(chain, block));
      if (known !== undefined) states.set(keyOf(chain, block), known);
      else wanted.set(keyOf(chain, block), { chain: chainName(this.#options.tenant, chain), position: block });
    }
    for (const stored of await this.#fetch([...wanted.values()])) {
      states.set(keyOf(parseChainName(stored.chain).chain, stored.position), this.stateOf(stored));
    }
    await this.#link(states);
    return states;
  }

  /**
   * A block's hashes follow from what it says of itself, so that whoever can put an item can make one that verifies. The
   * block behind says what it continued when it was written.
   */
  async #link(states: Map<string, BlockState>): Promise<void> {
    const { tenant } = this.#options;
    const unlinked = [...states].filter(
      (one): one is [string, Whole] => one[1].kind === 'whole' && !this.#linked.has(one[0]),
    );
    const behind = ([key, { position, count }]: [string, Whole]) => keyOf(chainOf(key), position + count);
    const unknown = unlinked.filter((one) => !states.has(behind(one)) && !this.#kept.has(behind(one)));
    const fetched = new Map<string, StoredBlock>();
    const places = unknown.map(([key, { position, count }]) => ({
      ...{ chain: chainName(tenant, chainOf(key)), position: position + count },
    }));
    for (const stored of await this.#fetch(places)) {
      fetched.set(keyOf(parseChainName(stored.chain).chain, stored.position), stored);
    }
    for (const one of unlinked) {
      const [key, whole] = one;
      const next =
        states.get(behind(one)) ?? this.#kept.get(behind(one)) ?? this.#stateBy(fetched.get(behind(one)), whole);
      if (next?.kind === 'whole' && !equalBytes(next.previousLink, whole.link)) {
        const state: BlockState = { kind: 'lost', reason: 'unlinked' };
        states.set(key, state);
        this.#keep(key, state);
      } else this.#linked.add(key);
    }
  }

  /** Unpacked only where it contradicts: a block that does not verify itself says nothing of another. */
  #stateBy(next: StoredBlock | undefined, { link }: Whole): BlockState | undefined {
    if (next?.block === undefined || equalBytes(next.block.previousLink, link)) return undefined;
    return this.stateOf(next);
  }

  #fetch(places: readonly { chain: string; position: number }[]): Promise<readonly StoredBlock[]> {
    return places.length === 0 ? Promise.resolve([]) : this.#options.fetcher.blocks(places);
  }

  #decode(block: Block | undefined): BlockState {
    if (block === undefined) return { kind: 'lost', reason: 'altered' };
    try {
      const decoded = decodeBlock(block, this.#options.compression);
      const { position, count, previousLink, link } = block;
      return { kind: 'whole', position, count, previousLink, link, decoded };
    } catch (error) {
      if (error instanceof BlockError) return { kind: 'lost', reason: 'altered' };
      throw error;
    }
  }

  #keep(key: string, state: BlockState): void {
    this.#kept.delete(key);
    this.#kept.set(key, state);
    if (this.#kept.size <= KEPT) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      return;
    }
  }
}

function entryOf({ position: first, decoded }: Whole, position: number): ArchivedEntry | undefined {
  const bytes = decoded.entries[position - first];
  if (bytes === undefined) return undefined;
  return { bytes, leafHash: decoded.leafHashes[position - first]!, link: decoded.links[position - first]! };
}

const keyOf = (chain: number, position: number): string => `${chain}/${position}`;
const chainOf = (key: string): number => Number(key.slice(0, key.indexOf('/')));
