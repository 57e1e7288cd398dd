// Counts over a ledger or an index that is not as it should be.
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Query } from '../../../core/query/ast.ts';
import { parseQuery } from '../../../core/query/parse.ts';
import type { HistogramPorts } from '../../../services/histogram/port.ts';
import { CountWorld, count } from '../../support/histograms.ts';

const START = Date.parse('2026-03-02T10:00:00Z');
const HOUR = 3_600_000;

let world: CountWorld;
beforeEach(async () => {
  world = new CountWorld(START);
  // Six hours, two entries in each: one of u1, one of u2.
  for (let i = 0; i < 6; i++) {
    world.now = START + i * HOUR;
    const entry = (actor: string) => ({
      ...{ category: 'payment', recordedAt: world.now },
      members: { actor: { type: 'user', id: actor }, description: `Words of ${actor}` },
    });
    world.append(0, [entry('u1'), entry('u2')]);
  }
  world.now += 1_000;
  await world.indexAll();
});

const boundaries = Array.from({ length: 7 }, (_, i) => START + i * HOUR);
const ask = (q: string | Query, ports: HistogramPorts = world.ports(), budgetMs?: number) => {
  const query = typeof q === 'string' ? parseQuery(q) : q;
  return count(ports, { tenant: 'acme', query, boundaries, by: 'severity' }, budgetMs);
};
const totals = ({ slots }: Awaited<ReturnType<typeof ask>>) =>
  slots.map(({ counts }) => counts.reduce((sum, one) => sum + one));

describe('what the index has', () => {
  test('is counted without reading an entry', async () => {
    const fetcher = { ...world.ports().fetcher, blocks: () => Promise.reject(new Error('a block was read')) };
    const from = async function* () {};
    const ports = { ...world.ports(), fetcher: { ...fetcher, from } as unknown as HistogramPorts['fetcher'] };
    for (const [q, wanted] of [
      ['', 2],
      ['actor.id:u1', 1],
      ['NOT actor.id:u1', 1],
      ['severity:critical', 0],
    ] as const) {
      const histogram = await ask(q, {
        ...ports,
        chains: { of: async () => [] } as unknown as HistogramPorts['chains'],
      });
      expect(totals(histogram)).toEqual(boundaries.slice(1).map(() => wanted));
      expect([histogram.byIndex, histogram.byLedger]).toEqual([6 * wanted, 0]);
    }
  });

  test('is counted even where the ledger has lost it; where it has to be read, the gap is named', async () => {
    world.lose({ chain: 'acme#0', position: 4 });
    expect(totals(await ask('actor.id:u1'))).toEqual([1, 1, 1, 1, 1, 1]);
    const read = await ask('"words"');
    expect(totals(read)).toEqual([2, 2, 0, 2, 2, 2]);
    expect(read.gaps).toEqual([{ tenant: 'acme', chain: 0, first: 4, last: 5, reason: 'missing' }]);
    expect(read.slots.map(({ isExact }) => isExact)).toEqual([true, true, false, true, true, true]);
  });

  test('but is no entry of the format, is looked at, named, and not counted', async () => {
    world.now = START + 5 * HOUR + 2_000;
    world.append(0, [{ category: 'payment', recordedAt: world.now, members: { severity: 'dire' } }]);
    await world.indexAll();
    const histogram = await ask('');
    expect(totals(histogram)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(histogram.gaps).toEqual([{ tenant: 'acme', chain: 0, first: 12, last: 12, reason: 'malformed' }]);
    expect(histogram.slots.map(({ isExact }) => isExact)).toEqual([true, true, true, true, true, false]);
  });

  test('and counts twice, is counted by its rows', async () => {
    const whole = await ask('');
    const { tallies: index } = world.ports();
    const stored = await index.tallies('acme', { from: START, to: world.now });
    const twice = stored.flatMap((one) => [one, { ...one, tally: { ...one.tally, first: one.tally.first + 1 } }]);
    const ports = {
      ...world.ports(),
      tallies: { tallied: (tenant: string) => index.tallied(tenant), tallies: async () => twice },
    };
    for (const q of ['', 'actor.id:u1', '"words"']) expect(totals(await ask(q, ports))).toEqual(totals(await ask(q)));
    expect(totals(whole)).toEqual([2, 2, 2, 2, 2, 2]);
  });

  test('and lost the tally of, is read where postings tell that it is there', async () => {
    const { tallies: index } = world.ports();
    const ports = {
      ...world.ports(),
      tallies: { tallied: (tenant: string) => index.tallied(tenant), tallies: async () => [] },
    };
    const histogram = await ask('actor.id:u1', ports);
    expect(totals(histogram)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(histogram.byLedger).toBe(5);
  });
});

describe('when the time is up', () => {
  test('what is oldest is left out and named, and its slots say that they have at least so many', async () => {
    const partly: number[] = [];
    for (let budget = 1; budget < 80; budget++) {
      // Each look at the clock takes a millisecond.
      let looks = 0;
      const { uncounted, slots } = await ask('"words"', world.ports({ clock: (now) => now + looks++ }), budget);
      const isLeft = ({ from, to }: { from: number; to: number }) =>
        uncounted.some((one) => one.from < to && from < one.to);
      expect(slots.map(({ isExact }) => isExact)).toEqual(slots.map((slot) => !isLeft(slot)));
      if (!slots[0]!.isExact && slots.at(-1)!.isExact) partly.push(budget);
      const exact = slots.map(({ isExact }) => isExact);
      expect(exact).toEqual(exact.toSorted((a, b) => Number(a) - Number(b)));
    }
    expect(partly).not.toEqual([]);
  });
});
