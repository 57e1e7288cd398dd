// Looks up which positions of a chain are in segments, for positions that are only said to be.

import { CATEGORIES } from '../../core/catalog/categories.ts';
import { parseChainName } from '../../core/chain.ts';
import { equalBytes } from '../../core/crypto.ts';
import { segmentKey, segmentPlace, segmentsPrefix } from '../../names/archive.ts';
import { DAY_MS } from '../../names/time.ts';
import { dayOf } from '../object-lock/lock-dates.ts';
import type { EvidenceStore } from '../object-lock/port.ts';
import { decodeVersion, sameRow } from './match-segment.ts';
import type { ArchiveRow, SegmentCodec, SegmentRow } from './port.ts';

/** Positions that one of our own segments spans at most: a window and the block that filled it, with room. */
const SPAN = 25_000;

/** Of one key; more than that were planted to make the search costly. */
const MAX_VERSIONS = 20;
/** Keys below a position that are read for it: its own segment's is the nearest, and others may have been put between. */
const NEAREST = 3;

/** Keys that are looked at for one anchor. Beyond, nothing is concluded, and the block is kept as evidence. */
const MAX_KEYS = 20_000;
const CATEGORY_FOLDER = 'category=';
/** How far back the position before a block is looked for: the day before, some weeks, ever. */
const LOOKBACKS_MS = [DAY_MS, 40 * DAY_MS, Number.POSITIVE_INFINITY] as const;

export interface ArchivedSegmentsPorts {
  readonly store: Pick<EvidenceStore, 'list' | 'folders' | 'read' | 'versions'>;
  readonly codec: SegmentCodec;
}

/** What the archive has at a position: the very row, only others, or nothing. */
export type RowPresence = 'same' | 'other' | 'absent';

/** What the archive has of the rows that were looked up. */
export interface RowsFound {
  readonly presence: ReadonlyMap<ArchiveRow, RowPresence>;
  /** What segments that hold one of the rows say to hold behind the last of its category and day: another window's end. */
  readonly behind: readonly SegmentRow[];
}

interface Key {
  readonly key: string;
  readonly category: string;
  readonly first: number;
  /** Newest first. */
  readonly versions: { readonly version: string; readonly size: number }[];
}

/** The segments of one chain, by position. Costs a listing of a category's day and a read of each segment that may hold it. */
export class ArchivedSegments {
  readonly #tenant: string;
  readonly #number: number;
  readonly #ports: ArchivedSegmentsPorts;

  constructor(chain: string, ports: ArchivedSegmentsPorts) {
    const { tenant, chain: number } = parseChainName(chain);
    this.#tenant = tenant;
    this.#number = number;
    this.#ports = ports;
  }

  /** What the archive has at each row's position, in the row's category and day. Rows may claim the same position. */
  async lookUp(rows: readonly ArchiveRow[]): Promise<RowsFound> {
    const presence = new Map<ArchiveRow, RowPresence>();
    const behind: SegmentRow[] = [];
    for (const ofDay of Map.groupBy(rows, ({ entry, day }) => `${entry.category} ${day}`).values()) {
      behind.push(...(await this.#inCategoryDay(ofDay, presence)));
    }
    return { presence, behind };
  }

  /**
   * Whether the archive holds the position before the rows with the link that they build on, and nothing else at their own
   * positions, in any category: then they are what the chain goes on with there.
   */
  async anchors(rows: readonly ArchiveRow[]): Promise<boolean> {
    const first = rows[0]!;
    for (const lookback of LOOKBACKS_MS) {
      // Without a position before, only a look at everything tells that none of these is taken.
      if (first.position === 0 && lookback !== Number.POSITIVE_INFINITY) continue;
      const since = lookback === Number.POSITIVE_INFINITY ? '' : dayOf(new Date(Date.parse(first.day) - lookback));
      const archived = await this.#around(first.position - 1, rows.at(-1)!.position, since);
      if (archived === undefined) return false;
      if (rows.some((row) => archived.some((one) => one.position === row.position && !sameRow(one, row)))) return false;
      if (first.position === 0) return true;
      const before = archived.filter(({ position }) => position === first.position - 1);
      if (before.length > 0) return before.some(({ link }) => equalBytes(link, first.previousLink));
    }
    return false;
  }

  /** Where it is most likely first: a segment that begins with the rows, one of ours around them, any of the day. */
  async #inCategoryDay(
    rows: readonly ArchiveRow[],
    found: Map<ArchiveRow, RowPresence>,
  ): Promise<readonly SegmentRow[]> {
    const [first, last] = ends(rows);
    let behind: readonly SegmentRow[] = [];
    for (const from of new Set([first.position, Math.max(0, first.position - SPAN), 0])) {
      const keys = await this.#dayKeys(first.entry.category, first.day, from, last.position);
      const read = await this.#read(candidates(keys, first.position), rows);
      const archived = Map.groupBy(read.rows, ({ position }) => position);
      behind = read.behind.filter(({ position }) => position > last.position && position <= last.position + SPAN);
      for (const row of rows) {
        const there = archived.get(row.position) ?? [];
        const same = there.some((one) => sameRow(one, row));
        found.set(row, same ? 'same' : there.length > 0 ? 'other' : 'absent');
      }
      if (rows.every((row) => found.get(row) === 'same')) break;
    }
    return behind;
  }

  /** Keys of the chain whose segments begin from `from` to `last`, by position. */
  async #dayKeys(category: string, day: string, from: number, last: number): Promise<readonly Key[]> {
    const at = (first: number) => segmentKey(this.#tenant, category, day, this.#number, first);
    const prefix = at(0).slice(0, at(0).lastIndexOf('-') + 1);
    return this.#keys(prefix, from === 0 ? undefined : at(from - 1), (first) => first <= last);
  }

  async #keys(prefix: string, after: string | undefined, goesOn: (first: number) => boolean): Promise<Key[]> {
    const keys = new Map<string, Key>();
    for await (const { key, version, size, marker } of this.#ports.store.list(prefix, after)) {
      const place = segmentPlace(key);
      if (place === undefined || marker || place.chain !== this.#number) continue;
      if (!goesOn(place.first)) break;
      const known = keys.get(key) ?? { key, category: place.category, first: place.first, versions: [] };
      known.versions.push({ version, size });
      keys.set(key, known);
    }
    return [...keys.values()];
  }

  /** The rows that the versions of these keys hold; of a key whose newest version holds what is wanted, that one's only. */
  async #read(
    keys: readonly Key[],
    wanted: readonly ArchiveRow[],
  ): Promise<{ readonly rows: readonly SegmentRow[]; readonly behind: readonly SegmentRow[] }> {
    const byPosition = Map.groupBy(wanted, ({ position }) => position);
    const rows: SegmentRow[] = [];
    const behind: SegmentRow[] = [];
    const isWanted = (row: SegmentRow) => byPosition.get(row.position)!.some((one) => sameRow(one, row));
    for (const { key, versions } of keys) {
      for (const version of versions.slice(0, MAX_VERSIONS)) {
        const decoded = await decodeVersion(key, version, this.#ports);
        const held = (decoded?.rows ?? []).filter(({ position }) => byPosition.has(position));
        rows.push(...held);
        if (held.some(isWanted)) behind.push(...decoded!.rows.filter(({ position }) => !byPosition.has(position)));
        if (held.length > 0 && held.every((row) => byPosition.get(row.position)!.every((one) => sameRow(one, row))))
          break;
      }
    }
    return { rows, behind };
  }

  /** Those of the catalog besides those that are seen: a delete marker over every segment hides a folder. */
  async #categories(): Promise<Iterable<string>> {
    const categories = new Set(CATEGORIES.keys());
    for await (const folder of this.#ports.store.folders(segmentsPrefix(this.#tenant))) {
      if (folder.startsWith(CATEGORY_FOLDER)) categories.add(folder.slice(CATEGORY_FOLDER.length));
    }
    return categories;
  }

  /** All that any category has from `before` to `last`, in segments of a day since; undefined when there are too many. */
  async #around(before: number, last: number, since: string): Promise<readonly SegmentRow[] | undefined> {
    const rows: SegmentRow[] = [];
    let looked = 0;
    for (const category of await this.#categories()) {
      const prefix = segmentsPrefix(this.#tenant, category);
      const keys = await this.#keys(
        prefix,
        since === '' ? undefined : `${prefix}day=${since}`,
        () => ++looked < MAX_KEYS,
      );
      if (looked >= MAX_KEYS) return undefined;
      for (const { key, versions } of candidates(
        keys.filter(({ first }) => first <= last),
        Math.max(0, before),
      )) {
        for (const version of versions.slice(0, MAX_VERSIONS)) {
          const decoded = await decodeVersion(key, version, this.#ports);
          rows.push(...(decoded?.rows ?? []).filter(({ position }) => position >= before && position <= last));
        }
      }
    }
    return rows;
  }
}

/** The rows of the lowest and of the highest position. */
function ends(rows: readonly ArchiveRow[]): [ArchiveRow, ArchiveRow] {
  const inOrder = rows.toSorted((a, b) => a.position - b.position);
  return [inOrder[0]!, inOrder.at(-1)!];
}

/** Those that begin behind the position, and the nearest that begin at it or before. */
function candidates(keys: readonly Key[], position: number): readonly Key[] {
  const before = keys.filter(({ first }) => first <= position).sort((a, b) => b.first - a.first);
  return [...before.slice(0, NEAREST), ...keys.filter(({ first }) => first > position)];
}
