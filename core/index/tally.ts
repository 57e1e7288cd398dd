// How many entries of each code a stretch of a chain has, by half-hours: what a histogram is made of without reading entries.
import { ADMINISTRATIVE_CATEGORIES } from '../access/policy.ts';
import { sha256 } from '../crypto.ts';
import type { Entry } from '../entry/schema.ts';

/** Cells are half-hours: days begin at whole or half hours of UTC almost everywhere. Epoch milliseconds. */
export const CELL_MS = 1_800_000;
export const HOUR_MS = 3_600_000;
const CELLS_AN_HOUR = HOUR_MS / CELL_MS;

/** Identities that a tally names; of more it says so. They are few: those who record or act for others. */
const MOST_OTHERS = 32;

/** By cell (epoch milliseconds divided by CELL_MS), then code (codes.ts): how many entries. */
type Cells = ReadonlyMap<number, ReadonlyMap<number, number>>;

/** Of the entries at positions from `first` on and before `end`. */
export interface Tally {
  readonly first: number;
  readonly end: number;
  /** Epoch milliseconds divided by HOUR_MS: in which the stretch begins. */
  readonly hour: number;
  readonly cells: Cells;
  /**
   * Hashes of who recorded an administrative entry of another actor, or was acted for in one: without them in it, whose own
   * such entries are is told by their actor. Undefined: too many to name.
   */
  readonly others: ReadonlySet<number> | undefined;
}

/** What a tally wants to know of an entry. */
export interface Counted {
  /** Epoch milliseconds. */
  readonly recordedAt: number;
  readonly code: number;
  readonly entry: Pick<Entry, 'category' | 'actor' | 'recorder'>;
}

/** 32 bits: one that stands for another costs a look at entries, and no wrong count. */
export function identityHash(identity: string): number {
  return Buffer.from(sha256(new TextEncoder().encode(identity))).readUInt32BE();
}

export const isAdministrative = (category: string): boolean =>
  (ADMINISTRATIVE_CATEGORIES as readonly string[]).includes(category);

/** A tally that is still being made. */
class OpenTally implements Tally {
  readonly first: number;
  end: number;
  readonly hour: number;
  readonly cells = new Map<number, Map<number, number>>();
  others: Set<number> | undefined = new Set<number>();

  constructor(first: number, hour: number) {
    this.first = first;
    this.end = first;
    this.hour = hour;
  }

  static of({ first, end, hour, cells, others }: Tally): OpenTally {
    const open = new OpenTally(first, hour);
    open.end = end;
    for (const [cell, codes] of cells) open.cells.set(cell, new Map(codes));
    open.others = others && new Set(others);
    return open;
  }

  count({ recordedAt, code, entry }: Counted): void {
    const cell = Math.floor(recordedAt / CELL_MS);
    const codes = this.cells.get(cell) ?? new Map<number, number>();
    this.cells.set(cell, codes);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (!isAdministrative(entry.category)) return;
    for (const identity of [entry.recorder?.id, entry.actor?.onBehalfOf]) {
      if (typeof identity === 'string' && identity !== entry.actor?.id) this.#name(identity);
    }
  }

  #name(identity: string): void {
    this.others?.add(identityHash(identity));
    if (this.others !== undefined && this.others.size > MOST_OTHERS) this.others = undefined;
  }
}

/**
 * Cuts a chain into stretches of an hour or so and tallies each. Where a stretch ends follows from the chain's entries alone, so that
 * whoever goes along a chain again, from wherever it begins, soon ends its stretches where others did, and writes the
 * same again.
 */
export class Tallying {
  readonly closed: Tally[] = [];
  #open: OpenTally | undefined;

  /** Goes on with what is open. */
  constructor(open: Tally | undefined) {
    this.#open = open && OpenTally.of(open);
  }

  /** Undefined until the first entry. */
  get open(): Tally | undefined {
    return this.#open;
  }

  /** A block's entries, those that are none left out. */
  take({ position, count }: { readonly position: number; readonly count: number }, entries: readonly Counted[]): void {
    const hours = entries.map(({ recordedAt }) => Math.floor(recordedAt / HOUR_MS));
    const oldest = hours.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const newest = hours.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const open = this.#open;
    // Clocks disagree: a block of the hour before does not end a stretch, and one that has left the hour altogether does.
    if (open !== undefined && hours.length > 0 && (oldest > open.hour || newest < open.hour - 1)) {
      this.closed.push(open);
      this.#open = undefined;
    }
    if (this.#open === undefined && hours.length > 0) this.#open = new OpenTally(position, oldest);
    for (const entry of entries) this.#open?.count(entry);
    if (this.#open !== undefined) this.#open.end = position + count;
  }
}

/**
 * By the hours that their cells are looked for in: one for the hour of the stretch with those before and behind it, which is
 * mostly all, and one for each hour that else comes up.
 */
export function byHour(tally: Tally): Tally[] {
  const hours = new Map<number, Map<number, ReadonlyMap<number, number>>>();
  for (const [cell, codes] of tally.cells) {
    const own = Math.floor(cell / CELLS_AN_HOUR);
    const hour = Math.abs(own - tally.hour) <= 1 ? tally.hour : own;
    const cells = hours.get(hour) ?? new Map<number, ReadonlyMap<number, number>>();
    hours.set(hour, cells.set(cell, codes));
  }
  return [...hours].map(([hour, cells]) => ({ ...tally, hour, cells }));
}
