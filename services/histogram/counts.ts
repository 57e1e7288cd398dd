// Counts by slot and value.
import { OUTCOMES, SEVERITIES } from '../../core/entry/schema.ts';
import { toldBy } from '../../core/index/codes.ts';
import { CELL_MS } from '../../core/index/tally.ts';
import type { HistogramBy } from './port.ts';

export const VALUES: Readonly<Record<HistogramBy, readonly string[]>> = { severity: SEVERITIES, outcome: OUTCOMES };

/** Finds the slot of a time. */
export class Slots {
  readonly boundaries: readonly number[];

  constructor(boundaries: readonly number[]) {
    this.boundaries = boundaries;
  }

  get size(): number {
    return this.boundaries.length - 1;
  }

  /** Of a time within the boundaries. */
  at(time: number): number {
    let [low, high] = [0, this.boundaries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.boundaries[middle]! <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

export const cellOf = (time: number): number => Math.floor(time / CELL_MS);

/** Of one cell: what is counted in each slot that it touches, and how many entries only the ledger can tell of. */
export interface Bucket {
  readonly bySlot: Map<number, number[]>;
  unknown: number;
}

/** What the index counts, cell by cell, so that a cell can still be given up for what the ledger has. */
export class Buckets {
  readonly all = new Map<number, Bucket>();
  readonly #places: ReadonlyMap<string, number>;
  readonly #by: HistogramBy;
  readonly #slots: Slots;

  constructor(by: HistogramBy, slots: Slots) {
    this.#by = by;
    this.#slots = slots;
    this.#places = new Map(VALUES[by].map((value, place) => [value, place]));
  }

  /** `count` entries of a code, of which the verdict holds; below zero takes them back. */
  add(time: number, code: number, verdict: boolean | undefined, count: number): void {
    if (verdict === false) return;
    const cell = cellOf(time);
    const bucket = this.all.get(cell) ?? { bySlot: new Map<number, number[]>(), unknown: 0 };
    this.all.set(cell, bucket);
    const told = toldBy(code);
    if (verdict === undefined || told === undefined) {
      bucket.unknown += count;
      return;
    }
    const slot = this.#slots.at(time);
    const counts = bucket.bySlot.get(slot) ?? this.#none();
    bucket.bySlot.set(slot, counts);
    counts[this.placeOf(told[this.#by])]! += count;
  }

  /** A value's place among the values. */
  placeOf(value: string): number {
    return this.#places.get(value) ?? -1;
  }

  #none(): number[] {
    return Array.from({ length: this.#places.size }, () => 0);
  }
}
