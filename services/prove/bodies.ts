// Reads the bodies of sealed positions.
import { formatPositions, type PositionRun } from '../../core/documents/positions.ts';
import type { EvidenceReader } from '../log/versions.ts';
import type { TenantDigests } from './digests.ts';
import { sealedRuns } from './runs.ts';
import type { SegmentBodies } from './segments.ts';

/** Of entries and their line feeds: in base64 it has to fit Lambda's 6 MB. */
const MAX_BYTES = 4_000_000;

/** The positions travel in a header, and API Gateway's headers hold 10,240 bytes together. */
const MAX_POSITIONS_TEXT = 6_000;

/** A segment takes a few ten milliseconds to fetch and to read, and API Gateway waits 30 seconds. */
const MAX_SEGMENTS = 100;

const LINE_FEED = Uint8Array.of(0x0a);

export interface Bodies {
  /** Canonical bytes and LF of each entry, in order of position. */
  readonly lines: Uint8Array;
  /** Which positions they are. */
  readonly runs: readonly PositionRun[];
  /** Where to go on; undefined at the end. */
  readonly next: number | undefined;
}

/** The bodies of one answer, as long as they fit. */
class Answer {
  readonly runs: { first: number; last: number }[] = [];
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;

  /** False when there is no more room; then nothing was added. */
  add(position: number, entry: Uint8Array): boolean {
    if (this.#bytes + entry.length + 1 > MAX_BYTES) return false;
    const run = this.runs.at(-1);
    if (run !== undefined && position === run.last + 1) run.last = position;
    else if (formatPositions([...this.runs, { first: position, last: position }]).length > MAX_POSITIONS_TEXT)
      return false;
    else this.runs.push({ first: position, last: position });
    this.#parts.push(entry, LINE_FEED);
    this.#bytes += entry.length + 1;
    return true;
  }

  bodies(next: number | undefined): Bodies {
    return { lines: Buffer.concat(this.#parts), runs: this.runs, next };
  }
}

/**
 * The bodies that still exist of the chain's sealed positions from `from` to before `through`, as many as one answer
 * holds: from the segment versions that sealed lists name, whatever is current. Bodies that expired, or whose segment is
 * not what was sealed, are left out.
 */
export async function readBodies(
  { store, segments }: { readonly store: EvidenceReader; readonly segments: SegmentBodies },
  digests: TenantDigests,
  chain: number,
  from: number,
  through: number,
): Promise<Bodies> {
  const answer = new Answer();
  const opened = new Set<string>();
  const gone = new Set<string>();
  for await (const { first, last, segment } of sealedRuns(store, digests, chain, from)) {
    if (first >= through) break;
    if (gone.has(segment.object.version)) continue;
    const begin = Math.max(first, from);
    opened.add(segment.object.version);
    if (opened.size > MAX_SEGMENTS) return answer.bodies(begin);
    const bodies = await segments.of(segment);
    if (bodies === undefined) gone.add(segment.object.version);
    for (let position = begin; bodies !== undefined && position <= last && position < through; position++) {
      const entry = bodies.get(position)?.bytes;
      if (entry !== undefined && !answer.add(position, entry)) return answer.bodies(position);
    }
  }
  return answer.bodies(undefined);
}

/** The body of one sealed position, where it still exists. */
export async function sealedBody(
  { store, segments }: { readonly store: EvidenceReader; readonly segments: SegmentBodies },
  digests: TenantDigests,
  chain: number,
  position: number,
): Promise<Uint8Array | undefined> {
  for await (const { first, last, segment } of sealedRuns(store, digests, chain, position)) {
    if (first > position) return undefined;
    if (last < position) continue;
    return (await segments.of(segment))?.get(position)?.bytes;
  }
  return undefined;
}
