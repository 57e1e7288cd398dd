// Reads the tiles of a tree whose root is known from the archive.
import { equalBytes, HASH_BYTES } from '../../core/crypto.ts';
import { AuthenticTiles, type TileCandidates } from '../../core/tiles/authentic.ts';
import type { TileReader } from '../../core/tiles/reader.ts';
import { TILE_WIDTH } from '../../core/tiles/shape.ts';
import { type Candidate, candidatesAt, type EvidenceReader, type OnForeign, reportForeign } from './versions.ts';

const MAX_TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** A tree whose root is known, by a signature or because it was computed a moment ago. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

interface Seen {
  readonly versions: Candidate[];
  isOver: boolean;
}

/** Everything that is stored at a tile's path, current version first. */
class StoredTiles implements TileCandidates {
  readonly #store: EvidenceReader;
  readonly #keyOf: (path: string) => string;
  /** By path: what was handed out, and whether anybody may still ask for more of it. */
  readonly #seen = new Map<string, Seen>();
  /** Settling goes one after the other: whoever reads waits until what it saw is settled, by whomever. */
  #settled: Promise<void> = Promise.resolve();

  constructor(store: EvidenceReader, keyOf: (path: string) => string) {
    this.#store = store;
    this.#keyOf = keyOf;
  }

  async *candidates(path: string): AsyncGenerator<Uint8Array> {
    const seen: Seen = { versions: [], isOver: false };
    this.#seen.set(path, seen);
    try {
      for await (const found of candidatesAt(this.#store, this.#keyOf(path), MAX_TILE_BYTES)) {
        seen.versions.push(found);
        if (found.bytes !== undefined) yield found.bytes;
      }
    } finally {
      seen.isOver = true;
    }
  }

  /** Reports what turned out to be another tile's bytes, once. Tiles may be read side by side: those under way wait. */
  async settle(genuine: (path: string) => Promise<Uint8Array | undefined>, onForeign: OnForeign): Promise<void> {
    const settling = this.#settled.then(() => this.#settleSeen(genuine, onForeign));
    this.#settled = settling.catch(() => undefined);
    await settling;
  }

  async #settleSeen(genuine: (path: string) => Promise<Uint8Array | undefined>, onForeign: OnForeign): Promise<void> {
    const over = [...this.#seen].filter(([, { isOver }]) => isOver);
    for (const [path] of over) this.#seen.delete(path);
    for (const [path, { versions }] of over) {
      if (versions.length < 2) continue;
      const tile = await genuine(path);
      const foreign = versions.filter(({ bytes }) => !(tile && bytes && equalBytes(bytes, tile)));
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
