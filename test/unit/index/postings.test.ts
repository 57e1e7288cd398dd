// Postings as bytes.
import { describe, expect, test } from '@jest/globals';
import { CATEGORIES } from '../../../core/catalog/categories.ts';
import { OUTCOMES, SEVERITIES } from '../../../core/entry/schema.ts';
import { CODED_CATEGORIES, CODES, codeOf, toldBy } from '../../../core/index/codes.ts';
import { decodePostings, encodePostings } from '../../../core/index/postings.ts';

/** One code, no more: a block at 0, one entry of it that is its first, at 0 ms. */
const ONE = [2, 1, 1, 0, 0, 3, 0];

describe('the coding of postings (docs/index.md)', () => {
  test('is these bytes', () => {
    const postings = [
      { block: 300, offset: 2, recordedAt: 1_000, code: 5 },
      { block: 300, offset: 5, recordedAt: 1_000, code: 9 },
      { block: 310, offset: 0, recordedAt: 999, code: 5 },
      { block: 310, offset: 1, recordedAt: 1_001, code: 300 },
    ];
    const codes = [3, 5, 3, 0xa2, 0x02];
    const blocks = [0xac, 0x02, 5, 0xd0, 0x0f, 2, 2, 10, 6, 1, 4];
    const bytes = Uint8Array.of(2, 4, ...codes, ...blocks, 0b10_00_01_00);
    expect(encodePostings(postings)).toEqual(bytes);
    expect(decodePostings(bytes)).toEqual(postings);
  });

  test.each([
    ['nothing', []],
    ['another version', [1, 1, 1, 0, 0, 3, 0]],
    ['no postings', [2, 0]],
    ['more postings than a row holds', [2, 0x81, 0x20, 1, 0, 0, 3, 0]],
    ['an end inside of a number', [2, 1, 0x80]],
    ['an end before the last posting', [2, 2, 1, 0, 0, 3, 0]],
    ['bytes after the last posting', [...ONE, 0]],
    ['a number that is longer than it need be', [2, 1, 1, 0, 0x80, 0x00, 3, 0]],
    ['a number without an end', [2, 1, ...Array.from({ length: 400 }, () => 0x80)]],
    ['no code', [2, 1, 0, 0, 3, 0]],
    ['more codes than postings', [2, 1, 2, 0, 0, 0, 3, 0, 0]],
    ['a code that there is none of', [2, 1, 1, 0x81, 0x05, 0, 3, 0]],
    ['a code that no posting has', [2, 2, 2, 0, 0, 0, 7, 0, 0]],
    ['a place beyond the codes', [2, 3, 3, 0, 0, 0, 0, 11, 0, 0b11_01_00]],
    ['bits behind the last code', [2, 2, 2, 0, 0, 0, 7, 0, 0b110]],
    ['codes that end too early', [2, 2, 2, 0, 0, 0, 7, 0]],
    ['a position beyond the safe integers', [2, 1, 1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 0, 1]],
    ['a block beyond them', [2, 1, 1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 3, 0]],
    ['an offset beyond a block', [2, 1, 1, 0, 0, 1, 0, 0xf4, 0x03]],
    ['offsets that could be left out', [2, 1, 1, 0, 0, 1, 0, 0]],
    ['times that could be left out', [2, 2, 1, 0, 0, 6, 0, 0]],
    ['a time of its own for one entry', [2, 1, 1, 0, 0, 2, 0]],
    ['more postings in a block than in the row', [2, 1, 1, 0, 0, 7, 0]],
    ['a time before 1970', [2, 1, 1, 0, 0, 3, 1]],
    ['a time beyond the year 9999', [2, 1, 1, 0, 0, 3, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['a block that begins inside of the one before', [2, 2, 1, 0, 10, 1, 0, 5, 3, 3, 0]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodePostings(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: 'postings' }));
  });

  test('has the shortest form of one entry', () => {
    expect(decodePostings(Uint8Array.from(ONE))).toEqual([{ block: 0, offset: 0, recordedAt: 0 }]);
  });

  test('refuses to write postings that are not in the order of positions', () => {
    const postings = [
      { block: 10, offset: 1, recordedAt: 5 },
      { block: 10, offset: 1, recordedAt: 5 },
    ];
    expect(() => encodePostings(postings)).toThrow('order');
    expect(() => encodePostings([postings[0]!, { block: 9, offset: 0, recordedAt: 5 }])).toThrow('order');
    const twice = [0, 2, 2, 3].map((offset) => ({ block: 10, offset, recordedAt: 5 }));
    expect(() => encodePostings(twice)).toThrow('order');
  });
});

describe('codes', () => {
  test('every category has one, and each code is one category, severity and outcome', () => {
    expect([...CODED_CATEGORIES].toSorted()).toEqual([...CATEGORIES.keys()].toSorted());
    const codes = [...CATEGORIES.keys()].flatMap((category) =>
      SEVERITIES.flatMap((severity) => OUTCOMES.map((outcome) => ({ category, severity, outcome }))),
    );
    for (const told of codes) expect(toldBy(codeOf(told))).toEqual(told);
    expect(new Set(codes.map(codeOf)).size).toBe(CODES - 1);
  });

  test('are what they always were', () => {
    expect(codeOf({ category: 'authentication', severity: 'critical', outcome: 'success' })).toBe(1);
    expect(codeOf({ category: 'payment', severity: 'low', outcome: 'denied' })).toBe(115);
    expect(codeOf({ category: 'other', severity: 'info', outcome: 'unknown' })).toBe(640);
    expect(codeOf({ category: 'none', severity: 'info', outcome: 'unknown' })).toBe(0);
  });
});
