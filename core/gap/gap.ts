// Positions whose entries an answer lacks or can't vouch for, and why.
import { compareText } from '../../names/order.ts';

/**
 * - `altered`: what the ledger has there does not decode, or its entries do not give its link.
 * - `unlinked`: what the ledger has there is whole, and the block behind it continues another, or begins inside of it; or the
 *   archive says something else, where nothing vouches for it.
 * - `missing`: nothing is there, though it can't have left yet.
 * - `malformed`: what is chained there is no entry of the format; it is left out.
 * - `misdated`: an entry whose time of recording contradicts its place in the chain; it is in the answer, where it says.
 * - `planted`: an object of the archive claims the place and holds no entry of it; it is left out.
 */
export const GAP_REASONS = ['altered', 'unlinked', 'missing', 'malformed', 'misdated', 'planted'] as const;
export type GapReason = (typeof GAP_REASONS)[number];

export interface Gap {
  readonly tenant: string;
  readonly chain: number;
  /** Positions, both included. */
  readonly first: number;
  readonly last: number;
  readonly reason: GapReason;
  /** The ledger does not have them as it should; the answer does, from the archive. */
  readonly recovered?: true;
}

/** Gaps by chain and position; neighbours, and those that overlap, of one reason are one. */
export function mergeGaps(gaps: readonly Gap[]): Gap[] {
  const merged: Gap[] = [];
  for (const gap of gaps.toSorted(compareGaps)) {
    const before = merged.at(-1);
    const joins =
      before !== undefined &&
      before.tenant === gap.tenant &&
      before.chain === gap.chain &&
      before.reason === gap.reason &&
      before.recovered === gap.recovered &&
      gap.first <= before.last + 1;
    if (joins) merged[merged.length - 1] = { ...before, last: Math.max(before.last, gap.last) };
    else merged.push(gap);
  }
  return merged;
}

function compareGaps(a: Gap, b: Gap): number {
  return (
    compareText(a.tenant, b.tenant) ||
    a.chain - b.chain ||
    GAP_REASONS.indexOf(a.reason) - GAP_REASONS.indexOf(b.reason) ||
    Number(a.recovered ?? false) - Number(b.recovered ?? false) ||
    a.first - b.first
  );
}
