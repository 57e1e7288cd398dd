// What the archive holds under lock at the positions of a chain beside the segments that the seal lists.
import { nextLink, parseChainName } from '../../core/chain.ts';
import { equalBytes } from '../../core/crypto.ts';
import { segmentKey } from '../../names/archive.ts';
import { decodeVersion } from '../archive/match-segment.ts';
import type { ArchiveRow, SegmentCodec } from '../archive/port.ts';
import { inParallel } from '../object-lock/parallel.ts';
import type { EvidenceStore } from '../object-lock/port.ts';
import type { SegmentIndex, StoredKey } from './segment-index.ts';
import { rowsUnderKey } from './stored.ts';

/** Versions that are read in one step; more were planted to make the seal costly. */
const MAX_READ = 2_000;

const READS_AT_ONCE = 8;

/** A row that the archive holds, and in which version of which object. */
export interface OtherRow {
  readonly position: number;
  readonly leafHash: Uint8Array;
  readonly link: Uint8Array;
  readonly object: { readonly key: string; readonly version: string };
}

/** Where the archive holds, under lock, another continuation of the chain than the one that is sealed. */
export interface Contradiction {
  readonly position: number;
  readonly reason: 'disputed' | 'buried';
  /** Of the row that would have been sealed; absent where the chain has none of the category. */
  readonly leafHash?: Uint8Array;
  readonly others: readonly OtherRow[];
}

interface Candidate {
  readonly stored: StoredKey;
  readonly version: string;
  readonly size: number;
}

export interface HistoryPlace {
  /** The chain's name. */
  readonly chain: string;
  /** How far it is sealed, and when the newest seal was planned that sealed it as far as it went. */
  readonly sealed: number;
  readonly since: string | undefined;
  /** Where this step of the seal begins. */
  readonly from: number;
  /** Segments that are listed and go on at `from`. */
  readonly open: readonly { readonly object: { readonly key: string } }[];
}

/**
 * Compares rows, by position, with all that the archive holds of a chain since the last seal, whatever category and day it
 * its key names. What is under the key that the row itself has, as its current version, is compared there; everything
 * else is read here. Where nobody tampers, that is the segments in the middle of which the step begins: one a category.
 *
 * Only what is under a compliance lock and continues the chain where it first differs is another history: whoever may write
 * the archive can put other bytes anywhere.
 */
export class OtherHistories {
  readonly #place: HistoryPlace;
  readonly #tenant: string;
  readonly #number: number;
  readonly #index: SegmentIndex;
  readonly #ports: { readonly store: EvidenceStore; readonly codec: SegmentCodec };
  readonly #rows = new Map<number, OtherRow[]>();
  /** By first position; what is before `#next` was looked at. */
  #keys: readonly StoredKey[] | undefined;
  #next = 0;
  #read = 0;

  constructor(
    place: HistoryPlace,
    index: SegmentIndex,
    ports: { readonly store: EvidenceStore; readonly codec: SegmentCodec },
  ) {
    this.#place = place;
    ({ tenant: this.#tenant, chain: this.#number } = parseChainName(place.chain));
    this.#index = index;
    this.#ports = ports;
  }

  /** The lowest of the rows, which come in order and follow those of the call before, that the archive contradicts. */
  async against(rows: readonly ArchiveRow[]): Promise<Contradiction | undefined> {
    const candidates = await this.#candidates(rows);
    this.#read += candidates.length;
    if (this.#read > MAX_READ) return { ...rows[0]!, reason: 'buried', others: [] };
    await inParallel(candidates, READS_AT_ONCE, (candidate) => this.#load(candidate));
    for (const { position, previousLink, leafHash } of rows) {
      const found = this.#rows.get(position) ?? [];
      this.#rows.delete(position);
      const others = found.filter(
        (row) => !equalBytes(row.leafHash, leafHash) && equalBytes(nextLink(previousLink, row.leafHash), row.link),
      );
      if (others.length > 0) return { position, reason: 'disputed', leafHash, others };
    }
    return undefined;
  }

  /** Everything that begins at these positions, or before all of them, and that is not compared under its own key anyway. */
  async #candidates(rows: readonly ArchiveRow[]): Promise<readonly Candidate[]> {
    this.#keys ??= [...(await this.#index.of(this.#number))].sort((a, b) => a.first - b.first);
    const expected = new Set(
      rows.map(({ position, day, entry }) => segmentKey(this.#tenant, entry.category, day, this.#number, position)),
    );
    const last = rows.at(-1)!.position;
    const candidates: Candidate[] = [];
    for (; this.#next < this.#keys.length && this.#keys[this.#next]!.first <= last; this.#next++) {
      const stored = this.#keys[this.#next]!;
      for (const { version, size, latest, lastModified } of stored.versions) {
        const isExpected = latest && expected.has(stored.key);
        if (!isExpected && this.#isNew(stored, lastModified)) candidates.push({ stored, version, size });
      }
    }
    return candidates;
  }

  /** What begins before the step was looked at before, unless it was put since, or goes on from there: one a category. */
  #isNew({ key, first }: StoredKey, lastModified: Date): boolean {
    const { from, sealed, since, open } = this.#place;
    if (first >= from) return true;
    if (open.some(({ object }) => object.key === key)) return true;
    if (first >= sealed) return false;
    return since === undefined || lastModified.getTime() > Date.parse(since);
  }

  async #load({ stored, version, size }: Candidate): Promise<void> {
    const { key } = stored;
    const found = await this.#ports.store.find(key, version);
    if (found?.retainUntil === undefined || found.governed) return;
    const segment = await decodeVersion(key, { version, size }, this.#ports);
    for (const { position, leafHash, link, object } of rowsUnderKey(
      segment?.rows ?? [],
      this.#tenant,
      stored,
      version,
    )) {
      if (position < this.#place.from) continue;
      const rows = this.#rows.get(position) ?? [];
      this.#rows.set(position, rows);
      rows.push({ position, leafHash, link, object });
    }
  }
}
