// Fetches and verifies the blocks of one search.
import type { Block, Compression } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import { chainName, parseChainName } from '../../core/chain.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { GapReason } from '../../core/gap/gap.ts';
import { EntryRules } from '../../core/verify/entry-rules.ts';
import type { BlockState, InBlock, Row, Whole } from './block-state.ts';
import type { DecodedBlocks } from './decoded.ts';
import type { Gaps } from './gaps.ts';
import { Links, type Unlinked } from './links.ts';
import type { ArchivedEntry, BlockFetcher, Recovery, StoredBlock } from './port.ts';

/** Decoded blocks of one search that are kept: neighbours in the order are often neighbours in a block. */
const MOST_KEPT_BYTES = 64_000_000;

export interface BlocksOptions {
  readonly fetcher: BlockFetcher;
  readonly recovery: Recovery;
  readonly compression: Compression;
  readonly tenant: string;
  /** Epoch milliseconds: blocks whose entries were recorded before may have left. */
  readonly hotFrom: number;
  readonly gaps: Gaps;
  readonly decoded: DecodedBlocks;
}

/**
 * The blocks of one search: fetched once, and verified before anything of them is believed. What does not verify, does not
 * continue into the block behind it, or is gone before its time is looked for in the archive; what is not there either is
 * a gap.
 */
export class Blocks {
  readonly #options: BlocksOptions;
  readonly #rules: EntryRules;
  readonly #links: Links;
  readonly #kept = new Map<string, BlockState>();
  #keptBytes = 0;
  /** By chain and position; undefined where the archive had nothing. */
  readonly #recovered = new Map<string, Row | undefined>();

  constructor(options: BlocksOptions) {
    this.#options = options;
    this.#rules = new EntryRules(options.tenant);
    this.#links = new Links(options);
  }

  /** What an item of the tenant's chain is worth, as far as itself tells. */
  stateOf({ block, chain: name, position }: StoredBlock): BlockState {
    const state = this.#decode(block);
    this.#keep(keyOf(parseChainName(name).chain, position), state);
    return state;
  }

  /** The last block of the chain, by its name, which was read to its end. */
  endsAt(chain: string, { position, count }: Pick<Whole, 'position' | 'count'>): void {
    this.#links.endsAt(parseChainName(chain).chain, position, position + count);
  }

  /**
   * Of each candidate what is recorded there, from the ledger or the archive; undefined of those that have left the hot
   * window, and of gaps. Throws StoreUnavailable.
   */
  async of(candidates: readonly InBlock[]): Promise<(Row | undefined)[]> {
    const open = candidates.filter((candidate) => !this.#isRecovered(candidate));
    const states = await this.#statesOf(open);
    const lost = new Map<string, { chain: number; reason: GapReason; positions: number[] }>();
    for (const candidate of open) {
      const { chain, position } = candidate;
      const reason = this.#reason(candidate, states.of(candidate));
      if (reason === undefined) continue;
      const key = `${chain} ${reason}`;
      const group = lost.get(key) ?? { chain, reason, positions: [] };
      lost.set(key, group);
      group.positions.push(position);
    }
    for (const { chain, reason, positions } of lost.values()) await this.recover(chain, positions, reason);
    return candidates.map((candidate) => {
      if (this.#isRecovered(candidate)) return this.#recovered.get(keyOf(candidate.chain, candidate.position));
      const state = states.of(candidate);
      return state?.kind === 'whole' ? rowOf(state, candidate.position) : undefined;
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
      const entry = found.get(position);
      this.#recovered.set(keyOf(chain, position), entry && { ...entry, recordedAt: this.#recordedAt(entry) });
      gaps.add(chain, [position], reason, entry !== undefined);
    }
    return found;
  }

  #recordedAt({ bytes }: ArchivedEntry): number {
    return this.#rules.check(bytes) === undefined ? this.#rules.recordedAt : Number.NaN;
  }

  #isRecovered({ chain, position }: InBlock): boolean {
    return this.#recovered.size > 0 && this.#recovered.has(keyOf(chain, position));
  }

  #reason({ recordedAt, position }: InBlock, state: BlockState | undefined): GapReason | undefined {
    if (state === undefined) return recordedAt < this.#options.hotFrom ? undefined : 'missing';
    if (state.kind === 'lost') return state.reason;
    return position < state.position + state.count ? undefined : 'altered';
  }

  /** Of the candidates' blocks; those that are not there are left out. */
  async #statesOf(candidates: readonly InBlock[]): Promise<States> {
    const states = new States();
    const wanted: { chain: string; position: number }[] = [];
    for (const { chain, block } of distinct(candidates)) {
      const known = this.#kept.get(keyOf(chain, block));
      if (known !== undefined) states.set(chain, block, known);
      else wanted.push({ chain: chainName(this.#options.tenant, chain), position: block });
    }
    if (wanted.length > 0) {
      for (const stored of await this.#options.fetcher.blocks(wanted)) {
        states.set(parseChainName(stored.chain).chain, stored.position, this.stateOf(stored));
      }
    }
    await this.#leaveOutUnlinked(states);
    return states;
  }

  /** What is found to be unlinked makes the block before it doubtful. */
  async #leaveOutUnlinked(states: States): Promise<void> {
    const known = (chain: number, position: number) =>
      states.at(chain, position) ?? this.#kept.get(keyOf(chain, position));
    for (;;) {
      const { unlinked, doubtful } = await this.#links.check(states.whole(), known, (one) => this.stateOf(one));
      const contradicted = await Promise.all(doubtful.map((one) => this.#isContradicted(one)));
      for (const [i, one] of doubtful.entries()) if (!contradicted[i]) this.#links.vouch(one);
      const lost = [...unlinked, ...doubtful.filter((_, i) => contradicted[i])];
      for (const { chain, position } of lost) {
        states.set(chain, position, UNLINKED);
        this.refuse(chain, position);
      }
      if (lost.length === 0) return;
    }
  }

  /** What begins there is not to be believed. */
  refuse(chain: number, position: number): void {
    this.#keep(keyOf(chain, position), UNLINKED);
  }

  /** Whether the archive says something else of a block that verifies. Throws StoreUnavailable. */
  async isContradicted(chain: number, position: number): Promise<boolean> {
    const kept = this.#kept.get(keyOf(chain, position));
    const [stored] =
      kept === undefined
        ? await this.#options.fetcher.blocks([{ chain: chainName(this.#options.tenant, chain), position }])
        : [];
    const state = kept ?? (stored && this.stateOf(stored));
    if (state?.kind !== 'whole') return true;
    return this.#isContradicted({ chain, position, whole: state });
  }

  /** Where the archive says nothing, nobody knows better. */
  async #isContradicted({ chain, position, whole }: Unlinked): Promise<boolean> {
    const { recovery, tenant } = this.#options;
    const { entries } = whole.checked.decoded;
    const archived = await recovery.entries(
      tenant,
      chain,
      entries.map((_, i) => position + i),
    );
    return [...archived].some(([at, { bytes }]) => !equalBytes(bytes, entries[at - position]!));
  }

  #decode(block: Block | undefined): BlockState {
    if (block === undefined) return { kind: 'lost', reason: 'altered' };
    try {
      const checked = this.#options.decoded.of(block, this.#options.compression);
      const { position, count, previousLink, link } = block;
      return { kind: 'whole', position, count, previousLink, link, checked };
    } catch (error) {
      if (error instanceof BlockError) return { kind: 'lost', reason: 'altered' };
      throw error;
    }
  }

  #keep(key: string, state: BlockState): void {
    this.#keptBytes += sizeOf(state) - sizeOf(this.#kept.get(key));
    this.#kept.delete(key);
    this.#kept.set(key, state);
    for (const [oldest, one] of this.#kept) {
      if (this.#keptBytes <= MOST_KEPT_BYTES || oldest === key) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= sizeOf(one);
    }
  }
}

const UNLINKED: BlockState = { kind: 'lost', reason: 'unlinked' };

/** States of some blocks, asked for by candidates: one after the other they are mostly of the same block. */
class States {
  readonly #states = new Map<string, { readonly chain: number; readonly state: BlockState }>();
  #last: { readonly chain: number; readonly block: number; readonly state: BlockState | undefined } | undefined;

  set(chain: number, position: number, state: BlockState): void {
    this.#states.set(keyOf(chain, position), { chain, state });
    this.#last = undefined;
  }

  at(chain: number, position: number): BlockState | undefined {
    return this.#states.get(keyOf(chain, position))?.state;
  }

  of({ chain, block }: InBlock): BlockState | undefined {
    if (this.#last?.chain !== chain || this.#last.block !== block) {
      this.#last = { chain, block, state: this.at(chain, block) };
    }
    return this.#last.state;
  }

  whole(): Unlinked[] {
    return [...this.#states.values()].flatMap(({ chain, state }) =>
      state.kind === 'whole' ? [{ chain, position: state.position, whole: state }] : [],
    );
  }
}

function distinct(candidates: readonly InBlock[]): InBlock[] {
  const seen = new Set<string>();
  let last: InBlock | undefined;
  return candidates.filter((candidate) => {
    if (last?.chain === candidate.chain && last.block === candidate.block) return false;
    last = candidate;
    const key = keyOf(candidate.chain, candidate.block);
    return seen.has(key) ? false : seen.add(key);
  });
}

function rowOf({ position: first, checked }: Whole, position: number): Row | undefined {
  const at = position - first;
  const bytes = checked.decoded.entries[at];
  if (bytes === undefined) return undefined;
  const { leafHashes, links } = checked.decoded;
  return { bytes, leafHash: leafHashes[at]!, link: links[at]!, recordedAt: checked.recordedAt(at) };
}

const sizeOf = (state: BlockState | undefined): number => (state?.kind === 'whole' ? state.checked.size : 0);

const keyOf = (chain: number, position: number): string => `${chain}/${position}`;
