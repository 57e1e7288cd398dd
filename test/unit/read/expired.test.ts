// What has expired is gone for every reader, whether or not its bytes still are somewhere.
import { describe, expect, test } from '@jest/globals';
import { entryKeptUntil, fateOf, firstKeptDay } from '../../../core/expiry/kept.ts';
import { HoldEvents } from '../../../services/hold/events.ts';
import { Damaging, positionsOf } from '../../support/damaging.ts';
import { expireCategory } from '../../support/expire-deployment.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';

const DEBUG = [1, 3];
const ALL = [0, 1, 2, 3];

/** A day of payments and debug entries, the latter kept for thirty days; blocks stay for ninety. */
async function recorded(): Promise<Damaging> {
  const deployment = new Deployment();
  for (let i = 0; i < 2; i++) {
    await deployment.record('acme#0', [...deployment.some('payment'), ...deployment.some('debug')]);
  }
  await deployment.seal();
  return new Damaging(deployment).indexed('acme#0');
}

/** The thirty days are over at this midnight. */
const DUE = Date.parse('2026-04-01T00:00:00.000Z');

async function hold({ deployment }: Damaging, scope: object = { category: 'debug' }): Promise<void> {
  const events = new HoldEvents(deployment.store, () => new Date(deployment.now));
  const at = new Date(deployment.now).toISOString();
  const said = {
    v: 1,
    kind: 'hold',
    tenant: 'acme',
    event: 'applied',
    id: 'h',
    at,
    by: 'officer',
    role: 'compliance',
    reason: 'r',
    scope,
  };
  await events.append('acme', ({ holds }) => (holds.length > 0 ? undefined : (said as never)));
}

describe('a search', () => {
  test('finds what is kept, to the last millisecond of its retention', async () => {
    const bench = await recorded();
    bench.deployment.now = DUE - 1;
    expect(positionsOf(await bench.search())).toEqual(ALL);
    bench.deployment.now = DUE;
    const page = await bench.search();
    expect(positionsOf(page)).toEqual(ALL.filter((position) => !DEBUG.includes(position)));
    expect(page.gaps).toEqual([]);
  });

  test('finds what is held, and what was held before its retention had passed', async () => {
    const bench = await recorded();
    await hold(bench);
    bench.deployment.now = DUE + DAY_MS;
    expect(positionsOf(await bench.search())).toEqual(ALL);
  });

  test('finds nothing that a hold over others keeps', async () => {
    const bench = await recorded();
    await hold(bench, { subject: 'user-1' });
    bench.deployment.now = DUE;
    expect(positionsOf(await bench.search())).toEqual([0, 1, 2]);
  });

  test('finds what a late hold keeps, as long as no tombstone was faster', async () => {
    const bench = await recorded();
    bench.deployment.now = DUE + 3_600_000;
    await hold(bench);
    bench.deployment.pass(60_000);
    expect(positionsOf(await bench.search())).toEqual(ALL);

    const buried = await recorded();
    buried.deployment.now = DUE + 3_600_000;
    await expireCategory(buried.deployment, 'debug');
    buried.deployment.pass(60_000);
    await hold(buried);
    buried.deployment.pass(60_000);
    expect(positionsOf(await buried.search())).toEqual([0, 2]);
  });
});

describe('an archive query', () => {
  test('is told which days of which categories have expired, unless a hold reaches them', async () => {
    const bench = await recorded();
    bench.deployment.now = DUE;
    const debug = async () =>
      (await bench.ports.keeping.expiredDays('acme')).find(({ category }) => category === 'debug');
    expect(await debug()).toEqual({ category: 'debug', before: '2026-03-02' });
    await hold(bench, { subject: 'user-1' });
    expect(await debug()).toBeUndefined();
  });
});

const ENTRY = { category: 'debug', recordedAt: '2026-03-01T22:00:00.000Z', actor: { type: 'user', id: 'u' } } as const;
const over = (appliedAt: number) => [{ scope: { category: 'debug' }, appliedAt }];

test.each([
  ['P30D', DUE - 1, [], 'kept'],
  ['P30D', DUE, [], 'expired'],
  ['P30D', DUE, over(DUE - 1), 'kept'],
  ['P30D', DUE, over(DUE), 'unless-buried'],
  ['P30D', DUE, [{ scope: { category: 'error' }, appliedAt: 0 }], 'expired'],
  ['permanent', Number.MAX_SAFE_INTEGER, [], 'kept'],
  ['PT10S', Date.parse(ENTRY.recordedAt) + 9_999, [], 'kept'],
  ['PT10S', Date.parse(ENTRY.recordedAt) + 10_000, [], 'unless-buried'],
  ['nonsense', Number.MAX_SAFE_INTEGER, [], 'kept'],
] as const)('kept for %s, at %i, under %j: %s', (retention, now, holds, fate) => {
  expect(fateOf(ENTRY as never, retention, holds, now)).toBe(fate);
});

test('the first day that is kept is the one after the last that has expired', () => {
  for (const retention of ['P1D', 'P30D', 'P1M', 'P1Y', 'P7Y']) {
    for (const now of [DUE, DUE + 1, DUE - 1, Date.parse('2028-02-29T12:00:00.000Z')]) {
      const first = firstKeptDay(retention, now)!;
      const before = new Date(Date.parse(`${first}T00:00:00.000Z`) - 1).toISOString();
      expect(entryKeptUntil({ recordedAt: `${first}T00:00:00.000Z` }, retention)).toBeGreaterThan(now);
      expect(entryKeptUntil({ recordedAt: before }, retention)).toBeLessThanOrEqual(now);
    }
  }
  expect(firstKeptDay('permanent', DUE)).toBeUndefined();
});
