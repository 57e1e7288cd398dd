// What the archive holds of one tenant since a day, by chain and key: listed, and not read.
import { chainSegmentsPrefix, segmentPlace, segmentsPrefix } from '../../names/archive.ts';
import type { EvidenceStore } from '../object-lock/port.ts';

const CATEGORY_FOLDER = 'category=';
const DAY_FOLDER = 'day=';

/** Keys of a tenant that are kept at most, some hundred bytes each. Of more, each chain lists its own. */
const MAX_KEYS = 200_000;

/** A key under which a segment belongs, and everything that was ever put there. */
export interface StoredKey {
  readonly key: string;
  readonly category: string;
  /** UTC day, YYYY-MM-DD. */
  readonly day: string;
  readonly chain: number;
  /** Position at which the segment begins. */
  readonly first: number;
  /** Newest first; delete markers are left out. */
  readonly versions: StoredKeyVersion[];
}

interface StoredKeyVersion {
  readonly version: string;
  readonly size: number;
  readonly lastModified: Date;
  /** The current one of its key. */
  readonly latest: boolean;
}

type Lister = Pick<EvidenceStore, 'list' | 'folders'>;

/**
 * A tenant's segments since a day. One request finds the categories, and one a category (and a thousand keys) lists them
 * for all chains, once however many chains ask.
 */
export class SegmentIndex {
  readonly tenant: string;
  /** The UTC day before which nothing is listed; undefined lists all. */
  readonly since: string | undefined;
  readonly #store: Lister;
  #categories: Promise<readonly string[]> | undefined;
  #all: Promise<ReadonlyMap<number, readonly StoredKey[]> | undefined> | undefined;
  /** Of a tenant with too many keys, the chain that asked last. */
  #one: { readonly chain: number; readonly keys: Promise<readonly StoredKey[]> } | undefined;

  constructor(tenant: string, since: string | undefined, store: Lister) {
    this.tenant = tenant;
    this.since = since;
    this.#store = store;
  }

  /** The chain's keys: by category, day and position. */
  async of(chain: number): Promise<readonly StoredKey[]> {
    this.#all ??= this.#listAll();
    const all = await this.#all;
    if (all !== undefined) return all.get(chain) ?? [];
    if (this.#one?.chain !== chain) this.#one = { chain, keys: this.#listChain(chain) };
    return this.#one.keys;
  }

  /** Numbers of the chains that have a key; undefined for a tenant with too many keys to tell. */
  async chains(): Promise<readonly number[] | undefined> {
    this.#all ??= this.#listAll();
    const all = await this.#all;
    return all && [...all.keys()];
  }

  async #listAll(): Promise<ReadonlyMap<number, readonly StoredKey[]> | undefined> {
    const keys = new Map<string, StoredKey>();
    for (const category of await this.#knownCategories()) {
      const prefix = segmentsPrefix(this.tenant, category);
      await this.#collect(keys, prefix, this.since === undefined ? undefined : `${prefix}${DAY_FOLDER}${this.since}`);
      if (keys.size > MAX_KEYS) return undefined;
    }
    return Map.groupBy(keys.values(), ({ chain }) => chain);
  }

  async #listChain(chain: number): Promise<readonly StoredKey[]> {
    const keys = new Map<string, StoredKey>();
    for (const category of await this.#knownCategories()) {
      for await (const folder of this.#store.folders(segmentsPrefix(this.tenant, category))) {
        const day = folder.slice(DAY_FOLDER.length);
        if (!folder.startsWith(DAY_FOLDER) || (this.since !== undefined && day < this.since)) continue;
        await this.#collect(keys, chainSegmentsPrefix(this.tenant, category, day, chain), undefined, chain);
      }
    }
    return [...keys.values()];
  }

  async #collect(keys: Map<string, StoredKey>, prefix: string, after: string | undefined, only?: number) {
    for await (const { key, marker, version, size, lastModified, latest } of this.#store.list(prefix, after)) {
      const place = segmentPlace(key);
      if (place === undefined || (only !== undefined && place.chain !== only)) continue;
      const stored = keys.get(key) ?? { key, ...place, versions: [] };
      keys.set(key, stored);
      if (!marker) stored.versions.push({ version, size, lastModified, latest });
      if (only === undefined && keys.size > MAX_KEYS) return;
    }
  }

  #knownCategories(): Promise<readonly string[]> {
    this.#categories ??= this.#listCategories();
    return this.#categories;
  }

  async #listCategories(): Promise<readonly string[]> {
    const categories: string[] = [];
    for await (const folder of this.#store.folders(segmentsPrefix(this.tenant))) {
      if (folder.startsWith(CATEGORY_FOLDER)) categories.push(folder.slice(CATEGORY_FOLDER.length));
    }
    return categories;
  }
}
