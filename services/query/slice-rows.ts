// Reads and checks the rows of a slice's query.
import { leafHash } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import type { Entry } from '../../core/entry/schema.ts';
import type { Query } from '../../core/query/ast.ts';
import { compileQuery } from '../../core/query/match.ts';
import { comparePlaces } from '../search/place.ts';
import type { EntryPlace, Found, Order } from '../search/port.ts';
import type { ArchiveQuery } from './port.ts';
import type { Slice } from './slices.ts';

/** A row of the archive that is no entry of this tenant at this place: somebody planted or altered a segment. */
export interface PlantedRow {
  readonly chain: number;
  readonly position: number;
  readonly fault: 'leaf-hash' | 'not-an-entry' | 'foreign-tenant' | 'out-of-order' | 'no-match';
}

export interface SliceRow {
  /** Absent: the row is to be skipped, because it was told before or is planted. */
  readonly found?: Found;
  readonly planted?: PlantedRow;
  /** Where the next row begins. */
  readonly end: number;
}

export interface SliceSource {
  readonly tenant: string;
  readonly query: Query;
  readonly slice: Slice;
  readonly order: Order;
  /** Of the slice's query. */
  readonly output: string;
}

/** Where in a slice's rows somebody stopped. */
export interface SlicePosition {
  readonly from: number;
  /** The place of the last entry before it. */
  readonly after?: EntryPlace;
}

/**
 * A slice's rows in order. Whoever can put an object into the archive can make a query see it, so nothing of a row is
 * believed: its entry has to hash to its leaf, be the tenant's, match, and come where the order says. A repeated place is an
 * entry that two current objects hold.
 */
export async function* sliceRows(
  queries: Pick<ArchiveQuery, 'rows'>,
  source: SliceSource,
  { from, after }: SlicePosition,
): AsyncIterable<SliceRow> {
  const readRow = rowReader(source);
  let last = after ?? source.slice.after;
  for await (const { cells, end } of queries.rows(source.output, from)) {
    const row = readRow(cells);
    if ('fault' in row) {
      yield { planted: row, end };
    } else if (last !== undefined && comparePlaces(row, last, source.order) === 0) {
      yield { end };
    } else if (last !== undefined && comparePlaces(row, last, source.order) < 0) {
      yield { planted: { chain: row.chain, position: row.position, fault: 'out-of-order' }, end };
    } else {
      last = row;
      yield { found: row, end };
    }
  }
}

type Cells = readonly (string | null)[];

function rowReader({ tenant, query, slice }: SliceSource): (cells: Cells) => Found | PlantedRow {
  const matches = compileQuery(query);
  return ([chainText, positionText, text, leaf, link]) => {
    const place = { chain: Number(chainText), position: Number(positionText) };
    const bytes = Buffer.from(text ?? '', 'utf8');
    const hash = toHex(leafHash(bytes));
    if (hash !== leaf?.toLowerCase()) return { ...place, fault: 'leaf-hash' };
    const entry = parsed(text ?? '');
    if (entry === undefined || link === undefined || link === null) return { ...place, fault: 'not-an-entry' };
    if (entry.tenant !== tenant) return { ...place, fault: 'foreign-tenant' };
    const recordedAt = Date.parse(entry.recordedAt);
    if (!(recordedAt >= slice.from && recordedAt < slice.to)) return { ...place, fault: 'out-of-order' };
    if (!matches({ entry, bytes })) return { ...place, fault: 'no-match' };
    return { ...place, recordedAt, entry, bytes, leafHash: hash, link: link.toLowerCase() };
  };
}

function parsed(text: string): Entry | undefined {
  try {
    const value = JSON.parse(text) as Entry | null;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
