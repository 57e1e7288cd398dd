// Holds cover what they say, and nothing that is held expires.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import type { HoldEvent, HoldScope } from '../../core/documents/hold.ts';
import type { Entry } from '../../core/entry/schema.ts';
import { covers, type Holdable, reachOf } from '../../core/hold/match.ts';
import { activeHolds, reduceHolds } from '../../services/hold/reduce.ts';
import { Expiring } from '../support/expiring.ts';
import { HoldApi } from '../support/hold-api.ts';

const DAY_MS = 86_400_000;
const MARCH_1 = Date.parse('2026-03-01T00:00:00.000Z');

const category = fc.constantFrom('debug', 'error');
/** Few values, so that scopes and entries meet; times at and around the borders of days. */
const time = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(-1, 0, 1, 36_000_000, 36_000_001))
  .map(([day, ms]) => new Date(MARCH_1 + day * DAY_MS + ms).toISOString());
const person = fc.constantFrom('user-0', 'user-1', 'user-2');
const type = fc.constantFrom('invoice', 'case');

const scope: fc.Arbitrary<HoldScope> = fc.record(
  {
    subject: person,
    target: fc.record({ type, id: person }, { requiredKeys: ['type'] }),
    category,
    from: time,
    to: time,
  },
  { requiredKeys: [] },
);

const target = fc.record({ type, id: person }, { requiredKeys: ['type'] });
const entry: fc.Arbitrary<Holdable> = fc.record(
  {
    category,
    recordedAt: time,
    actor: fc.record(
      { type: fc.constant('user' as const), id: person, onBehalfOf: person },
      { requiredKeys: ['type'] },
    ),
    target,
    related: fc.array(target, { maxLength: 2 }),
  },
  { requiredKeys: ['category', 'recordedAt', 'actor'] },
);

/** The scope in words of its own: every member that is there is met. */
function isMeant({ subject, target: wanted, category: kind, from, to }: HoldScope, one: Holdable): boolean {
  const at = Date.parse(one.recordedAt);
  const targets = [one.target, ...(one.related ?? [])].filter((each) => each !== undefined);
  const people = [one.actor.id, one.actor.onBehalfOf, ...targets.map(({ id }) => id)];
  return [
    kind === undefined || kind === one.category,
    from === undefined || Date.parse(from) <= at,
    to === undefined || at < Date.parse(to),
    subject === undefined || people.includes(subject),
    wanted === undefined ||
      targets.some((each) => each.type === wanted.type && [undefined, each.id].includes(wanted.id)),
  ].every(Boolean);
}

test('a scope covers what is meant, and what is known of a category on a day agrees', () => {
  fc.assert(
    fc.property(scope, entry, (drawn, one) => {
      expect(covers(drawn, one)).toBe(isMeant(drawn, one));
      const reach = reachOf(drawn, { category: one.category, day: one.recordedAt.slice(0, 10) });
      if (covers(drawn, one)) expect(reach).not.toBe('none');
      else expect(reach).not.toBe('all');
    }),
    { numRuns: 2_000 },
  );
});

const action = fc.record({
  event: fc.constantFrom('applied' as const, 'released' as const),
  id: fc.constantFrom('a', 'b', 'c'),
  scope,
});

test('a hold is active from its first application to its first release, in whatever order events are told', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 12 }), (deeds) => {
      const events = deeds.map(
        (one, number) => ({ ...one, number, at: '', by: '', reason: '' }) as unknown as HoldEvent,
      );
      const active = activeHolds(reduceHolds(events)).map(({ id }) => id);
      for (const id of ['a', 'b', 'c']) {
        const applied = deeds.findIndex((one) => one.id === id && one.event === 'applied');
        const released = deeds.some((one, i) => one.id === id && one.event === 'released' && i > applied);
        expect(active.includes(id)).toBe(applied >= 0 && !released);
      }
    }),
  );
});

/** Days and categories of the entries, a segment for each call; the sample's actors take turns. */
const segments = fc.array(fc.tuple(category, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 3 })), {
  minLength: 1,
  maxLength: 5,
});
const holds = fc.array(fc.record({ scope, released: fc.boolean() }), { maxLength: 4 });

async function recorded(drawn: readonly (readonly [string, number, number])[]): Promise<Expiring> {
  const expiring = new Expiring();
  expiring.retention = { debug: 'PT2S', error: 'PT2S' };
  for (const [kind, day, count] of drawn.toSorted((a, b) => a[1] - b[1])) {
    expiring.now = MARCH_1 + day * DAY_MS + 80_000_000;
    const at = MARCH_1 + day * DAY_MS + 36_000_000;
    await expiring.record(Array.from({ length: count }, (_, i) => ({ category: kind, recordedAt: at + i })));
  }
  await expiring.seal();
  return expiring;
}

/** Keys of the segments of which an active hold means any entry. */
async function meant(expiring: Expiring, drawn: readonly { scope: HoldScope; released: boolean }[]): Promise<string[]> {
  const active = drawn.filter(({ released }) => !released);
  const found: string[] = [];
  for (const key of expiring.store.keys('entries/')) {
    const rows = await parquetSegments.decode(expiring.store.object(key).bytes);
    const entries = rows.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as Entry);
    if (entries.some((one) => active.some(({ scope: held }) => isMeant(held, one)))) found.push(key);
  }
  return found;
}

test('exactly what an active hold means survives expiry, and goes when it is released', async () => {
  await fc.assert(
    fc.asyncProperty(segments, holds, async (drawn, drawnHolds) => {
      const expiring = await recorded(drawn);
      for (const [i, { scope: held, released }] of drawnHolds.entries()) {
        await expiring.hold(`h-${i}`, held);
        if (released) await expiring.release(`h-${i}`);
      }
      const kept = await meant(expiring, drawnHolds);
      expiring.now = MARCH_1 + 10 * DAY_MS;
      for (const kind of ['debug', 'error']) await expiring.expire(kind);
      expect(expiring.store.keys('entries/')).toEqual(kept);
      for (const i of drawnHolds.keys()) await expiring.release(`h-${i}`);
      expiring.pass(60_000);
      for (const kind of ['debug', 'error']) await expiring.expire(kind);
      expect(expiring.store.keys('entries/')).toEqual([]);
      const named = expiring.tombstones().flatMap(({ segments: all }) => all.map(({ object }) => object.key));
      expect(named).toHaveLength(new Set(named).size);
    }),
    { numRuns: 60 },
  );
});

test('sweeps in any order mark exactly what active holds mean', async () => {
  await fc.assert(
    fc.asyncProperty(
      segments,
      holds,
      fc.array(fc.nat({ max: 3 }), { maxLength: 3 }),
      async (drawn, drawnHolds, early) => {
        const expiring = await recorded(drawn);
        const api = new HoldApi(expiring.store);
        api.now = expiring.now;
        const ids: string[] = [];
        for (const [i, { scope: held, released }] of drawnHolds.entries()) {
          ids.push(`h-${i}`);
          await expiring.hold(`h-${i}`, held);
          if (early.includes(i)) await api.sweep({ tenant: 'acme', hold: `h-${i}` });
          if (released) await expiring.release(`h-${i}`);
        }
        for (const hold of ids.toReversed()) await api.sweep({ tenant: 'acme', hold });
        const marked = expiring.store.keys('entries/').filter((key) => expiring.store.object(key).held);
        expect(marked).toEqual(await meant(expiring, drawnHolds));
        expect((await api.sweep({ tenant: 'acme' })).swept).toMatchObject({ set: 0, lifted: 0 });
      },
    ),
    { numRuns: 60 },
  );
});
