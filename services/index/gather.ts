// Collects postings into few rows.
import type { Block } from '../../core/block/block.ts';
import { parseChainName } from '../../core/chain.ts';
import type { Entry } from '../../core/entry/schema.ts';
import { parseTime } from '../../core/entry/time.ts';
import { LAST_TIME, MAX_ROW_POSTINGS, type Posting } from '../../core/index/postings.ts';
import { JsonFault } from '../../core/json/fault.ts';
import { parseJson } from '../../core/json/parse.ts';
import { facetValues } from '../../core/query/facets.ts';
import { FACETS, type Facet, TIME_FACET } from '../../names/index.ts';
import type { IndexRow } from './port.ts';
import { spanOf } from './span.ts';

/** The postings of one facet value in one span, in the order of positions. */
interface List {
  readonly facet: string;
  readonly value: string;
  readonly postings: Posting[];
  /** Epoch milliseconds: when the newest of their blocks was recorded. */
  newestBlock: number;
}

/** Collects the postings of a stretch of one chain, to be written as few rows. */
export class Gathering {
  entries = 0;
  /** Of the entries. */
  bytes = 0;
  readonly #chain: string;
  readonly #facets: readonly Facet[];
  readonly #lists = new Map<string, List>();

  constructor(chain: string, facets: readonly Facet[]) {
    this.#chain = chain;
    this.#facets = facets;
  }

  /** Rows that there will be, but for those that are too long for one. */
  get lists(): number {
    return this.#lists.size;
  }

  /** Answers the positions of entries that are none. */
  add(block: Block, entries: readonly Uint8Array[]): number[] {
    const strange: number[] = [];
    for (const [offset, bytes] of entries.entries()) {
      const read = readEntry(bytes);
      if (read === undefined) strange.push(block.position + offset);
      else this.#place(block, { block: block.position, offset, recordedAt: read.recordedAt }, read.entry);
    }
    this.entries += entries.length;
    this.bytes += entries.reduce((sum, { length }) => sum + length, 0);
    return strange;
  }

  /** Each of at most MAX_ROW_POSTINGS, in one span, and kept for as long as its blocks. */
  rows(hotWindowSeconds: number): IndexRow[] {
    const { tenant, chain } = parseChainName(this.#chain);
    return [...this.#lists.values()].flatMap(({ facet, value, postings, newestBlock }) => {
      const expiresAt = Math.ceil(newestBlock / 1_000) + hotWindowSeconds;
      return Array.from({ length: Math.ceil(postings.length / MAX_ROW_POSTINGS) }, (_, i) => ({
        ...{ tenant, facet, value, chain, expiresAt },
        postings: postings.slice(i * MAX_ROW_POSTINGS, (i + 1) * MAX_ROW_POSTINGS),
      }));
    });
  }

  #place(block: Block, posting: Posting, entry: Entry): void {
    this.#post(block, posting, TIME_FACET, '');
    for (const facet of this.#facets) {
      for (const value of facetValues(entry, FACETS[facet])) this.#post(block, posting, facet, value);
    }
  }

  #post({ recordedAt }: Block, posting: Posting, facet: string, value: string): void {
    const key = `${spanOf(posting.recordedAt)} ${facet} ${value}`;
    const list = this.#lists.get(key);
    if (list === undefined) {
      this.#lists.set(key, { facet, value, postings: [posting], newestBlock: recordedAt });
    } else {
      list.postings.push(posting);
      list.newestBlock = Math.max(list.newestBlock, recordedAt);
    }
  }
}

function readEntry(bytes: Uint8Array): { readonly entry: Entry; readonly recordedAt: number } | undefined {
  try {
    const entry = parseJson(bytes) as unknown as Entry;
    const recordedAt = typeof entry?.recordedAt === 'string' ? parseTime(entry.recordedAt) : undefined;
    // Before 1970 nothing was recorded, and an index of times has no sign.
    if (recordedAt === undefined || recordedAt < 0 || recordedAt > LAST_TIME) return undefined;
    return { entry, recordedAt };
  } catch (error) {
    if (error instanceof JsonFault) return undefined;
    throw error;
  }
}
