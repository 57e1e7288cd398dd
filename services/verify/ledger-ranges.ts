// Compares the hot ledger with what is sealed, one digest's sealed range of a chain after the other.
import { chainName } from '../../core/chain.ts';
import { fromHex } from '../../core/crypto.ts';
import type { ChainHead } from '../../core/documents/digest.ts';
import { TileError } from '../../core/tiles/error.ts';
import { ahead } from './ahead.ts';
import { genuineLeaves } from './chain-tiles.ts';
import type { TenantContext } from './context.ts';
import type { KnownDigest } from './digests.ts';
import { liveFinding } from './finding.ts';
import { compareWithLedger, type SealedRange } from './ledger.ts';
import type { DigestRange } from './scope.ts';

export interface LedgerCursor {
  readonly chain: number;
  /** What the digests from this number on sealed is compared. */
  readonly digest?: number;
  readonly below?: number;
}

/** Digests that are read ahead; those of a tenant's check are known already. */
const DIGESTS_AHEAD = 16;

/** What one digest sealed of a chain. */
interface ComparedRange {
  readonly digest: number;
  readonly from: number;
  readonly head: ChainHead;
}

/**
 * Whether the hot ledger, which is read first, still says what is sealed: what each digest sealed, from the newest down,
 * each from the link that its digest has, so that what is wrong in one hides nothing of another.
 */
export async function checkLedger(
  context: TenantContext,
  at: LedgerCursor | undefined,
): Promise<LedgerCursor | undefined> {
  const { lists, scope } = context;
  if (!scope.has('chain')) return undefined;
  for (const { chain } of lists.newest.chains) {
    const range = scope.chain(chain);
    if (range === undefined || chain < (at?.chain ?? 0)) continue;
    const stopped = await checkChain(context, chain, range, at?.chain === chain ? at : undefined);
    if (stopped !== undefined) return stopped;
  }
  return undefined;
}

async function checkChain(
  context: TenantContext,
  chain: number,
  range: DigestRange,
  at: LedgerCursor | undefined,
): Promise<LedgerCursor | undefined> {
  const newest = context.lists.newest.chains.find((head) => head.chain === chain)!;
  const leaves = genuineLeaves(context.ports.store, context.lists.tenant, newest);
  for await (const sealedRange of sealedRangesOf(context, chain, range, at?.digest)) {
    const below = at?.digest === sealedRange.digest ? at.below : undefined;
    const outcome = await compare(context, chain, sealedRange, leaves, below);
    if (outcome === 'nothing below') return undefined;
    if (outcome !== undefined) return { chain, digest: sealedRange.digest, below: outcome };
  }
  return undefined;
}

/** Newest first; of those after the anchor that are in the range. */
async function* sealedRangesOf(
  { lists, digests, after }: TenantContext,
  chain: number,
  { first, last }: DigestRange,
  from: number | undefined,
): AsyncGenerator<ComparedRange, void, undefined> {
  const { seal, number } = lists.newest;
  const anchor = after?.number ?? -1;
  const top = Math.min(last, from ?? number, number);
  const bottom = Math.max(first, anchor + 1);
  // Seals and digests count side by side, and of each sealed range the digest before says where it begins.
  const read = async (down: number) => (down > top ? undefined : digests.at(seal - number + top - down));
  let above: KnownDigest | undefined;
  for await (const digest of ahead(0, top - bottom + 1, DIGESTS_AHEAD, read)) {
    if (above !== undefined) {
      const head = above.chains.find((one) => one.chain === chain);
      const from = digest?.chains.find((one) => one.chain === chain)?.size ?? 0;
      // The newest head is looked at whether or not it is new: for what goes on behind it.
      if (head !== undefined && (head.size > from || above.number === number))
        yield { digest: above.number, from, head };
    }
    above = digest;
  }
}

/** Where it stopped, below which position; undefined when it came to the sealed range's end. */
async function compare(
  context: TenantContext,
  chain: number,
  { from, head }: ComparedRange,
  leaves: SealedRange['leaves'],
  below: number | undefined,
): Promise<number | 'nothing below' | undefined> {
  const { ports, lists, notes, report, isOver } = context;
  const { tenant } = lists;
  const range = { chain: chainName(tenant, chain), from, size: head.size, link: fromHex(head.link), leaves };
  try {
    for await (const step of compareWithLedger(range, ports, below)) {
      for (const { first, last, found } of step.differences) {
        report(liveFinding('ledger-differs', { tenant, chain, first, last, expected: 'what is sealed', found }));
      }
      if (step.below === undefined) return 'nothing below';
      if (isOver()) return step.below;
    }
  } catch (error) {
    if (!(error instanceof TileError)) throw error;
    notes.push(`the ledger was not compared with chain ${chain}: no tiles lead to its sealed root`);
  }
  return undefined;
}
