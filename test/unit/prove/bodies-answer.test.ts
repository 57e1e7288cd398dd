// How much one answer of bodies holds, and where it ends.
import { describe, expect, test } from '@jest/globals';
import { BodiesAnswer, shortened } from '../../../services/prove/bodies-answer.ts';

const entry = (size: number) => new Uint8Array(size).fill(0x61);

/** Entries of ten bytes, eleven with their line feeds. */
function filled(maxBytes: number, positions: readonly number[], boundaries: readonly number[] = []) {
  const answer = new BodiesAnswer(maxBytes);
  for (const position of positions) {
    if (boundaries.includes(position)) answer.markBoundary(position);
    if (!answer.add(position, entry(10))) return answer.upTo(position);
  }
  return answer.whole();
}

const range = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

describe('an answer', () => {
  test('holds all where there is room', () => {
    const { lines, runs, next } = filled(110, [0, 1, 2, 5, 6, 9], [0]);
    expect([lines.length, next]).toEqual([66, undefined]);
    expect(runs).toEqual([
      { first: 0, last: 2 },
      { first: 5, last: 6 },
      { first: 9, last: 9 },
    ]);
  });

  test.each([
    ['where segments end, when that leaves it half full', [0, 6], 6],
    ['at the last of several boundaries', [0, 3, 7], 7],
    ['where it is full, when a boundary would leave it less than half full', [0, 4], 10],
    ['where it is full, without a boundary', [], 10],
    ['where it is full, when it began at the only boundary', [0], 10],
  ])('ends %s', (_, boundaries, next) => {
    const cut = filled(110, range(20), boundaries);
    expect([cut.next, cut.lines.length, cut.runs]).toEqual([next, next * 11, [{ first: 0, last: next - 1 }]]);
  });

  test('that is cut at a boundary between two runs has the positions before it', () => {
    const cut = filled(66, [0, 1, 4, 8, 9, 10, 11], [8]);
    expect([cut.next, cut.lines.length]).toEqual([8, 33]);
    expect(cut.runs).toEqual([
      { first: 0, last: 1 },
      { first: 4, last: 4 },
    ]);
  });

  test('ends before its positions are longer than a header', () => {
    const every = (step: number) => range(5_000).map((i) => i * step);
    const { runs, next } = filled(1e6, every(2));
    const text = runs.map(({ first }) => String(first)).join(',');
    expect([text.length <= 6_000, text.length + String(next).length + 1 > 6_000]).toEqual([true, true]);
    expect(next).toBe(runs.at(-1)!.first + 2);
  });

  test('ends too before its last run makes them longer than a header', () => {
    // 1,000 positions of four digits and their commas are 4,999 characters, 166 pairs 1,659 more than there is room for.
    const positions = [...range(1_110).map((i) => 1_000 + 2 * i), ...range(10_000, 4_000)];
    const { runs } = filled(1e6, positions);
    expect(
      runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',').length,
    ).toBeLessThanOrEqual(6_000);
  });
});

describe('an answer that is shortened', () => {
  test.each([
    [66, 6, 9],
    [65, 5, 8],
    [34, 3, 4],
    [33, 3, 4],
    [1, 1, 1],
  ])('to %i bytes has whole lines and goes on behind them', (maxBytes, count, next) => {
    const short = shortened(filled(1e6, [0, 1, 2, 4, 5, 8, 9]), maxBytes);
    expect([short.lines.length, short.next]).toEqual([count * 11, next]);
    expect(short.runs.reduce((sum, { first, last }) => sum + last - first + 1, 0)).toBe(count);
  });

  test('and holds all of it goes on where it did before', () => {
    const cut = filled(44, range(9));
    expect(shortened(cut, 1_000)).toEqual(cut);
  });
});
