// Reads tiles that may be partial.
import { TileError } from './error.ts';
import { tilePath } from './path.ts';
import { TILE_WIDTH, type TileId, tileOf } from './shape.ts';
import { decodeTile } from './tile.ts';

/**
 * Where a log's tiles are. Resolves to the bytes stored at a path, to undefined where there are none, and rejects when
 * it can't tell. What it answers is believed only as far as it leads to a signed root.
 */
export interface TileReader {
  read(path: string): Promise<Uint8Array | undefined>;
}

/** Hashes of a tile as the tree of `size` has it; a log may have dropped a partial tile once the full one was there. */
export async function readTile(reader: TileReader, level: number, index: number, size: number): Promise<Uint8Array[]> {
  const tile = tileOf(level, index, size);
  if (tile === undefined) throw new TileError('index', `got no tile ${index} on level ${level} of a tree of ${size}`);
  return (await readAt(reader, tile)) ?? (await readFromFull(reader, tile));
}

async function readFromFull(reader: TileReader, tile: TileId): Promise<Uint8Array[]> {
  const full = tile.width < TILE_WIDTH ? await readAt(reader, { ...tile, width: TILE_WIDTH }) : undefined;
  if (full === undefined) throw new TileError('missing', 'the tile is not there', tilePath(tile));
  return full.slice(0, tile.width);
}

async function readAt(reader: TileReader, tile: TileId): Promise<Uint8Array[] | undefined> {
  const path = tilePath(tile);
  const bytes = await reader.read(path);
  try {
    return bytes === undefined ? undefined : decodeTile(bytes, tile.width);
  } catch (error) {
    throw error instanceof TileError ? new TileError(error.code, error.message, path) : error;
  }
}
