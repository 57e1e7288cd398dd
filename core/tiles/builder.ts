// Makes the tiles of a tree that grows.
import { equalBytes } from '../crypto.ts';
import { CompactRange } from '../merkle/compact.ts';
import { joinHashes, perfectSubtrees } from '../merkle/subtree.ts';
import { TileError } from './error.ts';
import { readTile, type TileReader } from './reader.ts';
import { TILE_HEIGHT, TILE_WIDTH, treeShape } from './shape.ts';

export interface Tile {
  readonly level: number;
  readonly index: number;
  /** From 1 to 256; fewer than 256 make a partial tile. */
  readonly hashes: readonly Uint8Array[];
}

/**
 * Extends a tree and says which tiles to write. Holds the tree's partial tiles, at most 255 hashes a level, so its
 * cost follows what is appended and not what is there. The same leaves give the same tiles, wherever it was resumed.
 */
export class TileBuilder {
  readonly #range: CompactRange;
  /** By level: the hashes since the last full tile. */
  readonly #open: Uint8Array[][];
  #full: Tile[] = [];

  private constructor(range: CompactRange, open: Uint8Array[][]) {
    this.#range = range;
    this.#open = open;
  }

  static empty(): TileBuilder {
    return new TileBuilder(new CompactRange(), []);
  }

  /** Continues a tree from its partial tiles; throws unless they lead to the root that it is known to have. */
  static async resume(reader: TileReader, size: number, root: Uint8Array): Promise<TileBuilder> {
    const open = await Promise.all(
      treeShape(size).map(({ level, full, partial }) => (partial === 0 ? [] : readTile(reader, level, full, size))),
    );
    const range = new CompactRange(
      size,
      open.toReversed().flatMap((hashes) => perfectSubtrees(joinHashes(hashes))),
    );
    if (!equalBytes(range.root(), root)) {
      throw new TileError('root', `the tiles do not lead to the known root of the tree of ${size}`);
    }
    return new TileBuilder(range, open);
  }

  get size(): number {
    return this.#range.size;
  }

  root(): Uint8Array {
    return this.#range.root();
  }

  append(leafHash: Uint8Array): void {
    this.#range.append(leafHash, (level, index, hash) => {
      if (level % TILE_HEIGHT === 0) this.#keep(level / TILE_HEIGHT, index, hash);
    });
  }

  #keep(level: number, index: number, hash: Uint8Array): void {
    const open = this.#open[level] ?? [];
    this.#open[level] = open;
    open.push(hash);
    if (open.length < TILE_WIDTH) return;
    this.#full.push({ level, index: Math.floor(index / TILE_WIDTH), hashes: open });
    this.#open[level] = [];
  }

  /** The full tiles completed since the last call, lower levels first where one completes another; never twice. */
  takeFull(): Tile[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** The partial tiles that a log of this size has to serve beside the full ones. */
  partial(): Tile[] {
    const levels = treeShape(this.size).filter(({ partial }) => partial > 0);
    return levels.map(({ level, full }) => ({ level, index: full, hashes: [...this.#open[level]!] }));
  }
}
