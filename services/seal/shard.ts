import { equalBytes, fromHex } from '../../core/crypto.ts';
import { CONTENTS, type Contents } from '../../core/documents/contents.ts';
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

interface OpenPlan {
  readonly plan: Plan;
  /** The digest log that it continues, and when the seal before was planned; undefined before the first seal. */
  readonly log: DigestLog | undefined;
  readonly before: string | undefined;
}

/** The plan and what it continues. Throws SealConflict when it does not continue the log as it is. */
export async function openPlan(
  sealing: Sealing<PublishPorts>,
  { seal, plan: ref }: { readonly seal: number; readonly plan: ObjectRef },
): Promise<OpenPlan> {
  const plan = await readDocument(sealing.ports.store, PLAN, ref);
  if (plan.seal !== seal || plan.log !== sealing.ports.origin) {
    throw new SealConflict(`got a plan of seal ${plan.seal} of ${plan.log}, want ${seal} of ${sealing.ports.origin}`);
  }
  const before = seal === 0 ? undefined : await openSeal(seal - 1, await sealing.log());
  const { size = 0, root = undefined } = before?.checkpoint ?? {};
  const continues = plan.size === size && (root === undefined ? seal === 0 : equalBytes(fromHex(plan.root), root));
  if (continues) return { plan, log: before?.log, before: before?.last.digest.sealedAt };
  throw new SealConflict(
    `got a plan that continues a log of ${plan.size}, want one of ${size} as seal ${seal - 1} left it`,
  );
}

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
  do {
    const rank = ranks[progress.digests.length];
    if (rank === undefined) break;
    progress = await advance(sealing, progress, open, rank, contentsOf);
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
  if (cursor === null) return { v: 1, kind: 'shard', ...place, digests: [], short: [] };
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
  { plan, log, before }: OpenPlan,
  rank: number,
  contentsOf: ReturnType<typeof contentsReader>,
): Promise<Progress> {
  const { tenant } = plan.tenants[rank]!;
  const previous = await log?.find(plan.seal - 1, tenant);
  const task = {
    ...{ plan, planHash: progress.plan, rank, previous, before },
    previousContents: () => contentsOf(previous?.digest.contents),
  };
  const { work = NO_WORK, ...done } = progress;
  const after = await advanceTenant(sealing, task, work);
  if ('done' in after) return { ...done, work: after };
  const short = after.short.map((one) => ({ tenant, ...one }));
  return { ...done, digests: [...done.digests, { tenant, object: after.digest }], short: [...done.short, ...short] };
}

/** Reads the contents of the digest before; what was read last is asked for once for each chain of a tenant. */
function contentsReader({ ports: { store } }: Sealing): (ref: ObjectRef | undefined) => Promise<Contents | undefined> {
  let last: { readonly key: string; readonly contents: Promise<Contents> } | undefined;
  return async (ref) => {
    if (ref === undefined) return undefined;
    if (last?.key !== ref.key) last = { key: ref.key, contents: readDocument(store, CONTENTS, ref) };
    return last.contents;
  };
}
