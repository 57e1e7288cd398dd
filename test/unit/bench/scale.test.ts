/** The model's arithmetic on cases that are computed by hand, and that what it is given was counted. */
import { describe, expect, test } from '@jest/globals';
import { KINDS, requestsOf, type Use } from '../../../bench/prices.ts';
import { assumed } from '../../../bench/scale/assumptions.ts';
import { dayOf } from '../../../bench/scale/load.ts';
import { busy, measureUnits } from '../../../bench/scale/measure.ts';
import { archiveLag, scale, useOfDays, workSeconds } from '../../../bench/scale/model.ts';
import { duration } from '../../../bench/scale/print.ts';
import { type Measured, NO_UNITS, NOTHING, type Units } from '../../../bench/scale/units.ts';

const use = (counts: Partial<Record<(typeof KINDS)[number], number>>, cpuMs = 0, queries = 0): Use => ({
  ...NOTHING,
  ...{ requests: requestsOf((kind) => counts[kind] ?? 0), cpuMs, queries },
});

/** A segment is one GET, an entry 10 µs, a digest two GETs, and nothing else takes anything. */
const SIMPLE: Units = {
  ...NO_UNITS,
  segment: use({ GET: 1 }),
  entry: use({}, 0.01),
  digest: use({ GET: 2 }),
};
const measured: Measured = {
  ...{ archive: { ...NO_UNITS, segment: use({ PUT: 1 }) }, seal: SIMPLE, incremental: SIMPLE, full: SIMPLE },
  overlap: { seal: { busy: 1, quiet: 1 }, verify: { busy: 30, quiet: 10 } },
};
const NUMBERS = { ...assumed, s3Ms: 30, coreFactor: 1, historyDays: 100, verifyFunctions: 10, verifyShards: 10 };

describe('a day of a load', () => {
  test('has a block for each single entry, on one chain while that has room, and a segment for each window and category', () => {
    const day = dayOf({ tenants: 1, entriesPerDay: 8_640_000 }, NUMBERS);
    expect(day).toMatchObject({ chains: 1, blocks: 8_640_000, streamShards: 4 });
    // A quarter of 100 blocks/s fills no batch of 1,000 within 20 s: 4,320 windows of four shards, whose places are all taken.
    expect(Math.round(day.segments)).toBe(4_320 * 5);
  });

  test('spreads a busy tenant over chains, whose blocks have what comes meanwhile', () => {
    const day = dayOf({ tenants: 1, entriesPerDay: 1e9 }, NUMBERS);
    expect(day.chains).toBe(Math.ceil(1e9 / 86_400 / 200));
    expect(day.blocks).toBe(day.chains * 100 * 86_400);
  });

  test('has about as many segments as entries where tenants are many and quiet', () => {
    const day = dayOf({ tenants: 100_000, entriesPerDay: 1e6 }, NUMBERS);
    expect(day.segments / 1e6).toBeGreaterThan(0.99);
    expect(day.segments).toBeLessThanOrEqual(1e6);
  });
});

test('requests, computing and pages make seconds', () => {
  const seconds = workSeconds(use({ GET: 1_000, LIST: 10 }, 5_000, 1_000_000), 10, {
    ...NUMBERS,
    listMs: 200,
    pageMs: 20,
  });
  // 5 s of a core, 1,000 requests of 30 ms in tens, ten pages of keys, and 600 MB of blocks by the megabyte.
  expect(seconds).toBeCloseTo(5 + 3 + 2 + 600 * 0.02, 6);
});

test('a weekly verification reads its history, and the ledger as far as it is hot', () => {
  const units: Units = { ...SIMPLE, block: use({}, 0, 1), tenant: use({ GET: 3 }), day: use({ GET: 7 }) };
  const day = { tenants: 5, chains: 1, entries: 1_000, blocks: 1_000, segments: 40, streamShards: 4 };
  const { busy: ofEntries, quiet, fixed } = useOfDays(units, day, 100, 90);
  expect(ofEntries.requests.GET).toBe(4_000);
  expect(ofEntries.cpuMs).toBeCloseTo(1_000, 6);
  expect(ofEntries.queries).toBe(90_000);
  expect(quiet.requests.GET).toBe(5 * 3 + 5 * 100 * 2);
  expect(fixed.requests.GET).toBe(700);
});

test('a known load: durations, functions and cost', () => {
  const scaled = scale({ tenants: 1, entriesPerDay: 8_640_000 }, measured, NUMBERS);
  const { full, incremental, seal } = scaled.runs;
  const segments = 21_600;
  // One function: its chain is sealed by none other. 86.4 s of a core, and a request of 30 ms for each segment and digest.
  expect(seal.functions).toBe(1);
  expect(seal.seconds).toBeCloseTo(86.4 + (segments + 2) * 0.03, 0);
  // What one digest sealed of one chain is the smallest piece.
  expect(incremental.functions).toBe(1);
  // Pages of a thousand segments and tiles, of 0.2 s.
  const pages = (segments + 8_640_000 / 256) / 1_000;
  expect(incremental.seconds).toBeCloseTo(86.4 + (segments * 0.03) / 30 + (2 * 0.03) / 10 + pages * 0.2, 0);
  expect(full.functions).toBe(10);
  const seconds = 8_640 + (100 * segments * 0.03) / 30 + (200 * 0.03) / 10 + 100 * pages * 0.2;
  expect(full.seconds).toBeCloseTo(seconds / 10, 0);
  const requests = ((100 * segments + 200) * 0.0004 + 100 * pages * 0.005) / 1_000;
  const lambda = full.functionSeconds * 1.769 * 0.0000133334;
  expect(full.cost).toBeCloseTo(requests + lambda + (0.025 / 1_000) * 3 * (full.functionSeconds / 870), 2);
});

test('a quota that is used most comes first, as a share of it', () => {
  const { quotas } = scale({ tenants: 1, entriesPerDay: 864e6 }, measured, NUMBERS);
  const shares = quotas.map(({ share }) => share);
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  expect(quotas.find(({ name }) => name === 'apiRequests')!.share).toBeCloseTo(1, 6);
  expect(quotas.find(({ name }) => name === 'partitionWrites')!.share).toBeCloseTo(0.1, 6);
});

test('an archive that is slower than what comes falls behind', () => {
  const day = dayOf({ tenants: 1_000, entriesPerDay: 1e8 }, NUMBERS);
  expect(archiveLag(day, measured.archive, NUMBERS)).toBeLessThan(60);
  expect(archiveLag(day, measured.archive, { ...NUMBERS, s3Ms: 3_000 })).toBe(Number.POSITIVE_INFINITY);
  expect(duration(Number.POSITIVE_INFINITY)).toBe('falls behind');
});

test('units that were counted predict what more of the same asks for, elsewhere', async () => {
  const counted = await measureUnits(4_000);
  const [less, more] = [await busy(25, { windowEntries: 100 }, 1_000), await busy(25, { windowEntries: 100 }, 5_000)];
  expect([more.blocks - less.blocks, more.segments - less.segments]).toEqual([160, 40]);
  const day = { tenants: 1, chains: 1, entries: 4_000, blocks: 160, segments: 40, streamShards: 1 };
  for (const step of ['archive', 'seal', 'incremental', 'full'] as const) {
    const { busy: predicted } = useOfDays(counted[step], day, 1, 1);
    for (const kind of KINDS) {
      const asked = more.uses[step].requests[kind] - less.uses[step].requests[kind];
      expect([step, kind, Math.abs(predicted.requests[kind] - asked) <= Math.max(3, asked * 0.1)]).toEqual([
        ...[step, kind, true],
      ]);
    }
  }
  expect(counted.full.segment.requests).toMatchObject({ GET: 1, HEAD: 0, PUT: 0 });
  expect(counted.archive.segment.requests.PUT).toBe(1);
  expect(counted.full.digest.requests.GET).toBeLessThanOrEqual(5);
});
