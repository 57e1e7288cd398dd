// Sets of positions as text: runs of them, in order.
import { isTreeSize, parseDecimal } from '../merkle/size.ts';
import { DocumentError } from './error.ts';

/** Positions from `first` to `last`, both included. */
export interface PositionRun {
  readonly first: number;
  readonly last: number;
}

const KIND = 'positions';

/** `0-4,7,9-12`: rising runs that neither touch nor overlap, so that a set of positions has one spelling. */
export function formatPositions(runs: readonly PositionRun[]): string {
  checkRuns(runs);
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

export function parsePositions(text: string): PositionRun[] {
  const runs = text.split(',').map(parseRun);
  checkRuns(runs);
  return runs;
}

/** The runs of positions that rise. */
export function runsOf(positions: Iterable<number>): PositionRun[] {
  const runs: { first: number; last: number }[] = [];
  for (const position of positions) {
    const run = runs.at(-1);
    if (run !== undefined && position === run.last + 1) run.last = position;
    else runs.push({ first: position, last: position });
  }
  return runs;
}

export function countOf(runs: readonly PositionRun[]): number {
  return runs.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

function parseRun(text: string): PositionRun {
  const dash = text.indexOf('-');
  const first = parseDecimal(dash < 0 ? text : text.slice(0, dash));
  const last = dash < 0 ? first : parseDecimal(text.slice(dash + 1));
  if (first === undefined || last === undefined || (dash >= 0 && last === first)) {
    throw new DocumentError('positions', KIND, 'got a run that is no position and no two positions');
  }
  return { first, last };
}

function checkRuns(runs: readonly PositionRun[]): void {
  if (runs.length === 0) throw new DocumentError('positions', KIND, 'got no position');
  let end = -2;
  for (const { first, last } of runs) {
    if (!isTreeSize(first) || !isTreeSize(last) || last < first || first <= end + 1) {
      throw new DocumentError('positions', KIND, `got ${first} to ${last} behind ${end}, want rising runs`);
    }
    end = last;
  }
}
