import { CATEGORIES } from '../../core/catalog/catalog.ts';
import { nextLink, parseChainName } from '../../core/chain.ts';
import { equalBytes } from '../../core/crypto.ts';
import { segmentPlace, segmentsPrefix } from '../../names/archive.ts';
import { decodeVersion } from '../archive/honest.ts';
import type { ArchiveRow, SegmentCodec, SegmentRow } from '../archive/port.ts';
import { EntryFault, filedEntry } from '../archive/rows.ts';
import type { Cursor } from '../archive/window.ts';
import type { EvidenceStore } from '../evidence/port.ts';

/** Versions of one key that are read; more were planted to wear the reader out. */
const MAX_VERSIONS = 20;

/** Rows that are handed out at once. */
const ROWS_AT_ONCE = 2_000;

const CATEGORY_FOLDER = 'category=';

interface StoredKey {
  readonly key: string;
  readonly category: string;
  readonly day: string;
  readonly first: number;
  /** Newest first. */
  readonly versions: { readonly version: string; readonly size: number }[];
}

type StoredRow = Omit<ArchiveRow, 'previousLink'>;

/**
 * A chain's rows from its segments alone, for positions whose blocks the ledger does not have. Every version of every
 * key counts; a row is taken when it continues the chain and no other does.
 */
export class ArchivedRows {
  readonly #tenant: string;
  readonly #number: number;
  readonly #ports: { readonly store: EvidenceStore; readonly codec: SegmentCodec };
  #since: string | undefined;
  #index: Promise<readonly StoredKey[]> | undefined;
  readonly #read = new Set<string>();
  readonly #rows = new Map<number, StoredRow[]>();

  /** `since`: the UTC day before which nothing is looked for at first. */
  constructor(chain: string, since: string | undefined, ports: { store: EvidenceStore; codec: SegmentCodec }) {
    const { tenant, chain: number } = parseChainName(chain);
    this.#tenant = tenant;
    this.#number = number;
    this.#since = since;
    this.#ports = ports;
  }

  /** The rows that continue the chain at the cursor. 'gap': there are none. 'ambiguous': there are several that differ. */
  async next(cursor: Cursor): Promise<readonly ArchiveRow[] | 'gap' | 'ambiguous'> {
    const rows: ArchiveRow[] = [];
    for (let { position, link } = cursor; rows.length < ROWS_AT_ONCE; position++) {
      const [row, ...others] = await this.#continuing(position, link, true);
      if (row === undefined || others.length > 0) {
        if (rows.length > 0) return rows;
        return row === undefined ? 'gap' : 'ambiguous';
      }
      rows.push(row);
      link = row.link;
    }
    return rows;
  }

  /** The rows with which segments that begin at the cursor would continue the chain, each once. */
  at({ position, link }: Cursor): Promise<readonly ArchiveRow[]> {
    return this.#continuing(position, link, false);
  }

  /** One more than the greatest position that a segment holds, true or not. */
  async end(): Promise<number> {
    await this.#readWhere((keys) => straddling(keys, Number.POSITIVE_INFINITY));
    return [...this.#rows.keys()].reduce((end, position) => Math.max(end, position + 1), 0);
  }

  /** Nothing below is asked for any more. */
  forget(below: number): void {
    for (const position of this.#rows.keys()) if (position < below) this.#rows.delete(position);
  }

  async #continuing(position: number, link: Uint8Array, thorough: boolean): Promise<ArchiveRow[]> {
    const found = await this.#candidates(position, thorough);
    const continuing = found.filter((row) => equalBytes(nextLink(link, row.leafHash), row.link));
    const distinct = continuing.filter(
      (row, i) => continuing.findIndex((other) => equalBytes(other.leafHash, row.leafHash)) === i,
    );
    return distinct.map((row) => ({ ...row, previousLink: link }));
  }

  /** Looked for in ever wider circles: what begins here, what began before and goes on, what is older than it should be. */
  async #candidates(position: number, thorough: boolean): Promise<readonly StoredRow[]> {
    await this.#readWhere((keys) => keys.filter(({ first }) => first === position));
    if (!thorough || this.#rows.has(position)) return this.#rows.get(position) ?? [];
    await this.#readWhere((keys) => straddling(keys, position));
    if (!this.#rows.has(position) && this.#since !== undefined) {
      this.#since = undefined;
      this.#index = undefined;
      return this.#candidates(position, thorough);
    }
    return this.#rows.get(position) ?? [];
  }

  async #readWhere(select: (keys: readonly StoredKey[]) => readonly StoredKey[]): Promise<void> {
    this.#index ??= this.#list();
    for (const stored of select(await this.#index)) {
      if (this.#read.has(stored.key)) continue;
      this.#read.add(stored.key);
      for (const found of stored.versions.slice(-MAX_VERSIONS)) {
        const segment = await decodeVersion(stored.key, found, this.#ports);
        for (const row of filedRows(segment?.rows ?? [], this.#tenant, stored)) {
          this.#rows.set(row.position, [...(this.#rows.get(row.position) ?? []), row]);
        }
      }
    }
  }

  async #list(): Promise<readonly StoredKey[]> {
    const keys = new Map<string, StoredKey>();
    for (const category of await this.#categories()) {
      const prefix = segmentsPrefix(this.#tenant, category);
      const after = this.#since === undefined ? undefined : `${prefix}day=${this.#since}`;
      for await (const { key, version, size, marker } of this.#ports.store.list(prefix, after)) {
        const place = segmentPlace(key);
        if (place === undefined || marker || place.chain !== this.#number) continue;
        const stored = keys.get(key) ?? { key, ...place, versions: [] };
        stored.versions.push({ version, size });
        keys.set(key, stored);
      }
    }
    return [...keys.values()];
  }

  /** Those of the catalog besides those that are seen: a delete marker over every segment would hide a folder. */
  async #categories(): Promise<Iterable<string>> {
    const categories = new Set(CATEGORIES.keys());
    for await (const folder of this.#ports.store.folders(segmentsPrefix(this.#tenant))) {
      if (folder.startsWith(CATEGORY_FOLDER)) categories.add(folder.slice(CATEGORY_FOLDER.length));
    }
    return categories;
  }
}

/** Of each category, the last key that begins before the position. */
function straddling(keys: readonly StoredKey[], position: number): readonly StoredKey[] {
  const last = new Map<string, StoredKey>();
  for (const stored of keys) {
    const before = last.get(stored.category);
    if (stored.first < position && stored.first > (before?.first ?? -1)) last.set(stored.category, stored);
  }
  return [...last.values()];
}

/** None at all of a file that holds anything which does not belong under its key. */
function filedRows(rows: readonly SegmentRow[], tenant: string, { category, day, first }: StoredKey): StoredRow[] {
  if (rows[0]?.position !== first) return [];
  try {
    const filed = rows.map((row): StoredRow => ({ ...row, entry: filedEntry(row.bytes, tenant, row.position), day }));
    const belongs = filed.every(({ entry }) => entry.category === category && entry.recordedAt.startsWith(day));
    return belongs ? filed : [];
  } catch (error) {
    if (error instanceof EntryFault) return [];
    throw error;
  }
}
