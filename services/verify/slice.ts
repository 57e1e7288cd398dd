import { fromHex, toHex } from '../../core/crypto.ts';
import { BodyCheck, type BodyTask } from '../../core/verify/bodies.ts';
import { type ChainContext, type ChainPlan, expiryOf, startOf } from '../../core/verify/chain.ts';
import { Skeleton } from '../../core/verify/chain-tiles.ts';
import type { OnFinding } from '../../core/verify/finding.ts';
import type { ChainState } from '../../core/verify/hasher.ts';
import type { OpenRun } from '../../core/verify/runs.ts';
import { SectionCheck } from '../../core/verify/sealed-range.ts';
import { emptyTally, type Tally } from '../../core/verify/tally.ts';
import { type Doubt, doubtsOf } from '../../core/verify/unproven-range.ts';
import type { DigestRange } from './scope.ts';

/** Where the check of a tenant's chains stopped: chains below `chain` are done. Plain JSON. */
export interface ChainCursor {
  readonly chain: number;
  /** Its hashes are checked up to inside this section; absent: none yet, or all. */
  readonly section?: { readonly index: number; readonly start: StoredState; readonly state: StoredState };
  readonly doubts: readonly StoredDoubt[];
  /** Its hashes are all checked, and its bodies up to this position. */
  readonly position?: number;
  /** What was found just before the position, and may go on behind it. */
  readonly open?: StoredRun;
}

type StoredRun = Omit<OpenRun, 'section'> & { readonly section: number };

interface StoredState {
  readonly size: number;
  readonly link: string;
  readonly range: readonly string[] | null;
}

interface StoredDoubt {
  readonly section: number;
  readonly from: number;
  readonly through: number;
  readonly node: string | null;
}

/** Which of a plan's sections are checked, by their index, both included. */
interface Own {
  readonly first: number;
  readonly last: number;
}

const SILENT: OnFinding = () => {};

/**
 * Checks chains one after the other until time is up, and goes on from there another time. What was checked before is
 * not checked again. Of each chain it takes the sections that `rangeOf` names, which begin at a sealed head.
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
    const own = ownSections(plan, this.#rangeOf(plan.chain));
    const done = plan.chain < (this.#from?.chain ?? 0) || own === undefined;
    if (done || this.stopped !== undefined) return emptyTally();
    const cursor = this.#from?.chain === plan.chain ? this.#from : { chain: plan.chain, doubts: [] };
    const skeleton = new Skeleton(context.evidence.tiles(plan.chain), plan.sections.at(-1)!.head.size);
    const doubts = await this.#sections(plan, own, skeleton, context, cursor);
    if (doubts === undefined) return emptyTally();
    const open = cursor.open && { ...cursor.open, section: plan.sections[cursor.open.section]! };
    return this.#bodies(plan, own, skeleton, context, { doubts, open, from: cursor.position });
  };

  /** The doubts that all sections leave; undefined when time is up before. */
  async #sections(plan: ChainPlan, own: Own, skeleton: Skeleton, context: ChainContext, cursor: ChainCursor) {
    const { chain, sections } = plan;
    const doubts = cursor.doubts.map((doubt) => loadedDoubt(doubt, plan));
    if (cursor.position !== undefined) return doubts;
    const begin = cursor.section ? loadedBegin(cursor.section) : await beginOf(plan, own, skeleton, context.report);
    let { start, state } = begin;
    for (let index = begin.index; index <= own.last; index++) {
      // What comes before is for another slice to report.
      const report = index < own.first ? SILENT : context.report;
      const check = new SectionCheck(sections[index]!, skeleton, state, report);
      while (!check.done) {
        const { size } = check.state;
        await check.step();
        // Where a tile was missing the state stands still, and only the section as a whole can be gone on from.
        if (check.done || check.state.size === size || !this.#isOver()) continue;
        const section = { index, start: storedState(start), state: storedState(check.state) };
        this.stopped = { chain, section, doubts: doubts.map((doubt) => storedDoubt(doubt, plan)) };
        return undefined;
      }
      const { proven, next } = await check.finish();
      if (!proven && index >= own.first) doubts.push(...(await doubtsOf(sections[index]!, skeleton, start)));
      [start, state] = [next, next];
    }
    return doubts;
  }

  async #bodies(
    plan: ChainPlan,
    own: Own,
    skeleton: Skeleton,
    context: ChainContext,
    task: Pick<BodyTask, 'doubts' | 'open'> & { readonly from: number | undefined },
  ): Promise<Tally> {
    const { chain, sections } = plan;
    const { doubts, open } = task;
    const from = task.from ?? sections[own.first]!.from;
    const through = sections[own.last]!.head.size;
    const tally = emptyTally();
    const check = new BodyCheck(
      {
        ...{ sections, from, through, skeleton, doubts, open },
        ...{ last: through === sections.at(-1)!.head.size, expired: expiryOf(plan.lists, context) },
      },
      context.evidence.leaves(chain, from, through),
      tally,
      context.report,
    );
    // At least one step each time, so that every slice comes further.
    const ended = await check.run(() => check.position > from && this.#isOver());
    tally.entries = check.position - from;
    if (ended) return tally;
    const stored = doubts.map((doubt) => storedDoubt(doubt, plan));
    const run = check.open && { ...check.open, section: sections.indexOf(check.open.section) };
    this.stopped = { chain, doubts: stored, position: check.position, ...(run === undefined ? {} : { open: run }) };
    return tally;
  }
}

function ownSections({ sections }: ChainPlan, range: DigestRange | undefined): Own | undefined {
  if (range === undefined) return undefined;
  const first = sections.findIndex(({ digest }) => digest >= range.first);
  const last = sections.findLastIndex(({ digest }) => digest <= range.last);
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
async function beginOf(plan: ChainPlan, own: Own, skeleton: Skeleton, report: OnFinding): Promise<Begin> {
  const { sections, anchor } = plan;
  const before = sections[own.first - 1]?.head;
  if (before === undefined) {
    const start = await startOf(plan, skeleton, report);
    return { index: own.first, start, state: start };
  }
  const anchored = anchor === undefined || anchor.size === 0 || (await skeleton.rangeAt(anchor)) !== undefined;
  const range = anchored ? await skeleton.rangeAt(before) : undefined;
  const start = range && { size: before.size, link: before.link, range };
  if (start !== undefined) return { index: own.first, start, state: start };
  const first = await startOf(plan, skeleton, SILENT);
  return { index: 0, start: first, state: first };
}

function loadedBegin({ index, start, state }: NonNullable<ChainCursor['section']>): Begin {
  return { index, start: loadedState(start), state: loadedState(state) };
}

const storedState = ({ size, link, range }: ChainState): StoredState => ({ size, link, range: range ?? null });
const loadedState = ({ size, link, range }: StoredState): ChainState => ({ size, link, range: range ?? undefined });

function storedDoubt({ section, from, through, node }: Doubt, { sections }: ChainPlan): StoredDoubt {
  return { section: sections.indexOf(section), from, through, node: node === undefined ? null : toHex(node) };
}

function loadedDoubt({ section, from, through, node }: StoredDoubt, { sections }: ChainPlan): Doubt {
  return { section: sections[section]!, from, through, ...(node === null ? {} : { node: fromHex(node) }) };
}
