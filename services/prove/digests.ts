// A tenant's digests up to a published seal.
import { leafHash } from '../../core/chain.ts';
import { equalBytes } from '../../core/crypto.ts';
import { DIGEST, type Digest } from '../../core/documents/digest.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { proveInclusion } from '../../core/merkle/prove.ts';
import { MAX_BUNDLED_ENTRY_BYTES } from '../../core/tiles/entry-bundle.ts';
import { TileNodes } from '../../core/tiles/nodes.ts';
import { readTile } from '../../core/tiles/reader.ts';
import { TILE_WIDTH } from '../../core/tiles/shape.ts';
import { digestKey } from '../../names/log.ts';
import type { LoggedDigest } from '../log/digests.ts';
import type { PublishedSeal } from '../log/published.ts';
import { type EvidenceReader, genuineAt } from '../log/versions.ts';
import { EvidenceFault } from './error.ts';

/** Searches come back to the same few. */
const DIGESTS_KEPT = 256;

/** Digests that were found in the log: they are in every later head of it too. By tenant and seal. */
export type KnownDigests = Map<string, Promise<LoggedDigest | undefined>>;

/** One tenant's digests up to a published seal, each of them in its log. */
export class TenantDigests {
  readonly tenant: string;
  readonly published: PublishedSeal;
  readonly #store: EvidenceReader;
  readonly #known: KnownDigests;
  readonly #nodes: TileNodes;

  constructor(tenant: string, published: PublishedSeal, store: EvidenceReader, known: KnownDigests = new Map()) {
    this.tenant = tenant;
    this.published = published;
    this.#store = store;
    this.#known = known;
    this.#nodes = new TileNodes(published.log.tiles, published.checkpoint.size);
  }

  /** Undefined when the tenant had nothing to seal yet. */
  newest(): Promise<LoggedDigest | undefined> {
    return this.#ofSeal(this.published.seal);
  }

  /** The tenant's digest of that number, which is to be at most the newest one's. Each seal makes one of every tenant. */
  async at(number: number): Promise<LoggedDigest> {
    const newest = await this.newest();
    if (newest === undefined || number > newest.digest.number) {
      throw new RangeError(`got ${number}, want the number of a digest that there is`);
    }
    const seal = newest.digest.seal - (newest.digest.number - number);
    const found = seal < 0 ? undefined : await this.#ofSeal(seal);
    if (found?.digest.number === number) return found;
    throw new EvidenceFault(`digest ${number} of ${this.tenant} is not in the log where the newest one says`);
  }

  /** An inclusion proof to the published checkpoint. */
  proofOf({ index }: LoggedDigest): Promise<readonly Uint8Array[]> {
    return proveInclusion(this.#nodes, index, this.published.checkpoint.size);
  }

  #ofSeal(seal: number): Promise<LoggedDigest | undefined> {
    const place = `${this.tenant}/${seal}`;
    const found = this.#known.get(place) ?? this.#read(seal, place);
    this.#known.delete(place);
    this.#known.set(place, found);
    if (this.#known.size > DIGESTS_KEPT) this.#known.delete(this.#known.keys().next().value!);
    return found;
  }

  /** By its key, or, where nothing genuine is left under that, from the log, which takes a search. */
  async #read(seal: number, place: string): Promise<LoggedDigest | undefined> {
    try {
      const accept = (bytes: Uint8Array) => this.#logged(bytes, seal);
      const found = await genuineAt(this.#store, digestKey(this.tenant, seal), MAX_BUNDLED_ENTRY_BYTES, accept);
      const settled = found ?? (await this.published.log.find(seal, this.tenant));
      if (settled === undefined) this.#known.delete(place);
      return settled;
    } catch (error) {
      this.#known.delete(place);
      throw error;
    }
  }

  async #logged(bytes: Uint8Array, seal: number): Promise<LoggedDigest | undefined> {
    const digest = parsed(bytes);
    const { log } = this.published;
    if (digest?.tenant !== this.tenant || digest.seal !== seal || digest.index >= log.size) return undefined;
    const { index } = digest;
    const leaf = leafHash(bytes);
    const leaves = await readTile(log.tiles, 0, Math.floor(index / TILE_WIDTH), log.size);
    return equalBytes(leaves[index % TILE_WIDTH]!, leaf) ? { index, bytes, leaf, digest } : undefined;
  }
}

function parsed(bytes: Uint8Array): Digest | undefined {
  try {
    return DIGEST.parse(bytes);
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}
