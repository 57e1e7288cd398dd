// Plans a seal: which tenants and chains, up to where.
import { sha256, toHex } from '../../core/crypto.ts';
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { PLAN, type Plan } from '../../core/documents/plan.ts';
import { emptyRoot } from '../../core/merkle/hash.ts';
import { planKey } from '../../names/log.ts';
import { compareText } from '../../names/order.ts';
import { latestSeal, type PublishedSeal } from '../log/published.ts';
import { ObjectContention, WRITE_ATTEMPTS } from '../object-lock/put-locked.ts';
import { firstDay } from './bounds.ts';
import { CONTENT, type Sealing } from './context.ts';
import { type PlanContext, planFault } from './plan-check.ts';
import { type SealPlace, tellUnknown } from './short.ts';
import { chainShards, splitChains } from './split.ts';
import type { Planned } from './steps.ts';
import { sealedSizes, targetSizes } from './targets.ts';

/** Shards at most, all of which are worked on at the same time; their ends have to fit a state machine's payload of 256 KB. */
const MAX_SHARDS = 400;

/** Decides what the next seal is going to seal, or takes over what an earlier attempt at it decided. */
export async function planSeal(sealing: Sealing): Promise<Planned> {
  const { ports } = sealing;
  // Before looking: what is recorded until then is seen.
  const startedAt = ports.now();
  const before = await latestSeal(await sealing.log());
  const sealed = await sealedSizes(before);
  const since = firstDay(before?.last.digest.sealedAt);
  const { sizes: targets, unbacked } = await targetSizes(sealing, sealed, since);
  if (targets.size === 0) {
    await tellPlanted(sealing, { seal: 0, sealedAt: startedAt.toISOString() }, unbacked);
    return { nothing: true };
  }
  const context: PlanContext = { ports, before, sealed, targets };
  const { ref, plan, adopted } = await settle(sealing, context, draft(context, startedAt));
  await tellPlanted(sealing, plan, unbacked);
  const shards = Array.from({ length: Math.min(MAX_SHARDS, plan.tenants.length) }, (_, shard) => shard);
  const chains = chainShards(splitChains(plan, ports.splitEntries));
  return { seal: plan.seal, plan: ref, shards, chains, adopted };
}

/** A tenant that nobody has, with segments in the archive: there is nobody to make a digest for. */
async function tellPlanted(sealing: Sealing, place: SealPlace, chains: readonly string[]): Promise<void> {
  for (const chain of chains) await tellUnknown(sealing, place, { chain, sealed: 0, planned: 0, reason: 'unbacked' });
}

function draft({ ports, before, targets }: PlanContext, startedAt: Date): Plan {
  const after = before === undefined ? 0 : Date.parse(before.last.digest.sealedAt) + 1;
  const sealedAt = Math.max(startedAt.getTime(), after);
  const tenants = [...targets].map(([tenant, chains]) => ({
    tenant,
    chains: chains.size === 0 ? NO_CHAIN : plannedChains(chains),
  }));
  return {
    ...{ v: 1, kind: 'plan', log: ports.origin, seal: nextSeal(before) },
    sealedAt: new Date(sealedAt).toISOString(),
    nextBy: new Date(sealedAt + ports.dueSeconds * 1_000).toISOString(),
    size: before?.checkpoint.size ?? 0,
    root: toHex(before?.checkpoint.root ?? emptyRoot()),
    tenants: tenants.sort((a, b) => compareText(a.tenant, b.tenant)),
  };
}

/** Of a tenant of which nothing was ever found. It had a digest, so it has the next one too. */
const NO_CHAIN = [{ chain: 0, size: 0 }];

const plannedChains = (chains: ReadonlyMap<number, number>) =>
  [...chains].map(([chain, size]) => ({ chain, size })).sort((a, b) => a.chain - b.chain);

const nextSeal = (before: PublishedSeal | undefined) => (before === undefined ? 0 : before.seal + 1);

interface Settled {
  readonly ref: ObjectRef;
  readonly plan: Plan;
  readonly adopted: boolean;
}

/**
 * The plan of a seal is the oldest valid version under its key: nobody can put one below it, so it stays the same
 * whatever is put over it. What stands there and is none is kept as evidence.
 */
async function settle(sealing: Sealing, context: PlanContext, fresh: Plan): Promise<Settled> {
  const { store } = sealing.ports;
  const key = planKey(fresh.seal);
  for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
    const current = await store.current(key);
    const earlier = await oldestValid(context, key);
    if (earlier !== undefined) {
      const bytes = PLAN.format(earlier);
      const ref = await sealing.keep(key, bytes, CONTENT.document, earlier.sealedAt);
      return { ref, plan: earlier, adopted: true };
    }
    const object = sealing.locked(PLAN.format(fresh), CONTENT.document, fresh.sealedAt);
    if (current !== undefined) await sealing.onForeign(key, current);
    const version =
      current === undefined ? await store.create(key, object) : await store.replace(key, current.etag, object);
    if (version !== undefined) return { ref: refOf(key, version, object.bytes), plan: fresh, adopted: false };
  }
  throw new ObjectContention(key);
}

function refOf(key: string, version: string, bytes: Uint8Array): ObjectRef {
  return { key, version, sha256: toHex(sha256(bytes)), bytes: bytes.length };
}

async function oldestValid(context: PlanContext, key: string): Promise<Plan | undefined> {
  const { store } = context.ports;
  for (const { version } of (await store.versions(key)).toReversed()) {
    const [found, bytes] = [await store.find(key, version), await store.fetch(key, version)];
    const plan = bytes && parsed(bytes);
    if (found === undefined || plan === undefined) continue;
    if ((await planFault(plan, found.lastModified, context)) === undefined) return plan;
  }
  return undefined;
}

function parsed(bytes: Uint8Array): Plan | undefined {
  try {
    return PLAN.parse(bytes);
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}
