// Which tiles a bundle has to hold for the positions that it covers.
import { TILE_WIDTH, type TileId, tileOf, treeShape } from '../tiles/shape.ts';
import type { Container } from './container.ts';
import { BundleError } from './error.ts';
import { fileAt } from './files.ts';

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

/** Leaf tiles that a chain may lack: a million positions, each of which is looked for and told. */
const MOST_ABSENT_TILES = 4_096;

/**
 * Throws a BundleError where a tree is said to be so much larger than what is there of it that looking for the rest would
 * not end: sizes are up to 2^53 − 1, and whoever signs with keys of their own can say any.
 */
export function demandTiles({ files }: Pick<Container, 'files'>, chain: number, from: number, size: number): void {
  const wanted = Math.ceil(size / TILE_WIDTH) - firstIndex(0, from);
  if (wanted <= MOST_ABSENT_TILES) return;
  const present = files.filter(({ path }) => {
    const file = fileAt(path);
    return file?.kind === 'tile' && file.chain === chain && file.tile.level === 0;
  }).length;
  if (wanted - present <= MOST_ABSENT_TILES) return;
  throw new BundleError('missing-file', `chain ${chain} has ${present} of the ${wanted} tiles that its size needs`);
}

function firstIndex(level: number, from: number): number {
  return Math.floor(from / TILE_WIDTH ** (level + 1));
}
