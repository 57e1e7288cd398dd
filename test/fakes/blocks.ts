// The ledger's table in memory, with any item in it.
import type { Block } from '../../core/block/block.ts';
import type { BlockReader } from '../../services/append/port.ts';

/** The ledger's table in memory: any item at any position, as somebody with write access could put it. */
export class MemoryBlocks implements BlockReader {
  readonly #blocks = new Map<string, Map<number, Block>>();

  put(block: Block): void {
    const chain = this.#blocks.get(block.chain) ?? new Map<number, Block>();
    chain.set(block.position, block);
    this.#blocks.set(block.chain, chain);
  }

  remove(chain: string, position: number): void {
    this.#blocks.get(chain)?.delete(position);
  }

  async blockBefore(chain: string, position: number): Promise<Block | undefined> {
    const blocks = this.#blocks.get(chain) ?? new Map<number, Block>();
    const before = [...blocks.keys()].filter((key) => key <= position);
    return before.length === 0 ? undefined : blocks.get(Math.max(...before));
  }
}
