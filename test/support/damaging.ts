// A deployment whose ledger somebody damages, and its readers over what is left of it.
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { parseChainName } from '../../core/chain.ts';
import { ALL } from '../../core/query/ast.ts';
import type { HistogramPorts } from '../../services/histogram/port.ts';
import { HoldEvents } from '../../services/hold/events.ts';
import { RecentHolds } from '../../services/hold/recent.ts';
import { IndexSummary, indexChain } from '../../services/index/chain.ts';
import { ServedLog } from '../../services/prove/log.ts';
import { SegmentBodies } from '../../services/prove/segments.ts';
import { RetentionKeeping } from '../../services/read/keeping.ts';
import { ArchiveRecovery } from '../../services/read/recovery.ts';
import { Chains } from '../../services/search/chains.ts';
import { SearchMemory } from '../../services/search/memory.ts';
import { type Page, searchPage } from '../../services/search/page.ts';
import type { BlockFetcher, SearchRequest } from '../../services/search/port.ts';
import { MemoryIndex } from '../fakes/memory-index.ts';
import { MemoryWalk } from '../fakes/memory-walk.ts';
import { blockAtPlace } from './ledger-stream.ts';
import { ORIGIN } from './log-signer.ts';
import { DAY_MS, type Deployment } from './sealing.ts';
import { FetcherOf } from './searching.ts';

const FACETS = { category: ['category'] } as const;

/** What readers have of a deployment: its ledger, its archive, and an index that was made before anything happened. */
export class Damaging {
  readonly deployment: Deployment;
  readonly index = new MemoryIndex();
  readonly ports: HistogramPorts;

  constructor(deployment: Deployment) {
    this.deployment = deployment;
    const { store, blocks, signer: keys } = deployment;
    const now = () => deployment.now;
    const date = () => new Date(deployment.now);
    const fetcher: BlockFetcher = new FetcherOf(blocks);
    const log = new ServedLog({ store, keys, origin: ORIGIN, now: date });
    const segments = new SegmentBodies({ store, codec: parquetSegments, onAltered: () => undefined });
    const archive = { store, segments, codec: parquetSegments, blocks, fetcher, compression: zstd, now: date };
    const holds = new RecentHolds(new HoldEvents(store, date), 0, date);
    const keeping = new RetentionKeeping({ retention: deployment.ports.retention, holds, store, now });
    this.ports = {
      ...{ index: this.index, fetcher, compression: zstd, facets: FACETS, hotWindowMs: 90 * DAY_MS, now },
      chains: new Chains(this.index, fetcher, now),
      memory: new SearchMemory(fetcher),
      recovery: new ArchiveRecovery({ ...archive, log }),
      ...{ keeping, tallies: this.index, passed: (tenant) => keeping.passed(tenant) },
    };
  }

  /** Indexes what was ever recorded in a chain. */
  async indexed(chain: string): Promise<this> {
    const walk = new MemoryWalk();
    const blocks = this.deployment.history.get(chain)!;
    for (const block of blocks) walk.put(block);
    const end = blocks.at(-1)!;
    const ports = { store: this.index, ledger: walk, compression: zstd, facets: ['category'] as const };
    const now = () => new Date(this.deployment.now);
    const summary = new IndexSummary();
    await indexChain(
      { ...ports, hotWindowSeconds: 90 * 86_400, now },
      chain,
      end.position + end.count,
      () => Infinity,
      summary,
    );
    return this;
  }

  search(request: Partial<SearchRequest> = {}, entries = 1_000, ports = this.ports): Promise<Page> {
    const period = { from: 0, to: Number.MAX_SAFE_INTEGER };
    const whole = { tenant: 'acme', query: ALL, period, order: 'desc' as const, ...request };
    return searchPage(ports, whole, { entries, bytes: 10_000_000, budgetMs: 60_000 });
  }

  block(chain: string, position: number): Block {
    return this.deployment.history.get(chain)!.find((one) => one.position === position)!;
  }
}

/** A block with other entries that is perfect in itself. */
export function rewritten(block: Block, change: (text: string) => string): Block {
  const entries = decodeBlock(block, zstd).entries.map((bytes) => new TextEncoder().encode(change(textOf(bytes))));
  return blockAtPlace(block, entries, block.recordedAt);
}

/** One that continues another, with any entries. */
export function behind(block: Block, entries: readonly string[], recordedAt: number): Block {
  const place = { chain: block.chain, position: block.position + block.count, previousLink: block.link };
  return blockAtPlace(
    place,
    entries.map((text) => new TextEncoder().encode(text)),
    recordedAt,
  );
}

export const positionsOf = ({ found }: Pick<Page, 'found'>, chain = 'acme#0'): number[] =>
  found
    .filter((one) => one.chain === parseChainName(chain).chain)
    .map(({ position }) => position)
    .sort((a, b) => a - b);

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
