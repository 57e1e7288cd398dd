// Which tiles a tree of a size has.
import { checkSize, isTreeSize } from '../merkle/size.ts';
import { TileError } from './error.ts';

/** A tile is a perfect subtree of this height; C2SP tlog-tiles, "Merkle Tree". */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/** What the paths allow; a tree of 2^53 − 1 leaves needs no level above 6. */
const MAX_TILE_LEVEL = 63;

/** Which run of hashes: those of `level` from index × 256 on, `width` of them; fewer than 256 in a partial tile. */
export interface TileId {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** Which run of entries: those of the level 0 tile with the same index and width. */
export type EntryBundleId = Omit<TileId, 'level'>;

export function checkTile({ level, index, width }: TileId): void {
  if (!Number.isInteger(level) || level < 0 || level > MAX_TILE_LEVEL) {
    throw new TileError('level', `got tile level ${level}, want 0 to ${MAX_TILE_LEVEL}`);
  }
  if (!isTreeSize(index)) throw new TileError('index', `got tile index ${index}, want 0 to 2^53 − 1`);
  checkWidth(width);
}

export function checkWidth(width: number): void {
  if (Number.isInteger(width) && width >= 1 && width <= TILE_WIDTH) return;
  throw new TileError('width', `got a width of ${width}, want 1 to ${TILE_WIDTH}`);
}

export interface LevelShape {
  readonly level: number;
  /** How many full tiles the level has. */
  readonly full: number;
  /** The width of the tile after them, 0 where there is none. */
  readonly partial: number;
}

/** The tiles of a tree, level by level from the leaves; an empty tree has none. */
export function treeShape(size: number): LevelShape[] {
  checkSize(size);
  const levels: LevelShape[] = [];
  for (let level = 0, hashes = size; hashes > 0; level++, hashes = Math.floor(hashes / TILE_WIDTH)) {
    levels.push({ level, full: Math.floor(hashes / TILE_WIDTH), partial: hashes % TILE_WIDTH });
  }
  return levels;
}

/** The tile as a tree of that size has it, full or partial; undefined where it has none. */
export function tileOf(level: number, index: number, size: number): TileId | undefined {
  const shape = treeShape(size)[level];
  if (shape === undefined) return undefined;
  if (index < shape.full) return { level, index, width: TILE_WIDTH };
  return index === shape.full && shape.partial > 0 ? { level, index, width: shape.partial } : undefined;
}
