// Runs of a chain with their segments' bodies, some opened before their turn.
import type { SealedRun } from './lists.ts';
import type { BodiesByPosition, SegmentBodies } from './segments.ts';

/** Segments that are fetched before their turn; the archive's windows hold up to 12 MB in all, so that memory has room. */
const SEGMENTS_AHEAD = 8;

/** Runs that are looked at before their turn, to find the segments that follow. */
const RUNS_AHEAD = 10_000;

export interface OpenedRun {
  readonly run: SealedRun;
  readonly bodies: Promise<BodiesByPosition | undefined>;
  /** How many segments were opened up to this one. */
  readonly number: number;
}

/** Runs with their segments' bodies. Each segment is asked for once, and let go behind the last run that it has. */
export class OpenedAhead {
  readonly #runs: AsyncIterator<SealedRun>;
  readonly #segments: SegmentBodies;
  readonly #through: number;
  readonly #most: number;
  /** By version: those of which there may be more runs. */
  readonly #open = new Map<string, Omit<OpenedRun, 'run'>>();
  #ahead: (OpenedRun | undefined)[] = [];
  /** In `#ahead`: where its front is, since shifting a long array copies it. */
  #front = 0;
  #opened = 0;
  /** Segments that were reached. */
  #reached = 0;
  #ended = false;

  /** Runs that begin at `through` or behind it are left out; behind `most` segments none is opened before its turn. */
  constructor(
    runs: AsyncIterable<SealedRun>,
    segments: SegmentBodies,
    through: number,
    most = Number.POSITIVE_INFINITY,
  ) {
    this.#runs = runs[Symbol.asyncIterator]();
    this.#segments = segments;
    this.#through = through;
    this.#most = most;
  }

  /** The next run; undefined at the end. */
  async next(): Promise<OpenedRun | undefined> {
    while (!this.#ended && this.#hasRoom) await this.#look();
    const next = this.#ahead[this.#front];
    if (next === undefined) return undefined;
    this.#ahead[this.#front] = undefined;
    this.#front++;
    if (this.#front > RUNS_AHEAD) {
      this.#ahead = this.#ahead.slice(this.#front);
      this.#front = 0;
    }
    this.#reached = Math.max(this.#reached, next.number);
    return next;
  }

  get #hasRoom(): boolean {
    const isNear = this.#opened - this.#reached < SEGMENTS_AHEAD && this.#opened <= this.#most;
    return this.#ahead.length === this.#front || (isNear && this.#ahead.length - this.#front < RUNS_AHEAD);
  }

  async #look(): Promise<void> {
    const { done, value: run } = await this.#runs.next();
    if (done === true || run.first >= this.#through) {
      this.#ended = true;
      return;
    }
    const { segment } = run;
    const { version } = segment.object;
    const known = this.#open.get(version) ?? this.#begin(run);
    if (run.last >= segment.last) this.#open.delete(version);
    else this.#open.set(version, known);
    this.#ahead.push({ run, ...known });
  }

  #begin({ segment }: SealedRun): Omit<OpenedRun, 'run'> {
    const bodies = this.#segments.of(segment);
    // Thrown where it is awaited; when nobody asks any more, it is let go.
    bodies.catch(() => undefined);
    return { bodies, number: ++this.#opened };
  }
}
