// What is found of entries that are those that were sealed, and should not have been.
import { boundsOf, type EntryFault, type EntryTimeFault, type SealWindow, timeFault } from './entry-rules.ts';
import type { LeafBatch } from './evidence.ts';
import type { RunReport } from './runs.ts';
import type { SealedRange } from './sealed-range.ts';

/** What is wrong with an entry that may be the one that was sealed. */
export interface EntryFinding {
  readonly code: EntryFault | EntryTimeFault;
  readonly position: number;
  /** Milliseconds since 1970; not a number where it says none. */
  readonly recordedAt: number;
}

/** Of `count` bodies of a batch from its `begin`th on, which are said to be of the positions from `position` on. */
export function entryFindings(
  { times, faults }: Pick<LeafBatch, 'times' | 'faults'>,
  begin: number,
  count: number,
  position: number,
  window: SealWindow,
): readonly EntryFinding[] {
  const end = begin + count;
  let at = nextUntimely(times, begin, end, window);
  if (at === end) return NONE;
  const found: EntryFinding[] = [];
  for (; at < end; at = nextUntimely(times, at + 1, end, window)) {
    const recordedAt = times[at]!;
    const code = Number.isNaN(recordedAt) ? faults.find((one) => one.at === at)!.fault : timeFault(recordedAt, window)!;
    found.push({ code, position: position + at - begin, recordedAt });
  }
  return found;
}

const NONE: readonly EntryFinding[] = [];

/** Or one without a time. Almost every entry is timely, and finding that out has to cost next to nothing. */
function nextUntimely(times: Float64Array, begin: number, end: number, window: SealWindow): number {
  const { least, most } = boundsOf(window);
  let at = begin;
  while (at < end && times[at]! >= least && times[at]! <= most) at++;
  return at;
}

/** Findings about neighbouring positions become one. */
export function addEntries(runs: RunReport, sealedRange: SealedRange, found: readonly EntryFinding[]): void {
  const { since, sealedAt } = sealedRange.window;
  for (const { code, position, recordedAt } of found) {
    const [expected, what] = Number.isNaN(recordedAt)
      ? ['an entry of the tenant as the format has it', 'none']
      : [`recorded from ${momentOf(since)} to ${momentOf(sealedAt)}`, momentOf(recordedAt)];
    runs.add(code, sealedRange, position, expected, what);
  }
}

/** For a finding. */
export function momentOf(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : 'any time';
}
