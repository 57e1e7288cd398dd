// Where a chain's bodies are asked for in parts.
import { expect, test } from '@jest/globals';
import type { SealedSegment } from '../../../core/documents/segments.ts';
import { Cuts } from '../../../services/bundle/cuts.ts';

const segment = (first: number, last: number, bytes: number): SealedSegment => ({
  object: { key: `entries/${first}`, version: 'v', sha256: '0'.repeat(64), bytes },
  ...{ category: 'payment', day: '2026-03-01', positions: `${first}-${last}`, first, last },
});

function cutsOf(...lists: readonly [through: number, ...segments: SealedSegment[]][]): number[] {
  const cuts = new Cuts();
  for (const [through, ...segments] of lists) cuts.add({ through, segments });
  return cuts.positions;
}

const MB = 1_000_000;

test('parts end where all segments end, once they hold some megabytes', () => {
  const window = (from: number) => [segment(from, from + 95, MB), segment(from + 3, from + 99, MB)];
  expect(cutsOf([300, ...window(0), ...window(100), ...window(200)])).toEqual([100, 200, 300]);
});

test('small windows, and small lists, go together', () => {
  const small = Array.from({ length: 10 }, (_, i) => segment(i * 10, i * 10 + 9, 0.4 * MB));
  expect(cutsOf([100, ...small])).toEqual([50, 100]);
  expect(cutsOf(...small.map((one): [number, SealedSegment] => [one.last + 1, one]))).toEqual([50, 100]);
});

test('a segment that two lists share is not cut', () => {
  expect(cutsOf([50, segment(0, 70, 3 * MB)], [100, segment(0, 70, 3 * MB), segment(71, 99, MB)])).toEqual([71]);
});

test('segments that never end together are cut all the same before a part is too large', () => {
  const chained = Array.from({ length: 40 }, (_, i) => segment(i * 10, i * 10 + 15, MB));
  const cuts = cutsOf([500, ...chained]);
  expect(cuts.length).toBeGreaterThan(1);
  expect(cuts).toEqual(cuts.toSorted((a, b) => a - b));
});

test('very many small segments are parted too', () => {
  const tiny = Array.from({ length: 1_000 }, (_, i) => segment(i, i, 1_000));
  expect(cutsOf([1_000, ...tiny])).toEqual([200, 400, 600, 800, 1_000]);
});
