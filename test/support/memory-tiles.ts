// The tiles of a log in memory.
import { equalBytes } from '../../core/crypto.ts';
import type { Tile } from '../../core/tiles/builder.ts';
import { tilePath } from '../../core/tiles/path.ts';
import type { TileReader } from '../../core/tiles/reader.ts';
import { encodeTile } from '../../core/tiles/tile.ts';

/** A log's tiles. They never change: writing other bytes to a path fails the test. */
export class MemoryTiles implements TileReader {
  readonly files = new Map<string, Uint8Array>();

  write(tiles: readonly Tile[]): void {
    for (const { level, index, hashes } of tiles) {
      const path = tilePath({ level, index, width: hashes.length });
      const bytes = encodeTile(hashes);
      const there = this.files.get(path);
      if (there !== undefined && !equalBytes(there, bytes)) throw new Error(`${path} was written with other bytes`);
      this.files.set(path, bytes);
    }
  }

  /** As a log may once the full tile is there. */
  dropPartial(): void {
    for (const path of this.files.keys()) {
      if (this.files.has(path.replace(/\.p\/\d+$/, '')) && path.includes('.p/')) this.files.delete(path);
    }
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    return this.files.get(path);
  }
}
