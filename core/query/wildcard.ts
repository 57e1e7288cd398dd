// Matches wildcards in linear time.
import type { WildcardPart } from './ast.ts';

type Step = string | undefined;

/** Undefined stands for one character. */
type StepRun = readonly Step[];

/**
 * Whether a whole text fits a pattern. Runs of literal characters are sought from left to right and never sought again,
 * so that the time is bounded by the length of the text times that of the pattern.
 */
export function wildcardMatcher(pattern: readonly WildcardPart[]): (text: string) => boolean {
  const runs = runsOf(pattern);
  const first = runs[0]!;
  const last = runs.at(-1)!;
  if (runs.length === 1) return (text) => fits(first, [...text], 0) && [...text].length === first.length;
  const least = runs.reduce((sum, run) => sum + run.length, 0);
  const middle = runs.slice(1, -1);
  return (text) => {
    const points = [...text];
    const end = points.length - last.length;
    if (points.length < least || !fits(first, points, 0) || !fits(last, points, end)) return false;
    let at = first.length;
    for (const run of middle) {
      while (at + run.length <= end && !fits(run, points, at)) at++;
      if (at + run.length > end) return false;
      at += run.length;
    }
    return true;
  };
}

/** What stands between the `*`; the first and the last may be empty. */
function runsOf(pattern: readonly WildcardPart[]): StepRun[] {
  const runs: Step[][] = [[]];
  for (const part of pattern) {
    if (typeof part === 'string') runs.at(-1)!.push(...part);
    else if (part.any === 'one') runs.at(-1)!.push(undefined);
    else runs.push([]);
  }
  return runs;
}

function fits(run: StepRun, points: readonly string[], at: number): boolean {
  return run.every((step, i) => (step === undefined ? at + i < points.length : step === points[at + i]));
}
