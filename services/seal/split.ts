// Which chains of a plan are sealed apart from their tenant's digest, each by one of many functions.
import type { Plan } from '../../core/documents/plan.ts';

/** A tenant's chains are worth a step of their own from this size on: before, one function has them in minutes. */
const SPLIT_ENTRIES = 1_000_000;

/** Shards of chains at most: their ends have to fit a state machine's payload of 256 KB, beside those of the tenants. */
const MAX_SHARDS = 250;

/** A chain of a plan. */
export interface SplitChain {
  readonly rank: number;
  readonly chain: number;
}

/** By tenant and number: of tenants that have several chains and a long history. Follows from the plan alone. */
export function splitChains({ tenants }: Pick<Plan, 'tenants'>, splitEntries: number = SPLIT_ENTRIES): SplitChain[] {
  return tenants.flatMap(({ chains }, rank) => {
    const entries = chains.reduce((sum, { size }) => sum + size, 0);
    return chains.length > 1 && entries >= splitEntries ? chains.map(({ chain }) => ({ rank, chain })) : [];
  });
}

/** From 0 on; none where no tenant is split. */
export function chainShards(split: readonly SplitChain[]): number[] {
  return Array.from({ length: Math.min(MAX_SHARDS, split.length) }, (_, shard) => shard);
}

/** Neighbours go to different shards. */
export const chainsOfShard = (split: readonly SplitChain[], shard: number, shards: number): SplitChain[] =>
  split.filter((_, item) => item % shards === shard);
