// A ledger in memory with its index, for counting entries by time.
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { genesisLink } from '../../core/chain.ts';
import type { Query } from '../../core/query/ast.ts';
import { FACETS, type Facet } from '../../names/index.ts';
import type { BlockReader } from '../../services/append/port.ts';
import { countEntries } from '../../services/histogram/count.ts';
import type { Histogram, HistogramBy, HistogramPorts, PassedDays } from '../../services/histogram/port.ts';
import { IndexSummary, indexChain } from '../../services/index/chain.ts';
import { type ReindexPorts, reindexShard } from '../../services/index/reindex.ts';
import { Chains } from '../../services/search/chains.ts';
import { Gaps } from '../../services/search/gaps.ts';
import { type Found, type Keeping, NO_RECOVERY, type Recovery } from '../../services/search/port.ts';
import { type SearchPorts, searchHot } from '../../services/search/search.ts';
import { MemoryIndex } from '../fakes/memory-index.ts';
import { MemoryWalk } from '../fakes/memory-walk.ts';
import { FOREVER } from './indexing.ts';
import { blockAtPlace, type SampleEntry, sampleBytes } from './ledger-stream.ts';
import { FetcherOf, KEEPS_ALL } from './searching.ts';

const COUNTED_FACETS: readonly Facet[] = ['actor', 'target', 'action', 'category', 'severity'];
const HOT_DAYS = 90;
const HOT_SECONDS = HOT_DAYS * 86_400;

/** Blocks of some chains, as they were appended. */
class Ledger implements BlockReader {
  readonly blocksOf = new Map<string, Block[]>();

  async blockBefore(chain: string, position: number): Promise<Block | undefined> {
    return this.blocksOf.get(chain)?.findLast((block) => block.position <= position);
  }
}

export interface CountingOptions {
  readonly keeping?: Keeping;
  readonly passed?: readonly PassedDays[];
  readonly recovery?: Recovery;
  /** Of the search's clock, told what it would be. */
  readonly clock?: (now: number) => number;
}

/** Everything of one tenant. */
export class CountWorld {
  readonly tenant = 'acme';
  readonly index = new MemoryIndex();
  readonly ledger = new Ledger();
  readonly #walk = new MemoryWalk();
  now: number;
  /** Entries that a run of the index takes. */
  sliceEntries = 1_000;

  constructor(now: number) {
    this.now = now;
  }

  append(chain: number, entries: readonly SampleEntry[]): Block {
    const name = `${this.tenant}#${chain}`;
    const blocks = this.ledger.blocksOf.get(name) ?? [];
    this.ledger.blocksOf.set(name, blocks);
    const before = blocks.at(-1);
    const position = before === undefined ? 0 : before.position + before.count;
    const place = { chain: name, position, previousLink: before?.link ?? genesisLink(name) };
    const bytes = entries.map((entry, i) => sampleBytes(this.tenant, entry, position + i + chain * 10_000));
    const block = blockAtPlace(place, bytes, Math.max(...entries.map(({ recordedAt }) => recordedAt)));
    blocks.push(block);
    this.#walk.put(block);
    return block;
  }

  /** The table has it no more. */
  lose({ chain, position }: Pick<Block, 'chain' | 'position'>): void {
    const blocks = this.ledger.blocksOf.get(chain)!;
    this.ledger.blocksOf.set(
      chain,
      blocks.filter((block) => block.position !== position),
    );
    this.#walk.remove({ chain, position });
  }

  async indexAll(): Promise<void> {
    for (const chain of this.ledger.blocksOf.keys()) {
      await indexChain(this.#ports(), chain, Number.POSITIVE_INFINITY, FOREVER, new IndexSummary());
    }
  }

  async reindex(): Promise<void> {
    const rows = [...this.ledger.blocksOf.keys()].map((chain) => ({ chain, through: 0 }));
    const directory = {
      async *list() {
        yield* rows;
      },
    };
    const ports: ReindexPorts = { ...this.#ports(), directory };
    const request = { tenant: null, shard: 0, shards: [0], cursor: null };
    await reindexShard(ports, request, FOREVER, () => undefined);
  }

  ports({ keeping = KEEPS_ALL, passed = [], recovery = NO_RECOVERY, clock }: CountingOptions = {}): HistogramPorts {
    const { index } = this;
    const fetcher = new FetcherOf(this.ledger);
    const now = () => clock?.(this.now) ?? this.now;
    const search: SearchPorts = {
      ...{ index, fetcher, recovery, keeping, compression: zstd, now },
      ...{ chains: new Chains(index, fetcher, now), hotWindowMs: HOT_SECONDS * 1_000 },
      facets: Object.fromEntries(COUNTED_FACETS.map((facet) => [facet, FACETS[facet]])),
    };
    return { ...search, tallies: index, passed: async () => passed };
  }

  #ports() {
    const { index: store, sliceEntries } = this;
    const now = () => new Date(this.now);
    return {
      ...{ store, sliceEntries, ledger: this.#walk, compression: zstd, facets: COUNTED_FACETS },
      ...{ hotWindowSeconds: HOT_SECONDS, now },
    };
  }
}

export interface Asked {
  readonly tenant: string;
  readonly query: Query;
  readonly boundaries: readonly number[];
  readonly by: HistogramBy;
}

export const count = (ports: HistogramPorts, asked: Asked, budgetMs = 60_000): Promise<Histogram> =>
  countEntries(ports, { ...asked, budgetMs });

/** The same, by looking at everything that a search finds. */
export async function naiveCounts(ports: HistogramPorts, asked: Asked): Promise<number[][]> {
  const { tenant, query, boundaries, by } = asked;
  const values: readonly string[] =
    by === 'severity' ? ['critical', 'high', 'medium', 'low', 'info'] : ['success', 'failure', 'denied', 'unknown'];
  const counts = boundaries.slice(1).map(() => values.map(() => 0));
  const period = { from: boundaries[0]!, to: boundaries.at(-1)! };
  const found: Found[] = [];
  for await (const one of searchHot(ports, { tenant, query, period, order: 'asc' }, new Gaps(tenant))) found.push(one);
  for (const { recordedAt, entry } of found) {
    const slot = boundaries.findIndex((_, i) => recordedAt >= boundaries[i]! && recordedAt < boundaries[i + 1]!);
    counts[slot]![values.indexOf(entry[by])]! += 1;
  }
  return counts;
}
