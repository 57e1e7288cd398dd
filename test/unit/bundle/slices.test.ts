// The slices that a bundle is cut into.
import { describe, expect, test } from '@jest/globals';
import { neededTiles } from '../../../core/bundle/tiles.ts';
import { BUNDLE } from '../../../names/bundles.ts';
import { Cuts } from '../../../services/bundle/cuts.ts';
import type { ChainScope } from '../../../services/bundle/plan.ts';
import { tilesOf } from '../../../services/bundle-job/slice.ts';
import { positionsOf, type SlicePlan, sliced } from '../../../services/bundle-job/slices.ts';

/** A chain of one segment every so many positions, of so many bytes each, in one list. */
function chainOf(chain: number, size: number, every: number, bytes: number, from = 0, through = size): ChainScope {
  const cuts = new Cuts();
  const segments = Array.from({ length: Math.ceil(size / every) }, (_, i) => ({
    object: { key: `k${i}`, version: `v${i}`, sha256: '0'.repeat(64), bytes },
    ...{ category: 'payment', day: '2026-03-01', positions: `${i * every}` },
    ...{ first: i * every, last: Math.min(size, (i + 1) * every) - 1 },
  }));
  cuts.add({ segments, through: size });
  return { chain, size, from, through, cuts };
}

const unitsOf = (slices: readonly SlicePlan[], chain: number) =>
  slices.flatMap(({ units }) => units).filter((unit) => unit.chain === chain);

function expectWhole(slices: readonly SlicePlan[], { chain, size, from, through }: ChainScope): void {
  const units = unitsOf(slices, chain);
  const entries = units.flatMap((unit) => (unit.kind === 'entries' ? [unit] : []));
  expect(entries.map((unit) => unit.from)).toEqual(
    [from, ...entries.map((unit) => unit.through)].slice(0, entries.length),
  );
  if (from < through) expect(entries.at(-1)?.through).toBe(through);
  else expect(entries).toEqual([]);
  const plan = { chains: [{ chain, size, from, through }] };
  const tiles = units.flatMap((unit) => (unit.kind === 'tiles' ? tilesOf(unit, plan) : []));
  expect(tiles).toEqual([...neededTiles(from, size)]);
}

describe('every position and every tile is in one slice, in order', () => {
  test.each<[string, ChainScope]>([
    ['one entry', chainOf(0, 1, 1, 300)],
    ['a small chain', chainOf(3, 5_000, 100, 20_000)],
    ['a chain of many slices', chainOf(0, 3_000_000, 5_000, 1_000_000)],
    ['the end of a chain', chainOf(0, 300_000, 5_000, 1_000_000, 250_000)],
    ['a range within it', chainOf(0, 300_000, 5_000, 1_000_000, 100_000, 200_000)],
    ['no positions of it', chainOf(0, 300_000, 5_000, 1_000_000, 300_000, 300_000)],
  ])('of %s', (_, scope) => {
    expectWhole(sliced([scope], BUNDLE.mostSlices), scope);
  });

  test('of several chains, small ones of which share a slice', () => {
    const scopes = [chainOf(0, 1_000, 100, 3_000), chainOf(1, 900_000, 5_000, 1_000_000), chainOf(7, 3, 3, 400)];
    const slices = sliced(scopes, BUNDLE.mostSlices);
    for (const scope of scopes) expectWhole(slices, scope);
    expect(new Set(slices[0]!.units.map(({ chain }) => chain))).toEqual(new Set([0, 1]));
    expect(slices.reduce((sum, slice) => sum + positionsOf(slice), 0)).toBe(901_003);
  });

  test('of nothing is none', () => expect(sliced([], BUNDLE.mostSlices)).toEqual([]));
});

test('a slice reads some ten megabytes, and a bundle that would have too many has larger ones', () => {
  // Ten million entries of a megabyte every five thousand: 2 GB, and 320 MB of tiles.
  const usual = sliced([chainOf(0, 10_000_000, 5_000, 1_000_000)], BUNDLE.mostSlices);
  expect(usual.length).toBeGreaterThan(100);
  expect(usual.length).toBeLessThan(160);
  for (const most of [1, 2, 10, 50]) {
    const few = sliced([chainOf(0, 10_000_000, 5_000, 1_000_000)], most);
    expect(few.length).toBeLessThanOrEqual(Math.max(2, most));
  }
  // A hundred thousand gigabytes.
  expect(sliced([chainOf(0, 100_000_000, 100_000, 1e11)], BUNDLE.mostSlices).length).toBeLessThanOrEqual(
    BUNDLE.mostSlices,
  );
});

test('the slices of one execution leave its history room for what is tried again', () => {
  // Eleven events a slice, of 25,000.
  expect(BUNDLE.mostSlices * 11).toBeLessThan(25_000 * 0.7);
});
