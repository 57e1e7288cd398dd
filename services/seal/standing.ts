// Whether the ledger still stands behind what is sealed, and whether the archive holds more than the ledger ever had.
import { chainName, MAX_CHAINS } from '../../core/chain.ts';
import { equalBytes, fromHex } from '../../core/crypto.ts';
import type { ChainHead } from '../../core/documents/digest.ts';
import { newestBlock, receiptOf } from './backing.ts';
import { PUT_SLACK_MS } from './bounds.ts';
import type { Sealing } from './context.ts';
import type { SegmentIndex } from './segment-index.ts';

/** Why the next writer would not go on from what is sealed. */
export type StandingFault = 'rolled-back' | 'rewritten';

/**
 * Of a chain that has nothing to seal: 'rewritten' when its newest block stands at sealed positions and is younger than the
 * seal, or ends where the seal does in another link; 'rolled-back' when neither a block nor the chain's row reaches as far.
 * Blocks that TTL removed leave the row, which a writer goes on from. `since`: when the newest seal was planned that was not
 * short of the chain.
 */
export async function standingFault(
  { ports }: Sealing,
  tenant: string,
  { chain, size, link }: ChainHead,
  since: string,
): Promise<StandingFault | undefined> {
  const name = chainName(tenant, chain);
  const newest = await newestBlock(name, ports);
  const end = newest === undefined ? 0 : newest.position + newest.count;
  if (newest !== undefined && end === size) return equalBytes(newest.link, fromHex(link)) ? undefined : 'rewritten';
  if (end > size) return undefined;
  if (newest !== undefined && newest.recordedAt > Date.parse(since) + PUT_SLACK_MS) return 'rewritten';
  const row = await receiptOf(name, ports);
  if (row === undefined || row.through < size) return 'rolled-back';
  return row.through > size || equalBytes(row.link, fromHex(link)) ? undefined : 'rewritten';
}

/** Positions that the archive has segments for, and that no block and no row ever reached. */
export interface Unbacked {
  readonly chain: number;
  /** Where the first such segment begins, and which one it is. */
  readonly first: number;
  readonly key: string;
}

/**
 * Chains whose archive goes on where the ledger does not: segments that somebody put, or that are left of a ledger which
 * was put back to an earlier time. `planned`: up to where the plan knows each chain; beyond it is asked again.
 */
export async function unbackedChains(
  sealing: Sealing,
  index: SegmentIndex,
  planned: ReadonlyMap<number, number>,
): Promise<readonly Unbacked[]> {
  const unbacked: Unbacked[] = [];
  for (const chain of (await index.chains()) ?? [...planned.keys()]) {
    if (chain >= MAX_CHAINS) continue;
    const beyond = (await index.of(chain)).filter(({ first }) => first >= (planned.get(chain) ?? 0));
    if (beyond.length === 0) continue;
    const end = await ledgerEnd(sealing, chainName(index.tenant, chain));
    const left = beyond.filter(({ first }) => first >= end).sort((a, b) => a.first - b.first);
    if (left[0] !== undefined) unbacked.push({ chain, first: left[0].first, key: left[0].key });
  }
  return unbacked;
}

/** Where the next writer goes on: behind the newest block, or where the chain's row says. */
async function ledgerEnd({ ports }: Sealing, name: string): Promise<number> {
  const newest = await newestBlock(name, ports);
  const row = await receiptOf(name, ports);
  return Math.max(newest === undefined ? 0 : newest.position + newest.count, row?.through ?? 0);
}
