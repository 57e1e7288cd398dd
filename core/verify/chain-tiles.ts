// A chain's tiles as they are stored, for the verifier to check.
import { HASH_BYTES, toHex } from '../crypto.ts';
import type { ChainHead } from '../documents/digest.ts';
import { CompactRange } from '../merkle/compact.ts';
import { perfectSubtrees } from '../merkle/subtree.ts';
import { tilePath } from '../tiles/path.ts';
import type { TileReader } from '../tiles/reader.ts';
import { TILE_WIDTH, tileOf, treeShape } from '../tiles/shape.ts';

/** Tiles kept for reading around a place in both directions. */
const KEPT_TILES = 24;

/**
 * A chain's leaf hashes and inner nodes as its tiles say them. Untrusted; a tile that is not there or no tile of the
 * tree is undefined.
 */
export class ChainTiles {
  readonly #reader: TileReader;
  /** Of the newest tree: the tiles are as that one has them. */
  readonly size: number;
  readonly #kept = new Map<string, Uint8Array | undefined>();

  constructor(reader: TileReader, size: number) {
    this.#reader = reader;
    this.size = size;
  }

  /** The hashes of a tile, one after the other. */
  async tile(level: number, index: number): Promise<Uint8Array | undefined> {
    const key = `${level}/${index}`;
    if (this.#kept.has(key)) return this.#kept.get(key);
    const tile = await this.#read(level, index);
    if (this.#kept.size >= KEPT_TILES) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(key, tile);
    return tile;
  }

  /** As readTile has it, and in one piece: taking a tile apart costs more than reading it. */
  async #read(level: number, index: number): Promise<Uint8Array | undefined> {
    const tile = tileOf(level, index, this.size);
    if (tile === undefined) return undefined;
    const own = await this.#reader.read(tilePath(tile));
    if (own?.length === tile.width * HASH_BYTES) return own;
    if (own !== undefined || tile.width === TILE_WIDTH) return undefined;
    // A log may have dropped a partial tile once the full one was there, which begins with it.
    const full = await this.#reader.read(tilePath({ ...tile, width: TILE_WIDTH }));
    return full?.length === TILE_WIDTH * HASH_BYTES ? full.subarray(0, tile.width * HASH_BYTES) : undefined;
  }

  /** Leaf hashes from position `from` to before `through` or to the end of the tile, whichever comes first. */
  async leaves(from: number, through: number): Promise<Uint8Array | undefined> {
    const index = Math.floor(from / TILE_WIDTH);
    const tile = await this.tile(0, index);
    const begin = index * TILE_WIDTH;
    return tile?.subarray((from - begin) * HASH_BYTES, (through - begin) * HASH_BYTES);
  }

  async leaf(position: number): Promise<Uint8Array | undefined> {
    return this.leaves(position, position + 1);
  }

  /** The compact range of the tree of `head.size` leaves, if the tiles have one with its root. */
  async rangeAt(head: ChainHead): Promise<string[] | undefined> {
    const hashes: Uint8Array[] = [];
    for (const { level, full, partial } of treeShape(head.size).toReversed()) {
      if (partial === 0) continue;
      const tile = await this.tile(level, full);
      if (tile === undefined) return undefined;
      hashes.push(...perfectSubtrees(tile.subarray(0, partial * HASH_BYTES)));
    }
    const range = new CompactRange(head.size, hashes);
    return toHex(range.root()) === head.root ? hashes.map(toHex) : undefined;
  }
}
