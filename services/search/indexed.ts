// Candidates that the index has.
import type { Plan } from '../../core/query/facets.ts';
import { comparePlaces } from './place.ts';
import type { EntryPlace, Order, Period, PostingRow, PostingsReader } from './port.ts';
import { intersection, union } from './streams.ts';

/** An entry that may match, and the block that holds it. */
export interface Candidate extends EntryPlace {
  /** Position of the block's first entry. */
  readonly block: number;
}

export interface IndexQuery {
  readonly tenant: string;
  readonly period: Period;
  readonly order: Order;
}

/** The facet that has every entry, under one value. */
const EVERYTHING = { facet: 'time', value: '' };

/** The candidates that a plan bounds, as far as the index reaches, in order. */
export function planned(
  index: PostingsReader,
  plan: Plan,
  query: IndexQuery,
): AsyncGenerator<Candidate, void, undefined> {
  switch (plan.kind) {
    case 'none':
      return nothing();
    case 'all':
      return facet(index, EVERYTHING, query);
    case 'term':
      return facet(index, plan, query);
    case 'and':
      return intersection(
        plan.of.map((one) => planned(index, one, query)),
        query.order,
      );
    case 'or':
      return union(
        plan.of.map((one) => planned(index, one, query)),
        query.order,
      );
  }
}

async function* nothing(): AsyncGenerator<Candidate, void, undefined> {}

/** Rows come by their first posting and may overlap: those that have begun are merged. */
async function* facet(
  index: PostingsReader,
  { facet: name, value }: { readonly facet: string; readonly value: string },
  { tenant, period, order }: IndexQuery,
): AsyncGenerator<Candidate, void, undefined> {
  const rows = index.postings(tenant, name, value, period, order)[Symbol.asyncIterator]();
  const open: PostingCursor[] = [];
  let last: Candidate | undefined;
  try {
    let coming = await nextRow(rows);
    for (;;) {
      let first = least(open, order);
      while (coming !== undefined && (first === undefined || comparePlaces(coming.head, first.head, order) <= 0)) {
        open.push(coming);
        coming = await nextRow(rows);
        first = least(open, order);
      }
      if (first === undefined) return;
      const candidate = first.head;
      if (!first.advance()) open.splice(open.indexOf(first), 1);
      if (last !== undefined && comparePlaces(candidate, last, order) === 0) continue;
      last = candidate;
      yield candidate;
    }
  } finally {
    await rows.return?.();
  }
}

class PostingCursor {
  readonly #row: PostingRow;
  #at = 0;
  head: Candidate;

  constructor(row: PostingRow) {
    this.#row = row;
    this.head = this.#candidate();
  }

  /** False at the row's end. */
  advance(): boolean {
    this.#at += 1;
    if (this.#at >= this.#row.postings.length) return false;
    this.head = this.#candidate();
    return true;
  }

  #candidate(): Candidate {
    const { block, offset, recordedAt } = this.#row.postings[this.#at]!;
    return { recordedAt, chain: this.#row.chain, position: block + offset, block };
  }
}

async function nextRow(rows: AsyncIterator<PostingRow>): Promise<PostingCursor | undefined> {
  for (;;) {
    const { value, done } = await rows.next();
    if (done === true) return undefined;
    if (value.postings.length > 0) return new PostingCursor(value);
  }
}

function least(rows: readonly PostingCursor[], order: Order): PostingCursor | undefined {
  let first: PostingCursor | undefined;
  for (const row of rows) if (first === undefined || comparePlaces(row.head, first.head, order) < 0) first = row;
  return first;
}
