import { fromHex, toHex } from '../../core/crypto.ts';
import { BodyCheck } from '../../core/verify/bodies.ts';
import { type ChainContext, type ChainPlan, expiryOf, startOf } from '../../core/verify/chain.ts';
import { type Doubt, doubtsOf } from '../../core/verify/doubt.ts';
import type { ChainState } from '../../core/verify/hasher.ts';
import { SectionCheck } from '../../core/verify/section.ts';
import { Skeleton } from '../../core/verify/skeleton.ts';
import { emptyTally, type Tally } from '../../core/verify/tally.ts';

/** Where the check of a tenant's chains stopped: chains below `chain` are done. Plain JSON. */
export interface ChainCursor {
  readonly chain: number;
  /** Its hashes are checked up to inside this section; absent: none yet, or all. */
  readonly section?: { readonly index: number; readonly start: StoredState; readonly state: StoredState };
  readonly doubts: readonly StoredDoubt[];
  /** Its hashes are all checked, and its bodies up to this position. */
  readonly position?: number;
}

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

/**
 * Checks chains one after the other until time is up, and goes on from there another time. What was checked before is
 * not checked again.
 */
export class ChainSlice {
  readonly #from: ChainCursor | undefined;
  readonly #isOver: () => boolean;
  /** Where it stopped; undefined as long as it has not. */
  stopped: ChainCursor | undefined;

  constructor(from: ChainCursor | undefined, isOver: () => boolean) {
    this.#from = from;
    this.#isOver = isOver;
  }

  /** A chain runner of core/verify: of a chain that is not reached, or was done before, it counts nothing. */
  readonly run = async (plan: ChainPlan, through: number, context: ChainContext): Promise<Tally> => {
    const done = plan.chain < (this.#from?.chain ?? 0) || plan.sections.length === 0;
    if (done || this.stopped !== undefined) return emptyTally();
    const cursor = this.#from?.chain === plan.chain ? this.#from : { chain: plan.chain, doubts: [] };
    const skeleton = new Skeleton(context.evidence.tiles(plan.chain), plan.sections.at(-1)!.head.size);
    const doubts = await this.#sections(plan, skeleton, context, cursor);
    if (doubts === undefined) return emptyTally();
    return this.#bodies(plan, skeleton, context, { doubts, from: cursor.position, through });
  };

  /** The doubts that all sections leave; undefined when time is up before. */
  async #sections(plan: ChainPlan, skeleton: Skeleton, context: ChainContext, cursor: ChainCursor) {
    const { chain, sections } = plan;
    const doubts = cursor.doubts.map((doubt) => loadedDoubt(doubt, plan));
    if (cursor.position !== undefined) return doubts;
    let start = cursor.section ? loadedState(cursor.section.start) : await startOf(plan, skeleton, context.report);
    let state = cursor.section ? loadedState(cursor.section.state) : start;
    for (let index = cursor.section?.index ?? 0; index < sections.length; index++) {
      const check = new SectionCheck(sections[index]!, skeleton, state, context.report);
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
      if (!proven) doubts.push(...(await doubtsOf(sections[index]!, skeleton, start)));
      [start, state] = [next, next];
    }
    return doubts;
  }

  async #bodies(
    plan: ChainPlan,
    skeleton: Skeleton,
    context: ChainContext,
    task: { readonly doubts: readonly Doubt[]; readonly from: number | undefined; readonly through: number },
  ): Promise<Tally> {
    const { chain, sections } = plan;
    const { doubts, through } = task;
    const from = task.from ?? sections[0]!.from;
    const tally = emptyTally();
    const check = new BodyCheck(
      {
        ...{ sections, from, through, skeleton, doubts },
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
    this.stopped = { chain, doubts: stored, position: check.position };
    return tally;
  }
}

const storedState = ({ size, link, range }: ChainState): StoredState => ({ size, link, range: range ?? null });
const loadedState = ({ size, link, range }: StoredState): ChainState => ({ size, link, range: range ?? undefined });

function storedDoubt({ section, from, through, node }: Doubt, { sections }: ChainPlan): StoredDoubt {
  return { section: sections.indexOf(section), from, through, node: node === undefined ? null : toHex(node) };
}

function loadedDoubt({ section, from, through, node }: StoredDoubt, { sections }: ChainPlan): Doubt {
  return { section: sections[section]!, from, through, ...(node === null ? {} : { node: fromHex(node) }) };
}
