/** Any text makes a report: no glyph is missing, nothing of it is lost, and its order is the one of UAX #9. */

import { expect, test } from '@jest/globals';
import bidiFactory, { type Bidi } from 'bidi-js';
import fc from 'fast-check';
import { PDF } from '../../../adapters/export/pdf.ts';
import { rowOf, written } from '../../support/exporting.ts';
import { type ShownRun, shownLines, shownRuns } from '../../support/pdf-text.ts';

const bidi = (bidiFactory as unknown as () => Bidi)();
const range = (first: number, last: number) => fc.integer({ min: first, max: last });
const letters = fc
  .oneof(
    ...[range(0x20, 0x7e), range(0x20, 0x24f), range(0x300, 0x36f), range(0x370, 0x52f), range(0x590, 0x5ff)],
    ...[range(0x600, 0x6ff), range(0x750, 0x8ff), range(0x900, 0x97f), range(0x1100, 0x11ff), range(0x2000, 0x206f)],
    ...[
      range(0x3000, 0x30ff),
      range(0x4e00, 0x9fff),
      range(0xa8e0, 0xa8ff),
      range(0xac00, 0xd7ff),
      range(0xfb1d, 0xfeff),
    ],
    ...[range(0xff00, 0xffff), range(0, 0xd7ff), range(0xe000, 0x10ffff)],
  )
  .map((code) => String.fromCodePoint(code));
const text = fc.array(letters, { minLength: 1, maxLength: 40 }).map((parts) => parts.join(''));

test('any text has a glyph for all that it shows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 20, maxLength: 20 }), async (texts) => {
      const rows = texts.map((description, i) => rowOf(i, { description, metadata: { [description]: description } }));
      const runs = shownRuns(await written(PDF, rows));
      expect(runs.flatMap(({ glyphs }) => glyphs)).not.toContain(0);
      expect(runs.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
    }),
    { numRuns: 15 },
  );
});

/** One glyph for one letter, so that what is seen can be read off. */
const simple = fc
  .array(fc.constantFrom(...'abcאבגדה 123()[]-+.,%'), { minLength: 1, maxLength: 30 })
  .map((parts) => parts.join(''))
  .filter((one) => one.trim() === one);

test('letters stand as UAX #9 has them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(simple, { minLength: 20, maxLength: 20 }), async (texts) => {
      const runs = shownRuns(
        await written(
          PDF,
          texts.map((description, i) => rowOf(i, { description })),
        ),
      );
      const expected = texts.map((one) => bidi.getReorderedString(one, bidi.getEmbeddingLevels(one)));
      expect(describedLines(runs)).toEqual(expected);
    }),
    { numRuns: 15 },
  );
});

/** The line below each heading, from left to right. */
function describedLines(runs: readonly ShownRun[]): string[] {
  const described: string[] = [];
  for (const [i, { text: heading }] of runs.entries()) {
    if (!heading.endsWith('case.viewed')) continue;
    const { page, y } = runs[i + 1]!;
    const line = runs.filter((run) => run.page === page && run.y === y).toSorted((a, b) => a.x - b.x);
    described.push(line.map(({ painted }) => painted).join(''));
  }
  return described;
}

test('text without marks is found as it was written', async () => {
  const plain = fc
    .array(fc.constantFrom(...'abc xyz ÄÖÜ Ελλ Кир 王小明 ひら 김철 123 ,.·—'), { minLength: 1, maxLength: 60 })
    .map((parts) => parts.join('').trim())
    .filter((one) => one !== '' && !/ {2}/.test(one));
  await fc.assert(
    fc.asyncProperty(plain, async (description) => {
      const lines = shownLines(shownRuns(await written(PDF, [rowOf(0, { description })])));
      const from = lines.findIndex((line) => line.endsWith('case.viewed')) + 1;
      const to = lines.findIndex((line) => line.startsWith('result'));
      expect(lines.slice(from, to).join('').replaceAll(' ', '')).toBe(description.replaceAll(' ', ''));
    }),
    { numRuns: 15 },
  );
});
