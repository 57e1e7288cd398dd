// A plan that is being sealed, the log that it continues, and what each of its tenants had before.
import { equalBytes, fromHex } from '../../core/crypto.ts';
import { CONTENTS, type Contents } from '../../core/documents/contents.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { PLAN, type Plan } from '../../core/documents/plan.ts';
import type { DigestLog } from '../log/digests.ts';
import { openSeal } from '../log/published.ts';
import { readDocument } from '../log/referenced.ts';
import type { Sealing } from './context.ts';
import type { PublishPorts } from './port.ts';
import type { TenantTask } from './tenant.ts';

/**
 * A step that is begun in time has to end in time, or every repetition would be cut off at the same place: its bounds
 * (STEP_SEGMENTS, and a window more) are three thousand segments, of which S3 answers each in two requests of 30 ms.
 */
export const STEP_RESERVE_MS = 450_000;

/** What a step was given does not belong to the log as it is: another seal was published since, or somebody made it up. */
export class SealConflict extends Error {
  override readonly name = 'SealConflict';
  readonly code = 'conflict';
}

export interface OpenPlan {
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

/** One tenant of a plan, and what its digest before says. */
export async function taskOf(
  { plan, log, before }: OpenPlan,
  planHash: string,
  rank: number,
  contentsOf: ContentsReader,
): Promise<TenantTask> {
  const { tenant } = plan.tenants[rank]!;
  const previous = await log?.find(plan.seal - 1, tenant);
  const previousContents = () => contentsOf(previous?.digest.contents);
  return { ...{ plan, planHash, rank, previous, before }, previousContents };
}

export type ContentsReader = (ref: ObjectRef | undefined) => Promise<Contents | undefined>;

/** Reads the contents of the digest before; what was read last is asked for once for each chain of a tenant. */
export function contentsReader({ ports: { store } }: Sealing): ContentsReader {
  let last: { readonly key: string; readonly contents: Promise<Contents> } | undefined;
  return async (ref) => {
    if (ref === undefined) return undefined;
    if (last?.key !== ref.key) last = { key: ref.key, contents: readDocument(store, CONTENTS, ref) };
    return last.contents;
  };
}
