// Collects postings into few rows.
import type { Block } from '../../core/block/block.ts';
import { parseChainName } from '../../core/chain.ts';
import type { Entry } from '../../core/entry/schema.ts';
import { parseTime } from '../../core/entry/time.ts';
import { codeOf, UNTOLD } from '../../core/index/codes.ts';
import { LAST_TIME, MAX_ROW_POSTINGS, type Posting } from '../../core/index/postings.ts';
import { byHour, type Counted, type Tally, Tallying } from '../../core/index/tally.ts';
import { JsonFault } from '../../core/json/fault.ts';
import { parseJson } from '../../core/json/parse.ts';
import { facetValues } from '../../core/query/facets.ts';
import { EntryRules } from '../../core/verify/entry-rules.ts';
import { FACETS, type Facet, TIME_FACET } from '../../names/index.ts';
import type { IndexRow, IndexTally } from './port.ts';
import { spanOf } from './span.ts';

/** The postings of one facet value in one span, in the order of positions. */
interface List {
  readonly facet: string;
  readonly value: string;
  readonly postings: Posting[];
  /** Epoch milliseconds: when the newest of their blocks was recorded. */
  newestBlock: number;
}

/** Collects the postings of a stretch of one chain, to be written as few rows, and tallies it on. */
export class Gathering {
  entries = 0;
  /** Of the entries. */
  bytes = 0;
  readonly #chain: string;
  readonly #facets: readonly Facet[];
  readonly #lists = new Map<string, List>();
  readonly #rules: EntryRules;
  readonly #tallying: Tallying;
  /** When the newest block was recorded, in epoch milliseconds. */
  #newest = 0;

  /** `tally`: of what comes right before, where that goes on. */
  constructor(chain: string, facets: readonly Facet[], tally?: Tally) {
    this.#chain = chain;
    this.#facets = facets;
    this.#rules = new EntryRules(parseChainName(chain).tenant);
    this.#tallying = new Tallying(tally);
  }

  /** Rows that there will be, but for those that are too long for one. */
  get lists(): number {
    return this.#lists.size;
  }

  /** Answers the positions of entries that are none. */
  add(block: Block, entries: readonly Uint8Array[]): number[] {
    const strange: number[] = [];
    const counted: Counted[] = [];
    for (const [offset, bytes] of entries.entries()) {
      const read = readEntry(bytes);
      if (read === undefined) {
        strange.push(block.position + offset);
        continue;
      }
      const { entry, recordedAt } = read;
      // What is no entry of the format has values all the same, and whoever reads it says that it is none.
      const code = this.#rules.check(bytes) === undefined ? codeOf(entry) : UNTOLD;
      this.#place(block, { block: block.position, offset, recordedAt, code }, entry);
      counted.push({ recordedAt, code, entry });
    }
    this.#tallying.take({ position: block.position, count: entries.length }, counted);
    this.#newest = Math.max(this.#newest, block.recordedAt);
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

  /** What goes on behind the stretch; undefined when nothing was counted yet. */
  get tally(): Tally | undefined {
    return this.#tallying.open;
  }

  /** Of stretches that have ended, kept for as long as the newest block that there is. */
  tallies(hotWindowSeconds: number): IndexTally[] {
    const place = { ...parseChainName(this.#chain), expiresAt: Math.ceil(this.#newest / 1_000) + hotWindowSeconds };
    return this.#tallying.closed.flatMap(byHour).map((tally) => ({ ...place, tally }));
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
