// Counts what has to be read from the ledger.
import type { Entry } from '../../core/entry/schema.ts';
import { CELL_MS } from '../../core/index/tally.ts';
import { facetTerms } from '../../core/query/facets.ts';
import { type Candidate, planned } from '../search/indexed.ts';
import type { IndexedChain, Period, SearchRequest } from '../search/port.ts';
import { type Examined, type Looking, lookAt, tailsOf } from '../search/search.ts';
import { MAX_SKEW_MS } from '../search/sorting.ts';
import { type Stream, union } from '../search/streams.ts';
import type { HistogramPorts, Span, TalliedChain } from './port.ts';
import { common } from './spans.ts';

/** An entry that was read and matches. */
export interface Match {
  readonly recordedAt: number;
  readonly entry: Pick<Entry, 'severity' | 'outcome'>;
}

export interface LedgerCounting {
  readonly ports: HistogramPorts;
  readonly request: SearchRequest;
  readonly period: Period;
  readonly chains: readonly TalliedChain[];
  readonly looking: Looking;
  readonly isOver: () => boolean;
}

/** `span`: where what was looked for can lie; `unread`: of it, what was not looked at in time. */
export interface Read {
  readonly matches: readonly Match[];
  readonly span: Span;
  readonly unread?: Span;
}

/**
 * What the index has not reached. Where the time is up, whole cells are left out, since what the index tells of a cell can't be
 * divided.
 */
export async function readTails(counting: LedgerCounting, chains: readonly IndexedChain[]): Promise<Read> {
  const { ports, request, period, looking } = counting;
  const oldest = Math.min(...chains.map(({ recordedAt }) => (recordedAt ?? Number.NEGATIVE_INFINITY) - MAX_SKEW_MS));
  const span = common({ from: oldest, to: period.to }, period);
  const tails = tailsOf(ports, chains, { tenant: request.tenant, period, order: 'desc' }, looking);
  const { matches, stopped } = await read(counting, union(tails, 'desc'), period.to);
  if (stopped === undefined) return { matches, span };
  const [from, to] = [Math.floor(span.from / CELL_MS), Math.floor(stopped / CELL_MS) + 1];
  return { matches, span, unread: common({ from: from * CELL_MS, to: to * CELL_MS }, period) };
}

/** What the index has of a span, looked at as a search does; some of the first span whatever the time. */
export async function readSpan(counting: LedgerCounting, span: Span, isFirst: boolean): Promise<Read> {
  const { ports, request, isOver } = counting;
  if (!isFirst && isOver()) return { matches: [], span, unread: span };
  const plan = facetTerms(request.query, ports.facets);
  const stream = planned(ports.index, plan, { tenant: request.tenant, period: span, order: 'desc' });
  const { matches, stopped } = await read(counting, below(stream, counting.chains), span.to);
  if (stopped === undefined) return { matches, span };
  // What was recorded in the very millisecond may be looked at in part.
  const unread = { from: span.from, to: Math.min(stopped + 1, span.to) };
  return { matches: matches.filter(({ recordedAt }) => recordedAt > stopped), span, unread };
}

/** What was indexed since is counted as part of the tail. */
async function* below(stream: Stream<Candidate>, chains: readonly TalliedChain[]): Stream<Candidate> {
  const through = new Map(chains.map((one) => [one.chain, one.through]));
  for await (const candidates of stream) {
    yield candidates.filter(({ chain, position }) => position < (through.get(chain) ?? 0));
  }
}

/**
 * `stopped`: the time of recording down to which everything was looked at. Something before `end` is, at least, whatever the time:
 * whoever asks again for what is left comes to an end.
 */
async function read(
  { ports, request, looking, isOver }: LedgerCounting,
  candidates: Stream<Candidate>,
  end: number,
): Promise<{ readonly matches: readonly Match[]; readonly stopped?: number }> {
  const matches: Match[] = [];
  const looks: AsyncIterator<Examined> = lookAt(ports, request, looking, candidates)[Symbol.asyncIterator]();
  try {
    for (let next = await looks.next(); next.done !== true; next = await looks.next()) {
      const { found, last } = next.value;
      for (const { recordedAt, entry } of found) matches.push({ recordedAt, entry });
      if (last.recordedAt + 1 < end && isOver()) return { matches, stopped: last.recordedAt };
    }
    return { matches };
  } finally {
    await looks.return?.();
  }
}
