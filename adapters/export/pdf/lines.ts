/** Fills lines of one width with a paragraph, and says where on each its runs stand. */

import type { Paragraph, TextRun } from './paragraph.ts';

interface PlacedRun extends TextRun {
  /** Of its left edge, from the line's. */
  readonly x: number;
}

export interface Line {
  /** In the order in which their stretches are read, which is not that of their places. */
  readonly runs: readonly PlacedRun[];
  readonly advance: number;
}

/** More letters than these don't fit on a line, for none is so narrow: of a longer word, no more is looked at together. */
const MOST_LETTERS = 512;

/** Widths are thousandths of the font's size. Blanks where a line ends are left out. */
export function* linesOf(paragraph: Paragraph, width: number): Generator<Line, void, undefined> {
  let line: TextRun[] = [];
  let used = 0;
  let blanks: TextRun[] = [];
  let start = 0;
  for (const end of paragraph.ends()) {
    const trimmed = start + paragraph.text.slice(start, end).replace(/ +$/, '').length;
    let word = wordOf(paragraph, start, trimmed);
    if (used + advanceOf(blanks) + word.advance > width) {
      if (used > 0) yield lineOf(line);
      line = [];
      used = 0;
      blanks = [];
    }
    while (word.advance > width) {
      const cut = fitting(paragraph, start, trimmed, width);
      yield lineOf(paragraph.runs(start, cut));
      start = cut;
      word = wordOf(paragraph, start, trimmed);
    }
    line.push(...blanks, ...word.runs);
    used += advanceOf(blanks) + word.advance;
    blanks = paragraph.runs(trimmed, end);
    start = end;
  }
  yield lineOf(line);
}

const advanceOf = (runs: readonly TextRun[]): number => runs.reduce((sum, { shaped }) => sum + shaped.advance, 0);

/** What stands between two places where no line may end; wider than any line, unlooked at, if it is too long for one. */
function wordOf(paragraph: Paragraph, start: number, end: number): { runs: TextRun[]; advance: number } {
  const last = paragraph.clusterEnds(start, end, MOST_LETTERS).at(-1) ?? end;
  if (paragraph.clusterEnds(last, end, 1).length > 0) return { runs: [], advance: Number.POSITIVE_INFINITY };
  const runs = paragraph.runs(start, end);
  return { runs, advance: advanceOf(runs) };
}

/** The end of what fits on a line of a word that does not; one letter at least. */
function fitting(paragraph: Paragraph, start: number, end: number, width: number): number {
  const ends = paragraph.clusterEnds(start, end, MOST_LETTERS);
  let fits = 0;
  let fails = ends.length;
  while (fails - fits > 1) {
    const middle = (fits + fails) >> 1;
    if (advanceOf(paragraph.runs(start, ends[middle]!)) <= width) fits = middle;
    else fails = middle;
  }
  return ends[fits]!;
}

function lineOf(runs: readonly TextRun[]): Line {
  const places = new Map<TextRun, number>();
  let x = 0;
  for (const run of reordered(runs)) {
    places.set(run, x);
    x += run.shaped.advance;
  }
  return { runs: inReading(runs).map((run) => ({ ...run, x: places.get(run)! })), advance: x };
}

/** Stretches of one direction in the order of reading, each from left to right: readers of PDF turn such a stretch themselves. */
function inReading(runs: readonly TextRun[]): TextRun[] {
  const read: TextRun[] = [];
  let stretch: TextRun[] = [];
  for (const [i, run] of runs.entries()) {
    if (run.level % 2 === 1) stretch.unshift(run);
    else stretch.push(run);
    if (runs[i + 1]?.level === run.level) continue;
    read.push(...stretch);
    stretch = [];
  }
  return read;
}

/** From left to right; UAX #9, L2: from the highest level down, what is of that level or higher is turned round. */
function reordered(runs: readonly TextRun[]): readonly TextRun[] {
  const highest = runs.reduce((most, { level }) => Math.max(most, level), 0);
  if (highest === 0) return runs;
  let order = [...runs];
  for (let level = highest; level > 0; level--) {
    const turned: TextRun[] = [];
    let stretch: TextRun[] = [];
    for (const run of order) {
      if (run.level >= level) stretch.unshift(run);
      else {
        turned.push(...stretch, run);
        stretch = [];
      }
    }
    order = [...turned, ...stretch];
  }
  return order;
}
