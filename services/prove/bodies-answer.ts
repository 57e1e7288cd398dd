// One answer of bodies, as much as it may hold.
import type { PositionRun } from '../../core/documents/positions.ts';

/** The positions travel in a header, and API Gateway's headers hold 10,240 bytes together. */
const MAX_POSITIONS_TEXT = 6_000;

const LINE_FEED = Uint8Array.of(0x0a);
const LF = 0x0a;

export interface Bodies {
  /** Canonical bytes and LF of each entry, in order of position. */
  readonly lines: Uint8Array;
  /** Which positions they are. */
  readonly runs: readonly PositionRun[];
  /** Where to go on; undefined at the end. */
  readonly next: number | undefined;
}

/** Where an answer may be cut without cutting a segment. */
interface Boundary {
  readonly position: number;
  readonly parts: number;
  readonly bytes: number;
}

/** The bodies of one answer, as long as they fit. */
export class BodiesAnswer {
  readonly #maxBytes: number;
  readonly #runs: { first: number; last: number }[] = [];
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;
  /** Characters of the runs but for the last, with their commas. */
  #text = 0;
  #boundary: Boundary | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** From `position` on come segments of which none before it was. */
  markBoundary(position: number): void {
    this.#boundary = { position, parts: this.#parts.length, bytes: this.#bytes };
  }

  /** False when there is no more room; then nothing was added. */
  add(position: number, entry: Uint8Array): boolean {
    if (this.#bytes + entry.length + 1 > this.#maxBytes) return false;
    if (!this.#addPosition(position)) return false;
    this.#parts.push(entry, LINE_FEED);
    this.#bytes += entry.length + 1;
    return true;
  }

  #addPosition(position: number): boolean {
    const run = this.#runs.at(-1);
    const isNext = run !== undefined && position === run.last + 1;
    const before = run === undefined || isNext ? this.#text : this.#text + textOf(run) + 1;
    const grown = { first: isNext ? run.first : position, last: position };
    if (before + LONGEST_RUN_TEXT > MAX_POSITIONS_TEXT && before + textOf(grown) > MAX_POSITIONS_TEXT) return false;
    this.#text = before;
    if (isNext) run.last = position;
    else this.#runs.push(grown);
    return true;
  }

  /** All of it, and nothing comes behind. */
  whole(): Bodies {
    return { lines: Buffer.concat(this.#parts, this.#bytes), runs: this.#runs, next: undefined };
  }

  /** More comes from `position` on: up to the last boundary, or all of it where that would leave less than half. */
  upTo(position: number): Bodies {
    const boundary = this.#boundary;
    const isWorth = boundary !== undefined && boundary.bytes > 0 && boundary.bytes >= this.#bytes / 2;
    if (!isWorth) return { ...this.whole(), next: position };
    const lines = Buffer.concat(this.#parts.slice(0, boundary.parts), boundary.bytes);
    return { lines, runs: before(this.#runs, boundary.position), next: boundary.position };
  }
}

/** The first lines of an answer that are at most `maxBytes` long, but at least one of them. */
export function shortened({ lines, runs, next: behind }: Bodies, maxBytes: number): Bodies {
  const end = Math.max(lines.lastIndexOf(LF, maxBytes - 1), lines.indexOf(LF)) + 1;
  let count = 0;
  for (let at = lines.indexOf(LF); at >= 0 && at < end; at = lines.indexOf(LF, at + 1)) count++;
  const next = positionAt(runs, count);
  if (next === undefined) return { lines, runs, next: behind };
  return { lines: lines.subarray(0, end), runs: before(runs, next), next };
}

const before = (runs: readonly PositionRun[], end: number): PositionRun[] =>
  runs.filter(({ first }) => first < end).map(({ first, last }) => ({ first, last: Math.min(last, end - 1) }));

/** The position that comes behind so many of them. */
function positionAt(runs: readonly PositionRun[], count: number): number | undefined {
  let left = count;
  for (const { first, last } of runs) {
    if (left <= last - first) return first + left;
    left -= last - first + 1;
  }
  return undefined;
}

/** Of a run whose positions have 16 digits, as 2^53 has. */
const LONGEST_RUN_TEXT = 33;

/** Characters of a run, as formatPositions writes it. */
const textOf = ({ first, last }: PositionRun): number => (first === last ? `${first}` : `${first}-${last}`).length;
