// Holds blocks against the blocks behind them.
import { chainName, parseChainName } from '../../core/chain.ts';
import { equalBytes, toHex } from '../../core/crypto.ts';
import type { BlockState, Whole } from './block-state.ts';
import type { BlockFetcher, BlockPlace, StoredBlock, StoredLink } from './port.ts';

/** A block of which is not known yet whether the one behind continues it. */
export interface Unlinked {
  readonly chain: number;
  readonly position: number;
  readonly whole: Whole;
}

export interface Checked {
  /** Those that what is behind contradicts. */
  readonly unlinked: readonly Unlinked[];
  /**
   * Those that nothing vouches for: the block behind is not to be believed itself, or is gone before its time, or never was
   * there, since what made up a block made up where it ends.
   */
  readonly doubtful: readonly Unlinked[];
}

export interface LinksOptions {
  readonly fetcher: BlockFetcher;
  readonly tenant: string;
  /** Epoch milliseconds: blocks whose entries were recorded before may have left. */
  readonly hotFrom: number;
}

/**
 * A block's hashes follow from what it says of itself, so that whoever can put an item can make one that verifies. What can't
 * be made is one that the block behind continues: that one says what it continued when it was written. So a block has to end
 * where the next one begins, or be the last.
 */
export class Links {
  readonly #options: LinksOptions;
  /** Blocks that the one behind continues, or that have none behind. */
  readonly #linked = new Set<string>();
  /** By chain and end, where the chain's last block begins. */
  readonly #heads = new Map<string, number>();

  constructor(options: LinksOptions) {
    this.#options = options;
  }

  /** The chain's last block begins at `position`. */
  endsAt(chain: number, position: number, end: number): void {
    this.#heads.set(keyOf(chain, end), position);
  }

  /** What is behind blocks. `known` tells of blocks that were read, `stateOf` what another is worth. */
  async check(
    blocks: readonly Unlinked[],
    known: (chain: number, position: number) => BlockState | undefined,
    stateOf: (stored: StoredBlock) => BlockState,
  ): Promise<Checked> {
    const open = blocks.filter((one) => !this.#linked.has(nameOf(one)) && !this.#isHead(one));
    const behind = new Map<string, BlockState>();
    const unknown: Unlinked[] = [];
    for (const one of open) {
      const state = known(one.chain, endOf(one.whole));
      if (state === undefined) unknown.push(one);
      else behind.set(keyOf(one.chain, endOf(one.whole)), state);
    }
    const links = await this.#linksBehind(unknown);
    for (const stored of await this.#contradicting(unknown, links)) {
      behind.set(keyOf(parseChainName(stored.chain).chain, stored.position), stateOf(stored));
    }
    const { overlapping, beforeHole: doubtful } = await this.#endingNowhere(
      unknown.filter((one) => !links.has(placeKey(this.#endOf(one)))),
    );
    const unlinked = new Map<string, Unlinked>();
    for (const one of open) {
      const next = behind.get(keyOf(one.chain, endOf(one.whole)));
      // One that does not verify itself says nothing of another.
      const isContinued = next?.kind !== 'whole' || equalBytes(next.previousLink, one.whole.link);
      if (overlapping.has(one) || !isContinued) unlinked.set(keyOf(one.chain, one.position), one);
      else if (next?.kind === 'lost' && next.reason === 'unlinked') doubtful.add(one);
      else if (!doubtful.has(one)) this.vouch(one);
    }
    // Nor does one that is contradicted itself.
    const beforeUnlinked = [...unlinked.values()].filter(
      (one) => !overlapping.has(one) && unlinked.has(keyOf(one.chain, endOf(one.whole))),
    );
    for (const one of beforeUnlinked) {
      unlinked.delete(keyOf(one.chain, one.position));
      doubtful.add(one);
    }
    return { unlinked: [...unlinked.values()], doubtful: [...doubtful] };
  }

  /** Nothing speaks against it. */
  vouch(one: Unlinked): void {
    this.#linked.add(nameOf(one));
  }

  #isHead({ chain, position, whole }: Unlinked): boolean {
    return this.#heads.get(keyOf(chain, endOf(whole))) === position;
  }

  /** By place, what is said of what was continued there. */
  async #linksBehind(blocks: readonly Unlinked[]): Promise<ReadonlyMap<string, StoredLink>> {
    const places = new Map(blocks.map((one) => [placeKey(this.#endOf(one)), this.#endOf(one)]));
    if (places.size === 0) return new Map();
    const links = await this.#options.fetcher.links([...places.values()]);
    return new Map(links.map((link) => [placeKey(link), link]));
  }

  /** Of the blocks behind, whole, those alone that say something else than one before: mostly none. */
  async #contradicting(
    blocks: readonly Unlinked[],
    links: ReadonlyMap<string, StoredLink>,
  ): Promise<readonly StoredBlock[]> {
    const contradicting = new Map<string, StoredLink>();
    for (const one of blocks) {
      const link = links.get(placeKey(this.#endOf(one)));
      if (link?.previousLink === undefined || equalBytes(link.previousLink, one.whole.link)) continue;
      contradicting.set(placeKey(link), link);
    }
    if (contradicting.size === 0) return [];
    return this.#options.fetcher.blocks(
      [...contradicting.values()].map(({ chain, position }) => ({ chain, position })),
    );
  }

  /** Of those that end where no block begins, which have another inside of them, and which have one behind a hole. */
  async #endingNowhere(blocks: readonly Unlinked[]) {
    const [overlapping, beforeHole] = [new Set<Unlinked>(), new Set<Unlinked>()];
    const behind = await Promise.all(blocks.map((one) => this.#options.fetcher.linkBehind(this.#startOf(one))));
    for (const [i, one] of blocks.entries()) {
      const next = behind[i];
      if (next === undefined) continue;
      const end = endOf(one.whole);
      // One that begins at the end has come since the first look.
      if (next.position < end || (next.position === end && !isContinued(next, one.whole))) overlapping.add(one);
      else if (next.position > end && !this.#isOld(one.whole)) beforeHole.add(one);
    }
    return { overlapping, beforeHole };
  }

  #isOld({ checked, count }: Whole): boolean {
    return checked.recordedAt(count - 1) < this.#options.hotFrom;
  }

  #startOf({ chain, position }: Unlinked): BlockPlace {
    return { chain: chainName(this.#options.tenant, chain), position };
  }

  #endOf({ chain, whole }: Unlinked): BlockPlace {
    return { chain: chainName(this.#options.tenant, chain), position: endOf(whole) };
  }
}

const isContinued = ({ previousLink }: StoredLink, { link }: Whole): boolean =>
  previousLink === undefined || equalBytes(previousLink, link);

const endOf = ({ position, count }: Whole): number => position + count;
const keyOf = (chain: number, position: number): string => `${chain}/${position}`;
const placeKey = ({ chain, position }: BlockPlace): string => `${chain}/${position}`;
/** A block that was fetched again may have been changed meanwhile. */
const nameOf = ({ chain, position, whole }: Unlinked): string => `${keyOf(chain, position)}/${toHex(whole.link)}`;
