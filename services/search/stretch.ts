// Stretches of a chain: blocks that are believed, and positions that no block gives as it should.
import type { GapReason } from '../../core/gap/gap.ts';
import { MAX_BLOCK_ENTRIES } from '../../core/limits.ts';
import type { Order, StoredBlock } from './port.ts';
import type { Standing } from './standing.ts';
import type { Times } from './times.ts';

/** A block that verifies, with when its entries say that they were recorded. */
export interface BlockStretch {
  readonly kind: 'block';
  readonly position: number;
  readonly count: number;
  readonly times: Times;
}

/**
 * A block that nothing vouches for, since what is behind was put there, or is gone before its time, or never was there. With
 * what is lost between it and the next block: if this one is to be believed.
 */
export interface DoubtfulStretch {
  readonly kind: 'doubtful';
  readonly block: BlockStretch;
  readonly behind: readonly LostStretch[];
}

/** Something was put where a block that fits has its entries. They are in the block's stretch. */
export interface CoveredStretch {
  readonly kind: 'covered';
  readonly first: number;
  readonly last: number;
}

/** Positions that no block gives as it should. */
export interface LostStretch {
  readonly kind: 'lost';
  readonly first: number;
  readonly last: number;
  readonly reason: GapReason;
  /** Times of what lies before it in the chain, and behind it; undefined where that is not known. Epoch milliseconds. */
  readonly older: number | undefined;
  readonly newer: number | undefined;
}

export interface Walk {
  readonly through: number;
  /** When the block before `through` was committed. */
  readonly recordedAt: number | undefined;
  readonly order: Order;
  /** Blocks that are younger can't have left. */
  readonly hotFrom: number;
}

export type Stretch = BlockStretch | DoubtfulStretch | CoveredStretch | LostStretch;

export type Sides = Pick<LostStretch, 'older' | 'newer'>;
export type Accepted = BlockStretch & { readonly standing: Standing };

/** What is not to be believed, with the positions that it claims. */
export interface Refused {
  readonly first: number;
  readonly last: number;
  readonly reason: GapReason;
}

export const lost = (first: number, last: number, reason: GapReason, sides: Sides): LostStretch => ({
  ...{ kind: 'lost', first, last, reason },
  ...sides,
});
export const covered = (first: number, last: number): CoveredStretch => ({ kind: 'covered', first, last });

export const spanOf = ({ position, count }: Pick<BlockStretch, 'position' | 'count'>) => ({
  ...{ first: position, last: position + count - 1 },
});

/** As many positions as an item claims that can't be read, where no block behind it says where it ends. */
export function refusedItem({ block, position }: StoredBlock): Refused {
  const count = block?.count ?? 1;
  const claimed = Number.isInteger(count) && count > 0 && count <= MAX_BLOCK_ENTRIES ? count : 1;
  return { ...spanOf({ position, count: claimed }), reason: 'altered' };
}

export const blockOf = ({ position, count, times }: Accepted): BlockStretch => ({
  kind: 'block',
  position,
  count,
  times,
});

export function isDoubtful({ standing, times }: Accepted, walk: Walk): boolean {
  return standing === 'unvouched' || (standing === 'beforeHole' && isYoung(times.newest, walk));
}

/** What lies behind it is younger still, so that nothing of it can have left. */
export const isYoung = (time: number | undefined, { hotFrom }: Walk): boolean => time !== undefined && time >= hotFrom;
