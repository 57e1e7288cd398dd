// Postings as bytes.
import { describe, expect, test } from '@jest/globals';
import { decodePostings, encodePostings } from '../../../core/index/postings.ts';

describe('the coding of postings (docs/index.md)', () => {
  test('is these bytes', () => {
    const postings = [
      { block: 300, offset: 2, recordedAt: 1_000 },
      { block: 300, offset: 5, recordedAt: 1_000 },
      { block: 310, offset: 0, recordedAt: 999 },
    ];
    const bytes = Uint8Array.of(1, 3, 0xac, 0x02, 2, 0xd0, 0x0f, 0, 2, 0, 10, 0, 1);
    expect(encodePostings(postings)).toEqual(bytes);
    expect(decodePostings(bytes)).toEqual(postings);
  });

  test.each([
    ['nothing', []],
    ['another version', [2, 1, 0, 0, 0]],
    ['no postings', [1, 0]],
    ['more postings than a row holds', [1, 0x81, 0x20, 0, 0, 0]],
    ['an end inside of a number', [1, 1, 0x80]],
    ['an end before the last posting', [1, 2, 0, 0, 0]],
    ['bytes after the last posting', [1, 1, 0, 0, 0, 0]],
    ['a number that is longer than it need be', [1, 1, 0x80, 0x00, 0, 0]],
    ['a number without an end', [1, 1, ...Array.from({ length: 400 }, () => 0x80)]],
    ['a position beyond the safe integers', [1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 0]],
    ['a block beyond them', [1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0, 0]],
    ['an offset beyond a block', [1, 1, 0, 0xf4, 0x03, 0]],
    ['a time before 1970', [1, 1, 0, 0, 1]],
    ['a time beyond the year 9999', [1, 1, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['a block that begins inside of the one before', [1, 2, 10, 5, 0, 3, 0, 0]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodePostings(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: 'postings' }));
  });

  test('refuses to write postings that are not in the order of positions', () => {
    const postings = [
      { block: 10, offset: 1, recordedAt: 5 },
      { block: 10, offset: 1, recordedAt: 5 },
    ];
    expect(() => encodePostings(postings)).toThrow('order of positions');
    expect(() => encodePostings([postings[0]!, { block: 9, offset: 0, recordedAt: 5 }])).toThrow('order of positions');
  });
});
