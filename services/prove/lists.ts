// The runs of sealed segment lists, parsed once for several answers.
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { type PositionRun, parsePositions } from '../../core/documents/positions.ts';
import { SEGMENT_LIST, type SealedSegment, type SegmentList } from '../../core/documents/segments.ts';
import type { EvidenceReader } from '../log/versions.ts';
import { readDocument } from './document.ts';

/** Runs that are kept, of 28 bytes each: lists of two million positions whose categories alternate. */
const RUNS_KEPT = 2_000_000;

/** Neighbouring positions in one segment. */
export interface SealedRun extends PositionRun {
  readonly segment: SealedSegment;
}

/** The runs of one list, in order of their first positions, in columns: a list may have a million of them. */
export class ListRuns {
  readonly #segments: readonly SealedSegment[];
  readonly #first: Float64Array;
  readonly #last: Float64Array;
  /** The greatest last position up to each: of runs that don't overlap, its own. */
  readonly #reach: Float64Array;
  readonly #segment: Uint32Array;

  constructor({ segments }: Pick<SegmentList, 'segments'>) {
    const runs = segments
      .flatMap((segment, number) => positionsOf(segment).map(({ first, last }) => ({ first, last, number })))
      .sort((a, b) => a.first - b.first);
    this.#segments = segments;
    this.#first = Float64Array.from(runs, ({ first }) => first);
    this.#last = Float64Array.from(runs, ({ last }) => last);
    let reach = -1;
    this.#reach = this.#last.map((last) => {
      reach = Math.max(reach, last);
      return reach;
    });
    this.#segment = Uint32Array.from(runs, ({ number }) => number);
  }

  get length(): number {
    return this.#first.length;
  }

  /** Those that hold the position or a later one; the first may begin earlier. */
  *from(position: number): Generator<SealedRun, void, undefined> {
    for (let i = this.#firstReaching(position); i < this.length; i++) {
      const last = this.#last[i]!;
      // Where runs overlap, one behind the first that reaches the position may not.
      if (last >= position) yield { first: this.#first[i]!, last, segment: this.#segments[this.#segment[i]!]! };
    }
  }

  #firstReaching(position: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#reach[middle]! < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A list whose positions can't be read names no position: whoever verifies has to say so. */
function positionsOf({ positions }: SealedSegment): PositionRun[] {
  try {
    return parsePositions(positions);
  } catch (error) {
    if (error instanceof DocumentError) return [];
    throw error;
  }
}

/**
 * Lists that were read before, by the hash that names them: pages of one export come back to the same list, which may be
 * large. A list holds no entries, so that what has expired since is not kept by it.
 */
export class KnownLists {
  /** Least recently used first. */
  readonly #kept = new Map<string, { readonly runs: Promise<ListRuns | undefined>; count: number }>();
  #count = 0;

  /** Undefined when the list is gone or is none. */
  async of(store: EvidenceReader, ref: ObjectRef): Promise<ListRuns | undefined> {
    const name = ref.sha256;
    const kept = this.#kept.get(name) ?? { runs: read(store, ref), count: 0 };
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    try {
      const runs = await kept.runs;
      if (runs === undefined) this.#forget(name);
      else this.#settle(name, runs.length);
      return runs;
    } catch (error) {
      this.#forget(name);
      throw error;
    }
  }

  #settle(name: string, count: number): void {
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    this.#count += count - kept.count;
    kept.count = count;
    for (const oldest of this.#kept.keys()) {
      if (this.#count <= RUNS_KEPT) return;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    this.#count -= this.#kept.get(name)?.count ?? 0;
    this.#kept.delete(name);
  }
}

async function read(store: EvidenceReader, ref: ObjectRef): Promise<ListRuns | undefined> {
  const list = await readDocument(store, SEGMENT_LIST, ref);
  return list && new ListRuns(list);
}
