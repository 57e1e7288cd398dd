/** What the report does about a font that fails on a text, and about text that is not well formed. */

import { expect, test } from '@jest/globals';
import { BoundedCache } from '../../../adapters/export/pdf/bounded-cache.ts';
import type { EmbeddedFont } from '../../../adapters/export/pdf/embedded-font.ts';
import { Face } from '../../../adapters/export/pdf/faces.ts';
import { spelled } from '../../../adapters/export/pdf/spelling.ts';

type Layout = EmbeddedFont['font']['layout'];

/** A font whose glyphs are the characters' own numbers, 500 units wide. */
function fontWith(layout: Layout): EmbeddedFont {
  const glyph = (codePoint: number) => ({ id: codePoint, advanceWidth: 500, codePoints: [codePoint] });
  const font = { hasGlyphForCodePoint: () => true, glyphForCodePoint: glyph, layout };
  const subset = { includeGlyph: (id: number) => id };
  return { id: 'F1', font, scale: 1, subset, widths: [], unicode: [], ref: () => undefined };
}

const idsOf = (face: Face, text: string, rightToLeft: boolean): number[] =>
  face.shaped(text, rightToLeft).glyphs.map(({ id }) => id);

test('a text that the shaper fails on is written letter by letter, in its direction', () => {
  const failing: Layout = () => {
    throw new TypeError('no anchor');
  };
  const missing: Layout = () => ({
    glyphs: [{ id: 0, advanceWidth: 0, codePoints: [] }],
    positions: [{ xAdvance: 0, xOffset: 0, yOffset: 0 }],
  });
  for (const layout of [failing, missing]) {
    const face = new Face('arabic', fontWith(layout));
    expect(idsOf(face, '\u0628\u0629', true)).toEqual([0x629, 0x628]);
    expect(idsOf(face, '\u0915\u093f', false)).toEqual([0x915, 0x93f]);
    expect(face.shaped('\u0628\u0629', true).advance).toBe(1000);
  }
});

test('another failure of the shaper is not about the text, and ends the export', () => {
  const face = new Face(
    'arabic',
    fontWith(() => {
      throw new RangeError('out of memory');
    }),
  );
  expect(() => face.shaped('\u0628', true)).toThrow('out of memory');
});

test('half of a pair of surrogates is spelled out', () => {
  expect(spelled('a\ud800b', { covers: () => true })).toBe('a\u2066[U+D800]\u2069b');
});

test('a bounded cache holds no more than its bound', () => {
  const cache = new BoundedCache<number, string>(2);
  for (const key of [1, 2, 3]) cache.set(key, `${key}`);
  expect([1, 2, 3].map((key) => cache.get(key))).toEqual([undefined, undefined, '3']);
});
