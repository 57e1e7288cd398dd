import type { Compression } from '../../core/block/block.ts';
import type { DecodedBlock } from '../../core/block/codec.ts';
import { chainName } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import type { Entry } from '../../core/entry/schema.ts';
import { parseJson } from '../../core/json/parse.ts';
import { type Facets, facetTerms, recordedWithin } from '../../core/query/facets.ts';
import { compileQuery } from '../../core/query/match.ts';
import { Blocks } from './blocks.ts';
import type { Chains } from './chains.ts';
import { type Candidate, planned } from './indexed.ts';
import { comparePlaces } from './place.ts';
import type { BlockFetcher, Found, Order, Period, Place, PostingsReader, SearchRequest } from './port.ts';
import { union } from './streams.ts';
import { MAX_SKEW_MS, tailOf } from './tail.ts';

export interface SearchPorts {
  readonly index: PostingsReader;
  readonly fetcher: BlockFetcher;
  readonly chains: Chains;
  readonly compression: Compression;
  /** The facets that the index has, by name. */
  readonly facets: Facets;
  /** Milliseconds that a block stays at least. */
  readonly hotWindowMs: number;
  readonly now: () => number;
}

/** Some candidates, looked at. */
export interface Examined {
  /** Those that match, in order. */
  readonly found: readonly Found[];
  /** The last candidate: everything before it in the order is dealt with. */
  readonly last: Place;
}

/** Candidates that are looked at together. The first window is a page and one more, where everything matches. */
const FIRST_WINDOW = 51;
const MOST_WINDOW = 1_024;

/**
 * Looks at everything of the hot window that may match, in order, window by window; the next one's blocks are on their way
 * meanwhile. Throws StoreUnavailable; BlockError where a block was altered: what it hid can't be told, so nothing is.
 */
export async function* examine(ports: SearchPorts, request: SearchRequest): AsyncGenerator<Examined, void, undefined> {
  const { tenant, query, order } = request;
  const period = narrowed(ports, request);
  if (period.from >= period.to) return;
  const hotFrom = ports.now() - ports.hotWindowMs;
  const blocks = new Blocks({ ...ports, tenant, hotFrom });
  const asked = compileQuery(query);
  const { only = () => true } = request;
  const matches = (found: Found) => asked(found) && only(found);
  const candidates = await candidatesOf(ports, request, period, blocks);
  const windows = inWindows(candidates, request.after, order);
  const fetched = async () => {
    const { value: window } = await windows.next();
    return window && { window, decoded: await blocks.of(window) };
  };
  try {
    let coming = fetched();
    for (let isFirst = true; ; isFirst = false) {
      const next = await coming;
      if (next === undefined) return;
      const { window, decoded } = next;
      // Whoever goes on behind one window mostly goes on behind more. The first is all that a page needs: nothing is read for
      // nothing.
      const ahead = isFirst ? undefined : fetched();
      // It is awaited below; until then its failure is nobody's.
      ahead?.catch(() => undefined);
      const found = window.flatMap((candidate, i) => foundAt(candidate, decoded[i]) ?? []).filter(matches);
      yield { found, last: window.at(-1)! };
      coming = ahead ?? fetched();
    }
  } finally {
    await windows.return(undefined);
  }
}

/** Every entry that matches, in order, however many there are. Throws as `examine` does. */
export async function* searchHot(ports: SearchPorts, request: SearchRequest): AsyncGenerator<Found, void, undefined> {
  for await (const { found } of examine(ports, request)) yield* found;
}

/**
 * When a tenant's first entry was recorded, at the earliest, in epoch milliseconds; undefined when its first block has left
 * the hot window. Every tenant begins on chain 0, so that nothing is older, and the archive need not be asked for it.
 */
export async function beginningOf({ fetcher }: SearchPorts, tenant: string): Promise<number | undefined> {
  const [first] = await fetcher.blocks([{ chain: chainName(tenant, 0), position: 0 }]);
  return first && first.recordedAt - MAX_SKEW_MS;
}

/** No earlier than the page goes on, no later; and within what the query itself says of the time. */
function narrowed(ports: SearchPorts, { query, period, order, after }: SearchRequest): Period {
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
  { index, fetcher, chains, facets }: SearchPorts,
  { tenant, query, order }: SearchRequest,
  period: Period,
  blocks: Blocks,
): Promise<AsyncGenerator<Candidate, void, undefined>> {
  const plan = facetTerms(query, facets);
  if (plan.kind === 'none') return planned(index, plan, { tenant, period, order });
  const tails = (await chains.of(tenant)).map(({ chain, through }) =>
    tailOf(fetcher, blocks, { tenant, chain, through, period, order }),
  );
  return union([planned(index, plan, { tenant, period, order }), ...tails], order);
}

async function* inWindows(
  candidates: AsyncGenerator<Candidate, void, undefined>,
  after: Place | undefined,
  order: Order,
): AsyncGenerator<readonly Candidate[], undefined, undefined> {
  let size = FIRST_WINDOW;
  let window: Candidate[] = [];
  for await (const candidate of candidates) {
    if (after !== undefined && comparePlaces(candidate, after, order) <= 0) continue;
    window.push(candidate);
    if (window.length < size) continue;
    yield window;
    window = [];
    size = Math.min(size * 2, MOST_WINDOW);
  }
  if (window.length > 0) yield window;
  return undefined;
}

function foundAt(
  { chain, position, block, recordedAt }: Candidate,
  decoded: DecodedBlock | undefined,
): Found | undefined {
  const bytes = decoded?.entries[position - block];
  if (decoded === undefined || bytes === undefined) return undefined;
  return {
    ...{ recordedAt, chain, position, bytes },
    entry: parseJson(bytes) as unknown as Entry,
    leafHash: toHex(decoded.leafHashes[position - block]!),
    link: toHex(decoded.links[position - block]!),
  };
}
