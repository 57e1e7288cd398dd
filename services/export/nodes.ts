// Nodes of a chain's tree, read once from left to right for one large proof.
import type { NodeId } from '../../core/merkle/path.ts';
import type { NodeSource } from '../../core/merkle/prove.ts';
import { TileNodes } from '../../core/tiles/nodes.ts';
import type { TileReader } from '../../core/tiles/reader.ts';

/** How often nodes are asked for until the tiles are forgotten: some hundred tiles, of which each was read for many. */
const MOST_CALLS = 16;

/**
 * The nodes of a tree for a proof that goes through it from left to right. What is selected from a long chain comes to most
 * of its tiles, which are too many to keep; those at the end of a stretch, and those above, are read again for the next.
 */
export class PassingNodes implements NodeSource {
  readonly #open: () => TileReader;
  readonly #size: number;
  #nodes: TileNodes | undefined;
  #calls = 0;

  /** `open` gives a reader that may keep what it read. */
  constructor(open: () => TileReader, size: number) {
    this.#open = open;
    this.#size = size;
  }

  nodes(ids: readonly NodeId[]): Promise<readonly Uint8Array[]> {
    const isDue = this.#calls++ % MOST_CALLS === 0;
    if (this.#nodes === undefined || isDue) this.#nodes = new TileNodes(this.#open(), this.#size);
    return this.#nodes.nodes(ids);
  }
}
