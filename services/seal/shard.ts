// Seals the tenants of one shard.
import { shardKey } from '../../names/log.ts';
import { readDocument } from '../log/referenced.ts';
import { sealedApart } from './chain-shard.ts';
import { CONTENT, type Sealing } from './context.ts';
import {
  type ContentsReader,
  contentsReader,
  type OpenPlan,
  openPlan,
  SealConflict,
  STEP_RESERVE_MS,
  taskOf,
} from './opened.ts';
import { PROGRESS, type Progress, type Work } from './progress.ts';
import type { Sharded, ShardRequest } from './steps.ts';
import { advanceTenant, hasAllChains, NO_WORK } from './tenant.ts';

/**
 * Seals the tenants of a shard, every `shards.length`th of the plan, until it is done or the time is up; then it answers
 * with where to go on. Progress is written at the end of a run only: whatever a run that died had done is found in place.
 */
export async function sealShard(sealing: Sealing, request: ShardRequest, timeLeft: () => number): Promise<Sharded> {
  const open = await openPlan(sealing, request);
  const { plan } = open;
  const ranks = plan.tenants.map((_, rank) => rank).filter((rank) => rank % request.shards.length === request.shard);
  const contentsOf = contentsReader(sealing);
  let progress = await begin(sealing, request);
  const results = request.chains.map(({ result }) => result);
  const apart = await sealedApart(sealing, request, plan, results, ranks.slice(progress.digests.length));
  do {
    const rank = ranks[progress.digests.length];
    if (rank === undefined) break;
    progress = await advance(sealing, progress, { open, rank, contentsOf, apart: apart.get(rank) });
  } while (timeLeft() > STEP_RESERVE_MS);
  const bytes = PROGRESS.format(progress);
  const ref = await sealing.put(shardKey(plan.seal, request.shard), bytes, CONTENT.document, plan.sealedAt);
  const { findings } = sealing.summary;
  if (progress.digests.length < ranks.length) return { done: false, cursor: ref, findings };
  return { done: true, result: ref, findings };
}

async function begin(
  { ports: { store } }: Sealing,
  { seal, plan, shard, shards, cursor }: ShardRequest,
): Promise<Progress> {
  const place = { seal, plan: plan.sha256, shard, shards: shards.length };
  if (cursor === null) return { v: 1, kind: 'shard', ...place, digests: [], short: [] };
  const progress = await readDocument(store, PROGRESS, cursor);
  const same = Object.entries(place).every(([name, value]) => progress[name as keyof typeof place] === value);
  if (same) return progress;
  throw new SealConflict(
    `got the cursor of another shard, want one of shard ${shard} of ${shards.length}, seal ${seal}`,
  );
}

interface Next {
  readonly open: OpenPlan;
  readonly rank: number;
  readonly contentsOf: ContentsReader;
  /** What was sealed of its chains apart. */
  readonly apart: Work | undefined;
}

async function advance(
  sealing: Sealing,
  progress: Progress,
  { open, rank, contentsOf, apart }: Next,
): Promise<Progress> {
  const { tenant } = open.plan.tenants[rank]!;
  const task = await taskOf(open, progress.plan, rank, contentsOf);
  const { work = apart !== undefined && hasAllChains(task, apart) ? apart : NO_WORK, ...done } = progress;
  const after = await advanceTenant(sealing, task, work);
  if ('done' in after) return { ...done, work: after };
  const short = after.short.map((one) => ({ tenant, ...one }));
  return { ...done, digests: [...done.digests, { tenant, object: after.digest }], short: [...done.short, ...short] };
}
