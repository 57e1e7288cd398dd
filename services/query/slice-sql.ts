// The SQL of a slice.
import type { Query } from '../../core/query/ast.ts';
import { toSql } from '../../core/query/sql.ts';
import { ATHENA } from '../../names/athena.ts';
import type { EntryPlace, ExpiredDays, Order } from '../search/port.ts';
import { categoriesWithin, type Extent } from './extent.ts';
import { categoriesOf } from './query-categories.ts';
import type { Slice } from './slices.ts';

export interface SliceQuery {
  readonly tenant: string;
  readonly query: Query;
  readonly slice: Slice;
  readonly order: Order;
  /** Days that have expired, by category: nothing of them is read. */
  readonly expired?: readonly ExpiredDays[];
  /** Of the search; absent: any category may be anywhere. */
  readonly extent?: Extent;
  /** Most rows; absent: all of them. */
  readonly limit?: number;
}

/** SQL that finds a slice's entries, in order; Athena and DuckDB read it alike. Tenant, days and categories bound what is read. */
export function sliceSql({ tenant, query, slice, order, extent, limit, expired = [] }: SliceQuery): string {
  const categories = both(categoriesOf(query), extent && categoriesWithin(slice, extent));
  const conditions = [
    `tenant = ${text(tenant)}`,
    `day BETWEEN ${text(dayOf(slice.from))} AND ${text(dayOf(slice.to - 1))}`,
    ...(categories === undefined ? [] : [categories.length === 0 ? 'FALSE' : `category IN (${categories.map(text)})`]),
    `recorded_at >= ${timestamp(slice.from)}`,
    `recorded_at < ${timestamp(slice.to)}`,
    ...expiredDays(expired),
    ...(slice.after === undefined ? [] : [afterPlace(slice.after, order)]),
    ...(query.kind === 'all' ? [] : [`(${toSql(query)})`]),
  ];
  const direction = order === 'desc' ? 'DESC' : 'ASC';
  const columns = 'chain, "position", entry, to_hex(leaf_hash) AS leaf_hash, to_hex(link) AS link';
  return [
    `SELECT ${columns}`,
    `FROM ${ATHENA.table}`,
    `WHERE ${conditions.join('\n  AND ')}`,
    `ORDER BY recorded_at ${direction}, chain ${direction}, "position" ${direction}`,
    ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
  ].join('\n');
}

type Bound = readonly string[] | undefined;

function both(some: Bound, others: Bound): Bound {
  return some === undefined || others === undefined ? (some ?? others) : some.filter((one) => others.includes(one));
}

/** One condition for each day that categories are kept from. */
function expiredDays(expired: readonly ExpiredDays[]): string[] {
  const byDay = Map.groupBy(expired, ({ before }) => before);
  return [...byDay].map(
    ([before, days]) =>
      `NOT (category IN (${days.map(({ category }) => text(category)).join(', ')}) AND day < ${text(before)})`,
  );
}

function afterPlace({ recordedAt, chain, position }: EntryPlace, order: Order): string {
  const beyond = order === 'desc' ? '<' : '>';
  const at = timestamp(recordedAt);
  const sameTime = `chain ${beyond} ${chain} OR (chain = ${chain} AND "position" ${beyond} ${position})`;
  return `(recorded_at ${beyond} ${at} OR (recorded_at = ${at} AND (${sameTime})))`;
}

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const iso = (time: number) => new Date(time).toISOString();
const dayOf = (time: number) => iso(time).slice(0, 10);
const timestamp = (time: number) => `TIMESTAMP '${iso(time).slice(0, 23).replace('T', ' ')}'`;
