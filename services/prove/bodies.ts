// Reads the bodies of sealed positions.
import type { EvidenceReader } from '../log/versions.ts';
import { type Bodies, BodiesAnswer } from './bodies-answer.ts';
import type { TenantDigests } from './digests.ts';
import type { KnownLists } from './lists.ts';
import { OpenedAhead } from './opened.ts';
import { sealedRuns } from './runs.ts';
import type { SegmentBodies } from './segments.ts';

/** Of an answer that is not compressed: in base64 it has to fit Lambda's 6 MB. */
export const MAX_PLAIN_BYTES = 4_000_000;

/** API Gateway waits 30 seconds; a segment takes a few ten milliseconds to fetch and to read, several at a time. */
const MAX_SEGMENTS = 400;

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
  const opened = new OpenedAhead(runs, segments, through, MAX_SEGMENTS);
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

/** Pieces in which bodies come out: each is a way to the thread pool. */
const PIECE_BYTES = 256 * 1024;

const LF = 0x0a;

/**
 * The same bodies, all of them, each followed by LF, in pieces that end anywhere. Each segment is read once where its positions
 * lie within the range, and is let go when its last one has passed.
 */
export async function* streamBodies(
  { store, segments, lists }: BodiesPorts,
  digests: TenantDigests,
  chain: number,
  from: number,
  through: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const opened = new OpenedAhead(sealedRuns(store, digests, chain, from, lists), segments, through);
  let piece = new Uint8Array(PIECE_BYTES);
  let length = 0;
  for (let next = await opened.next(); next !== undefined; next = await opened.next()) {
    const bodies = await next.bodies;
    const end = Math.min(next.run.last + 1, through);
    for (let position = Math.max(next.run.first, from); bodies !== undefined && position < end; position++) {
      const entry = bodies.get(position)?.bytes;
      if (entry === undefined) continue;
      if (length + entry.length + 1 > PIECE_BYTES) {
        yield piece.subarray(0, length);
        piece = new Uint8Array(PIECE_BYTES);
        length = 0;
      }
      piece.set(entry, length);
      piece[length + entry.length] = LF;
      length += entry.length + 1;
    }
  }
  if (length > 0) yield piece.subarray(0, length);
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
