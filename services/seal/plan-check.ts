// Whether the plan of a seal that was found is a true one.
import { BlockError } from '../../core/block/error.ts';
import { chainName } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import type { Plan } from '../../core/documents/plan.ts';
import { emptyRoot } from '../../core/merkle/hash.ts';
import type { PublishedSeal } from '../log/published.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { CLOCK_SLACK_MS, PUT_SLACK_MS, UNKNOWN_SLACK_MS } from './bounds.ts';
import type { SealPorts } from './port.ts';
import { QUERIES_AT_ONCE, type Sizes } from './targets.ts';

/** What a plan is held against. */
export interface PlanContext {
  readonly ports: SealPorts;
  readonly before: PublishedSeal | undefined;
  readonly sealed: Sizes;
  /** How far every chain goes now. */
  readonly targets: Sizes;
}

export type PlanFault = 'log' | 'time' | 'tenants' | 'size' | 'coverage';

/**
 * Why this is no plan that the seal would have made when it was put, by the store's own clock; undefined when it is one.
 * Whoever can write the archive can put a plan there: but only one that is true.
 */
export async function planFault(plan: Plan, putAt: Date, context: PlanContext): Promise<PlanFault | undefined> {
  if (!continuesLog(plan, context)) return 'log';
  if (!isTimely(plan, putAt, context)) return 'time';
  const planned = new Map(plan.tenants.map(({ tenant, chains }) => [tenant, sizesOf(chains)]));
  for (const [tenant, chains] of context.sealed) {
    if (!planned.has(tenant)) return 'tenants';
    for (const [chain, size] of chains) if ((planned.get(tenant)!.get(chain) ?? 0) < size) return 'size';
  }
  for (const [tenant, chains] of planned) {
    if (!context.targets.has(tenant)) return 'tenants';
    for (const [chain, size] of chains) if (size > (context.targets.get(tenant)!.get(chain) ?? 0)) return 'size';
  }
  return (await coversItsTime(plan, planned, context)) ? undefined : 'coverage';
}

const sizesOf = (chains: Plan['tenants'][number]['chains']) => new Map(chains.map(({ chain, size }) => [chain, size]));

function continuesLog({ log, seal, size, root }: Plan, { ports, before }: PlanContext): boolean {
  const checkpoint = before?.checkpoint ?? { size: 0, root: emptyRoot() };
  const next = before === undefined ? 0 : before.seal + 1;
  return log === ports.origin && seal === next && size === checkpoint.size && root === toHex(checkpoint.root);
}

function isTimely({ sealedAt, nextBy }: Plan, putAt: Date, { ports, before }: PlanContext): boolean {
  const time = Date.parse(sealedAt);
  if (before !== undefined && sealedAt <= before.last.digest.sealedAt) return false;
  if (Date.parse(nextBy) !== time + ports.dueSeconds * 1_000) return false;
  return Math.abs(putAt.getTime() - time) <= PUT_SLACK_MS;
}

/** Nothing is left for the next seal that the ledger had when this one was planned, and that was known. */
async function coversItsTime(plan: Plan, planned: Sizes, { ports, targets }: PlanContext): Promise<boolean> {
  const time = Date.parse(plan.sealedAt);
  const grown = [...targets].flatMap(([tenant, chains]) =>
    [...chains].flatMap(([chain, size]) => {
      const from = planned.get(tenant)?.get(chain);
      const since = time - (from === undefined ? UNKNOWN_SLACK_MS : CLOCK_SLACK_MS);
      return (from ?? 0) < size ? [{ name: chainName(tenant, chain), from: from ?? 0, since }] : [];
    }),
  );
  let covers = true;
  await inParallel(grown, QUERIES_AT_ONCE, async ({ name, from, since }) => {
    const recordedAt = await recordedAtOf(ports, name, from);
    if (recordedAt !== undefined && recordedAt < since) covers = false;
  });
  return covers;
}

async function recordedAtOf({ blocks }: SealPorts, chain: string, position: number): Promise<number | undefined> {
  try {
    const block = await blocks.blockBefore(chain, position);
    return block?.position === position ? block.recordedAt : undefined;
  } catch (error) {
    if (error instanceof BlockError) return undefined;
    throw error;
  }
}
