// The runs of sealed segment lists, parsed once for several answers.
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { type PositionRun, parsePositions } from '../../core/documents/positions.ts';
import { SEGMENT_LIST, type SealedSegment, type SegmentList } from '../../core/documents/segments.ts';
import type { EvidenceReader } from '../log/versions.ts';
import { readDocument } from './document.ts';

/** Of lists in memory: those of two million positions whose categories alternate, or of a hundred thousand segments of one run each. */
const KEPT_BYTES = 64_000_000;

/** What a run takes in columns, and a segment as an object with its key, version and hash. */
const RUN_BYTES = 28;
const SEGMENT_BYTES = 600;

/** A segment as its list names it; which positions it has say the runs. */
export type ListedSegment = Omit<SealedSegment, 'positions'>;

/** Neighbouring positions in one segment. */
export interface SealedRun extends PositionRun {
  readonly segment: ListedSegment;
}

/** The runs of one list, in order of their first positions, in columns: a list may have a million of them. */
export class ListRuns {
  readonly #segments: readonly ListedSegment[];
  readonly #first: Float64Array;
  readonly #last: Float64Array;
  /** The greatest last position up to each: of runs that don't overlap, its own. */
  readonly #reach: Float64Array;
  readonly #segment: Uint32Array;

  constructor({ segments }: Pick<SegmentList, 'segments'>) {
    const runs = segments
      .flatMap((segment, number) => positionsOf(segment).map(({ first, last }) => ({ first, last, number })))
      .sort((a, b) => a.first - b.first);
    this.#segments = segments.map(({ positions: _, ...listed }) => listed);
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

  /** What it takes in memory, about. */
  get bytes(): number {
    return RUN_BYTES * this.length + SEGMENT_BYTES * this.#segments.length;
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
  readonly #kept = new Map<string, { readonly runs: Promise<ListRuns | undefined>; bytes: number }>();
  #bytes = 0;
  readonly #keptBytes: number;

  constructor(keptBytes = KEPT_BYTES) {
    this.#keptBytes = keptBytes;
  }

  /** Undefined when the list is gone or is none. */
  async of(store: EvidenceReader, ref: ObjectRef): Promise<ListRuns | undefined> {
    const name = ref.sha256;
    const kept = this.#kept.get(name) ?? { runs: readRuns(store, ref), bytes: 0 };
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    try {
      const runs = await kept.runs;
      if (runs === undefined) this.#forget(name);
      else this.#settle(name, runs.bytes);
      return runs;
    } catch (error) {
      this.#forget(name);
      throw error;
    }
  }

  #settle(name: string, bytes: number): void {
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    this.#bytes += bytes - kept.bytes;
    kept.bytes = bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#keptBytes) return;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    this.#bytes -= this.#kept.get(name)?.bytes ?? 0;
    this.#kept.delete(name);
  }
}

/** Undefined when the list is gone or is none. */
export async function readRuns(store: EvidenceReader, ref: ObjectRef): Promise<ListRuns | undefined> {
  const list = await readDocument(store, SEGMENT_LIST, ref);
  return list && new ListRuns(list);
}
