/** Which segments of a list hold some of a range of positions, and which positions those are. */
import { DocumentError } from '../../core/documents/error.ts';
import { type PositionRun, parsePositions } from '../../core/documents/positions.ts';
import type { SealedSegment, SegmentList } from '../../core/documents/segments.ts';

export interface SealedRuns {
  readonly list: SegmentList;
  readonly segment: SealedSegment;
  /** Never empty. */
  readonly runs: readonly PositionRun[];
}

/** By their first position of the range, from `from` to before `through`. What lists say wrongly is for the verifier. */
export function segmentsIn(list: SegmentList, from: number, through: number): SealedRuns[] {
  const within = (runs: readonly PositionRun[]) =>
    runs
      .map(({ first, last }) => ({ first: Math.max(first, from), last: Math.min(last, through - 1) }))
      .filter(({ first, last }) => first <= last);
  return list.segments
    .map((segment) => ({ list, segment, runs: within(runsOf(segment)) }))
    .filter(({ runs }) => runs.length > 0)
    .sort((a, b) => a.runs[0]!.first - b.runs[0]!.first);
}

function runsOf({ positions }: SealedSegment): readonly PositionRun[] {
  try {
    return parsePositions(positions);
  } catch (error) {
    if (error instanceof DocumentError) return [];
    throw error;
  }
}
