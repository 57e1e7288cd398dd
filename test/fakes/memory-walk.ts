// Chains in memory, for indexing.
import type { Block } from '../../core/block/block.ts';
import type { LedgerItem, LedgerWalk } from '../../services/index/port.ts';

/** The ledger's table in memory, for whoever goes along its chains: any item at any position, or none. */
export class MemoryWalk implements LedgerWalk {
  readonly #chains = new Map<string, Map<number, Block | undefined>>();
  readonly #delay: (() => Promise<void>) | undefined;

  constructor(delay?: () => Promise<void>) {
    this.#delay = delay;
  }

  put(...blocks: readonly Block[]): void {
    for (const block of blocks) this.#items(block.chain).set(block.position, block);
  }

  /** An item that has not the shape of a block. */
  spoil(chain: string, position: number): void {
    this.#items(chain).set(position, undefined);
  }

  remove({ chain, position }: Pick<Block, 'chain' | 'position'>): void {
    this.#items(chain).delete(position);
  }

  async *from(chain: string, position: number): AsyncGenerator<LedgerItem, void, undefined> {
    await this.#delay?.();
    const positions = [...this.#items(chain).keys()].filter((one) => one >= position).sort((a, b) => a - b);
    for (const one of positions) yield { position: one, block: this.#items(chain).get(one) };
  }

  #items(chain: string): Map<number, Block | undefined> {
    const items = this.#chains.get(chain) ?? new Map<number, Block | undefined>();
    this.#chains.set(chain, items);
    return items;
  }
}
