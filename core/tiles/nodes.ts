// Nodes of a tree, read from its tiles.
import type { NodeId } from '../merkle/path.ts';
import type { NodeSource } from '../merkle/prove.ts';
import { checkSize } from '../merkle/size.ts';
import { joinHashes, subtreeRoot } from '../merkle/subtree.ts';
import { TileError } from './error.ts';
import { readTile, type TileReader } from './reader.ts';
import { TILE_HEIGHT, TILE_WIDTH } from './shape.ts';

/**
 * The nodes of a tree of one size, from its tiles: each is read once, those of one proof side by side. Keeps what it
 * read (a proof needs a tile or two a level), so it should live no longer than the work at hand.
 */
export class TileNodes implements NodeSource {
  readonly #reader: TileReader;
  readonly #size: number;
  readonly #tiles = new Map<string, Promise<Uint8Array[]>>();

  constructor(reader: TileReader, size: number) {
    checkSize(size);
    this.#reader = reader;
    this.#size = size;
  }

  nodes(ids: readonly NodeId[]): Promise<readonly Uint8Array[]> {
    return Promise.all(ids.map((id) => this.#node(id)));
  }

  /** A node between two tile levels is hashed from the run of hashes below it in one tile. */
  async #node({ level, index }: NodeId): Promise<Uint8Array> {
    const width = 2 ** (level % TILE_HEIGHT);
    const perTile = TILE_WIDTH / width;
    const hashes = await this.#tile(Math.floor(level / TILE_HEIGHT), Math.floor(index / perTile));
    const begin = (index % perTile) * width;
    if (begin + width > hashes.length) {
      throw new TileError('index', `got no node ${index} on level ${level} of a tree of ${this.#size}`);
    }
    return subtreeRoot(joinHashes(hashes.slice(begin, begin + width)));
  }

  #tile(level: number, index: number): Promise<Uint8Array[]> {
    const key = `${level}/${index}`;
    const tile = this.#tiles.get(key) ?? readTile(this.#reader, level, index, this.#size);
    this.#tiles.set(key, tile);
    return tile;
  }
}
