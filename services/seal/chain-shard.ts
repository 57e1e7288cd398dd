// Seals chains apart from their tenants' digests, and gives what was sealed of them to whoever makes the digests.

import type { ObjectRef } from '../../core/documents/fields.ts';
import { chainShardKey } from '../../names/log.ts';
import { compareText } from '../../names/order.ts';
import { readDocument } from '../log/referenced.ts';
import { CONTENT, type Sealing } from './context.ts';
import { contentsReader, openPlan, SealConflict, STEP_RESERVE_MS, taskOf } from './opened.ts';
import { CHAIN_PROGRESS, type ChainProgress, type Work } from './progress.ts';
import { chainsOfShard, splitChains } from './split.ts';
import type { ChainsRequest, Sharded } from './steps.ts';
import { advanceChains, NO_WORK } from './tenant.ts';

/** As sealShard, for the chains of a shard. */
export async function sealChains(sealing: Sealing, request: ChainsRequest, timeLeft: () => number): Promise<Sharded> {
  const open = await openPlan(sealing, request);
  const { plan } = open;
  const own = chainsOfShard(splitChains(plan, sealing.ports.splitEntries), request.shard, request.shards.length);
  const contentsOf = contentsReader(sealing);
  let progress = await begin(sealing, request);
  do {
    const next = own[progress.chains.length];
    if (next === undefined) break;
    const task = await taskOf(open, progress.plan, next.rank, contentsOf);
    const { work: begun = NO_WORK, ...done } = progress;
    const { work, isDone } = await advanceChains(sealing, task, begun, next.chain);
    progress = isDone ? { ...done, chains: [...done.chains, { ...next, work }] } : { ...done, work };
  } while (timeLeft() > STEP_RESERVE_MS);
  const bytes = CHAIN_PROGRESS.format(progress);
  const ref = await sealing.put(chainShardKey(plan.seal, request.shard), bytes, CONTENT.document, plan.sealedAt);
  const { findings } = sealing.summary;
  if (progress.chains.length < own.length) return { done: false, cursor: ref, findings };
  return { done: true, result: ref, findings };
}

async function begin(
  { ports: { store } }: Sealing,
  { seal, plan, shard, shards, cursor }: ChainsRequest,
): Promise<ChainProgress> {
  const place = { seal, plan: plan.sha256, shard, shards: shards.length };
  if (cursor === null) return { v: 1, kind: 'chain-shard', ...place, chains: [] };
  const progress = await readDocument(store, CHAIN_PROGRESS, cursor);
  if (isOf(progress, place)) return progress;
  throw new SealConflict(`got the cursor of another step, want one of chains ${shard} of seal ${seal}`);
}

const isOf = (progress: ChainProgress, place: Pick<ChainProgress, 'seal' | 'plan' | 'shard' | 'shards'>): boolean =>
  Object.entries(place).every(([name, value]) => progress[name as keyof typeof place] === value);

/**
 * What was sealed apart of the chains of these tenants, as if one had done them all: by rank, for those all of whose chains
 * are there. `results` are those of the shards, by number.
 */
export async function sealedApart(
  { ports: { store, splitEntries } }: Sealing,
  { seal, plan: ref }: { readonly seal: number; readonly plan: ObjectRef },
  plan: Parameters<typeof splitChains>[0],
  results: readonly ObjectRef[],
  ranks: readonly number[],
): Promise<ReadonlyMap<number, Work>> {
  const wanted = new Set(ranks);
  const split = splitChains(plan, splitEntries);
  const works = new Map<number, Work>();
  for (const [shard, result] of results.entries()) {
    if (!chainsOfShard(split, shard, results.length).some(({ rank }) => wanted.has(rank))) continue;
    const progress = await readDocument(store, CHAIN_PROGRESS, result);
    if (!isOf(progress, { seal, plan: ref.sha256, shard, shards: results.length })) {
      throw new SealConflict(`got the result of another step, want one of chains ${shard} of seal ${seal}`);
    }
    for (const { rank, work } of progress.chains) {
      if (wanted.has(rank)) works.set(rank, joined(works.get(rank) ?? NO_WORK, work));
    }
  }
  const chains = (rank: number) => split.filter((one) => one.rank === rank).length;
  return new Map([...works].filter(([rank, { done }]) => done === chains(rank)));
}

/** By chain, as one after the other would have come; of each chain, its lists stay in order. */
function joined(a: Work, b: Work): Work {
  const byChain = <T extends { readonly chain: number }>(items: readonly T[]) =>
    items.toSorted((one, other) => one.chain - other.chain);
  return {
    heads: byChain([...a.heads, ...b.heads]),
    done: a.done + b.done,
    lists: [...a.lists, ...b.lists].sort((one, other) => compareText(one.key, other.key)),
    short: byChain([...a.short, ...b.short]),
  };
}
