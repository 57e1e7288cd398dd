// What a deployment is given to do in a day, and what of blocks and segments that becomes.
import type { Assumed } from './assumptions.ts';

/** What a deployment is given to do. */
export interface Load {
  readonly tenants: number;
  /** Of all of them together. */
  readonly entriesPerDay: number;
}

/** What a day of it becomes, of all tenants together. */
export interface Day {
  readonly tenants: number;
  /** Of one tenant. */
  readonly chains: number;
  readonly entries: number;
  readonly blocks: number;
  readonly segments: number;
  /** Partitions of the table, and so shards of its stream. */
  readonly streamShards: number;
}

const DAY_SECONDS = 86_400;
const MOST_CHAINS = 64;

export function dayOf({ tenants, entriesPerDay }: Load, assumed: Assumed): Day {
  const perTenant = entriesPerDay / tenants;
  const chains = Math.min(MOST_CHAINS, Math.max(1, Math.ceil(perTenant / DAY_SECONDS / assumed.chainEntriesPerSecond)));
  const requests = perTenant / assumed.entriesPerRequest;
  const blocks = tenants * Math.min(requests, chains * assumed.blocksPerSecond * DAY_SECONDS);
  const streamShards = Math.max(assumed.shardsAtLeast, Math.ceil(blocks / DAY_SECONDS / assumed.shardBlocksPerSecond));
  const segments = segmentsOf({ tenants, chains, entries: entriesPerDay, blocks, streamShards }, assumed);
  return { tenants, chains, entries: entriesPerDay, blocks, segments, streamShards };
}

/**
 * A delivery of the stream makes a segment of each chain and category that it has. Deliveries come when a window is over or
 * when they are full; entries fall on chains and categories at random.
 */
function segmentsOf(day: Omit<Day, 'segments'>, { categories, windowSeconds, streamBatch }: Assumed): number {
  const perShard = day.blocks / day.streamShards / DAY_SECONDS;
  const seconds = Math.min(windowSeconds, streamBatch / perShard);
  const deliveries = DAY_SECONDS / seconds;
  const places = day.tenants * day.chains * categories;
  const inPlace = day.entries / deliveries / places;
  return deliveries * places * (1 - Math.exp(-inPlace));
}
