import type { ChainHead } from '../documents/digest.ts';
import { BodyCheck, type BodyTask } from './bodies.ts';
import { Skeleton } from './chain-tiles.ts';
import type { DocumentReader } from './documents.ts';
import type { Evidence } from './evidence.ts';
import { finding, type OnFinding } from './finding.ts';
import type { ChainState } from './hasher.ts';
import { type ExcusedRun, expiredRuns, type KnownList } from './lists.ts';
import { type Section, SectionCheck } from './sealed-range.ts';
import { emptyTally, type MutableTally } from './tally.ts';
import type { Excuse, Tombstones } from './tombstones.ts';
import { type Doubt, doubtsOf } from './unproven-range.ts';

/** Everything that digests sealed of one chain, in order. */
export interface ChainPlan {
  readonly tenant: string;
  readonly chain: number;
  /** Head in the digest before the first; undefined where the chain begins among the sections. */
  readonly anchor: ChainHead | undefined;
  readonly sections: readonly Section[];
  readonly lists: readonly KnownList[];
}

export interface ChainContext {
  readonly evidence: Pick<Evidence, 'tiles' | 'leaves'>;
  readonly reader: DocumentReader;
  readonly tombstones: Tombstones;
  readonly report: OnFinding;
  /** Entries that no digest seals may follow; they are passed over. */
  readonly unsealed?: boolean;
  /** Told how many positions are done, after every few. */
  readonly onProgress?: (positions: number) => void;
}

/** Checks the hashes of every section and the bodies of the positions from its first to before `through`. */
export async function checkChain(plan: ChainPlan, through: number, context: ChainContext): Promise<MutableTally> {
  const { evidence, report, unsealed = false } = context;
  const { chain, sections } = plan;
  const tally = emptyTally();
  const end = sections.at(-1)?.head.size;
  if (end === undefined) return tally;
  const from = sections[0]!.from;
  // Asked for first: whoever hashes them elsewhere can begin.
  const leaves = evidence.leaves(chain, from, through);
  const skeleton = new Skeleton(evidence.tiles(chain), end);
  const doubts = await checkSections(plan, skeleton, context);
  tally.entries = through - from;
  const task: BodyTask = {
    ...{ sections, from, through, unsealed, skeleton, doubts, last: through === end },
    expired: expiryOf(plan.lists, context),
  };
  const check = new BodyCheck(task, leaves, tally, report);
  await check.run(() => {
    context.onProgress?.(check.position - from);
    return false;
  });
  return tally;
}

async function checkSections(plan: ChainPlan, skeleton: Skeleton, context: ChainContext): Promise<Doubt[]> {
  const doubts: Doubt[] = [];
  let state = await startOf(plan, skeleton, context.report);
  for (const section of plan.sections) {
    const check = new SectionCheck(section, skeleton, state, context.report);
    while (!check.done) await check.step();
    const { proven, next } = await check.finish();
    if (!proven) doubts.push(...(await doubtsOf(section, skeleton, state)));
    state = next;
  }
  return doubts;
}

/** The state of the chain where the first section begins. */
export async function startOf(
  { tenant, chain, anchor, sections }: ChainPlan,
  skeleton: Skeleton,
  report: OnFinding,
): Promise<ChainState> {
  const { from, link, seal, digest } = sections[0]!;
  if (anchor === undefined || anchor.size === 0) return { size: 0, link, range: [] };
  const range = await skeleton.rangeAt(anchor);
  if (range === undefined) {
    const where = { tenant, chain, seal, digest, first: 0, last: from - 1 };
    report(
      finding('nodes-missing', { ...where, expected: `tiles that lead to root ${anchor.root}`, found: 'none that do' }),
    );
  }
  return { size: from, link, range };
}

/** Answers for rising positions whether, and why, a body may be gone; reads a list again only where tombstones excuse some of it. */
export function expiryOf(
  lists: readonly KnownList[],
  { reader, tombstones }: Pick<ChainContext, 'reader' | 'tombstones'>,
): (position: number) => Promise<Excuse | undefined> {
  let next = 0;
  let runs: readonly ExcusedRun[] = [];
  let run = 0;
  return async (position) => {
    for (let list = lists[next]; list !== undefined && list.from <= position; list = lists[next]) {
      next++;
      if (list.through <= position || !list.expired) runs = [];
      else runs = await expiredRuns(list, reader, tombstones);
      run = 0;
    }
    while (run < runs.length && runs[run]!.last < position) run++;
    return run < runs.length && runs[run]!.first <= position ? runs[run]!.excuse : undefined;
  };
}
