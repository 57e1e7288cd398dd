// Gathers the digests that the shards of a seal have made.
import { toHex } from '../../core/crypto.ts';
import { DIGEST, type Digest } from '../../core/documents/digest.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import type { Plan } from '../../core/documents/plan.ts';
import type { DigestLog, LoggedDigest } from '../log/digests.ts';
import { readDocument, readReferenced } from '../log/referenced.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { OBJECTS_AT_ONCE } from './chain.ts';
import type { Sealing } from './context.ts';
import { SealConflict } from './opened.ts';
import type { PublishPorts } from './port.ts';
import { PROGRESS } from './progress.ts';
import type { ShortChainOf } from './steps.ts';

/** What the shards of a seal came to. */
export interface Gathered {
  readonly digests: ReadonlyMap<string, ObjectRef>;
  /** Chains that they seal less far than they go. */
  readonly short: readonly ShortChainOf[];
}

export async function gatherResults(
  { ports: { store } }: Sealing<PublishPorts>,
  results: readonly ObjectRef[],
): Promise<Gathered> {
  const refs = new Map<string, ObjectRef>();
  const all: ShortChainOf[] = [];
  for (const result of results) {
    const { digests, short } = await readDocument(store, PROGRESS, result);
    for (const { tenant, object } of digests) refs.set(tenant, object);
    for (const { tenant, chain, size, reason } of short) all.push({ tenant, chain, size, reason });
  }
  return { digests: refs, short: all };
}

/**
 * The digests of a seal, in the order of its plan. Each has to be what the plan says and to continue the tenant's digest
 * before it: what is appended to the log is signed, whoever asked for it.
 */
export async function readDigests(
  { ports: { store } }: Sealing<PublishPorts>,
  refs: ReadonlyMap<string, ObjectRef>,
  { plan, planHash }: { readonly plan: Plan; readonly planHash: string },
  log: DigestLog | undefined,
): Promise<readonly Uint8Array[]> {
  const digests: Uint8Array[] = [];
  await inParallel([...plan.tenants.keys()], OBJECTS_AT_ONCE, async (rank) => {
    const { tenant } = plan.tenants[rank]!;
    const ref = refs.get(tenant);
    if (ref === undefined) throw new SealConflict(`got no digest of tenant ${rank} of ${plan.tenants.length}`);
    digests[rank] = await readReferenced(store, ref);
  });
  for (const [rank, bytes] of digests.entries()) {
    const digest = DIGEST.parse(bytes);
    const previous = await log?.find(plan.seal - 1, plan.tenants[rank]!.tenant);
    checkPlanned(digest, plan, planHash, rank);
    checkContinues(digest, previous);
  }
  return digests;
}

function checkPlanned(digest: Digest, plan: Plan, planHash: string, rank: number): void {
  const want = {
    ...{ log: plan.log, seal: plan.seal, sealedAt: plan.sealedAt, nextBy: plan.nextBy, plan: planHash },
    ...{ tenant: plan.tenants[rank]!.tenant, index: plan.size + rank },
  };
  for (const [name, value] of Object.entries(want)) {
    const got = digest[name as keyof typeof want];
    if (got !== value) throw new SealConflict(`got a digest whose ${name} is ${got}, want ${value}`);
  }
}

function checkContinues(digest: Digest, before: LoggedDigest | undefined): void {
  const number = before === undefined ? 0 : before.digest.number + 1;
  const previous = before === undefined ? undefined : toHex(before.leaf);
  if (digest.number !== number || digest.previous !== previous) {
    throw new SealConflict(`got digest ${digest.number}, want ${number} that names the one before`);
  }
  const sizes = new Map(digest.chains.map(({ chain, size }) => [chain, size]));
  for (const { chain, size } of before?.digest.chains ?? []) {
    if ((sizes.get(chain) ?? 0) < size) throw new SealConflict(`got chain ${chain} shorter than sealed, want ${size}`);
  }
}
