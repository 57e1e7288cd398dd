// Where sealed positions are archived.
import { CONTENTS } from '../../core/documents/contents.ts';
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { type PositionRun, parsePositions } from '../../core/documents/positions.ts';
import { SEGMENT_LIST, type SealedSegment } from '../../core/documents/segments.ts';
import { listPlace } from '../../names/log.ts';
import type { EvidenceReader } from '../log/versions.ts';
import { headOf } from './chain.ts';
import type { TenantDigests } from './digests.ts';
import { readDocument } from './document.ts';

/** Neighbouring positions in one segment. */
export interface SealedRun extends PositionRun {
  readonly segment: SealedSegment;
}

/**
 * Where the chain's sealed positions from `from` on are archived, in order, run by run; the first run may begin earlier.
 * Positions whose list is gone are passed over. `from` has to be sealed. What it reads follows from where it begins and
 * how far it is asked to go, not from how much there is.
 */
export async function* sealedRuns(
  store: EvidenceReader,
  digests: TenantDigests,
  chain: number,
  from: number,
): AsyncGenerator<SealedRun> {
  const newest = (await digests.newest())!;
  const sealed = headOf(newest.digest, chain)?.size ?? 0;
  let number = 0;
  for (let position = from; position < sealed; ) {
    number = await covering(digests, chain, position, number, newest.digest.number);
    const { digest } = await digests.at(number);
    const contents = digest.contents && (await readDocument(store, CONTENTS, digest.contents));
    for (const ref of listsOf(contents?.segments ?? [], chain, position)) {
      const list = await readDocument(store, SEGMENT_LIST, ref);
      yield* runsIn(list?.segments ?? []).filter(({ last }) => last >= position);
    }
    position = headOf(digest, chain)!.size;
  }
}

/**
 * Number of the digest that seals the position first: from `low` on in doubling steps, then by halves. `high` seals it.
 */
async function covering(
  digests: TenantDigests,
  chain: number,
  position: number,
  low: number,
  high: number,
): Promise<number> {
  const seals = async (number: number) => (headOf((await digests.at(number)).digest, chain)?.size ?? 0) > position;
  let below = low - 1;
  let found = high;
  for (let step = 1; below + step < found; step *= 2) {
    if (await seals(below + step)) found = below + step;
    else below += step;
  }
  while (found - below > 1) {
    const middle = below + Math.floor((found - below) / 2);
    if (await seals(middle)) found = middle;
    else below = middle;
  }
  return found;
}

/** The chain's lists, without those that end before the position. */
function listsOf(refs: readonly ObjectRef[], chain: number, position: number): readonly ObjectRef[] {
  const lists = refs
    .flatMap((ref) => {
      const place = listPlace(ref.key);
      return place?.chain === chain ? [{ ref, from: place.from }] : [];
    })
    .sort((a, b) => a.from - b.from);
  return lists.filter((_, i) => (lists[i + 1]?.from ?? Number.POSITIVE_INFINITY) > position).map(({ ref }) => ref);
}

function runsIn(segments: readonly SealedSegment[]): SealedRun[] {
  return segments
    .flatMap((segment) => positionsOf(segment).map((run) => ({ ...run, segment })))
    .sort((a, b) => a.first - b.first);
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
