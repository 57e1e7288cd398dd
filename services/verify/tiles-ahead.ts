// Leaf tiles of a chain, read ahead of who asks for them.
import { TileError } from '../../core/tiles/error.ts';
import { type LogPath, parsePath, tilePath } from '../../core/tiles/path.ts';
import type { TileReader } from '../../core/tiles/reader.ts';
import { TILE_WIDTH } from '../../core/tiles/shape.ts';

/** Tiles that are read ahead, of 8 KB each; one takes two requests of S3. */
const TILES_AHEAD = 32;

/**
 * Whoever goes along a chain, up or down, asks for the tiles of its leaves one after the other: those that follow are read
 * meanwhile. `size` is the tree's; what it has no full tile for is read when it is asked for.
 */
export function tilesAhead(reader: TileReader, size: number): TileReader {
  const reading = new Map<number, Promise<Uint8Array | undefined>>();
  const full = Math.floor(size / TILE_WIDTH);
  let last: number | undefined;
  const begin = (index: number) => {
    if (index < 0 || index >= full || reading.has(index)) return;
    const read = reader.read(tilePath({ level: 0, index, width: TILE_WIDTH }));
    // Thrown where it is awaited.
    read.catch(() => undefined);
    reading.set(index, read);
  };
  return {
    read(path) {
      const index = fullLeafTile(path);
      if (index === undefined) return reader.read(path);
      const step = last === undefined || Math.abs(index - last) !== 1 ? 0 : index - last;
      last = index;
      for (const other of reading.keys()) if (Math.abs(other - index) > TILES_AHEAD) reading.delete(other);
      const read = reading.get(index) ?? reader.read(path);
      reading.delete(index);
      if (step !== 0) for (let i = 1; i <= TILES_AHEAD; i++) begin(index + i * step);
      return read;
    },
  };
}

function fullLeafTile(path: string): number | undefined {
  const parsed = leafPath(path);
  if (parsed === undefined || !('tile' in parsed)) return undefined;
  const { level, index, width } = parsed.tile;
  return level === 0 && width === TILE_WIDTH ? index : undefined;
}

function leafPath(path: string): LogPath | undefined {
  try {
    return parsePath(path);
  } catch (error) {
    if (error instanceof TileError) return undefined;
    throw error;
  }
}
