// Verifies one chain: the hashes of its sealed ranges, then its bodies.
import type { ChainHead } from '../documents/digest.ts';
import { BodyCheck, type BodyTask } from './bodies.ts';
import { ChainTiles } from './chain-tiles.ts';
import type { DocumentReader } from './documents.ts';
import type { Evidence } from './evidence.ts';
import { finding, type OnFinding } from './finding.ts';
import type { ChainState } from './hasher.ts';
import { type ExcusedRun, expiredRuns, type KnownList } from './lists.ts';
import { type SealedRange, SealedRangeCheck } from './sealed-range.ts';
import { emptyTally, type MutableTally } from './tally.ts';
import type { Excuse, Tombstones } from './tombstones.ts';
import { type UnprovenRange, unprovenRanges } from './unproven-range.ts';

/** Everything that digests sealed of one chain, in order. */
export interface ChainPlan {
  readonly tenant: string;
  readonly chain: number;
  /** Head in the digest before the first; undefined where the chain begins among the sealed ranges. */
  readonly anchor: ChainHead | undefined;
  readonly sealedRanges: readonly SealedRange[];
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

/** Checks the hashes of every sealed range and the bodies of the positions from its first to before `through`. */
export async function checkChain(plan: ChainPlan, through: number, context: ChainContext): Promise<MutableTally> {
  const { evidence, report, unsealed = false } = context;
  const { chain, sealedRanges } = plan;
  const tally = emptyTally();
  const end = sealedRanges.at(-1)?.head.size;
  if (end === undefined) return tally;
  const from = sealedRanges[0]!.from;
  // Asked for first: whoever hashes them elsewhere can begin.
  const leaves = evidence.leaves(chain, from, through);
  const tiles = new ChainTiles(evidence.tiles(chain), end);
  const unproven = await checkSealedRanges(plan, tiles, context);
  tally.entries = through - from;
  const task: BodyTask = {
    ...{ sealedRanges, from, through, unsealed, tiles, unproven, last: through === end },
    expired: expiryOf(plan.lists, context),
  };
  const check = new BodyCheck(task, leaves, tally, report);
  await check.run(() => {
    context.onProgress?.(check.position - from);
    return false;
  });
  return tally;
}

async function checkSealedRanges(plan: ChainPlan, tiles: ChainTiles, context: ChainContext): Promise<UnprovenRange[]> {
  const unproven: UnprovenRange[] = [];
  let state = await startOf(plan, tiles, context.report);
  for (const sealedRange of plan.sealedRanges) {
    const check = new SealedRangeCheck(sealedRange, tiles, state, context.report);
    while (!check.done) await check.step();
    const { proven, next } = await check.finish();
    if (!proven) unproven.push(...(await unprovenRanges(sealedRange, tiles, state)));
    state = next;
  }
  return unproven;
}

/** The state of the chain where the first sealed range begins. */
export async function startOf(
  { tenant, chain, anchor, sealedRanges }: ChainPlan,
  tiles: ChainTiles,
  report: OnFinding,
): Promise<ChainState> {
  const { from, link, seal, digest } = sealedRanges[0]!;
  if (anchor === undefined || anchor.size === 0) return { size: 0, link, range: [] };
  const range = await tiles.rangeAt(anchor);
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
