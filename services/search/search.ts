// Searches the hot window, in order.
import type { Compression } from '../../core/block/block.ts';
import { chainName } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import type { Entry } from '../../core/entry/schema.ts';
import { type Facets, facetTerms, recordedWithin } from '../../core/query/facets.ts';
import { type Candidate as Asked, compileQuery } from '../../core/query/match.ts';
import { canonicalText, type Prefilter, prefilter } from '../../core/query/prefilter.ts';
import type { Row } from './block-state.ts';
import { Blocks } from './blocks.ts';
import type { Chains } from './chains.ts';
import { DecodedBlocks } from './decoded.ts';
import { Gaps } from './gaps.ts';
import { type Candidate, type IndexQuery, planned } from './indexed.ts';
import type { SearchMemory } from './memory.ts';
import type {
  BlockFetcher,
  EntryPlace,
  Found,
  IndexedChain,
  Keeping,
  Period,
  PostingsReader,
  Recovery,
  SearchRequest,
} from './port.ts';
import { recordedAtOf } from './recorded-at.ts';
import { MAX_SKEW_MS } from './sorting.ts';
import { type Stream, union } from './streams.ts';
import { tailOf } from './tail.ts';
import { inWindows, Pace } from './windows.ts';

export interface SearchPorts {
  readonly index: PostingsReader;
  readonly fetcher: BlockFetcher;
  readonly chains: Chains;
  readonly recovery: Recovery;
  readonly keeping: Keeping;
  readonly compression: Compression;
  /** The facets that the index has, by name. */
  readonly facets: Facets;
  /** Milliseconds that a block stays at least. */
  readonly hotWindowMs: number;
  readonly now: () => number;
  /** Absent: nothing is kept from one search to the next. */
  readonly memory?: SearchMemory;
}

/** Some candidates, looked at. */
export interface Examined {
  /** Those that match, in order. */
  readonly found: readonly Found[];
  /** The last candidate: everything before it in the order is dealt with. */
  readonly last: EntryPlace;
}

/**
 * Looks at everything of the hot window that may match, in order, window by window; the next one's blocks are on their way
 * meanwhile. What the ledger has lost is taken from the archive; `gaps` gathers what neither has, and what can't be right,
 * of what was come to so far. What has expired is not there. `wanted`: how many matches are asked for, so that little more is
 * read. Throws StoreUnavailable.
 */
export async function* examine(
  ports: SearchPorts,
  request: SearchRequest,
  gaps: Gaps,
  wanted = Number.POSITIVE_INFINITY,
): AsyncGenerator<Examined, void, undefined> {
  const period = narrowed(ports, request);
  if (period.from >= period.to) return;
  const looking = lookingAt(ports, request.tenant, gaps);
  yield* lookAt(ports, request, looking, await candidatesOf(ports, request, period, looking), wanted);
}

/** What one search reads blocks by. */
export interface Looking {
  readonly blocks: Blocks;
  readonly gaps: Gaps;
  /** Epoch milliseconds: what is older may have left the hot window. */
  readonly hotFrom: number;
}

export function lookingAt(ports: SearchPorts, tenant: string, gaps: Gaps): Looking {
  const hotFrom = ports.now() - ports.hotWindowMs;
  const decoded = ports.memory?.decoded ?? new DecodedBlocks();
  return { blocks: new Blocks({ ...ports, tenant, hotFrom, gaps, decoded }), gaps, hotFrom };
}

/** Which of the candidates match, window by window. Throws as `examine` does. */
export async function* lookAt(
  ports: SearchPorts,
  request: SearchRequest,
  { blocks, gaps }: Looking,
  candidates: Stream<Candidate>,
  wanted = Number.POSITIVE_INFINITY,
): AsyncGenerator<Examined, void, undefined> {
  const { tenant, order } = request;
  const reading = new Reading(request, gaps, ports.now());
  const pace = new Pace(wanted);
  const windows = inWindows(candidates, request.after, order, pace);
  const fetched = async () => {
    const { value: window } = await windows.next();
    return window && { window, rows: await blocks.of(window) };
  };
  try {
    let coming = fetched();
    for (let isFirst = true; ; isFirst = false) {
      const next = await coming;
      if (next === undefined) return;
      const { window, rows } = next;
      // Whoever goes on behind one window mostly goes on behind more. The first is all that a page needs: nothing is read for
      // nothing.
      const ahead = isFirst || pace.isEnough ? undefined : fetched();
      // It is awaited below; until then its failure is nobody's.
      ahead?.catch(() => undefined);
      const found = window.flatMap((candidate, i) => reading.found(candidate, rows[i]) ?? []);
      pace.note(window.length, found.length);
      yield { found: await ports.keeping.kept(tenant, found), last: window.at(-1)! };
      coming = ahead ?? fetched();
    }
  } finally {
    await windows.return(undefined);
  }
}

/** Every entry that matches, in order, however many there are. Throws as `examine` does. */
export async function* searchHot(
  ports: SearchPorts,
  request: SearchRequest,
  gaps: Gaps,
): AsyncGenerator<Found, void, undefined> {
  for await (const { found } of examine(ports, request, gaps)) yield* found;
}

/**
 * When a tenant's first entry was recorded, at the earliest, in epoch milliseconds; undefined when its first block has left
 * the hot window. Every tenant begins on chain 0, so that nothing is older, and the archive need not be asked for it.
 */
export async function beginningOf(ports: SearchPorts, tenant: string): Promise<number | undefined> {
  const [stored] = await ports.fetcher.blocks([{ chain: chainName(tenant, 0), position: 0 }]);
  if (stored === undefined) return undefined;
  // What the item says of its time, whoever wrote it may have made up: the entry itself is asked, and the block behind.
  const decoded = ports.memory?.decoded ?? new DecodedBlocks();
  const blocks = new Blocks({ ...ports, tenant, hotFrom: 0, gaps: new Gaps(tenant), decoded });
  const [first] = await blocks.of([{ chain: 0, block: 0, position: 0, recordedAt: 0 }]);
  const recordedAt = first && recordedAtOf(first.bytes);
  return recordedAt && recordedAt - MAX_SKEW_MS;
}

/** No earlier than the page goes on, no later; and within what the query itself says of the time. */
export function narrowed(ports: SearchPorts, { query, period, order, after }: SearchRequest): Period {
  const within = recordedWithin(query);
  const from = Math.max(period.from, within.from, ports.now() - ports.hotWindowMs);
  const to = Math.min(period.to, within.to);
  if (after === undefined) return { from, to };
  return order === 'asc'
    ? { from: Math.max(from, after.recordedAt), to }
    : { from, to: Math.min(to, after.recordedAt + 1) };
}

/**
 * What the index bounds, and what it has not reached. Chains are asked for first: what is indexed between the two readings
 * comes twice, and once out of the union.
 */
async function candidatesOf(
  ports: SearchPorts,
  { tenant, query, order }: SearchRequest,
  period: Period,
  looking: Looking,
): Promise<Stream<Candidate>> {
  const { index, chains, facets } = ports;
  const plan = facetTerms(query, facets);
  if (plan.kind === 'none') return planned(index, plan, { tenant, period, order });
  const tails = tailsOf(ports, await chains.of(tenant), { tenant, period, order }, looking);
  return union([planned(index, plan, { tenant, period, order }), ...tails], order);
}

/** Of each chain, what its index has not reached. */
export function tailsOf(
  { fetcher, now, memory }: SearchPorts,
  chains: readonly IndexedChain[],
  query: IndexQuery,
  { blocks, gaps, hotFrom }: Looking,
): Stream<Candidate>[] {
  return chains.map(({ chain, through, recordedAt }) =>
    tailOf(memory?.tails ?? fetcher, blocks, gaps, { ...query, chain, through, recordedAt, now: now(), hotFrom }),
  );
}

/** Entries as they are read: what is chained and is none of the format is no entry, and only what may match is parsed. */
class Reading {
  readonly #gaps: Gaps;
  readonly #latest: number;
  readonly #may: Prefilter | undefined;
  readonly #asked: (candidate: Asked) => boolean;
  readonly #only: (candidate: Asked) => boolean;

  constructor({ query, only = () => true }: SearchRequest, gaps: Gaps, now: number) {
    this.#gaps = gaps;
    this.#latest = now + MAX_SKEW_MS;
    this.#may = prefilter(query);
    this.#asked = compileQuery(query);
    this.#only = only;
  }

  /** Undefined where nothing matches. */
  found({ chain, position, recordedAt }: Candidate, row: Row | undefined): Found | undefined {
    if (row === undefined) return undefined;
    const { bytes, leafHash, link } = row;
    if (Number.isNaN(row.recordedAt)) {
      this.#gaps.add(chain, [position], 'malformed');
      return undefined;
    }
    const isPlaced = row.recordedAt === recordedAt && recordedAt <= this.#latest;
    if (!isPlaced) this.#gaps.add(chain, [position], 'misdated');
    const text = DECODER.decode(bytes);
    if (this.#may?.(canonicalText(text, bytes.length)) === false) return undefined;
    // Bytes that the rules of the format let through have one reading, whoever parses them.
    const entry = JSON.parse(text) as Entry;
    if (!this.#asked({ entry, bytes }) || !this.#only({ entry, bytes })) return undefined;
    return { recordedAt, chain, position, bytes, entry, leafHash: toHex(leafHash), link: toHex(link) };
  }
}

const DECODER = new TextDecoder();
