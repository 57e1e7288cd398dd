import { TILE_WIDTH, type TileId, tileOf, treeShape } from '../tiles/shape.ts';

/**
 * The tiles of a tree of `size` leaves that say anything of the leaves from `from` on, or of the tree before them: of
 * each level, those from the one on that the tree of `from` leaves ends in.
 */
export function* neededTiles(from: number, size: number): Iterable<TileId> {
  for (const { level, full, partial } of treeShape(size)) {
    const count = full + (partial > 0 ? 1 : 0);
    for (let index = firstIndex(level, from); index < count; index++) yield tileOf(level, index, size)!;
  }
}

/** Whether a tile is one of those, without going through them. */
export function isNeeded(tile: TileId, from: number, size: number): boolean {
  const want = tileOf(tile.level, tile.index, size);
  return want?.width === tile.width && tile.index >= firstIndex(tile.level, from);
}

function firstIndex(level: number, from: number): number {
  return Math.floor(from / TILE_WIDTH ** (level + 1));
}
