// Chooses, of what is stored as a tile, the version that leads to a known root.
import { equalBytes } from '../crypto.ts';
import { CompactRange } from '../merkle/compact.ts';
import { joinHashes, perfectSubtrees } from '../merkle/subtree.ts';
import { TileError } from './error.ts';
import { parsePath, tilePath } from './path.ts';
import type { TileReader } from './reader.ts';
import { TILE_WIDTH, type TileId, tileOf, treeShape } from './shape.ts';
import { decodeTile, encodeTile } from './tile.ts';

/** Where several claim to be one tile. */
export interface TileCandidates {
  /** Everything that is stored at the path, the likeliest first; rejects when it can't tell. */
  candidates(path: string): AsyncIterable<Uint8Array>;
}

/** Partial tiles prove each other and none itself, so planted ones multiply; beyond this, someone wears the search out. */
const MAX_COMBINATIONS = 4_096;
const MAX_CANDIDATES = 64;

/**
 * The tiles of one tree whose root is known: of the candidates for each, the one that leads there. Resolves to undefined
 * for tiles that the tree doesn't have; of a partial tile it gives every shorter one too, which smaller trees had. Throws
 * a TileError when what is stored leads elsewhere or is missing.
 */
export class AuthenticTiles implements TileReader {
  readonly #source: TileCandidates;
  readonly #size: number;
  readonly #root: Uint8Array;
  readonly #tiles = new Map<string, Promise<readonly Uint8Array[]>>();
  #edge: Promise<ReadonlyMap<number, readonly Uint8Array[]>> | undefined;

  constructor(source: TileCandidates, size: number, root: Uint8Array) {
    this.#source = source;
    this.#size = size;
    this.#root = root;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const named = parsePath(path);
    const tile = 'tile' in named ? tileOf(named.tile.level, named.tile.index, this.#size) : undefined;
    if (!('tile' in named) || tile === undefined || named.tile.width > tile.width) return undefined;
    return encodeTile((await this.#tile(tile)).slice(0, named.tile.width));
  }

  #tile(tile: TileId): Promise<readonly Uint8Array[]> {
    const path = tilePath(tile);
    const found = this.#tiles.get(path) ?? (tile.width === TILE_WIDTH ? this.#full(tile) : this.#partial(tile));
    this.#tiles.set(path, found);
    return found;
  }

  /** Every full tile has its root in the tile above. */
  async #full(tile: TileId): Promise<readonly Uint8Array[]> {
    const above = tileOf(tile.level + 1, Math.floor(tile.index / TILE_WIDTH), this.#size)!;
    const root = (await this.#tile(above))[tile.index % TILE_WIDTH]!;
    let found = 0;
    for await (const hashes of this.#candidates(tile)) {
      if (equalBytes(perfectSubtrees(joinHashes(hashes))[0]!, root)) return hashes;
      found++;
    }
    throw absent(tilePath(tile), found);
  }

  async #partial({ level }: TileId): Promise<readonly Uint8Array[]> {
    this.#edge ??= this.#findEdge();
    return (await this.#edge).get(level)!;
  }

  /** The partial tiles of all levels together make the root. Others than the likeliest are read only when they don't. */
  async #findEdge(): Promise<ReadonlyMap<number, readonly Uint8Array[]>> {
    const levels = treeShape(this.#size).filter(({ partial }) => partial > 0);
    const tiles = levels.map(({ level, full, partial }): TileId => ({ level, index: full, width: partial })).reverse();
    const sources = tiles.map((tile) => this.#candidates(tile)[Symbol.asyncIterator]());
    try {
      return await this.#edgeOf(tiles, sources);
    } finally {
      // Whoever has the candidates learns that no more are asked for.
      await Promise.all(sources.map((source) => source.return?.(undefined)));
    }
  }

  async #edgeOf(
    tiles: readonly TileId[],
    sources: readonly AsyncIterator<Uint8Array[]>[],
  ): Promise<ReadonlyMap<number, readonly Uint8Array[]>> {
    const found = await Promise.all(sources.map(async (source, i) => [await firstOf(source, tiles[i]!)]));
    let edge = this.#edgeAmong(found);
    if (edge === undefined) {
      await Promise.all(sources.map((source, i) => appendRest(found[i]!, source)));
      for (let few = 2; edge === undefined && few <= MAX_CANDIDATES; few *= 2) {
        edge = this.#edgeAmong(found.map((candidates) => candidates.slice(0, few)));
      }
    }
    if (edge !== undefined) return new Map(edge.map((hashes, i) => [tiles[i]!.level, hashes]));
    throw new TileError('root', `no partial tiles that are stored lead to the root of the tree of ${this.#size}`);
  }

  #edgeAmong(found: readonly (readonly Uint8Array[][])[]): readonly Uint8Array[][] | undefined {
    let tried = 0;
    for (const edge of combinations(found)) {
      if (++tried > MAX_COMBINATIONS) return undefined;
      const range = new CompactRange(
        this.#size,
        edge.flatMap((hashes) => perfectSubtrees(joinHashes(hashes))),
      );
      if (equalBytes(range.root(), this.#root)) return edge;
    }
    return undefined;
  }

  /** What is not even a tile of that width is passed over. */
  async *#candidates(tile: TileId): AsyncGenerator<Uint8Array[]> {
    let seen = 0;
    for await (const bytes of this.#source.candidates(tilePath(tile))) {
      if (++seen > MAX_CANDIDATES) return;
      const hashes = decoded(bytes, tile.width);
      if (hashes !== undefined) yield hashes;
    }
  }
}

function decoded(bytes: Uint8Array, width: number): Uint8Array[] | undefined {
  try {
    return decodeTile(bytes, width);
  } catch (error) {
    if (error instanceof TileError) return undefined;
    throw error;
  }
}

async function firstOf(source: AsyncIterator<Uint8Array[]>, tile: TileId): Promise<Uint8Array[]> {
  const { done, value } = await source.next();
  if (done === true) throw absent(tilePath(tile), 0);
  return value;
}

async function appendRest<T>(to: T[], source: AsyncIterator<T>): Promise<void> {
  for (let next = await source.next(); next.done !== true; next = await source.next()) to.push(next.value);
}

function absent(path: string, found: number): TileError {
  if (found === 0) return new TileError('missing', 'the tile is not there', path);
  return new TileError('root', `none of ${found} that are stored has the tile's root`, path);
}

/** One of each, in every way; the first of all before any other. */
function* combinations<T>(choices: readonly (readonly T[])[]): Iterable<T[]> {
  const [first, ...others] = choices;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const rest of combinations(others)) for (const one of first) yield [one, ...rest];
}
