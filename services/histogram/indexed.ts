// Counts what the index tells.
import { MAX_CHAINS } from '../../core/chain.ts';
import { toldBy, UNTOLD } from '../../core/index/codes.ts';
import { CELL_MS, identityHash, type Tally } from '../../core/index/tally.ts';
import type { Clues, Decider, Term, Verdict } from '../../core/query/decide.ts';
import { TIME_FACET } from '../../names/index.ts';
import { inParallel } from '../object-lock/parallel.ts';
import type { Period } from '../search/port.ts';
import { type Buckets, cellOf, type Slots } from './counts.ts';
import type { Covered } from './covered.ts';
import type { HistogramPorts, PassedDays, Span, TalliedChain } from './port.ts';
import { common, merged, spansOf } from './spans.ts';

/** Postings are read in so many parts of the period, so many at a time, newest first: when the time is up, what is left is old. */
const PARTS = 16;
const PARTS_AT_ONCE = 8;

export interface IndexedCounting {
  readonly ports: HistogramPorts;
  readonly tenant: string;
  readonly decider: Decider;
  readonly period: Period;
  readonly slots: Slots;
  readonly chains: readonly TalliedChain[];
  readonly covered: Covered;
  readonly passed: readonly PassedDays[];
  readonly isOver: () => boolean;
}

interface Posted {
  readonly chain: number;
  readonly position: number;
  readonly recordedAt: number;
  readonly code: number;
  terms: number;
}

/**
 * Counts what lies below where the index reaches. Half-hours that no slot cuts are counted by tallies, as if no entry had a
 * posting of the query's terms, and then those that have are set right, one by one. Half-hours that are cut are counted
 * entry by entry. Answers spans of which nothing was counted, since the time was up.
 */
export async function countIndexed(counting: IndexedCounting, buckets: Buckets): Promise<Span[]> {
  const { covered, period, slots, isOver } = counting;
  const judge = new Judge(counting);
  const cut = covered.isSound ? cutCells(slots, period) : undefined;
  if (cut !== undefined) for (const { tally } of covered.all) countTally(tally, judge, buckets, period, cut);
  const isCut = (time: number) => cut === undefined || cut.has(cellOf(time));
  const unread: Span[] = [];
  const parts = partsOf(period);
  await inParallel(parts, PARTS_AT_ONCE, async (part) => {
    const whole = cut === undefined ? [part] : spansOf(cut, part);
    // Of the newest, all is read whatever the time: whoever asks again for what is left comes to an end.
    const posted = await readPart(counting, part, whole, part === parts[0] ? () => false : isOver);
    if (posted === undefined) {
      unread.push(part);
      return;
    }
    for (const one of posted.values()) {
      const { recordedAt, code, terms } = one;
      const tally = covered.at(one.chain, one.position);
      const others = judge.othersOf(tally);
      // Nothing that is indexed is without a tally, unless somebody removed that: then its entries have to be read.
      if (!isCut(recordedAt) && tally === undefined) buckets.add(recordedAt, UNTOLD, undefined, 1);
      else if (!isCut(recordedAt))
        buckets.add(recordedAt, code, judge.verdict({ code, terms: 0, others }, recordedAt), -1);
      buckets.add(recordedAt, code, judge.verdict({ code, terms, others }, recordedAt), 1);
    }
  });
  return merged(unread);
}

/** Decides of an entry, whether it is still kept included. */
class Judge {
  readonly #decider: Decider;
  readonly #passed: ReadonlyMap<string, { readonly before: number; readonly isGone: boolean }>;
  readonly #hashes: readonly number[];

  constructor({ decider, passed }: Pick<IndexedCounting, 'decider' | 'passed'>) {
    this.#decider = decider;
    this.#passed = new Map(
      passed.map(({ category, before, isGone }) => [category, { before: Date.parse(before), isGone }]),
    );
    this.#hashes = decider.identities.map(identityHash);
  }

  verdict(clues: Clues, recordedAt: number): Verdict {
    const verdict = this.#decider.decide(clues);
    if (verdict === false) return false;
    const passed = this.#passed.get(toldBy(clues.code)?.category ?? '');
    if (passed === undefined || recordedAt >= passed.before) return verdict;
    return passed.isGone ? false : undefined;
  }

  /** Bits of the identities that may come up in a stretch beside the actors; all of them where it is not known. */
  othersOf(tally: Tally | undefined): number {
    const { others } = tally ?? {};
    return this.#hashes.reduce((bits, hash, i) => bits + (others === undefined || others.has(hash) ? 1 << i : 0), 0);
  }
}

function countTally(tally: Tally, judge: Judge, buckets: Buckets, period: Period, cut: ReadonlySet<number>): void {
  const others = judge.othersOf(tally);
  for (const [cell, codes] of tally.cells) {
    const time = cell * CELL_MS;
    if (time < period.from || time >= period.to || cut.has(cell)) continue;
    for (const [code, count] of codes) {
      buckets.add(time, code, judge.verdict({ code, terms: 0, others }, time), count);
    }
  }
}

/** Cells in which a slot or the period begins or ends. */
function cutCells({ boundaries }: Slots, { from, to }: Period): Set<number> {
  const ends = [...boundaries, from, to].filter((time) => time >= from && time <= to && time % CELL_MS !== 0);
  return new Set(ends.map(cellOf));
}

/** Newest first. A cell is not divided. */
function partsOf({ from, to }: Period): Span[] {
  const step = Math.ceil((to - from) / PARTS / CELL_MS) * CELL_MS;
  const parts: Span[] = [];
  for (let end = Math.ceil(to / CELL_MS) * CELL_MS; end > from; end -= step) {
    parts.push(common({ from: end - step, to: end }, { from, to }));
  }
  return parts;
}

/** Of a part, every entry that has a posting of a term, and every one of the `whole` spans; undefined where the time was up. */
async function readPart(
  counting: IndexedCounting,
  part: Span,
  whole: readonly Span[],
  isOver: () => boolean,
): Promise<Map<number, Posted> | undefined> {
  const { decider, chains, ports, tenant } = counting;
  if (isOver()) return undefined;
  let isCutShort = false;
  const through = new Map(chains.map((one) => [one.chain, one.through]));
  const posted = new Map<number, Posted>();
  const everything: Term = { facet: TIME_FACET, value: '' };
  const readings = [
    ...decider.terms.map((term, i) => ({ term, bit: 1 << i, span: part })),
    ...whole.map((span) => ({ term: everything, bit: 0, span })),
  ];
  await Promise.all(
    readings.map(async ({ term: { facet, value }, bit, span }) => {
      for await (const { chain, postings } of ports.index.postings(tenant, facet, value, span, 'desc')) {
        isCutShort ||= isOver();
        if (isCutShort) return;
        for (const { block, offset, recordedAt, code = UNTOLD } of postings) {
          const position = block + offset;
          // What was indexed since is counted from the ledger.
          if (position >= (through.get(chain) ?? 0)) continue;
          const key = position * MAX_CHAINS + chain;
          const known = posted.get(key);
          if (known === undefined) posted.set(key, { chain, position, recordedAt, code, terms: bit });
          else known.terms |= bit;
        }
      }
    }),
  );
  return isCutShort ? undefined : posted;
}
