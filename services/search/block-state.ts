// What a block of the ledger is worth, and what is recorded in it.
import type { Block } from '../../core/block/block.ts';
import type { GapReason } from '../../core/gap/gap.ts';
import type { CheckedBlock } from './decoded.ts';
import type { ArchivedEntry, EntryPlace } from './port.ts';

/** Where a posting says that an entry is. */
export interface InBlock extends EntryPlace {
  readonly block: number;
}

/** What is recorded at a position, and when: not a number where it is no entry of the format. */
export interface Row extends ArchivedEntry {
  /** Epoch milliseconds. */
  readonly recordedAt: number;
}

/** A block whose hashes follow from its entries. */
export interface Whole extends Pick<Block, 'position' | 'count' | 'previousLink' | 'link'> {
  readonly kind: 'whole';
  readonly checked: CheckedBlock;
}

export type BlockState = Whole | { readonly kind: 'lost'; readonly reason: GapReason };
