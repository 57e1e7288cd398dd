// Counts by time are what counting a search's results gives.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { filterOf } from '../../core/access/policy.ts';
import { and } from '../../core/query/ast.ts';
import { parseQuery } from '../../core/query/parse.ts';
import type { HistogramBy, HistogramPorts } from '../../services/histogram/port.ts';
import type { Keeping } from '../../services/search/port.ts';
import { type Asked, CountWorld, count, naiveCounts } from '../support/histograms.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const START = Date.parse('2026-03-01T21:10:00Z');

const QUERIES = [
  '',
  'severity:>=medium',
  'outcome:failure OR severity:critical',
  'NOT category:audit_access',
  'actor.id:u1',
  'actor.id:(u1 OR u2) AND NOT severity:info',
  'actor.id:u1 AND action:a.b',
  'NOT actor.id:u1',
  'actor.id:u1 OR category:payment',
  'target.id:t1',
  'NOT target.id:t1 AND category:payment',
  '"u2"',
  'severity:critical AND "fine print"',
  'action:/a\\../ -actor.id:u2',
  'recorder.id:u1',
  'actor.onBehalfOf:u1 OR actor.id:u2',
  'recordedAt:[2026-03-01T22:00:00Z TO 2026-03-02T01:40:00Z] AND outcome:success',
  'category:case AND category:payment',
  'metadata.note:x AND actor.id:u1',
];

const ROLES = ['compliance', 'reviewed', 'admin', 'investigator'] as const;

const entry = fc.record({
  skew: fc.integer({ min: -8_000, max: 8_000 }),
  category: fc.constantFrom('payment', 'payment', 'administrative', 'audit_access', 'case', 'debug', 'error'),
  severity: fc.constantFrom('critical', 'medium', 'info'),
  outcome: fc.constantFrom('success', 'failure'),
  actor: fc.constantFrom('u1', 'u2', 'u3'),
  onBehalfOf: fc.constantFrom(undefined, undefined, undefined, 'u1', 'u2'),
  recorder: fc.constantFrom('app', 'app', 'app', 'u1', undefined),
  target: fc.constantFrom(undefined, 't1', 't2'),
  related: fc.constantFrom(undefined, undefined, 't1'),
  action: fc.constantFrom('a.b', 'c.d'),
});
type Drawn = typeof entry extends fc.Arbitrary<infer One> ? One : never;

const block = fc.record({
  chain: fc.constantFrom(0, 0, 0, 7),
  entries: fc.array(entry, { minLength: 1, maxLength: 4 }),
  pause: fc.constantFrom(0, 1_000, 5 * MINUTE, 20 * MINUTE, HOUR, 3 * HOUR),
});

const acts = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('append' as const), block }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('index' as const), slice: fc.integer({ min: 1, max: 9 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('reindex' as const), slice: fc.integer({ min: 1, max: 9 }) }),
    },
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
);

function sampleOf({ actor, onBehalfOf, recorder, target, related, category, ...drawn }: Drawn, time: number) {
  const { skew, ...members } = drawn;
  return {
    ...{ category, recordedAt: time + skew },
    members: {
      ...members,
      actor: { type: 'user', id: actor, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) },
      ...(target === undefined ? {} : { target: { type: 'case', id: target } }),
      ...(related === undefined ? {} : { related: [{ type: 'case', id: related }] }),
      recorder: { type: 'token', id: recorder ?? actor },
      description: actor === 'u3' ? 'fine print' : 'words',
      ...(actor === 'u2' ? { metadata: { note: 'x' } } : {}),
    },
  };
}

/** Any slots over all that there is, or over a part of it: cut on the half-hour, and anywhere. */
const slots = fc.record({
  first: fc.constantFrom(-10 * MINUTE, -10 * MINUTE, 7 * MINUTE, 3 * HOUR + 1),
  step: fc.constantFrom(5 * MINUTE, 30 * MINUTE, HOUR, HOUR + 11 * MINUTE, 24 * HOUR),
  most: fc.constantFrom(1, 5, 400, 400),
});

/** Debugging is kept for no longer than that, unless u1 did it, and errors are gone. */
const BEFORE = '2026-03-02';
const KEEPING: Keeping = {
  kept: async (_, found) =>
    found.filter(({ entry: { category, recordedAt, actor } }) => {
      if (recordedAt >= BEFORE) return true;
      return category !== 'error' && (category !== 'debug' || actor.id === 'u1');
    }),
  expiredDays: async () => [{ category: 'error', before: BEFORE }],
};
const PASSED = [
  { category: 'error', before: BEFORE, isGone: true },
  { category: 'debug', before: BEFORE, isGone: false },
];

function filterFor(role: (typeof ROLES)[number]) {
  const who = { subject: 'u1', cases: ['t1'], reviewers: role === 'reviewed' ? ['u1', 'u9'] : ['u1'] };
  return filterOf(role === 'reviewed' ? 'compliance' : role, who);
}

async function worldOf(drawn: typeof acts extends fc.Arbitrary<infer All> ? All : never): Promise<CountWorld> {
  const world = new CountWorld(START);
  for (const act of drawn) {
    if (act.kind === 'append') {
      world.now += act.block.pause;
      world.append(
        act.block.chain,
        act.block.entries.map((one) => sampleOf(one, world.now)),
      );
    } else {
      world.sliceEntries = act.slice;
      if (act.kind === 'index') await world.indexAll();
      else await world.reindex();
    }
  }
  world.now += 10_000;
  return world;
}

/** The index goes on as soon as its chains were read. */
function indexedMeanwhile(world: CountWorld, ports: HistogramPorts): HistogramPorts {
  const tallied = async (tenant: string) => {
    const chains = await world.index.tallied(tenant);
    await world.indexAll();
    return chains;
  };
  return { ...ports, tallies: { tallied, tallies: (tenant) => world.index.tallies(tenant) } };
}

test('counts are what counting the results of a search gives, whatever is indexed, for every role', async () => {
  await fc.assert(
    fc.asyncProperty(
      acts,
      slots,
      fc.record({
        text: fc.constantFrom(...QUERIES),
        role: fc.constantFrom(...ROLES),
        by: fc.constantFrom<HistogramBy>('severity', 'outcome'),
        expires: fc.boolean(),
        meanwhile: fc.boolean(),
      }),
      async (drawn, { first, step, most }, { text, role, by, expires, meanwhile }) => {
        const world = await worldOf(drawn);
        const size = Math.max(1, Math.min(most, Math.ceil((world.now - START - first) / step)));
        const boundaries = Array.from({ length: size + 1 }, (_, i) => START + first + i * step);
        const asked: Asked = { tenant: 'acme', query: and(parseQuery(text), filterFor(role)), boundaries, by };
        const ports = world.ports(expires ? { keeping: KEEPING, passed: PASSED } : {});
        const histogram = await count(meanwhile ? indexedMeanwhile(world, ports) : ports, asked);
        const expected = await naiveCounts(ports, asked);
        expect(histogram.slots.map(({ counts }) => counts)).toEqual(expected);
        expect(histogram.slots.every(({ isExact }) => isExact)).toBe(true);
        expect(histogram.uncounted).toEqual([]);
        const sum = expected.flat().reduce((a, b) => a + b, 0);
        expect(histogram.byIndex + histogram.byLedger).toBe(sum);
      },
    ),
    { numRuns: Number(process.env.HISTOGRAM_RUNS ?? 400) },
  );
});

test('what is not counted in time is named, and counted when it is asked for', async () => {
  await fc.assert(
    fc.asyncProperty(
      acts,
      slots,
      fc.record({ text: fc.constantFrom(...QUERIES), budget: fc.integer({ min: 0, max: 40 }) }),
      async (drawn, { first, step, most }, { text, budget }) => {
        const world = await worldOf(drawn);
        const size = Math.max(1, Math.min(most, Math.ceil((world.now - START - first) / step)));
        const boundaries = Array.from({ length: size + 1 }, (_, i) => START + first + i * step);
        const asked: Asked = { tenant: 'acme', query: parseQuery(text), boundaries, by: 'severity' };
        // Each look at the clock takes a millisecond.
        let looks = 0;
        const { slots: counted, uncounted } = await count(
          world.ports({ clock: (now) => now + looks++ }),
          asked,
          budget,
        );
        const sums = counted.map(({ counts }) => [...counts]);
        for (const { from, to } of uncounted) {
          const within = [from, ...boundaries.filter((time) => time > from && time < to), to];
          const rest = await count(world.ports(), { ...asked, boundaries: within });
          for (const slot of rest.slots) {
            const at = counted.findIndex((one) => one.from <= slot.from && slot.from < one.to);
            for (const [i, more] of slot.counts.entries()) sums[at]![i]! += more;
          }
        }
        const expected = await naiveCounts(world.ports(), asked);
        expect(sums).toEqual(expected);
        for (const [i, { counts, isExact }] of counted.entries()) if (isExact) expect(counts).toEqual(expected[i]);
      },
    ),
    { numRuns: Number(process.env.HISTOGRAM_RUNS ?? 300) },
  );
});

test('of a ledger that lost blocks, counts lie between what a search finds and what was recorded', async () => {
  await fc.assert(
    fc.asyncProperty(
      acts,
      fc.constantFrom(...QUERIES),
      fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      async (drawn, text, losses) => {
        const world = await worldOf(drawn);
        const boundaries = Array.from({ length: 60 }, (_, i) => START - 10 * MINUTE + i * 2 * HOUR);
        const asked: Asked = { tenant: 'acme', query: parseQuery(text), boundaries, by: 'severity' };
        const recorded = await naiveCounts(world.ports(), asked);
        for (const loss of losses) {
          const blocks = [...world.ledger.blocksOf.values()].flat();
          if (blocks.length > 0) world.lose(blocks[loss % blocks.length]!);
        }
        const { slots: counted } = await count(world.ports(), asked);
        const found = await naiveCounts(world.ports(), asked);
        for (const [i, { counts }] of counted.entries()) {
          for (const [place, one] of counts.entries()) {
            expect(one).toBeGreaterThanOrEqual(found[i]![place]!);
            expect(one).toBeLessThanOrEqual(recorded[i]![place]!);
          }
        }
      },
    ),
    { numRuns: Number(process.env.HISTOGRAM_RUNS ?? 200) },
  );
});

test('whoever asks again for what is left comes to its end, however short the time is', async () => {
  await fc.assert(
    fc.asyncProperty(acts, fc.constantFrom(...QUERIES), async (drawn, text) => {
      const world = await worldOf(drawn);
      await world.indexAll();
      const asked: Asked = {
        ...{ tenant: 'acme', query: parseQuery(text), by: 'severity' },
        boundaries: [START - 10 * MINUTE, world.now],
      };
      const sum = (all: readonly (readonly number[])[]) => all.flat().reduce((a, b) => a + b, 0);
      const left: (readonly [number, number])[] = [[asked.boundaries[0]!, asked.boundaries[1]!]];
      let [looks, counted, requests] = [0, 0, 0];
      for (let span = left.pop(); span !== undefined; span = left.pop()) {
        // No request has any time at all.
        const ports = world.ports({ clock: (now) => now + looks++ / 1_000 });
        const { slots: found, uncounted } = await count(ports, { ...asked, boundaries: span }, 0);
        counted += sum(found.map(({ counts }) => counts));
        left.push(...uncounted.map(({ from, to }) => [from, to] as const));
        expect(++requests).toBeLessThan(5_000);
      }
      expect(counted).toBe(sum(await naiveCounts(world.ports(), asked)));
    }),
    { numRuns: Number(process.env.HISTOGRAM_RUNS ?? 60) },
  );
});
