// Candidates that the index has.
import type { Plan } from '../../core/query/facets.ts';
import { comparePlaces } from './place.ts';
import type { EntryPlace, Order, Period, PostingRow, PostingsReader } from './port.ts';
import { intersection, MOST_TOGETHER, type Stream, union } from './streams.ts';

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
export function planned(index: PostingsReader, plan: Plan, query: IndexQuery): Stream<Candidate> {
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

async function* nothing(): Stream<Candidate> {}

/** Rows come by their first posting and may overlap: those that have begun are merged. */
async function* facet(
  index: PostingsReader,
  { facet: name, value }: { readonly facet: string; readonly value: string },
  { tenant, period, order }: IndexQuery,
): Stream<Candidate> {
  const rows = index.postings(tenant, name, value, period, order)[Symbol.asyncIterator]();
  const merging = new Merging(order);
  try {
    for (;;) {
      const row = await nextRow(rows);
      for (;;) {
        // What comes before the row that is known to come can be handed on without waiting.
        const candidates = merging.before(row);
        if (candidates.length === 0) break;
        yield candidates;
      }
      if (row === undefined) return;
      merging.open(row);
    }
  } finally {
    await rows.return?.();
  }
}

/** Rows that have begun, merged. */
class Merging {
  readonly #order: Order;
  readonly #open: PostingCursor[] = [];
  #last: Candidate | undefined;

  constructor(order: Order) {
    this.#order = order;
  }

  open(row: PostingCursor): void {
    this.#open.push(row);
  }

  /** Some of what comes before another row, each once; nothing where that row is next. */
  before(row: PostingCursor | undefined): Candidate[] {
    const candidates: Candidate[] = [];
    while (candidates.length < MOST_TOGETHER) {
      const first = least(this.#open, this.#order);
      if (first === undefined) break;
      if (row !== undefined && comparePlaces(row.head, first.head, this.#order) <= 0) break;
      const candidate = first.head;
      if (!first.advance()) this.#open.splice(this.#open.indexOf(first), 1);
      if (this.#last !== undefined && comparePlaces(candidate, this.#last, this.#order) === 0) continue;
      this.#last = candidate;
      candidates.push(candidate);
    }
    return candidates;
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
