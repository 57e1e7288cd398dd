// The nodes of a tree over some leaf hashes.
import { nodeHash } from '../../core/merkle/hash.ts';
import type { NodeId } from '../../core/merkle/path.ts';
import type { NodeSource } from '../../core/merkle/prove.ts';

/** Every perfect subtree over some leaf hashes; asked for another one, it fails the test. */
export class MemoryNodes implements NodeSource {
  readonly #levels: Uint8Array[][];

  constructor(leafHashes: readonly Uint8Array[]) {
    this.#levels = [[...leafHashes]];
    for (let below = this.#levels[0]!; below.length > 1; below = this.#levels.at(-1)!) {
      const pairs = Math.floor(below.length / 2);
      this.#levels.push(Array.from({ length: pairs }, (_, i) => nodeHash(below[2 * i]!, below[2 * i + 1]!)));
    }
  }

  async nodes(ids: readonly NodeId[]): Promise<Uint8Array[]> {
    return ids.map(({ level, index }) => {
      const hash = this.#levels[level]?.[index];
      if (hash === undefined) throw new Error(`asked for node ${level}/${index}, which the tree doesn't have`);
      return hash;
    });
  }
}
