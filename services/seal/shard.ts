import { equalBytes, fromHex } from '../../core/crypto.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { PLAN, type Plan } from '../../core/documents/plan.ts';
import { shardKey } from '../../names/log.ts';
import type { Sharded, ShardRequest } from '../../names/seal.ts';
import type { DigestLog } from '../log/digests.ts';
import { openSeal } from '../log/published.ts';
import { readDocument } from '../log/referenced.ts';
import { CONTENT, type Sealing } from './context.ts';
import type { PublishPorts } from './port.ts';
import { PROGRESS, type Progress } from './progress.ts';
import { advanceTenant, NO_WORK } from './tenant.ts';

/**
 * A step that is begun in time has to end in time, or every repetition would be cut off at the same place: its bounds
 * (STEP_SEGMENTS, and a window more) are three thousand segments, of which S3 answers each in two requests of 30 ms.
 */
const STEP_RESERVE_MS = 450_000;

/** What a step was given does not belong to the log as it is: another seal was published since, or somebody made it up. */
export class SealConflict extends Error {
  override readonly name = 'SealConflict';
  readonly code = 'conflict';
}

/** The plan, and the digest log that it continues; undefined before the first seal. */
export async function openPlan(
  sealing: Sealing<PublishPorts>,
  { seal, plan: ref }: { readonly seal: number; readonly plan: ObjectRef },
): Promise<{ readonly plan: Plan; readonly log: DigestLog | undefined }> {
  const plan = await readDocument(sealing.ports.store, PLAN, ref);
  if (plan.seal !== seal || plan.log !== sealing.ports.origin) {
    throw new SealConflict(`got a plan of seal ${plan.seal} of ${plan.log}, want ${seal} of ${sealing.ports.origin}`);
  }
  const before = seal === 0 ? undefined : await openSeal(seal - 1, await sealing.log());
  const { size = 0, root = undefined } = before?.checkpoint ?? {};
  const continues = plan.size === size && (root === undefined ? seal === 0 : equalBytes(fromHex(plan.root), root));
  if (continues) return { plan, log: before?.log };
  throw new SealConflict(
    `got a plan that continues a log of ${plan.size}, want one of ${size} as seal ${seal - 1} left it`,
  );
}

/**
 * Seals the tenants of a shard, every `shards.length`th of the plan, until it is done or the time is up; then it answers
 * with where to go on. Progress is written at the end of a run only: whatever a run that died had done is found in place.
 */
export async function sealShard(sealing: Sealing, request: ShardRequest, timeLeft: () => number): Promise<Sharded> {
  const { plan, log } = await openPlan(sealing, request);
  const ranks = plan.tenants.map((_, rank) => rank).filter((rank) => rank % request.shards.length === request.shard);
  let progress = await begin(sealing, request);
  do {
    const rank = ranks[progress.digests.length];
    if (rank === undefined) break;
    progress = await advance(sealing, progress, plan, rank, log);
  } while (timeLeft() > STEP_RESERVE_MS);
  const bytes = PROGRESS.format(progress);
  const ref = await sealing.put(shardKey(plan.seal, request.shard), bytes, CONTENT.document, plan.sealedAt);
  const { findings } = sealing.tally;
  if (progress.digests.length < ranks.length) return { done: false, cursor: ref, findings };
  return { done: true, result: ref, findings };
}

async function begin(
  { ports: { store } }: Sealing,
  { seal, plan, shard, shards, cursor }: ShardRequest,
): Promise<Progress> {
  const place = { seal, plan: plan.sha256, shard, shards: shards.length };
  if (cursor === null) return { v: 1, kind: 'shard', ...place, digests: [] };
  const progress = await readDocument(store, PROGRESS, cursor);
  const same = Object.entries(place).every(([name, value]) => progress[name as keyof typeof place] === value);
  if (same) return progress;
  throw new SealConflict(
    `got the cursor of another shard, want one of shard ${shard} of ${shards.length}, seal ${seal}`,
  );
}

async function advance(
  sealing: Sealing,
  progress: Progress,
  plan: Plan,
  rank: number,
  log: DigestLog | undefined,
): Promise<Progress> {
  const { tenant } = plan.tenants[rank]!;
  const previous = await log?.find(plan.seal - 1, tenant);
  const task = { plan, planHash: progress.plan, rank, previous };
  const { work = NO_WORK, ...before } = progress;
  const after = await advanceTenant(sealing, task, work);
  if (!('version' in after)) return { ...before, work: after };
  return { ...before, digests: [...before.digests, { tenant, object: after }] };
}
