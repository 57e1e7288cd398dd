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
/** So many tell how wide letters of a word are. Shaping them is what takes the time, so that a longer word is seldom shaped. */
const SAMPLE_LETTERS = 64;

/** Widths are thousandths of the font's size. Blanks where a line ends are left out. */
export function* linesOf(paragraph: Paragraph, width: number): Generator<Line, void, undefined> {
  let line: TextRun[] = [];
  let used = 0;
  let blanks: TextRun[] = [];
  let start = 0;
  for (const end of paragraph.ends()) {
    const trimmed = start + paragraph.text.slice(start, end).replace(/ +$/, '').length;
    let cut = cutOf(paragraph, start, trimmed, width);
    const advance = cut === undefined ? widthOf(paragraph, start, trimmed) : Number.POSITIVE_INFINITY;
    if (used + advanceOf(blanks) + advance > width) {
      if (used > 0) yield lineOf(line);
      line = [];
      used = 0;
      blanks = [];
    }
    for (; cut !== undefined; cut = cutOf(paragraph, start, trimmed, width)) {
      yield lineOf(paragraph.runs(start, cut));
      start = cut;
    }
    const word = paragraph.runs(start, trimmed);
    line.push(...blanks, ...word);
    used += advanceOf(blanks) + advanceOf(word);
    blanks = paragraph.runs(trimmed, end);
    start = end;
  }
  yield lineOf(line);
}

const advanceOf = (runs: readonly TextRun[]): number => runs.reduce((sum, { shaped }) => sum + shaped.advance, 0);

const widthOf = (paragraph: Paragraph, start: number, end: number): number => advanceOf(paragraph.runs(start, end));

/** Where a word has to be cut so that its beginning fits on a line, behind one letter at least; undefined for one that fits. */
function cutOf(paragraph: Paragraph, start: number, end: number, width: number): number | undefined {
  const ends = paragraph.clusterEnds(start, end, MOST_LETTERS);
  const last = ends.at(-1);
  if (last === undefined) return undefined;
  const isWhole = paragraph.clusterEnds(last, end, 1).length === 0;
  const fits = (letter: number) => widthOf(paragraph, start, ends[letter]!) <= width;
  if (isWhole && ends.length <= SAMPLE_LETTERS && fits(ends.length - 1)) return undefined;
  const sample = Math.min(SAMPLE_LETTERS, ends.length) - 1;
  const share = width / widthOf(paragraph, start, ends[sample]!);
  const letter = furthest(ends.length, Math.floor((sample + 1) * share) - 1, fits);
  return isWhole && letter === ends.length - 1 && fits(letter) ? undefined : ends[letter]!;
}

/** The last of so many that `fits`, where all before it do; the first if none does. Looked for around a guess, ever further from it. */
function furthest(count: number, guess: number, fits: (one: number) => boolean): number {
  let [low, high] = [0, count];
  let at = Math.max(1, Math.min(guess, count - 1));
  for (let step = 1; high - low > 1; step *= 2) {
    if (fits(at)) low = at;
    else high = at;
    if (low > 0 && high < count) at = (low + high) >> 1;
    else at = high < count ? Math.max(high - step, 1) : Math.min(low + step, count - 1);
  }
  return low;
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
