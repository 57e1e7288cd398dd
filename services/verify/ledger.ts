// Compares blocks of the ledger with what is sealed.
import type { Block, Compression } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { BlockError } from '../../core/block/error.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { BlockReader } from '../append/port.ts';

/** What is sealed of a chain, to hold the ledger against. */
export interface SealedRange {
  /** The chain's name, `tenant#n`. */
  readonly chain: string;
  /** Positions below it are not compared. */
  readonly from: number;
  readonly size: number;
  /** Of the last sealed position. */
  readonly link: Uint8Array;
  /** Proven leaf hashes of the positions from `first` to `last`, both included. */
  leaves(first: number, last: number): Promise<readonly Uint8Array[]>;
}

/** Where the ledger says something else than the seal. */
interface LedgerDifference {
  readonly first: number;
  readonly last: number;
  readonly found: string;
}

interface KnownLink {
  readonly end: number;
  readonly link: Uint8Array;
}

interface LedgerPorts {
  readonly blocks: BlockReader;
  readonly compression: Compression;
}

/** One step down: what differs in one block, and below which position to go on; undefined: there is no block below. */
export interface LedgerStep {
  readonly below: number | undefined;
  readonly differences: readonly LedgerDifference[];
}

/**
 * Compares what the hot ledger still has of a sealed range with the seal, from the newest block down; `below` resumes.
 * That blocks are absent says nothing, since TTL removes them in no order. The newest block is compared wherever it is: one
 * that lies below `from` was put there since those positions were compared, or all that was above it is gone.
 *
 * An item that is no block hides those below it: where it begins is not known then, and the comparison ends with it.
 */
export async function* compareWithLedger(
  range: SealedRange,
  ports: LedgerPorts,
  below = range.size + 1,
): AsyncGenerator<LedgerStep, void, undefined> {
  // Which link the block that ends at a position has to have: the seal's at its end, then what the block above builds on.
  let known: KnownLink | undefined = { end: range.size, link: range.link };
  for (let at = below - 1; at >= range.from; ) {
    const block = await blockAtOrBelow(range, at, ports.blocks);
    if (block === undefined) {
      yield { below: undefined, differences: [] };
      return;
    }
    if ('found' in block) {
      yield { below: range.from, differences: [block] };
      return;
    }
    const isNewest = at === range.size;
    if (block.position + block.count <= range.from && !isNewest) return;
    const compared = isNewest ? { ...range, from: Math.min(range.from, block.position) } : range;
    const differences = await differencesOf(block, compared, known, ports.compression);
    yield { below: block.position, differences };
    // What an altered block builds on says nothing of the one below it.
    const next = { end: block.position, link: block.previousLink };
    if (block.position < range.size) known = differences.length > 0 ? undefined : next;
    at = block.position - 1;
  }
}

async function blockAtOrBelow(
  { chain, from }: SealedRange,
  at: number,
  blocks: BlockReader,
): Promise<Block | LedgerDifference | undefined> {
  try {
    return await blocks.blockBefore(chain, at);
  } catch (error) {
    if (!(error instanceof BlockError)) throw error;
    return { first: from, last: at, found: `an item that is no block (${error.code})` };
  }
}

async function differencesOf(
  block: Block,
  { from, size, link, leaves }: SealedRange,
  known: KnownLink | undefined,
  compression: Compression,
): Promise<LedgerDifference[]> {
  const end = block.position + block.count;
  if (block.position === size) {
    const continues = equalBytes(block.previousLink, link);
    return continues ? [] : [{ first: size, last: size, found: 'a block that does not continue the sealed chain' }];
  }
  const first = Math.max(block.position, from);
  const last = Math.min(end, size) - 1;
  let decoded: ReturnType<typeof decodeBlock>;
  try {
    decoded = decodeBlock(block, compression);
  } catch (error) {
    if (!(error instanceof BlockError)) throw error;
    return [{ first, last, found: `a block that does not verify (${error.code})` }];
  }
  const sealed = await leaves(first, last);
  const found = decoded.leafHashes.slice(first - block.position, last + 1 - block.position);
  const runs = runsWhere(found, (leaf, i) => !equalBytes(leaf, sealed[i]!));
  if (runs.length > 0) {
    return runs.map((run) => ({ first: first + run.first, last: first + run.last, found: 'other entries' }));
  }
  // The very entries, under links of another chain.
  const linkAtEnd = end > size ? decoded.links[size - 1 - block.position]! : block.link;
  const linked = known === undefined || Math.min(end, size) !== known.end || equalBytes(linkAtEnd, known.link);
  return linked ? [] : [{ first, last, found: 'the same entries, linked to something else' }];
}

function runsWhere<T>(
  items: readonly T[],
  holds: (item: T, index: number) => boolean,
): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = [];
  for (const [i, item] of items.entries()) {
    if (!holds(item, i)) continue;
    const run = runs.at(-1);
    if (run?.last === i - 1) run.last = i;
    else runs.push({ first: i, last: i });
  }
  return runs;
}
