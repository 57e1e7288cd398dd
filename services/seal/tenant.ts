// Seals one tenant: its chains, then its digest.
import { CATEGORIES } from '../../core/catalog/catalog.ts';
import { chainName } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import type { Contents, ShortHead } from '../../core/documents/contents.ts';
import { type ChainHead, DIGEST } from '../../core/documents/digest.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import type { Plan } from '../../core/documents/plan.ts';
import { SEGMENT_LIST } from '../../core/documents/segments.ts';
import { digestKey, listKey } from '../../names/log.ts';
import type { LoggedDigest } from '../log/digests.ts';
import { readDocument } from '../log/referenced.ts';
import { firstDay } from './bounds.ts';
import { type ChainPoint, emptyHead, sealStep } from './chain.ts';
import { FIRST_COUNTERS, keepContents } from './contents.ts';
import { CONTENT, type Sealing, type ShortChain } from './context.ts';
import type { Work } from './progress.ts';
import type { ListedSegment } from './segment-matcher.ts';
import { tellShort } from './short.ts';
import { standingFault, unbackedChains } from './standing.ts';

/** Some tens of seconds of work, and a list of a few megabytes at most. Of many small segments a step takes fewer. */
const DEFAULT_STEP_ENTRIES = 500_000;

/** One tenant of a plan, and its digest before. */
export interface TenantTask {
  readonly plan: Plan;
  /** SHA-256 of the plan. */
  readonly planHash: string;
  /** Its place among the plan's tenants. */
  readonly rank: number;
  readonly previous: LoggedDigest | undefined;
  /** When the seal before was planned; undefined before the first seal. */
  readonly before: string | undefined;
  /** Contents of the digest before; undefined when it has none. */
  readonly previousContents: () => Promise<Contents | undefined>;
}

/** What a tenant ends in. */
interface SealedTenant {
  readonly digest: ObjectRef;
  readonly short: readonly ShortHead[];
}

interface ChainTask {
  readonly before: ChainHead;
  readonly target: number;
}

export const NO_WORK: Work = { heads: [], done: 0, lists: [], short: [] };

/** Seals the tenant's next step: of one chain, or in the end its digest, which is then the answer. */
export async function advanceTenant(sealing: Sealing, task: TenantTask, work: Work): Promise<Work | SealedTenant> {
  const chain = chainsOf(task)[work.done];
  return chain === undefined ? endTenant(sealing, task, work) : advance(sealing, task, work, chain);
}

/** Seals the next step of one chain of the tenant, apart from the others; `work` is of this chain alone. */
export async function advanceChains(
  sealing: Sealing,
  task: TenantTask,
  work: Work,
  chain: number,
): Promise<{ readonly work: Work; readonly isDone: boolean }> {
  const own = chainsOf(task).find(({ before }) => before.chain === chain);
  const after = own === undefined ? { ...work, done: 1 } : await advance(sealing, task, work, own);
  return { work: after, isDone: after.done > 0 };
}

/** Whether what was sealed of the tenant's chains apart is all of them. */
export const hasAllChains = (task: TenantTask, { done }: Work): boolean => chainsOf(task).length === done;

async function advance(sealing: Sealing, task: TenantTask, work: Work, chain: ChainTask): Promise<Work> {
  const { before, target } = chain;
  if (target > before.size) return advanceChain(sealing, task, work, chain);
  const short = await stoodStill(sealing, task, before);
  return { ...work, heads: [...work.heads, before], done: work.done + 1, short: [...work.short, ...short] };
}

/** Of a chain that has nothing new, whether the ledger still stands behind what is sealed. */
async function stoodStill(sealing: Sealing, task: TenantTask, head: ChainHead): Promise<readonly ShortHead[]> {
  const since = await sinceOf(task, head.chain);
  if (head.size === 0 || since === undefined) return [];
  const reason = await standingFault(sealing, tenantOf(task).tenant, head, since);
  return reason === undefined ? [] : [await shortHead(sealing, task, head, { planned: head.size, reason })];
}

async function advanceChain(sealing: Sealing, task: TenantTask, work: Work, chain: ChainTask): Promise<Work> {
  const { before, target } = chain;
  const { tenant } = tenantOf(task);
  const { seal, sealedAt } = task.plan;
  const { point: begun, ...done } = work;
  const from = begun ?? { ...before, open: await openSegments(sealing, task, before) };
  const entries = sealing.ports.stepEntries ?? DEFAULT_STEP_ENTRIES;
  const since = await sinceOf(task, before.chain);
  const place = { tenant, chain: before.chain, seal, sealedAt, sealed: before.size, since };
  const { point, list, ended } = await sealStep(sealing, place, from, Math.min(target, from.size + entries));
  const lists = list === undefined ? work.lists : [...work.lists, list];
  if (ended === undefined && point.size < target) return { ...done, lists, point: { ...point, open: [...point.open] } };
  const short = ended === undefined ? [] : [await shortHead(sealing, task, point, { planned: target, ...ended })];
  const heads = point.size === 0 ? work.heads : [...work.heads, headOf(point)];
  return { heads, lists, done: work.done + 1, short: [...work.short, ...short] };
}

/** What the digest says of a chain that ends early; reported to everybody else as well. */
async function shortHead(
  sealing: Sealing,
  task: TenantTask,
  { chain, size }: Pick<ChainHead, 'chain' | 'size'>,
  why: Omit<ShortChain, 'chain' | 'sealed'>,
): Promise<ShortHead> {
  await tellShort(sealing, task.plan, { chain: chainName(tenantOf(task).tenant, chain), sealed: size, ...why });
  const since = await sinceOf(task, chain);
  return { chain, size, reason: why.reason, ...(since === undefined ? {} : { since }) };
}

/** When the newest seal was planned that was not short of the chain: what is unsealed was recorded after it. */
async function sinceOf(task: TenantTask, chain: number): Promise<string | undefined> {
  const { short = [] } = (await task.previousContents()) ?? {};
  const before = short.find((one) => one.chain === chain);
  return before === undefined ? task.before : before.since;
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

/** Of a chain, what the seal before left half sealed: its lists name the segments, which end beyond its size. */
async function openSegments(sealing: Sealing, task: TenantTask, head: ChainHead): Promise<ListedSegment[]> {
  const contents = await task.previousContents();
  if (contents === undefined) return [];
  const { tenant, seal } = contents;
  const first = listKey(tenant, seal, head.chain, 0);
  const ofChain = first.slice(0, first.lastIndexOf('-') + 1);
  const refs = contents.segments.filter(({ key }) => key.startsWith(ofChain));
  const open = new Map<string, ListedSegment>();
  for (const ref of refs) {
    const { segments } = await readDocument(sealing.ports.store, SEGMENT_LIST, ref);
    for (const { object, category, day, first, last } of segments) {
      if (last >= head.size) open.set(`${object.key} ${object.version}`, { object, category, day, first, last });
    }
  }
  return [...open.values()];
}

async function endTenant(sealing: Sealing, task: TenantTask, work: Work): Promise<SealedTenant> {
  const short = [...work.short, ...(await planted(sealing, task, work))].sort((a, b) => a.chain - b.chain);
  return { digest: await keepDigest(sealing, task, { ...work, short }), short };
}

/** What the archive holds and the ledger never had: of a tenant that has something new, or of which it was reported before. */
async function planted(sealing: Sealing, task: TenantTask, work: Work): Promise<readonly ShortHead[]> {
  const reported = ((await task.previousContents())?.short ?? []).filter(({ reason }) => reason === 'unbacked');
  if (work.lists.length + work.short.length + reported.length === 0) return [];
  const { tenant, chains } = tenantOf(task);
  const since = reported.some((one) => one.since === undefined)
    ? undefined
    : oldest([...reported, { since: task.before }]);
  const index = sealing.index(tenant, firstDay(since));
  const planned = new Map(chains.map(({ chain, size }) => [chain, size]));
  const found: ShortHead[] = [];
  for (const { chain, first, key } of await unbackedChains(sealing, index, planned)) {
    if (work.short.some((one) => one.chain === chain)) continue;
    const size = work.heads.find((head) => head.chain === chain)?.size ?? 0;
    found.push(await shortHead(sealing, task, { chain, size }, { planned: first, reason: 'unbacked', object: key }));
  }
  return found;
}

const oldest = (times: readonly { readonly since?: string | undefined }[]) => times.map(({ since }) => since).sort()[0];

async function keepDigest(sealing: Sealing, task: TenantTask, { heads, lists, short }: Work): Promise<ObjectRef> {
  const { plan, planHash, rank, previous } = task;
  const { tenant } = tenantOf(task);
  const { log, seal, sealedAt, nextBy } = plan;
  const before = (await task.previousContents()) ?? FIRST_COUNTERS;
  const contents = await keepContents(sealing, { tenant, seal, sealedAt }, { segments: lists, short }, before);
  const digest = DIGEST.format({
    ...{ v: 1, kind: 'digest', log, tenant, seal, sealedAt, nextBy, plan: planHash },
    number: previous === undefined ? 0 : previous.digest.number + 1,
    index: plan.size + rank,
    ...(previous === undefined ? {} : { previous: toHex(previous.leaf) }),
    chains: [...heads],
    retention: retentionOf(sealing, tenant),
    ...(contents === undefined ? {} : { contents }),
  });
  return sealing.keep(digestKey(tenant, seal), digest, CONTENT.document, sealedAt);
}

/** Of every category: the catalog never takes a name back, and nothing is sealed of one that it does not know. */
function retentionOf({ ports: { retention } }: Sealing, tenant: string): Record<string, string> {
  return Object.fromEntries([...CATEGORIES.keys()].map((category) => [category, retention(tenant, category)]));
}
