// Paths of tiles and entry bundles in C2SP tlog-tiles.
import { parseDecimal } from '../merkle/size.ts';
import { TileError } from './error.ts';
import { checkTile, type EntryBundleId, TILE_WIDTH, type TileId } from './shape.ts';

/** Below a log's prefix, as C2SP tlog-tiles spells it. */
export function tilePath(tile: TileId): string {
  checkTile(tile);
  return `tile/${tile.level}/${tail(tile)}`;
}

export function entryBundlePath(bundle: EntryBundleId): string {
  checkTile({ level: 0, ...bundle });
  return `tile/entries/${tail(bundle)}`;
}

/** Thousands as directories: `x001/x234/067` for 1,234,067; a partial tile says its width behind `.p/`. */
function tail({ index, width }: EntryBundleId): string {
  const groups = [index % 1000];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(rest % 1000);
  const digits = groups.map((group) => String(group).padStart(3, '0')).join('/');
  const suffix = width === TILE_WIDTH ? '' : `.p/${width}`;
  return digits.replaceAll(/[0-9]{3}\//g, 'x$&') + suffix;
}

export type LogPath = { readonly tile: TileId } | { readonly bundle: EntryBundleId };

const PATH = /^tile\/(entries|[0-9]+)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]+))?$/;

/** Throws for every spelling but the one that tilePath or entryBundlePath gives. */
export function parsePath(path: string): LogPath {
  const [, kind, groups, suffix] = PATH.exec(path) ?? [];
  if (kind === undefined || groups === undefined) throw new TileError('path', 'got a path that names no tile');
  const index = Number(groups.replaceAll(/[x/]/g, ''));
  const width = suffix === undefined ? TILE_WIDTH : (parseDecimal(suffix) ?? 0);
  const parsed = kind === 'entries' ? { bundle: { index, width } } : { tile: { level: Number(kind), index, width } };
  const spelled = 'tile' in parsed ? tilePath(parsed.tile) : entryBundlePath(parsed.bundle);
  if (spelled !== path) throw new TileError('path', `got another spelling of ${spelled}`);
  return parsed;
}
