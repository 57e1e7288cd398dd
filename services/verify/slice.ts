// Verifies chains for as long as there is time, and goes on from there later.
import { fromHex, toHex } from '../../core/crypto.ts';
import { BodyCheck, type BodyTask } from '../../core/verify/bodies.ts';
import { type ChainContext, type ChainPlan, expiryOf, startOf } from '../../core/verify/chain.ts';
import { ChainTiles } from '../../core/verify/chain-tiles.ts';
import type { OnFinding } from '../../core/verify/finding.ts';
import type { ChainState } from '../../core/verify/hasher.ts';
import type { OpenRun } from '../../core/verify/runs.ts';
import { SealedRangeCheck } from '../../core/verify/sealed-range.ts';
import { emptyTally, type Tally } from '../../core/verify/tally.ts';
import { type UnprovenRange, unprovenRanges } from '../../core/verify/unproven-range.ts';
import type { DigestRange } from './scope.ts';

/** Where the check of a tenant's chains stopped: chains below `chain` are done. Plain JSON. */
export interface ChainCursor {
  readonly chain: number;
  /** Its hashes are checked up to inside this sealed range; absent: none yet, or all. */
  readonly sealedRange?: { readonly index: number; readonly start: StoredState; readonly state: StoredState };
  readonly unproven: readonly StoredUnproven[];
  /** Its hashes are all checked, and its bodies up to this position. */
  readonly position?: number;
  /** What was found just before the position, and may go on behind it. */
  readonly open?: StoredRun;
}

type StoredRun = Omit<OpenRun, 'sealedRange'> & { readonly sealedRange: number };

interface StoredState {
  readonly size: number;
  readonly link: string;
  readonly range: readonly string[] | null;
}

interface StoredUnproven {
  readonly sealedRange: number;
  readonly from: number;
  readonly through: number;
  readonly node: string | null;
}

/** Which of a plan's sealed ranges are checked, by their index, both included. */
interface Own {
  readonly first: number;
  readonly last: number;
}

const SILENT: OnFinding = () => {};

/**
 * Checks chains one after the other until time is up, and goes on from there another time. What was checked before is
 * not checked again. Of each chain it takes the sealed ranges that `rangeOf` names, which begin at a sealed head.
 */
export class ChainSlice {
  readonly #from: ChainCursor | undefined;
  readonly #isOver: () => boolean;
  readonly #rangeOf: (chain: number) => DigestRange | undefined;
  /** Where it stopped; undefined as long as it has not. */
  stopped: ChainCursor | undefined;

  constructor(
    from: ChainCursor | undefined,
    isOver: () => boolean,
    rangeOf: (chain: number) => DigestRange | undefined,
  ) {
    this.#from = from;
    this.#isOver = isOver;
    this.#rangeOf = rangeOf;
  }

  /** A chain runner of core/verify: of a chain that is not reached, or was done before, it counts nothing. */
  readonly run = async (plan: ChainPlan, _through: number, context: ChainContext): Promise<Tally> => {
    const own = ownSealedRanges(plan, this.#rangeOf(plan.chain));
    const done = plan.chain < (this.#from?.chain ?? 0) || own === undefined;
    if (done || this.stopped !== undefined) return emptyTally();
    const cursor = this.#from?.chain === plan.chain ? this.#from : { chain: plan.chain, unproven: [] };
    const tiles = new ChainTiles(context.evidence.tiles(plan.chain), plan.sealedRanges.at(-1)!.head.size);
    const unproven = await this.#sealedRanges(plan, own, tiles, context, cursor);
    if (unproven === undefined) return emptyTally();
    const open = cursor.open && { ...cursor.open, sealedRange: plan.sealedRanges[cursor.open.sealedRange]! };
    return this.#bodies(plan, own, tiles, context, { unproven, open, from: cursor.position });
  };

  /** The ranges that stay unproven in all sealed ranges; undefined when time is up before. */
  async #sealedRanges(plan: ChainPlan, own: Own, tiles: ChainTiles, context: ChainContext, cursor: ChainCursor) {
    const { chain, sealedRanges } = plan;
    const unproven = cursor.unproven.map((unproven) => loadedUnproven(unproven, plan));
    if (cursor.position !== undefined) return unproven;
    const begin = cursor.sealedRange
      ? loadedBegin(cursor.sealedRange)
      : await beginOf(plan, own, tiles, context.report);
    let { start, state } = begin;
    for (let index = begin.index; index <= own.last; index++) {
      // What comes before is for another slice to report.
      const report = index < own.first ? SILENT : context.report;
      const check = new SealedRangeCheck(sealedRanges[index]!, tiles, state, report);
      while (!check.done) {
        const { size } = check.state;
        await check.step();
        // Where a tile was missing the state stands still, and only the sealed range as a whole can be gone on from.
        if (check.done || check.state.size === size || !this.#isOver()) continue;
        const sealedRange = { index, start: storedState(start), state: storedState(check.state) };
        this.stopped = { chain, sealedRange, unproven: unproven.map((unproven) => storedUnproven(unproven, plan)) };
        return undefined;
      }
      const { proven, next } = await check.finish();
      if (!proven && index >= own.first) unproven.push(...(await unprovenRanges(sealedRanges[index]!, tiles, start)));
      [start, state] = [next, next];
    }
    return unproven;
  }

  async #bodies(
    plan: ChainPlan,
    own: Own,
    tiles: ChainTiles,
    context: ChainContext,
    task: Pick<BodyTask, 'unproven' | 'open'> & { readonly from: number | undefined },
  ): Promise<Tally> {
    const { chain, sealedRanges } = plan;
    const { unproven, open } = task;
    const from = task.from ?? sealedRanges[own.first]!.from;
    const through = sealedRanges[own.last]!.head.size;
    const tally = emptyTally();
    const check = new BodyCheck(
      {
        ...{ sealedRanges, from, through, tiles, unproven, open },
        ...{ last: through === sealedRanges.at(-1)!.head.size, expired: expiryOf(plan.lists, context) },
      },
      context.evidence.leaves(chain, from, through),
      tally,
      context.report,
    );
    // At least one step each time, so that every slice comes further.
    const ended = await check.run(() => check.position > from && this.#isOver());
    tally.entries = check.position - from;
    if (ended) return tally;
    const stored = unproven.map((unproven) => storedUnproven(unproven, plan));
    const run = check.open && { ...check.open, sealedRange: sealedRanges.indexOf(check.open.sealedRange) };
    this.stopped = { chain, unproven: stored, position: check.position, ...(run === undefined ? {} : { open: run }) };
    return tally;
  }
}

function ownSealedRanges({ sealedRanges }: ChainPlan, range: DigestRange | undefined): Own | undefined {
  if (range === undefined) return undefined;
  const first = sealedRanges.findIndex(({ digest }) => digest >= range.first);
  const last = sealedRanges.findLastIndex(({ digest }) => digest <= range.last);
  return first < 0 || last < first ? undefined : { first, last };
}

interface Begin {
  readonly index: number;
  readonly start: ChainState;
  readonly state: ChainState;
}

/**
 * The chain's state at a sealed head in its middle is what the tiles say that lead to its root. Where there are none that
 * do, only what comes before can say it, and is hashed again.
 */
async function beginOf(plan: ChainPlan, own: Own, tiles: ChainTiles, report: OnFinding): Promise<Begin> {
  const { sealedRanges, anchor } = plan;
  const before = sealedRanges[own.first - 1]?.head;
  if (before === undefined) {
    const start = await startOf(plan, tiles, report);
    return { index: own.first, start, state: start };
  }
  const anchored = anchor === undefined || anchor.size === 0 || (await tiles.rangeAt(anchor)) !== undefined;
  const range = anchored ? await tiles.rangeAt(before) : undefined;
  const start = range && { size: before.size, link: before.link, range };
  if (start !== undefined) return { index: own.first, start, state: start };
  const first = await startOf(plan, tiles, SILENT);
  return { index: 0, start: first, state: first };
}

function loadedBegin({ index, start, state }: NonNullable<ChainCursor['sealedRange']>): Begin {
  return { index, start: loadedState(start), state: loadedState(state) };
}

const storedState = ({ size, link, range }: ChainState): StoredState => ({ size, link, range: range ?? null });
const loadedState = ({ size, link, range }: StoredState): ChainState => ({ size, link, range: range ?? undefined });

function storedUnproven(
  { sealedRange, from, through, node }: UnprovenRange,
  { sealedRanges }: ChainPlan,
): StoredUnproven {
  return {
    sealedRange: sealedRanges.indexOf(sealedRange),
    from,
    through,
    node: node === undefined ? null : toHex(node),
  };
}

function loadedUnproven(
  { sealedRange, from, through, node }: StoredUnproven,
  { sealedRanges }: ChainPlan,
): UnprovenRange {
  return { sealedRange: sealedRanges[sealedRange]!, from, through, ...(node === null ? {} : { node: fromHex(node) }) };
}
