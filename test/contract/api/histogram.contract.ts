// Counting entries by time through the API.
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AccessOptions } from '../../support/reading.ts';
import { Routes, sampleDeployment, type Who } from '../../support/routes.ts';
import { DAY_MS, type Deployment } from '../../support/sealing.ts';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await sampleDeployment();
});

const compliance: Who = { tenant: 'acme', role: 'compliance', subject: 'me' };
const REVIEWED: AccessOptions = { tenants: { acme: { reviewers: ['me', 'you'] }, globex: { plan: 'full' } } };

describe.each(['compliance', 'admin', 'investigator'])('%s', (role) => {
  test.each([{}, REVIEWED, { tenants: { acme: { plan: 'starter' } } }] satisfies AccessOptions[])(
    'counts what it finds, and nothing else (%j)',
    async (options) => {
      const routes = new Routes(deployment, options);
      for (const q of ['', 'NOT category:payment', '"c-1"', 'actor.id:me', 'severity:info']) {
        const who = { ...compliance, role, cases: 'c-1' };
        // Longer than samples are recorded ahead of the clock.
        const query = { q, from: '2000-01-01', to: new Date(deployment.now + DAY_MS).toISOString() };
        const { json: found } = await routes.ask('searchEntries', who, { query });
        const { json: counted } = await routes.ask('countEntries', who, { query: { ...query, interval: 'P1D' } });
        expect([q, counted.total]).toEqual([q, found.entries.length]);
        const sum = counted.slots.reduce((all: number, { total }: { total: number }) => all + total, 0);
        expect(sum).toBe(found.entries.length);
      }
    },
  );
});

test('the read is recorded as a search is, with what was counted and no rows', async () => {
  const routes = new Routes(deployment);
  const { json } = await routes.ask('countEntries', compliance, { query: { q: 'severity:info', preset: '30d' } });
  const [entry, ...others] = routes.trail.entries();
  expect(others).toEqual([]);
  expect(entry).toMatchObject({
    action: 'audit.searched',
    metadata: { query: 'severity:info', histogram: 'severity', counted: json.total, rows: 0, from: expect.any(String) },
  });
});

test('slots follow each other through the range, in the order of time, with every value', async () => {
  const routes = new Routes(deployment);
  const query = { preset: '24h', by: 'outcome', interval: 'PT3H' };
  const { json } = await routes.ask('countEntries', compliance, { query });
  expect(json).toMatchObject({
    by: 'outcome',
    interval: 'PT3H',
    timeZone: 'UTC',
    complete: true,
    uncounted: [],
    gaps: [],
  });
  const { slots, range } = json as {
    slots: { from: string; to: string; counts: object }[];
    range: { from: string; to: string };
  };
  expect(slots.length).toBeGreaterThanOrEqual(8);
  expect([slots[0]!.from, slots.at(-1)!.to]).toEqual([range.from, range.to]);
  for (const [i, { from, counts }] of slots.entries()) {
    if (i > 0) expect(from).toBe(slots[i - 1]!.to);
    expect(Object.keys(counts)).toEqual(['success', 'failure', 'denied', 'unknown']);
  }
});

test('without a beginning it counts from the first entry on; what has left the hot window is named, not counted', async () => {
  const routes = new Routes(deployment);
  const { json } = await routes.ask('countEntries', compliance);
  expect(json.range.from >= new Date(deployment.now - 41 * DAY_MS).toISOString()).toBe(true);
  expect([json.complete, json.beyond]).toEqual([true, undefined]);
  const from = new Date(deployment.now - 200 * DAY_MS).toISOString();
  const { json: far } = await routes.ask('countEntries', compliance, { query: { from } });
  expect([far.complete, far.beyond.from]).toEqual([false, from]);
  expect(far.beyond.to).toBe(far.range.from);
  const until = new Date(deployment.now - 150 * DAY_MS).toISOString();
  const { json: beyond } = await routes.ask('countEntries', compliance, { query: { from, to: until } });
  expect(beyond).toMatchObject({ slots: [], total: 0, complete: false, beyond: { from, to: until } });
});

test('a saved search is counted under the filter of who asks', async () => {
  const routes = new Routes(deployment);
  const body = { name: 'mine', shared: true, parameters: { q: 'category:(account OR payment)', from: '2000-01-01' } };
  const { json: saved } = await routes.ask('saveSearch', compliance, { body });
  const count = async (role: string) =>
    (await routes.ask('countEntries', { ...compliance, role }, { query: { search: saved.id } })).json.total;
  expect(await count('compliance')).toBeGreaterThan(await count('admin'));
});

test.each([
  [{ timeZone: 'Mars/Olympus' }, '/timeZone'],
  [{ timeZone: '5' }, '/timeZone'],
  [{ interval: 'PT7M' }, '/interval'],
  [{ interval: 'PT1M', preset: '30d' }, '/interval'],
  [{ interval: 'PT1H', slots: '10' }, '/slots'],
  [{ slots: '0' }, '/slots'],
  [{ slots: '1001' }, '/slots'],
  [{ by: 'category' }, '/by'],
  [{ order: 'asc' }, '/order'],
  [{ limit: '5' }, '/limit'],
  [{ q: 'severity:hihg' }, '/q'],
  [{ from: '2026-03-02', to: '2026-03-01' }, '/to'],
] as const)('refuses %j', async (query, pointer) => {
  const { status, json } = await new Routes(deployment).ask('countEntries', compliance, { query });
  expect([status, json.errors[0].pointer]).toEqual([400, pointer]);
});
