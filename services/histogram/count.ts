// Counts entries by time and value: from the index where it can tell, from the ledger where it can't.
import { decider } from '../../core/query/decide.ts';
import { facetTerms } from '../../core/query/facets.ts';
import { Gaps } from '../search/gaps.ts';
import type { SearchRequest } from '../search/port.ts';
import { lookingAt, narrowed } from '../search/search.ts';
import { Buckets, Slots, VALUES } from './counts.ts';
import { Covered } from './covered.ts';
import { countIndexed } from './indexed.ts';
import { type LedgerCounting, type Match, type Read, readSpan, readTails } from './ledger.ts';
import type { Histogram, HistogramPorts, HistogramRequest, Slot, Span, TalliedChain } from './port.ts';
import { cellsOf, isWithin, merged, overlaps, spansOf, without } from './spans.ts';

/**
 * Counts of the entries that a search of the same query, period and reader finds, by slot and value. What the index tells of an
 * entry is believed: it may have lost its block since, which a search names. Where only the ledger tells, newest comes first, and
 * what is left when the time is up is `uncounted`. Throws StoreUnavailable and PostingsError.
 */
export async function countEntries(ports: HistogramPorts, asked: HistogramRequest): Promise<Histogram> {
  const { tenant, query, boundaries, by, budgetMs } = asked;
  const request: SearchRequest = {
    ...{ tenant, query, order: 'desc' },
    period: { from: boundaries[0]!, to: boundaries.at(-1)! },
  };
  const deadline = ports.now() + budgetMs;
  const isOver = () => ports.now() >= deadline;
  const slots = new Slots(boundaries);
  const sums = new Sums(new Buckets(by, slots), slots, asked);
  const period = narrowed(ports, request);
  if (period.from >= period.to || facetTerms(query, ports.facets).kind === 'none') return sums.histogram([], [], []);
  const chains = await ports.tallies.tallied(tenant);
  const [stored, passed, known] = await Promise.all([
    ports.tallies.tallies(tenant, period),
    ports.passed(tenant),
    ports.chains.of(tenant),
  ]);
  const covered = new Covered(chains, stored);
  const deciding = { decider: decider(query, ports.facets), slots, covered, passed };
  const unread = await countIndexed({ ports, tenant, period, chains, isOver, ...deciding }, sums.buckets);
  const gaps = new Gaps(tenant);
  const counting = { ports, request: { ...request, period }, period, chains, isOver };
  const read = await readRest(
    { ...counting, looking: lookingAt(ports, tenant, gaps) },
    allOf(chains, known),
    unread,
    sums,
  );
  return sums.histogram(read.doubtful, [...unread, ...read.unread], gaps.list);
}

/** Chains that the index knows as it was read, and those that only the ledger knows. */
function allOf(chains: readonly TalliedChain[], known: readonly { readonly chain: number }[]) {
  const indexed = new Set(chains.map(({ chain }) => chain));
  const others = known.filter(({ chain }) => !indexed.has(chain)).map(({ chain }) => ({ chain, through: 0 }));
  return [...chains, ...others];
}

/** The tails, and what the index could not decide, newest first; `doubtful`: where something was come to that is a gap. */
async function readRest(
  counting: LedgerCounting,
  chains: ReturnType<typeof allOf>,
  unread: readonly Span[],
  sums: Sums,
): Promise<{ readonly doubtful: readonly Span[]; readonly unread: readonly Span[] }> {
  const reads: Read[] = [];
  const doubtful: Span[] = [];
  const note = async (reading: () => Promise<Read>) => {
    const before = lossesOf(counting);
    const read = await reading();
    sums.take(read.matches);
    reads.push(read);
    if (lossesOf(counting) !== before) doubtful.push(read.span);
  };
  await note(() => readTails(counting, chains));
  const undecided = [...sums.buckets.all].flatMap(([cell, { unknown }]) => (unknown > 0 ? [cell] : []));
  sums.giveUp(undecided);
  const left = [...unread, ...unreadOf(reads)];
  for (const span of without(spansOf(undecided, counting.period), left).reverse()) {
    await note(() => readSpan(counting, span, reads.length === 1));
  }
  return { doubtful, unread: unreadOf(reads) };
}

const unreadOf = (reads: readonly Read[]): Span[] => reads.flatMap(({ unread }) => unread ?? []);

/** Gaps so far of which nothing was recovered, as text. */
const lossesOf = ({ looking: { gaps } }: LedgerCounting): string =>
  JSON.stringify(gaps.list.filter(({ recovered }) => recovered !== true));

/** Adds up what was counted either way. */
class Sums {
  readonly buckets: Buckets;
  readonly #slots: Slots;
  readonly #asked: HistogramRequest;
  readonly #matches: Match[] = [];

  constructor(buckets: Buckets, slots: Slots, asked: HistogramRequest) {
    this.buckets = buckets;
    this.#slots = slots;
    this.#asked = asked;
  }

  take(matches: readonly Match[]): void {
    for (const match of matches) this.#matches.push(match);
  }

  /** Their entries are read. */
  giveUp(cells: readonly number[]): void {
    for (const cell of cells) this.buckets.all.delete(cell);
  }

  /** `doubtful`: spans that have gaps. */
  histogram(doubtful: readonly Span[], unread: readonly Span[], gaps: Histogram['gaps']): Histogram {
    const { by, boundaries } = this.#asked;
    const uncounted = merged(unread);
    const values = VALUES[by];
    const counts = Array.from({ length: this.#slots.size }, () => values.map(() => 0));
    const byIndex = this.#addBuckets(counts, uncounted);
    const byLedger = this.#addMatches(counts, uncounted);
    const inexact = [...uncounted, ...doubtful];
    const slots = counts.map((own, i): Slot => {
      const span = { from: boundaries[i]!, to: boundaries[i + 1]! };
      return { ...span, counts: own, isExact: !inexact.some((one) => overlaps(one, span)) };
    });
    return { values, slots, uncounted, gaps, byIndex, byLedger };
  }

  #addBuckets(counts: number[][], uncounted: readonly Span[]): number {
    let sum = 0;
    const gone = new Set(cellsOf(uncounted));
    for (const [cell, { bySlot }] of this.buckets.all) {
      if (gone.has(cell)) continue;
      for (const [slot, own] of bySlot) {
        for (const [place, count] of own.entries()) {
          counts[slot]![place]! += count;
          sum += count;
        }
      }
    }
    return sum;
  }

  #addMatches(counts: number[][], uncounted: readonly Span[]): number {
    let sum = 0;
    for (const { recordedAt, entry } of this.#matches) {
      if (isWithin(recordedAt, uncounted)) continue;
      counts[this.#slots.at(recordedAt)]![this.buckets.placeOf(entry[this.#asked.by])]! += 1;
      sum += 1;
    }
    return sum;
  }
}
