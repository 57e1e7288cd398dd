// Reads the digest log from the archive, as far as it leads to a known head.
import { leafHash } from '../../core/chain.ts';
import { equalBytes } from '../../core/crypto.ts';
import { DIGEST, type Digest } from '../../core/documents/digest.ts';
import { decodeEntryBundle, MAX_BUNDLED_ENTRY_BYTES } from '../../core/tiles/entry-bundle.ts';
import { TileError } from '../../core/tiles/error.ts';
import { entryBundlePath } from '../../core/tiles/path.ts';
import { readTile, type TileReader } from '../../core/tiles/reader.ts';
import { TILE_WIDTH, tileOf } from '../../core/tiles/shape.ts';
import { logKey } from '../../names/log.ts';
import { storedTiles, type TreeHead } from './tiles.ts';
import { type EvidenceReader, genuineAt, type OnForeign } from './versions.ts';

const LENGTH_BYTES = 2;
const MAX_BUNDLE_BYTES = TILE_WIDTH * (MAX_BUNDLED_ENTRY_BYTES + LENGTH_BYTES);

/** Bundles that are kept in memory: searches come back to the same few. */
const BUNDLES_KEPT = 4;

/** A leaf of the digest log. */
export interface LoggedDigest {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
  readonly digest: Digest;
}

/**
 * The digest log under a head that is believed, from the archive. Everything that it answers is in that tree, whatever
 * lies under the keys now; what is not there, or not to be found, is a TileError.
 */
export class DigestLog {
  readonly size: number;
  /** By the paths of C2SP tlog-tiles. */
  readonly tiles: TileReader;
  readonly #store: EvidenceReader;
  readonly #onForeign: OnForeign | undefined;
  readonly #bundles = new Map<number, Promise<readonly Uint8Array[]>>();
  /** Where the last search ended: the next one is likely to end nearby. */
  #hint: number;

  constructor(store: EvidenceReader, head: TreeHead, onForeign?: OnForeign) {
    this.size = head.size;
    this.tiles = storedTiles(store, logKey, head, onForeign);
    this.#store = store;
    this.#onForeign = onForeign;
    this.#hint = head.size - 1;
  }

  async at(index: number): Promise<LoggedDigest> {
    const bytes = (await this.entries(Math.floor(index / TILE_WIDTH)))[index % TILE_WIDTH];
    if (bytes === undefined) throw new TileError('index', `got no leaf ${index} in a log of ${this.size}`);
    return { index, bytes, leaf: leafHash(bytes), digest: DIGEST.parse(bytes) };
  }

  /** The tenant's digest of a seal; undefined when the seal made none. Leaves are in order of seal and then tenant. */
  async find(seal: number, tenant: string): Promise<LoggedDigest | undefined> {
    const index = await this.#lowerBound(
      ({ digest }) => digest.seal < seal || (digest.seal === seal && digest.tenant < tenant),
    );
    this.#hint = Math.min(index, this.size - 1);
    if (index === this.size) return undefined;
    const found = await this.at(index);
    return found.digest.seal === seal && found.digest.tenant === tenant ? found : undefined;
  }

  /** The digests of a seal, in order. */
  async *ofSeal(seal: number): AsyncGenerator<LoggedDigest> {
    for (let i = await this.#lowerBound(({ digest }) => digest.seal < seal); i < this.size; i++) {
      const found = await this.at(i);
      if (found.digest.seal !== seal) return;
      yield found;
    }
  }

  /** The first leaf that is not `below`: outwards from where the last search ended, in doubling steps, then by halves. */
  async #lowerBound(isBelow: (leaf: LoggedDigest) => boolean): Promise<number> {
    let low = -1;
    let high = this.size;
    for (let at = this.#hint, step = 1; at > low && at < high; step *= 2) {
      const rises = isBelow(await this.at(at));
      if (rises) low = at;
      else high = at;
      // Turned: the bound is between the last two looks.
      if ((rises && high < this.size) || (!rises && low >= 0)) break;
      at += rises ? step : -step;
    }
    while (high - low > 1) {
      const middle = low + Math.floor((high - low) / 2);
      if (isBelow(await this.at(middle))) low = middle;
      else high = middle;
    }
    return high;
  }

  /** The entries of a bundle, as many as the tree has of it. */
  entries(bundle: number): Promise<readonly Uint8Array[]> {
    const found = this.#bundles.get(bundle) ?? this.#readBundle(bundle);
    this.#bundles.delete(bundle);
    this.#bundles.set(bundle, found);
    if (this.#bundles.size > BUNDLES_KEPT) this.#bundles.delete(this.#bundles.keys().next().value!);
    return found;
  }

  async #readBundle(index: number): Promise<readonly Uint8Array[]> {
    const leaves = await readTile(this.tiles, 0, index, this.size);
    const path = entryBundlePath(tileOf(0, index, this.size)!);
    const entries = await genuineAt(
      this.#store,
      logKey(path),
      MAX_BUNDLE_BYTES,
      (bytes) => entriesOf(bytes, leaves),
      this.#onForeign,
    );
    if (entries !== undefined) return entries;
    throw new TileError('missing', 'no bundle that is stored has the entries of the tree', path);
  }
}

function entriesOf(bytes: Uint8Array, leaves: readonly Uint8Array[]): readonly Uint8Array[] | undefined {
  let entries: readonly Uint8Array[];
  try {
    entries = decodeEntryBundle(bytes, leaves.length);
  } catch (error) {
    if (error instanceof TileError) return undefined;
    throw error;
  }
  return entries.every((entry, i) => equalBytes(leafHash(entry), leaves[i]!)) ? entries : undefined;
}
