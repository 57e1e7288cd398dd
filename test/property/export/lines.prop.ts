/** Lines of long words end where they end when every word is looked at whole. */

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import PDFDocument from 'pdfkit';
import { Faces } from '../../../adapters/export/pdf/faces.ts';
import { linesOf } from '../../../adapters/export/pdf/lines.ts';
import { Paragraph } from '../../../adapters/export/pdf/paragraph.ts';

const faces = new Faces(new PDFDocument({ autoFirstPage: false }));
const paragraphOf = (text: string) => new Paragraph(text, { direction: 'auto', outside: 'text' }, faces);

const MOST_LETTERS = 512;

const advanceOf = (paragraph: Paragraph, start: number, end: number) =>
  paragraph.runs(start, end).reduce((sum, { shaped }) => sum + shaped.advance, 0);

/** The letters of each line of one word, each line as long as fits: found by halves of all that may stand on it. */
function plainly(paragraph: Paragraph, word: string, width: number): string[] {
  const lines: string[] = [];
  let start = 0;
  for (;;) {
    const ends = paragraph.clusterEnds(start, word.length, MOST_LETTERS);
    const isLast = ends.at(-1) === word.length && advanceOf(paragraph, start, word.length) <= width;
    if (isLast) return [...lines, word.slice(start)];
    let [fits, fails] = [0, ends.length];
    while (fails - fits > 1) {
      const middle = (fits + fails) >> 1;
      if (advanceOf(paragraph, start, ends[middle]!) <= width) fits = middle;
      else fails = middle;
    }
    lines.push(word.slice(start, ends[fits]!));
    start = ends[fits]!;
  }
}

const words = fc
  .tuple(
    fc.constantFrom('क', 'कर्मचारीविश्वविद्यालय', 'abcdefghij', 'מנהלה', 'ادارة', 'क्षe', 'Ω'),
    fc.integer({ min: 1, max: 300 }),
    fc.constantFrom('', 'अ', 'x'),
  )
  .map(([part, times, end]) => part.repeat(times).slice(0, 300) + end);

test('a long word is cut where its letters no longer fit, whatever the width', () => {
  fc.assert(
    fc.property(words, fc.constantFrom(1_000, 20_000, 60_000, 150_000), (word, width) => {
      const paragraph = paragraphOf(word);
      fc.pre([...paragraph.ends()].length === 1);
      const lines = [...linesOf(paragraph, width)].map(({ runs }) => runs.map(({ text }) => text).join(''));
      const sorted = (all: string[]) => all.map((line) => [...line].toSorted().join(''));
      // Runs come as they are read, which of two directions is not as they are written.
      expect(sorted(lines)).toEqual(sorted(plainly(paragraph, word, width)));
    }),
    { numRuns: 20 },
  );
});
