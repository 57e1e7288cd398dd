// Why a tile, an entry bundle or a path is refused.
export type TileFault = 'path' | 'level' | 'index' | 'width' | 'length' | 'entry' | 'missing' | 'root';

/** A path, a tile or an entry bundle is not what C2SP tlog-tiles allows, or is not there. */
export class TileError extends Error {
  override readonly name = 'TileError';
  readonly code: TileFault;
  /** Of the tile or bundle, where one is concerned. */
  readonly path: string | undefined;

  constructor(code: TileFault, message: string, path?: string) {
    super(path === undefined ? message : `${path}: ${message}`);
    this.code = code;
    this.path = path;
  }
}
