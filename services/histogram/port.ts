// What counting entries by time needs, and what it answers.

import type { Gap } from '../../core/gap/gap.ts';
import type { Span } from '../../core/histogram/slots.ts';
import type { Tally } from '../../core/index/tally.ts';
import type { Query } from '../../core/query/ast.ts';
import type { IndexedChain, Period } from '../search/port.ts';
import type { SearchPorts } from '../search/search.ts';

/** How far a chain is indexed, and the tally of the stretch that ends there and goes on. */
export interface TalliedChain extends IndexedChain {
  /** Absent where nothing was counted yet. */
  readonly tally?: Tally;
}

/** What of a stretch of a chain lies in one hour and those beside it. */
export interface ChainTally {
  readonly chain: number;
  readonly tally: Tally;
}

/**
 * Reads the tallies of the index. Of a chain, those that end at or before the beginning of the one that goes on, together with
 * that one, have every position below `through` once. Others may be there already.
 */
export interface TallyReader {
  /** Every chain that the index knows of the tenant. Strongly consistent. */
  tallied(tenant: string): Promise<readonly TalliedChain[]>;
  /** Those that have cells in the period. Strongly consistent. Throws StoreUnavailable and PostingsError. */
  tallies(tenant: string, period: Period): Promise<readonly ChainTally[]>;
}

/** Days of one category of which the retention has passed. */
export interface PassedDays {
  readonly category: string;
  /** YYYY-MM-DD: days before it. */
  readonly before: string;
  /** Nothing of them is kept; otherwise some of it may be, and each entry has to be asked. */
  readonly isGone: boolean;
}

export interface HistogramPorts extends SearchPorts {
  readonly tallies: TallyReader;
  passed(tenant: string): Promise<readonly PassedDays[]>;
}

export const HISTOGRAM_BY = ['severity', 'outcome'] as const;
export type HistogramBy = (typeof HISTOGRAM_BY)[number];

export interface HistogramRequest {
  readonly tenant: string;
  /** The reader's filter is in it. */
  readonly query: Query;
  /** Where slots begin, ascending, and where the last one ends, in epoch milliseconds; two at least. */
  readonly boundaries: readonly number[];
  readonly by: HistogramBy;
  /** Milliseconds after which nothing more is begun. */
  readonly budgetMs: number;
}

export interface Slot extends Span {
  /** In the order of `values`. */
  readonly counts: readonly number[];
  /** False: there are at least so many. */
  readonly isExact: boolean;
}

export interface Histogram {
  readonly values: readonly string[];
  readonly slots: readonly Slot[];
  /** Of which nothing is counted, as the time was up; ascending. */
  readonly uncounted: readonly Span[];
  readonly gaps: readonly Gap[];
  /** Entries that were counted by the word of the index, and such as were read. */
  readonly byIndex: number;
  readonly byLedger: number;
}

export type { Span };
