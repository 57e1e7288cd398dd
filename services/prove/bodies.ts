// Reads the bodies of sealed positions.
import type { EvidenceReader } from '../log/versions.ts';
import { type Bodies, BodiesAnswer } from './bodies-answer.ts';
import type { TenantDigests } from './digests.ts';
import type { KnownLists, SealedRun } from './lists.ts';
import { sealedRuns } from './runs.ts';
import type { BodiesByPosition, SegmentBodies } from './segments.ts';

/** Of an answer that is not compressed: in base64 it has to fit Lambda's 6 MB. */
export const MAX_PLAIN_BYTES = 4_000_000;

/** API Gateway waits 30 seconds; a segment takes a few ten milliseconds to fetch and to read, several at a time. */
const MAX_SEGMENTS = 400;

/** Segments that are fetched before their turn; the archive's windows hold up to 12 MB in all, so that memory has room. */
const SEGMENTS_AHEAD = 8;

/** Runs that are looked at before their turn, to find the segments that follow. */
const RUNS_AHEAD = 10_000;

export interface BodiesPorts {
  readonly store: EvidenceReader;
  readonly segments: SegmentBodies;
  /** What was parsed for earlier answers. */
  readonly lists?: KnownLists;
}

/**
 * The bodies that still exist of the chain's sealed positions from `from` to before `through`, as many as one answer of
 * `maxBytes` holds: from the segment versions that sealed lists name, whatever is current. Bodies that expired, or whose
 * segment is not what was sealed, are left out. An answer that can't hold all ends where segments end, as far as that
 * leaves it at least half full: whoever goes on from there reads no segment again.
 */
export async function readBodies(
  { store, segments, lists }: BodiesPorts,
  digests: TenantDigests,
  chain: number,
  from: number,
  through: number,
  maxBytes = MAX_PLAIN_BYTES,
): Promise<Bodies> {
  const answer = new BodiesAnswer(maxBytes);
  const runs = sealedRuns(store, digests, chain, from, lists);
  const opened = new OpenedAhead(runs, segments, through);
  let segmentsEnd = -1;
  for (let next = await opened.next(); next !== undefined; next = await opened.next()) {
    const { run, bodies: reading, number } = next;
    const begin = Math.max(run.first, from);
    if (number > MAX_SEGMENTS) return answer.upTo(begin);
    if (begin > segmentsEnd) answer.markBoundary(begin);
    segmentsEnd = Math.max(segmentsEnd, run.segment.last);
    const bodies = await reading;
    for (let position = begin; bodies !== undefined && position <= run.last && position < through; position++) {
      const entry = bodies.get(position)?.bytes;
      if (entry !== undefined && !answer.add(position, entry)) return answer.upTo(position);
    }
  }
  return answer.whole();
}

interface OpenedRun {
  readonly run: SealedRun;
  readonly bodies: Promise<BodiesByPosition | undefined>;
  /** How many segments were opened up to this one. */
  readonly number: number;
}

/** Runs with their segments' bodies. Each segment is asked for once an answer, and some before their turn. */
class OpenedAhead {
  readonly #runs: AsyncIterator<SealedRun>;
  readonly #segments: SegmentBodies;
  readonly #through: number;
  readonly #opened = new Map<string, Omit<OpenedRun, 'run'>>();
  readonly #ahead: OpenedRun[] = [];
  /** In `#ahead`: where its front is, since shifting a long array copies it. */
  #front = 0;
  /** Segments that were reached. */
  #reached = 0;
  #ended = false;

  constructor(runs: AsyncIterable<SealedRun>, segments: SegmentBodies, through: number) {
    this.#runs = runs[Symbol.asyncIterator]();
    this.#segments = segments;
    this.#through = through;
  }

  async next(): Promise<OpenedRun | undefined> {
    while (!this.#ended && this.#hasRoom) await this.#look();
    const next = this.#ahead[this.#front];
    if (next === undefined) return undefined;
    this.#front++;
    if (this.#front > RUNS_AHEAD) {
      this.#ahead.splice(0, this.#front);
      this.#front = 0;
    }
    this.#reached = Math.max(this.#reached, next.number);
    return next;
  }

  get #hasRoom(): boolean {
    const isNear = this.#opened.size - this.#reached < SEGMENTS_AHEAD && this.#opened.size <= MAX_SEGMENTS;
    return this.#ahead.length === this.#front || (isNear && this.#ahead.length - this.#front < RUNS_AHEAD);
  }

  async #look(): Promise<void> {
    const { done, value: run } = await this.#runs.next();
    if (done === true || run.first >= this.#through) {
      this.#ended = true;
      return;
    }
    const { version } = run.segment.object;
    const known = this.#opened.get(version) ?? this.#open(run);
    this.#opened.set(version, known);
    this.#ahead.push({ run, ...known });
  }

  #open({ segment }: SealedRun): Omit<OpenedRun, 'run'> {
    const bodies = this.#segments.of(segment);
    // Thrown where it is awaited; when the answer is full before, nobody asks for it any more.
    bodies.catch(() => undefined);
    return { bodies, number: this.#opened.size + 1 };
  }
}

/** The body of one sealed position, where it still exists. */
export async function sealedBody(
  { store, segments, lists }: BodiesPorts,
  digests: TenantDigests,
  chain: number,
  position: number,
): Promise<Uint8Array | undefined> {
  for await (const { first, last, segment } of sealedRuns(store, digests, chain, position, lists)) {
    if (first > position) return undefined;
    if (last < position) continue;
    return (await segments.of(segment))?.get(position)?.bytes;
  }
  return undefined;
}
