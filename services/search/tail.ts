// Reads from the ledger what the index has not reached.
import { chainName } from '../../core/chain.ts';
import type { Blocks } from './blocks.ts';
import type { Gaps } from './gaps.ts';
import type { Candidate } from './indexed.ts';
import type { BlockFetcher, Order, Period } from './port.ts';
import { recordedAtOf } from './recorded-at.ts';
import { isPossible, MAX_SKEW_MS, Sorting } from './sorting.ts';
import type { Stream } from './streams.ts';
import type { BlockStretch, DoubtfulStretch, LostStretch } from './stretch.ts';
import { stretchesOf } from './stretches.ts';
import { piecesOf, type Tails } from './tails.ts';

/** A page and one more: what it takes is mostly all that is asked for. */
const MOST_OF_TAIL = 51;

/** Of one stretch: more than that is a ledger that has to be restored, and not searched. */
const MOST_RECOVERED = 20_000;

export interface Tail {
  readonly tenant: string;
  readonly chain: number;
  /** The index has what is below. */
  readonly through: number;
  /** Epoch milliseconds: when the last block below was committed. */
  readonly recordedAt: number | undefined;
  readonly period: Period;
  readonly order: Order;
  readonly now: number;
  readonly hotFrom: number;
}

/**
 * What the index has not reached yet, read from the ledger itself and put in order: an entry is found as soon as it is
 * acknowledged. Usually half a minute of entries; where an index is being built anew, everything. What is lost in between is
 * taken from the archive or noted as a gap. Throws StoreUnavailable.
 */
export async function* tailOf(source: BlockFetcher | Tails, blocks: Blocks, gaps: Gaps, tail: Tail): Stream<Candidate> {
  const query = { ...tail, chain: chainName(tail.tenant, tail.chain) };
  const pieces = 'pieces' in source ? source.pieces(blocks, query) : piecesOf(source, blocks, query);
  const sorting = new Sorting(gaps, tail);
  for await (const stretch of stretchesOf(pieces, tail)) {
    for (const one of stretch.kind === 'doubtful' ? await settled(blocks, tail, stretch) : [stretch]) {
      if (one.kind === 'block') sorting.take(one);
      else if (one.kind === 'covered') gaps.addRun(tail.chain, one.first, one.last, 'unlinked', true);
      else if (mayConcern(one, tail)) sorting.takeFound(await recovered(blocks, gaps, tail, one));
    }
    yield* together(sorting.due());
    if (sorting.isBeyond) break;
  }
  yield* together(sorting.rest());
}

/** Made as they are asked for. */
function* together(candidates: Generator<Candidate>): Generator<readonly Candidate[]> {
  let some: Candidate[] = [];
  for (const candidate of candidates) {
    some.push(candidate);
    if (some.length < MOST_OF_TAIL) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/**
 * A block that nothing vouches for is as good as what the archive says of it. What the archive has of the positions behind does
 * not continue one that was made up: they are looked for together.
 */
async function settled(
  blocks: Blocks,
  { chain }: Tail,
  { block, behind }: DoubtfulStretch,
): Promise<readonly (BlockStretch | LostStretch)[]> {
  if (!(await blocks.isContradicted(chain, block.position))) return [...behind, block];
  const first = block.position;
  const last = behind.reduce((most, one) => Math.max(most, one.last), first + block.count - 1);
  return [{ kind: 'lost', first, last, reason: 'unlinked', older: undefined, newer: undefined }];
}

/** Entries of lost positions that the archive has. */
async function recovered(blocks: Blocks, gaps: Gaps, { chain, period }: Tail, lost: LostStretch): Promise<Candidate[]> {
  if (lost.reason === 'unlinked') blocks.refuse(chain, lost.first);
  const last = Math.min(lost.last, lost.first + MOST_RECOVERED - 1);
  const positions = Array.from({ length: last - lost.first + 1 }, (_, i) => lost.first + i);
  if (lost.last > last) gaps.addRun(chain, last + 1, lost.last, lost.reason);
  const found = await blocks.recover(chain, positions, lost.reason);
  return [...found].flatMap(([position, { bytes }]) => {
    const recordedAt = recordedAtOf(bytes);
    const isInside = recordedAt !== undefined && recordedAt >= period.from && recordedAt < period.to;
    return isInside ? [{ recordedAt, chain, position, block: lost.first }] : [];
  });
}

/** Unless what lies behind it is of before the period, or what lies before it of after it. */
function mayConcern({ older, newer }: LostStretch, tail: Tail): boolean {
  const { from, to } = tail.period;
  const isBefore = newer !== undefined && isPossible(newer, tail) && newer < from - MAX_SKEW_MS;
  return !isBefore && !(older !== undefined && isPossible(older, tail) && older >= to + MAX_SKEW_MS);
}
