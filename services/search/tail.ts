import type { Block } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import { chainName } from '../../core/chain.ts';
import type { Blocks } from './blocks.ts';
import type { Candidate } from './indexed.ts';
import { comparePlaces } from './place.ts';
import type { BlockFetcher, Order, Period } from './port.ts';

/**
 * How far an entry's time of recording may be behind that of an entry that stands before it in its chain. An entry gets its
 * time when it is prepared, and its place when it is committed, at most the 20 seconds of a request later; the rest is for
 * clocks that disagree.
 */
export const MAX_SKEW_MS = 30_000;

export interface Tail {
  readonly tenant: string;
  readonly chain: number;
  /** The index has what is below. */
  readonly through: number;
  readonly period: Period;
  readonly order: Order;
}

const RECORDED_AT = /"recordedAt":"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)"/g;
const DECODER = new TextDecoder();

/**
 * What the index has not reached yet, read from the ledger itself and put in order: an entry is found as soon as it is
 * acknowledged. Usually half a minute of entries; where an index is being built anew, everything. Throws
 * StoreUnavailable, BlockError.
 */
export async function* tailOf(
  fetcher: BlockFetcher,
  blocks: Blocks,
  { tenant, chain, through, period, order }: Tail,
): AsyncGenerator<Candidate, void, undefined> {
  let waiting: Candidate[] = [];
  let edge = order === 'asc' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  for await (const block of fetcher.from(chainName(tenant, chain), through, order)) {
    const { entries } = blocks.decode(block, chain);
    for (const [i, bytes] of entries.entries()) {
      const recordedAt = recordedAtOf(bytes) ?? malformed(block, i);
      edge = order === 'asc' ? Math.max(edge, recordedAt) : Math.min(edge, recordedAt);
      if (recordedAt < period.from || recordedAt >= period.to) continue;
      waiting.push({ recordedAt, chain, position: block.position + i, block: block.position });
    }
    waiting.sort((a, b) => comparePlaces(a, b, order));
    const isSettled = ({ recordedAt }: Candidate) =>
      order === 'asc' ? recordedAt < edge - MAX_SKEW_MS : recordedAt > edge + MAX_SKEW_MS;
    const settled = waiting.findIndex((one) => !isSettled(one));
    const due = settled < 0 ? waiting.length : settled;
    yield* waiting.slice(0, due);
    waiting = waiting.slice(due);
    if (order === 'asc' ? edge - MAX_SKEW_MS >= period.to : edge + MAX_SKEW_MS < period.from) break;
  }
  yield* waiting;
}

/**
 * Without parsing what may never be asked for. In canonical JSON the member stands behind `outcome` and before `recorder`; an
 * object before it may have a member of the same name, but none of those behind it has (docs/format.md, "Entry").
 */
function recordedAtOf(bytes: Uint8Array): number | undefined {
  const last = [...DECODER.decode(bytes).matchAll(RECORDED_AT)].at(-1);
  const time = Date.parse(last?.[1] ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function malformed({ chain, position }: Block, i: number): never {
  throw new BlockError('malformed', `${chain}/${position + i} has no time of recording`, { chain, position });
}
