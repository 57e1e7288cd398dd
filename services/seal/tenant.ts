import { CATEGORIES } from '../../core/catalog/catalog.ts';
import { chainName } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import { CONTENTS, type Contents } from '../../core/documents/contents.ts';
import { type ChainHead, DIGEST } from '../../core/documents/digest.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import type { Plan } from '../../core/documents/plan.ts';
import { SEGMENT_LIST } from '../../core/documents/segments.ts';
import { digestKey, listKey } from '../../names/log.ts';
import type { LoggedDigest } from '../log/digests.ts';
import { readDocument } from '../log/referenced.ts';
import { type ChainPoint, emptyHead, sealStep } from './chain.ts';
import { FIRST_COUNTERS, keepContents } from './contents.ts';
import { CONTENT, type Sealing } from './context.ts';
import type { FiledSegment } from './filing.ts';
import type { Work } from './progress.ts';

/** Some tens of seconds of work, and a list of a few megabytes at most. Of many small segments a step takes fewer. */
const DEFAULT_STEP_ENTRIES = 500_000;

const DAY_MS = 86_400_000;

/** One tenant of a plan, and its digest before. */
export interface TenantTask {
  readonly plan: Plan;
  /** SHA-256 of the plan. */
  readonly planHash: string;
  /** Its place among the plan's tenants. */
  readonly rank: number;
  readonly previous: LoggedDigest | undefined;
}

interface ChainTask {
  readonly before: ChainHead;
  readonly target: number;
}

export const NO_WORK: Work = { heads: [], done: 0, lists: [] };

/** Seals the tenant's next step: of one chain, or in the end its digest, whose reference is then the answer. */
export async function advanceTenant(sealing: Sealing, task: TenantTask, work: Work): Promise<Work | ObjectRef> {
  const chain = chainsOf(task)[work.done];
  if (chain === undefined) return keepDigest(sealing, task, work);
  const { before, target } = chain;
  if (target <= before.size) return { ...work, heads: [...work.heads, before], done: work.done + 1 };
  return advanceChain(sealing, task, work, chain);
}

async function advanceChain(sealing: Sealing, task: TenantTask, work: Work, chain: ChainTask): Promise<Work> {
  const { before, target } = chain;
  const { tenant } = tenantOf(task);
  const { seal, sealedAt } = task.plan;
  const from = work.point ?? { ...before, open: await openSegments(sealing, task, before) };
  const entries = sealing.ports.stepEntries ?? DEFAULT_STEP_ENTRIES;
  const place = { tenant, chain: before.chain, seal, sealedAt, since: since(task, before) };
  const { point, list, ended } = await sealStep(sealing, place, from, Math.min(target, from.size + entries));
  const lists = list === undefined ? work.lists : [...work.lists, list];
  if (ended === undefined && point.size < target) return { ...work, lists, point: { ...point, open: [...point.open] } };
  if (ended !== undefined) {
    const name = chainName(tenant, before.chain);
    sealing.tally.short.push({ chain: name, sealed: point.size, planned: target, reason: ended });
  }
  const heads = point.size === 0 ? work.heads : [...work.heads, headOf(point)];
  return { heads, lists, done: work.done + 1 };
}

const tenantOf = ({ plan, rank }: TenantTask) => plan.tenants[rank]!;
const headOf = ({ chain, size, root, link }: ChainPoint): ChainHead => ({ chain, size, root, link });

/** Those of the digest before and those of the plan, by number. */
function chainsOf(task: TenantTask): ChainTask[] {
  const { tenant, chains } = tenantOf(task);
  const heads = new Map(task.previous?.digest.chains.map((head) => [head.chain, head]));
  const targets = new Map(chains.map(({ chain, size }) => [chain, size]));
  const numbers = [...new Set([...heads.keys(), ...targets.keys()])].sort((a, b) => a - b);
  return numbers.map((chain) => ({
    before: heads.get(chain) ?? emptyHead(tenant, chain),
    target: targets.get(chain) ?? 0,
  }));
}

/** What was not sealed then was recorded after it, but for writers that took their time and clocks that differ. */
function since({ previous }: TenantTask, { size }: ChainHead): string | undefined {
  if (previous === undefined || size === 0) return undefined;
  return new Date(Date.parse(previous.digest.sealedAt) - DAY_MS).toISOString().slice(0, 10);
}

/** Of a chain, what the seal before left half sealed: its lists name the segments, which end beyond its size. */
async function openSegments(sealing: Sealing, task: TenantTask, head: ChainHead): Promise<FiledSegment[]> {
  const contents = await previousContents(sealing, task);
  if (contents === undefined) return [];
  const { tenant, seal } = contents;
  const first = listKey(tenant, seal, head.chain, 0);
  const ofChain = first.slice(0, first.lastIndexOf('-') + 1);
  const refs = contents.segments.filter(({ key }) => key.startsWith(ofChain));
  const open = new Map<string, FiledSegment>();
  for (const ref of refs) {
    const { segments } = await readDocument(sealing.ports.store, SEGMENT_LIST, ref);
    for (const { object, category, day, first, last } of segments) {
      if (last >= head.size) open.set(`${object.key} ${object.version}`, { object, category, day, first, last });
    }
  }
  return [...open.values()];
}

async function previousContents(sealing: Sealing, { previous }: TenantTask): Promise<Contents | undefined> {
  const ref = previous?.digest.contents;
  return ref && readDocument(sealing.ports.store, CONTENTS, ref);
}

async function keepDigest(sealing: Sealing, task: TenantTask, { heads, lists }: Work): Promise<ObjectRef> {
  const { plan, planHash, rank, previous } = task;
  const { tenant } = tenantOf(task);
  const { log, seal, sealedAt, nextBy } = plan;
  const before = (await previousContents(sealing, task)) ?? FIRST_COUNTERS;
  const contents = await keepContents(sealing, { tenant, seal, sealedAt }, lists, before);
  const digest = DIGEST.format({
    ...{ v: 1, kind: 'digest', log, tenant, seal, sealedAt, nextBy, plan: planHash },
    number: previous === undefined ? 0 : previous.digest.number + 1,
    index: plan.size + rank,
    ...(previous === undefined ? {} : { previous: toHex(previous.leaf) }),
    chains: [...heads],
    retention: await retentionOf(sealing, tenant, lists),
    ...(contents === undefined ? {} : { contents }),
  });
  return sealing.keep(digestKey(tenant, seal), digest, CONTENT.document, sealedAt);
}

/** Of the catalog's categories, and of those that older or newer versions of it filed entries under. */
async function retentionOf(
  { ports: { store, retention } }: Sealing,
  tenant: string,
  lists: readonly ObjectRef[],
): Promise<Record<string, string>> {
  const categories = new Set(CATEGORIES.keys());
  for (const ref of lists) {
    for (const { category } of (await readDocument(store, SEGMENT_LIST, ref)).segments) categories.add(category);
  }
  return Object.fromEntries([...categories].map((category) => [category, retention(tenant, category)]));
}
