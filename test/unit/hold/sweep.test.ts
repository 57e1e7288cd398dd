// Sweeps of legal holds.
import { describe, expect, test } from '@jest/globals';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { zstd } from '../../../adapters/zstd.ts';
import type { HoldScope } from '../../../core/documents/hold.ts';
import { archive } from '../../../services/archive/archive.ts';
import { MemoryBlocks } from '../../fakes/blocks.ts';
import { MemoryChains } from '../../fakes/chains.ts';
import { HoldApi } from '../../support/hold-api.ts';
import { chainOf, insertOf } from '../../support/ledger-stream.ts';

const MARCH_1 = Date.parse('2026-03-01T10:00:00.000Z');
const DAY_MS = 86_400_000;
const CATEGORIES = ['debug', 'payment'];

/** Two days of two categories, a segment each; user-0, user-1 and user-2 take turns. */
async function archived(): Promise<HoldApi> {
  const api = new HoldApi();
  api.now = MARCH_1 + 2 * DAY_MS;
  const samples = [0, 1].flatMap((day) =>
    CATEGORIES.map((category) => [{ category, recordedAt: MARCH_1 + day * DAY_MS }]),
  );
  const changes = chainOf('acme#0', samples).map((block, i) => insertOf(block, i));
  await archive(changes, {
    ...{ blocks: new MemoryBlocks(), chains: new MemoryChains(), store: api.store, codec: parquetSegments },
    ...{ compression: zstd, retention: () => 'P30D', holdsOf: async () => [], now: () => new Date(api.now) },
  });
  return api;
}

const marks = (api: HoldApi) =>
  Object.fromEntries(
    api.store.keys('entries/').map((key) => {
      const [, category, day] = /category=([^/]+)\/day=2026-03-(\d\d)/.exec(key)!;
      return [`${category} ${day}`, api.store.object(key).held];
    }),
  );

async function applied(api: HoldApi, scope: HoldScope): Promise<string> {
  return (await api.post({ reason: 'suit', scope })).body.hold.id;
}

describe('a sweep', () => {
  test.each<[string, HoldScope, string[], number]>([
    ['everything', {}, ['debug 01', 'debug 02', 'payment 01', 'payment 02'], 4],
    ['a category', { category: 'debug' }, ['debug 01', 'debug 02'], 2],
    ['a day', { to: '2026-03-02T00:00:00Z' }, ['debug 01', 'payment 01'], 2],
    ['a person', { subject: 'user-0' }, ['debug 01', 'payment 02'], 4],
    ['a person in a category', { subject: 'user-0', category: 'payment' }, ['payment 02'], 2],
    ['nobody', { subject: 'user-9' }, [], 4],
  ])('marks what a hold on %s covers, and lifts it on release', async (_what, scope, held, seen) => {
    const api = await archived();
    const hold = await applied(api, scope);
    const swept = await api.sweep({ tenant: 'acme', hold });
    expect(swept.swept).toEqual({ seen, set: held.length, lifted: 0 });
    const marked = Object.entries(marks(api)).filter(([, on]) => on);
    expect(marked.map(([segment]) => segment).sort()).toEqual(held);
    await api.release(hold, { reason: 'over' });
    expect((await api.sweep({ tenant: 'acme', hold })).swept).toEqual({ seen, set: 0, lifted: held.length });
    expect(Object.values(marks(api))).not.toContain(true);
  });

  test('lifts nothing that another hold covers', async () => {
    const api = await archived();
    const [all, debug] = [await applied(api, {}), await applied(api, { category: 'debug' })];
    await api.sweep({ tenant: 'acme', hold: all });
    await api.release(all, { reason: 'over' });
    expect((await api.sweep({ tenant: 'acme', hold: all })).swept).toEqual({ seen: 4, set: 0, lifted: 2 });
    expect(marks(api)).toMatchObject({ 'debug 01': true, 'debug 02': true, 'payment 01': false });
    await api.release(debug, { reason: 'over' });
    await api.sweep({ tenant: 'acme' });
    expect(Object.values(marks(api))).not.toContain(true);
  });

  test('reaches every version, hidden ones too, and what it can not read', async () => {
    const api = await archived();
    const [key] = api.store.keys('entries/tenant=acme/category=debug/');
    const genuine = api.store.object(key!).version;
    const planted = api.store.plant(key!, Buffer.from('planted'));
    api.store.mark(key!);
    const hold = await applied(api, { subject: 'user-0' });
    await api.sweep({ tenant: 'acme', hold });
    expect([await api.store.held(key!, genuine), await api.store.held(key!, planted)]).toEqual([true, true]);
  });

  test('goes on where its time ran out', async () => {
    const api = await archived();
    for (let i = 0; i < 200; i++) {
      const name = String(i).padStart(16, '0');
      api.store.plant(`entries/tenant=acme/category=debug/day=2026-03-01/01-${name}.parquet`, Uint8Array.of(i));
    }
    const hold = await applied(api, {});
    const swept = await api.sweep({ tenant: 'acme', hold }, 0);
    expect(swept.swept).toEqual({ seen: 204, set: 204, lifted: 0 });
    expect(swept.after).toBeDefined();
  });

  test('of an unknown hold does nothing', async () => {
    const api = await archived();
    expect((await api.sweep({ tenant: 'acme', hold: 'id-9' })).swept).toEqual({ seen: 0, set: 0, lifted: 0 });
  });

  test('lifts no mark of a hold that is applied while it runs', async () => {
    const api = await archived();
    const first = await applied(api, {});
    await api.sweep({ tenant: 'acme', hold: first });
    await api.release(first, { reason: 'over' });
    const read = api.ports.events.read.bind(api.ports.events);
    let reads = 0;
    // Applied just after this sweep has read the holds.
    Object.assign(api.ports.events, {
      read: async (tenant: string) => {
        const holds = await read(tenant);
        if (reads++ === 0) await applied(api, { category: 'debug' });
        return holds;
      },
    });
    await api.sweep({ tenant: 'acme', hold: first });
    expect(marks(api)).toMatchObject({ 'debug 01': true, 'debug 02': true, 'payment 01': false });
  });
});

describe('once a day', () => {
  test('tenants whose holds are in force are swept, and those released lately', async () => {
    const api = new HoldApi();
    const hold = await applied(api, {});
    await api.post({ reason: 'other', scope: {} }, { tenant: 'globex' });
    api.started.clear();
    expect(await api.heal()).toBe(2);
    expect(await api.heal()).toBe(2);
    expect([...api.started.values()].filter((task) => task.hold === undefined)).toEqual([
      ...[{ tenant: 'acme' }, { tenant: 'globex' }],
    ]);
    await api.release(hold, { reason: 'over' });
    api.now += 6 * DAY_MS;
    expect(await api.heal()).toBe(2);
    api.now += 2 * DAY_MS;
    expect(await api.heal()).toBe(1);
    expect(api.entries().map(({ action }) => action)).toEqual(['hold.applied', 'hold.released']);
  });
});
