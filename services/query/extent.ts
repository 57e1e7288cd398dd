/** What a tenant has in the archive, so that a search begins where its entries do and lists no partition that can't be. */

import type { Query } from '../../core/query/ast.ts';
import { DAY_MS } from '../../names/time.ts';
import type { Period } from '../search/port.ts';
import { categoriesOf } from './query-categories.ts';

/** By category, the first day (YYYY-MM-DD, UTC) that the archive has anything of. */
export type FirstDays = Readonly<Record<string, string>>;

export interface ArchiveExtent {
  /** Empty for a tenant that has nothing there. What is archived from then on may be of more categories. */
  firstDays(tenant: string): Promise<FirstDays>;
}

/** The extent that a search was planned with. */
export interface Extent {
  readonly firstDays: FirstDays;
  /** End of the search's period, epoch milliseconds. */
  readonly end: number;
}

/** The archive follows the ledger: what was recorded from here on may not have been there when it was listed. */
const settledBefore = ({ end }: Extent): number => Math.floor(end / DAY_MS) * DAY_MS - DAY_MS;

/** The period without the days before anything that the query can find. */
export function periodWithin(period: Period, extent: Extent, query: Query): Period {
  const wanted = categoriesOf(query);
  const days = Object.entries(extent.firstDays).flatMap(([category, day]) =>
    wanted === undefined || wanted.includes(category) ? [Date.parse(day)] : [],
  );
  return { from: Math.max(period.from, Math.min(settledBefore(extent), ...days)), to: period.to };
}

/** The categories that a part of the period can have entries of; undefined: any. */
export function categoriesWithin({ to }: Period, extent: Extent): readonly string[] | undefined {
  if (to > settledBefore(extent)) return undefined;
  return Object.entries(extent.firstDays).flatMap(([category, day]) => (Date.parse(day) < to ? [category] : []));
}
