// Where a chain's bodies are best asked for in parts.
import type { SegmentList } from '../../core/documents/segments.ts';

/** Of segment files, which hold some four times as much: with a window of the archive behind it, what one answer holds. */
const PART_BYTES = 2_000_000;

/** Half of what one answer of the API opens (services/prove/bodies.ts). */
const PART_SEGMENTS = 200;

/** A part that no boundary of segments ends is cut through them, once it has grown to so many times its size. */
const MOST_PARTS = 8;

/**
 * Positions at which the bodies of a chain are cut into parts of some megabytes. As far as possible they are those where
 * all segments end: then each segment is in one part. It is told of the lists in order.
 */
export class Cuts {
  readonly positions: number[] = [];
  /** Of the segments in each part up to its cut. */
  readonly bytes: number[] = [];
  /** Every segment so far ends before. */
  #end = 0;
  #bytes = 0;
  #segments = 0;
  readonly #partBytes: number;

  constructor(partBytes = PART_BYTES) {
    this.#partBytes = partBytes;
  }

  /** Of the segments behind the last cut. */
  get rest(): number {
    return this.#bytes;
  }

  /** What lists say wrongly makes parts of other sizes. */
  add({ segments, through }: Pick<SegmentList, 'segments' | 'through'>): void {
    for (const { first, last, object } of segments.toSorted((a, b) => a.first - b.first)) {
      this.#cutAt(first);
      this.#end = Math.max(this.#end, last + 1);
      this.#bytes += object.bytes;
      this.#segments++;
    }
    this.#cutAt(through);
  }

  #cutAt(position: number): void {
    const parts = Math.max(this.#bytes / this.#partBytes, this.#segments / PART_SEGMENTS);
    const isDue = position >= this.#end ? parts >= 1 : parts >= MOST_PARTS;
    if (!isDue || position <= (this.positions.at(-1) ?? 0)) return;
    this.positions.push(position);
    this.bytes.push(this.#bytes);
    this.#bytes = 0;
    this.#segments = 0;
  }
}
