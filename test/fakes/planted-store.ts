// A block store into which somebody writes behind the service's back.
import type { Block } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import type { BlockStore, ChainEnd, Commit, CommitOutcome, Remembered } from '../../services/append/port.ts';
import type { MemoryBlockStore } from './memory-block-store.ts';

/** An item that has not even the shape of a block, or of a record. */
export const GARBAGE = 'garbage';

/** A store beside which somebody writes the tables, whatever the service's rules are. Planted items win. */
export class PlantedStore implements BlockStore {
  readonly inner: MemoryBlockStore;
  readonly rows = new Map<string, Remembered>();
  /** Names of requests in whose place something stands that is no record. */
  readonly requests = new Set<string>();
  ends = 0;
  readonly #planted = new Map<string, Map<number, Block | typeof GARBAGE>>();

  constructor(inner: MemoryBlockStore) {
    this.inner = inner;
  }

  get hotWindowMs(): number {
    return this.inner.hotWindowMs;
  }

  plant(chain: string, position: number, item: Block | typeof GARBAGE): void {
    const items = this.#planted.get(chain) ?? new Map<number, Block | typeof GARBAGE>();
    this.#planted.set(chain, items.set(position, item));
  }

  repair(chain: string): void {
    this.#planted.delete(chain);
    this.rows.delete(chain);
  }

  async end(chain: string): Promise<ChainEnd> {
    this.ends += 1;
    const { remembered } = await this.inner.end(chain);
    return {
      newest: await this.blockBefore(chain, Number.MAX_SAFE_INTEGER),
      remembered: this.rows.get(chain) ?? remembered,
    };
  }

  async blockBefore(chain: string, position: number): Promise<Block | undefined> {
    const items = new Map<number, Block | typeof GARBAGE>(this.inner.blocks(chain).map((one) => [one.position, one]));
    for (const [at, item] of this.#planted.get(chain) ?? []) items.set(at, item);
    const at = Math.max(...[...items.keys()].filter((one) => one <= position));
    const found = items.get(at);
    if (found === GARBAGE) throw new BlockError('malformed', 'the item has no attribute count of type N');
    return found;
  }

  async commit(commit: Commit): Promise<CommitOutcome> {
    const taken = commit.blocks.flatMap(({ chain, position }) => {
      const item = this.#planted.get(chain)?.get(position);
      return item === undefined ? [] : [{ position, item }];
    });
    const damaged = {
      blocks: taken.flatMap(({ position, item }) => (item === GARBAGE ? [position] : [])),
      requests: commit.requests.flatMap(({ request }) => (this.requests.has(request) ? [request] : [])),
    };
    if (taken.length + damaged.requests.length === 0) return this.inner.commit(commit);
    const blocks = taken.flatMap(({ item }) => (item === GARBAGE ? [] : [item]));
    const isDamaged = damaged.blocks.length + damaged.requests.length > 0;
    return { kind: 'refused', blocks, requests: [], ...(isDamaged ? { damaged } : {}) };
  }
}
