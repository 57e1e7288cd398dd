// Finds the segment of every position of a chain, and has the missing ones archived.
import { parseChainName } from '../../core/chain.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import { segmentKey } from '../../names/archive.ts';
import { SEGMENTS_AT_ONCE } from '../archive/context.ts';
import { type ChainCategory, type DecodedSegment, decodeVersion, matchVersion } from '../archive/match-segment.ts';
import type { ArchiveRow, SegmentRow } from '../archive/port.ts';
import { hashed, putSegment, type StoredSegment, segmentObject, storedSegment } from '../archive/put-segment.ts';
import type { Cursor } from '../archive/window.ts';
import { lockUntil } from '../object-lock/lock-dates.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { lockFor } from '../object-lock/put-locked.ts';
import { Ahead } from './ahead.ts';
import type { Sealing } from './context.ts';
import type { Contradiction, OtherHistories } from './histories.ts';
import { firstDifference, resolveSegment } from './resolve-segment.ts';
import type { ChainSource } from './source.ts';
import type { ArchivedRows } from './stored.ts';

/** A segment that holds positions of the chain, which are in no other. */
export interface ListedSegment extends StoredSegment {
  readonly category: string;
  readonly day: string;
}

/** One category's rows of a window, and the index of the first that has no segment yet. */
interface CategoryRows {
  readonly category: string;
  readonly rows: readonly ArchiveRow[];
  at: number;
}

/**
 * Finds for every position of a chain the segment version that holds it, and archives what is in none.
 *
 * Where the archive has another version of history than the ledger, no program can tell which is true: the table can be
 * rewritten by whoever may write it, and objects can be planted before the true ones come. So nothing is written and
 * nothing sealed from there on.
 */
export class SegmentMatcher {
  readonly #chain: string;
  readonly #tenant: string;
  readonly #number: number;
  readonly #source: ChainSource;
  readonly #stored: ArchivedRows;
  readonly #histories: OtherHistories;
  readonly #sealing: Sealing;
  /** By category, in order. */
  readonly #segments = new Map<string, ListedSegment[]>();
  /** Sealed before, but not compared yet with what the chain has now. */
  readonly #unchecked = new Map<string, ListedSegment>();
  /** The lowest that is known; a segment may be found to go on otherwise long before the chain comes there. */
  #disputed: Contradiction | undefined;

  constructor(
    chain: string,
    open: readonly ListedSegment[],
    source: ChainSource,
    stored: ArchivedRows,
    histories: OtherHistories,
    sealing: Sealing,
  ) {
    this.#chain = chain;
    ({ tenant: this.#tenant, chain: this.#number } = parseChainName(chain));
    this.#source = source;
    this.#stored = stored;
    this.#histories = histories;
    this.#sealing = sealing;
    for (const segment of open) this.#unchecked.set(segment.category, segment);
  }

  /**
   * Finds the segments of a window's rows, which are not empty, as far as nothing contradicts them. Returns what does, here or further on;
   * undefined as long as nothing is known to.
   */
  async match(rows: readonly ArchiveRow[], end: Cursor): Promise<Contradiction | undefined> {
    this.#disputed = lower(this.#disputed, await this.#histories.against(rows));
    const undisputed = rows.filter(({ position }) => position < (this.#disputed?.position ?? Number.POSITIVE_INFINITY));
    if (undisputed.length === 0) return this.#disputed;
    this.#disputed = lower(this.#disputed, await this.#matchCategories(undisputed, new Ahead(this.#source, rows, end)));
    return this.#disputed;
  }

  async #matchCategories(rows: readonly ArchiveRow[], ahead: Ahead): Promise<Contradiction | undefined> {
    const byCategory = [...Map.groupBy(rows, ({ entry }) => entry.category)].map(
      ([category, ofCategory]): CategoryRows => ({ category, rows: ofCategory, at: 0 }),
    );
    let disputed = await this.#checkOpen(rows[0]!.position, byCategory, ahead);
    // The lowest first: what is archived at a position is not to be judged by positions that may be disputed themselves.
    for (let open = byCategory; ; ) {
      await inParallel(open, SEGMENTS_AT_ONCE, (walked) => this.#walk(walked, ahead));
      const stuck = byCategory.filter(({ at, rows: own }) => at < own.length);
      stuck.sort((a, b) => a.rows[a.at]!.position - b.rows[b.at]!.position);
      const [lowest] = stuck;
      if (lowest === undefined) return disputed;
      const row = lowest.rows[lowest.at]!;
      if (disputed !== undefined && disputed.position <= row.position) return disputed;
      disputed = lower(disputed, await this.#settle(lowest, ahead));
      if (disputed !== undefined && disputed.position <= row.position) return disputed;
      open = [lowest];
    }
  }

  /** The segment of a row that `match` took. Rows come in order. */
  segmentOf({ position, entry }: ArchiveRow): ListedSegment {
    const segments = this.#segments.get(entry.category)!;
    while (segments[0]!.last < position) segments.shift();
    return segments[0]!;
  }

  /** Those that go on at `position` or beyond. */
  open(position: number): ListedSegment[] {
    const unchecked = [...this.#unchecked.values()];
    return [...unchecked, ...[...this.#segments.values()].flat()].filter(({ last }) => last >= position);
  }

  /**
   * A segment that straddles the boundary was compared with the chain as it was then. One that is gone is no longer
   * counted on: what it held beyond the boundary is archived again.
   */
  async #checkOpen(
    from: number,
    byCategory: readonly CategoryRows[],
    ahead: Ahead,
  ): Promise<Contradiction | undefined> {
    let disputed: Contradiction | undefined;
    for (const { category } of byCategory) {
      const segment = this.#unchecked.get(category);
      if (segment === undefined) continue;
      this.#unchecked.delete(category);
      const rows = await this.#readOpen(segment);
      if (rows === undefined) continue;
      const known = await ahead.rows(category, from, segment.last);
      const held = rows.filter(({ position }) => position >= from);
      const at = firstDifference(held, known.rows);
      this.#add(segment);
      // What the chain does not reach yet is not in dispute.
      const reached = known.whole ? segment.last : (known.rows.at(-1)?.position ?? -1);
      if (at === undefined || at > reached) continue;
      disputed = lower(disputed, openDispute(at, held, known.rows, segment));
    }
    return disputed;
  }

  async #readOpen({ object }: ListedSegment): Promise<readonly SegmentRow[] | undefined> {
    const { store } = this.#sealing.ports;
    const found = await store.find(object.key, object.version);
    if (found === undefined) return undefined;
    return (await decodeVersion(object.key, found, this.#sealing.ports))?.rows;
  }

  /** Goes along the rows as far as segments are found that hold what the chain has. Writes nothing but locks. */
  async #walk(walked: CategoryRows, ahead: Ahead): Promise<void> {
    while (walked.at < walked.rows.length) {
      const row = walked.rows[walked.at]!;
      if (row.position <= (this.#segments.get(walked.category)?.at(-1)?.last ?? -1)) {
        walked.at++;
        continue;
      }
      const found = await this.#find(walked.category, row, ahead);
      if (found === undefined) return;
      this.#add(found);
    }
  }

  async #find(category: string, row: ArchiveRow, ahead: Ahead): Promise<ListedSegment | undefined> {
    const { store } = this.#sealing.ports;
    const key = this.#key(category, row);
    const current = await store.current(key);
    if (current === undefined || current.governed) return undefined;
    const match = await matchVersion(this.#target(category, ahead), row, key, current, this.#sealing.ports);
    if (match === undefined) return undefined;
    await lockFor(store, key, current, this.#lock(category, row.day));
    return { ...storedSegment(key, current.version, hashed(match)), category, day: row.day };
  }

  /** Makes a segment begin at the first row that has none; returns what the archive holds there or behind it instead, if it does. */
  async #settle(unmatched: CategoryRows, ahead: Ahead): Promise<Contradiction | undefined> {
    const { ports, recorder, summary } = this.#sealing;
    const { category } = unmatched;
    const row = unmatched.rows[unmatched.at]!;
    const key = this.#key(category, row);
    const target = this.#target(category, ahead);
    const current = await ports.store.current(key);
    const known = async (from: number, last: number) => (await ahead.rows(category, from, last)).rows;
    const { match, others, partial } = await resolveSegment(
      { ...target, known },
      row,
      { key, current },
      this.#stored,
      ports,
    );
    if (partial !== undefined) {
      await this.#adopt(key, category, row.day, partial);
      return { position: partial.until, reason: 'disputed', others };
    }
    if (others.length > 0) return { ...row, reason: 'disputed', others };
    if (match !== undefined && current === undefined) {
      // Hidden by a delete marker. Whoever reads what is current shall see it again; losing the race to it is as good.
      const holds = await ports.holdsOf(this.#tenant);
      await ports.store.create(key, segmentObject(hashed(match), this.#lock(category, row.day), holds));
      return undefined;
    }
    const day = unmatched.rows.findIndex((one, i) => i > unmatched.at && one.day !== row.day);
    const run = unmatched.rows.slice(unmatched.at, day < 0 ? undefined : day);
    const segment = await putSegment(target, run, ports, recorder, summary.archive);
    this.#add({ ...segment, category, day: row.day });
    return undefined;
  }

  /** Takes a segment that matches the chain as far as anything of it is going to be sealed. */
  async #adopt(key: string, category: string, day: string, { version, bytes, rows }: DecodedSegment): Promise<void> {
    const { store } = this.#sealing.ports;
    const found = await store.find(key, version);
    if (found !== undefined) await lockFor(store, key, found, this.#lock(category, day));
    const object = { key, version, sha256: toHex(sha256(bytes)), bytes: bytes.length };
    this.#add({ object, first: rows[0]!.position, last: rows.at(-1)!.position, category, day });
  }

  #target(category: string, ahead: Ahead): ChainCategory {
    return {
      ...{ chain: this.#chain, tenant: this.#tenant, number: this.#number, category },
      rowsTo: async (from, last) => {
        const { rows, whole } = await ahead.rows(category, from, last);
        return whole ? rows : undefined;
      },
    };
  }

  #key(category: string, { day, position }: ArchiveRow): string {
    return segmentKey(this.#tenant, category, day, this.#number, position);
  }

  #lock(category: string, day: string): Date {
    const { retention, now } = this.#sealing.ports;
    return lockUntil(day, retention(this.#tenant, category), now());
  }

  #add(segment: ListedSegment): void {
    const segments = this.#segments.get(segment.category) ?? [];
    segments.push(segment);
    this.#segments.set(segment.category, segments);
  }
}

function lower(a: Contradiction | undefined, b: Contradiction | undefined): Contradiction | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.position < a.position ? b : a;
}

/** A listed segment that goes on otherwise than the chain. */
function openDispute(
  position: number,
  held: readonly SegmentRow[],
  known: readonly ArchiveRow[],
  { object }: ListedSegment,
): Contradiction {
  const [theirs, ours] = [held, known].map((rows) => rows.find((row) => row.position === position));
  const others = theirs === undefined ? [] : [{ ...theirs, object }];
  return { position, reason: 'disputed', ...(ours && { leafHash: ours.leafHash }), others };
}
