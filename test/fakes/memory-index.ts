// The index in memory.
import { chainName, parseChainName } from '../../core/chain.ts';
import { MAX_ROW_POSTINGS } from '../../core/index/postings.ts';
import type { ChainTally, TalliedChain, TallyReader } from '../../services/histogram/port.ts';
import { byFirst, cutTo } from '../../services/index/order.ts';
import type { IndexRow, IndexStore, IndexTally, Progress } from '../../services/index/port.ts';
import { spanOf } from '../../services/index/span.ts';
import type { IndexedChain, Order, Period, PostingRow, PostingsReader } from '../../services/search/port.ts';
import { type Fault, InjectedFault, type MemoryOptions } from './locked-store.ts';

/**
 * The index in memory, read as naively as can be. A chain's progress that goes back, a row that crosses a span, and a row
 * of more postings than an item may have fail the test. A fault hits one row or one state: rows before it stay written.
 */
export class MemoryIndex implements IndexStore, PostingsReader, TallyReader {
  readonly #options: Omit<MemoryOptions, 'now'>;
  readonly #rows = new Map<string, IndexRow>();
  readonly #tallies = new Map<string, IndexTally>();
  readonly #chains = new Map<string, Progress & { readonly version: number }>();
  /** How many rows were written, those included that were there. */
  writes = 0;

  constructor(options: Omit<MemoryOptions, 'now'> = {}) {
    this.#options = options;
  }

  async write(rows: readonly IndexRow[], tallies: readonly IndexTally[] = []): Promise<void> {
    for (const row of rows) {
      await this.#options.delay?.();
      this.#check(row);
      this.#faulty(() => {
        this.writes += 1;
        this.#rows.set(keyOf(row), row);
      });
    }
    for (const one of tallies) {
      const { tenant, chain, tally } = one;
      const key = JSON.stringify([tenant, chain, tally.hour, tally.end]);
      this.#faulty(() => this.#tallies.set(key, one));
    }
  }

  async progress(chain: string): Promise<(Progress & { readonly version: number }) | undefined> {
    await this.#options.delay?.();
    return this.#chains.get(chain);
  }

  async advance(chain: string, progress: Progress, version: number): Promise<boolean> {
    await this.#options.delay?.();
    const before = this.#chains.get(chain);
    if (version !== (before?.version ?? 0)) {
      this.#faulty(() => undefined);
      return false;
    }
    if (before !== undefined && progress.through < before.through) throw new Error(`${chain}: the index went back`);
    this.#faulty(() => this.#chains.set(chain, { ...progress, version: version + 1 }));
    return true;
  }

  async *postings(
    tenant: string,
    facet: string,
    value: string,
    period: Period,
    order: Order,
  ): AsyncGenerator<PostingRow, void, undefined> {
    await this.#options.delay?.();
    const rows = [...this.#rows.values()]
      .filter((row) => row.tenant === tenant && row.facet === facet && row.value === value)
      .flatMap((row) => cutTo(row, period, order) ?? []);
    for (const row of rows.sort((a, b) => (order === 'asc' ? byFirst(a, b) : byFirst(b, a)))) {
      await this.#options.delay?.();
      yield row;
    }
  }

  async indexed(tenant: string): Promise<readonly IndexedChain[]> {
    await this.#options.delay?.();
    const found = [...this.#chains].filter(([name]) => parseChainName(name).tenant === tenant);
    return found.map(([name, { through, recordedAt }]) => ({ chain: parseChainName(name).chain, through, recordedAt }));
  }

  async tallied(tenant: string): Promise<readonly TalliedChain[]> {
    return (await this.indexed(tenant)).map((one) => {
      const { tally } = this.#chains.get(chainName(tenant, one.chain))!;
      return { ...one, ...(tally === undefined ? {} : { tally }) };
    });
  }

  async tallies(tenant: string): Promise<readonly ChainTally[]> {
    await this.#options.delay?.();
    return [...this.#tallies.values()].filter((one) => one.tenant === tenant);
  }

  /** The table is lost, or made anew. */
  clear(): void {
    this.#rows.clear();
    this.#tallies.clear();
    this.#chains.clear();
  }

  #check({ tenant, chain, postings }: IndexRow): void {
    chainName(tenant, chain);
    if (postings.length < 1 || postings.length > MAX_ROW_POSTINGS) throw new Error('a row of too many or no postings');
    if (new Set(postings.map(({ recordedAt }) => spanOf(recordedAt))).size > 1) throw new Error('a row crosses spans');
    const positions = postings.map(({ block, offset }) => block + offset);
    if (positions.some((position, i) => i > 0 && position <= positions[i - 1]!))
      throw new Error('postings out of order');
  }

  #faulty(apply: () => void): void {
    const fault: Fault = this.#options.fault?.();
    if (fault === 'lost') throw new InjectedFault('nothing was written');
    apply();
    if (fault === 'persisted') throw new InjectedFault('the answer is lost');
  }
}

function keyOf({ tenant, facet, value, chain, postings }: IndexRow): string {
  const places = postings.map(({ block, offset }) => block + offset);
  return JSON.stringify([tenant, facet, value, chain, spanOf(postings[0]!.recordedAt), places[0], places.at(-1)]);
}
