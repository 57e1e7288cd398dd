// An archive in memory that follows a ledger.
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import type { ActiveHold } from '../../core/hold/match.ts';
import { archive } from '../../services/archive/archive.ts';
import type { ArchiveLimits, ArchivePorts } from '../../services/archive/context.ts';
import type { LedgerChange } from '../../services/stream/change.ts';
import { MemoryBlocks } from '../fakes/blocks.ts';
import { MemoryChains } from '../fakes/chains.ts';
import { MemoryLockedStore, type MemoryOptions } from '../fakes/locked-store.ts';
import { chainOf, insertOf, type SampleEntry } from './ledger-stream.ts';

export const CHAIN = 'acme#0';
export const MARCH_1 = Date.parse('2026-03-01T10:00:00.000Z');
export const MARCH_2 = MARCH_1 + 86_400_000;

/** An archive in memory, some minutes after the entries. */
export class Archiving {
  readonly now = () => new Date(MARCH_2 + 300_000);
  readonly blocks = new MemoryBlocks();
  readonly store: MemoryLockedStore;
  readonly chains: MemoryChains;
  readonly ports: ArchivePorts;
  /** In force, for every tenant. */
  holds: readonly ActiveHold[] = [];

  constructor(options: Pick<MemoryOptions, 'fault'> & { limits?: Partial<ArchiveLimits> } = {}) {
    const { limits, ...faults } = options;
    this.store = new MemoryLockedStore({ ...faults, now: this.now });
    this.chains = new MemoryChains(faults);
    this.ports = {
      ...{ blocks: this.blocks, store: this.store, chains: this.chains, codec: parquetSegments },
      ...{
        compression: zstd,
        now: this.now,
        holdsOf: async () => this.holds,
        retention: (_tenant, category) => (category === 'security' ? 'permanent' : 'P30D'),
      },
      ...(limits === undefined ? {} : { limits }),
    };
  }

  /** Blocks that the ledger holds. */
  ledger(samples: readonly (readonly SampleEntry[])[], chain = CHAIN): Block[] {
    const blocks = chainOf(chain, samples);
    for (const block of blocks) this.blocks.put(block);
    return blocks;
  }

  deliver(changes: readonly LedgerChange[]) {
    return archive(changes, this.ports);
  }

  /** Blocks as the stream tells of them, numbered by `from` on. */
  insert(blocks: readonly Block[], from = 0) {
    return this.deliver(blocks.map((block, i) => insertOf(block, from + i)));
  }

  evidence(): { key: string; reason: string; document: Record<string, unknown> }[] {
    return this.store.keys('evidence/').map((key) => {
      const { bytes, metadata } = this.store.object(key);
      return { key, reason: metadata.reason!, document: JSON.parse(Buffer.from(bytes).toString()) };
    });
  }
}

/** `count` entries of a category. */
export function some(category: string, count = 1, recordedAt = MARCH_1): SampleEntry[] {
  return Array.from({ length: count }, (_, i) => ({ category, recordedAt: recordedAt + i }));
}
