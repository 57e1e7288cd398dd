import { equalBytes, HASH_BYTES } from '../../core/crypto.ts';
import { AuthenticTiles, type TileCandidates } from '../../core/tiles/authentic.ts';
import type { TileReader } from '../../core/tiles/reader.ts';
import { TILE_WIDTH } from '../../core/tiles/shape.ts';
import { candidatesAt, type EvidenceReader, type OnForeign, reportForeign } from './versions.ts';

const MAX_TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** A tree whose root is known, by a signature or because it was computed a moment ago. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Everything that is stored at a tile's path, current version first. */
class StoredTiles implements TileCandidates {
  readonly #store: EvidenceReader;
  readonly #keyOf: (path: string) => string;
  /** By path: what was handed out, where one version was not enough. */
  readonly #seen = new Map<string, { readonly version: string; readonly bytes: Uint8Array | undefined }[]>();

  constructor(store: EvidenceReader, keyOf: (path: string) => string) {
    this.#store = store;
    this.#keyOf = keyOf;
  }

  async *candidates(path: string): AsyncGenerator<Uint8Array> {
    const seen: { version: string; bytes: Uint8Array | undefined }[] = [];
    this.#seen.set(path, seen);
    for await (const found of candidatesAt(this.#store, this.#keyOf(path), MAX_TILE_BYTES)) {
      seen.push(found);
      if (found.bytes !== undefined) yield found.bytes;
    }
  }

  /** Reports what turned out to be another tile's bytes, once. */
  async settle(genuine: (path: string) => Promise<Uint8Array | undefined>, onForeign: OnForeign): Promise<void> {
    const several = [...this.#seen].filter(([, seen]) => seen.length > 1);
    this.#seen.clear();
    for (const [path, seen] of several) {
      const tile = await genuine(path);
      const foreign = seen.filter(({ bytes }) => !(tile && bytes && equalBytes(bytes, tile)));
      await reportForeign(
        this.#store,
        this.#keyOf(path),
        foreign.map(({ version }) => version),
        onForeign,
      );
    }
  }
}

/**
 * The tiles of a tree from the archive: what leads to the root, whatever was put over it or hides it. Throws a TileError
 * when nothing that is stored does.
 */
export function storedTiles(
  store: EvidenceReader,
  keyOf: (path: string) => string,
  { size, root }: TreeHead,
  onForeign?: OnForeign,
): TileReader {
  const stored = new StoredTiles(store, keyOf);
  const tiles = new AuthenticTiles(stored, size, root);
  return {
    async read(path) {
      const bytes = await tiles.read(path);
      if (onForeign !== undefined) await stored.settle((one) => tiles.read(one), onForeign);
      return bytes;
    },
  };
}
