// A chain's rows from its segments alone.
import { nextLink, parseChainName } from '../../core/chain.ts';
import { equalBytes } from '../../core/crypto.ts';
import { decodeVersion } from '../archive/match-segment.ts';
import type { ArchiveRow, SegmentCodec, SegmentRow } from '../archive/port.ts';
import { archivableEntry, EntryFault } from '../archive/rows.ts';
import type { Cursor } from '../archive/window.ts';
import type { EvidenceStore } from '../object-lock/port.ts';
import { SegmentIndex, type StoredKey } from './segment-index.ts';

/** Versions of one key that are read; more were planted to make reading costly. */
const MAX_VERSIONS = 20;

/** Rows that are handed out at once. */
const ROWS_AT_ONCE = 2_000;

/** A row of a segment, which vouches for nothing but itself. */
export interface StoredRow extends Omit<ArchiveRow, 'previousLink'> {
  readonly object: { readonly key: string; readonly version: string };
}

/** A row that continues the chain. */
type Continuing = StoredRow & Pick<ArchiveRow, 'previousLink'>;

interface ArchivePorts {
  readonly store: EvidenceStore;
  readonly codec: SegmentCodec;
}

/**
 * A chain's rows from its segments alone, for positions whose blocks the ledger does not have. Every version of every
 * key counts; a row is taken when it continues the chain and no other does.
 */
export class ArchivedRows {
  readonly #tenant: string;
  readonly #number: number;
  readonly #ports: ArchivePorts;
  #index: SegmentIndex;
  #byFirst: Promise<ReadonlyMap<number, readonly StoredKey[]>> | undefined;
  readonly #read = new Set<string>();
  readonly #rows = new Map<number, StoredRow[]>();

  /** `index`: of the chain's tenant; what begins before its first day is looked for when nothing else is found. */
  constructor(chain: string, index: SegmentIndex, ports: ArchivePorts) {
    const { tenant, chain: number } = parseChainName(chain);
    this.#tenant = tenant;
    this.#number = number;
    this.#index = index;
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
  at({ position, link }: Cursor): Promise<readonly Continuing[]> {
    return this.#continuing(position, link, false);
  }

  /** One more than the greatest position that a segment holds, true or not. */
  async end(): Promise<number> {
    await this.#readAll(straddling(await this.#index.of(this.#number), Number.POSITIVE_INFINITY));
    return [...this.#rows.keys()].reduce((end, position) => Math.max(end, position + 1), 0);
  }

  /** Nothing below is asked for any more. */
  forget(below: number): void {
    for (const position of this.#rows.keys()) if (position < below) this.#rows.delete(position);
  }

  async #continuing(position: number, link: Uint8Array, thorough: boolean): Promise<Continuing[]> {
    const found = await this.#candidates(position, thorough);
    const continuing = found.filter((row) => equalBytes(nextLink(link, row.leafHash), row.link));
    const distinct = continuing.filter(
      (row, i) => continuing.findIndex((other) => equalBytes(other.leafHash, row.leafHash)) === i,
    );
    return distinct.map((row) => ({ ...row, previousLink: link }));
  }

  /** Looked for further and further back: what begins here, what began before and goes on, what is older than it should be. */
  async #candidates(position: number, thorough: boolean): Promise<readonly StoredRow[]> {
    this.#byFirst ??= this.#index.of(this.#number).then((keys) => Map.groupBy(keys, ({ first }) => first));
    await this.#readAll((await this.#byFirst).get(position) ?? []);
    if (!thorough || this.#rows.has(position)) return this.#rows.get(position) ?? [];
    await this.#readAll(straddling(await this.#index.of(this.#number), position));
    if (!this.#rows.has(position) && this.#index.since !== undefined) {
      this.#index = new SegmentIndex(this.#tenant, undefined, this.#ports.store);
      this.#byFirst = undefined;
      return this.#candidates(position, thorough);
    }
    return this.#rows.get(position) ?? [];
  }

  async #readAll(keys: readonly StoredKey[]): Promise<void> {
    for (const stored of keys) {
      if (this.#read.has(stored.key)) continue;
      this.#read.add(stored.key);
      for (const found of stored.versions.slice(-MAX_VERSIONS)) {
        const segment = await decodeVersion(stored.key, found, this.#ports);
        for (const row of rowsUnderKey(segment?.rows ?? [], this.#tenant, stored, found.version)) {
          this.#rows.set(row.position, [...(this.#rows.get(row.position) ?? []), row]);
        }
      }
    }
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

/** A file's rows; none at all of one that holds anything which does not belong under its key. */
export function rowsUnderKey(
  rows: readonly SegmentRow[],
  tenant: string,
  { key, category, day, first }: StoredKey,
  version: string,
): StoredRow[] {
  if (rows[0]?.position !== first) return [];
  const object = { key, version };
  try {
    const parsed = rows.map((row): StoredRow => {
      const entry = archivableEntry(row.bytes, tenant, row.position);
      return { ...row, entry, day, object };
    });
    const belongs = parsed.every(({ entry }) => entry.category === category && entry.recordedAt.startsWith(day));
    return belongs ? parsed : [];
  } catch (error) {
    if (error instanceof EntryFault) return [];
    throw error;
  }
}
