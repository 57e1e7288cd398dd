// What expires and what stays.
import { describe, expect, test } from '@jest/globals';
import { HOLD, type HoldScope } from '../../../core/documents/hold.ts';
import { Expiring } from '../../support/expiring.ts';
import type { SampleEntry } from '../../support/ledger-stream.ts';

const DAY_MS = 86_400_000;
const MARCH_1 = Date.parse('2026-03-01T10:00:00.000Z');
/** When a retention of two seconds, and the shortest lock, have passed for the first of March. */
const OVER = 2 * 3_600_000 + 61_000;

const debug = (day = 0): SampleEntry => ({ category: 'debug', recordedAt: MARCH_1 + day * DAY_MS });
const payment: SampleEntry = { category: 'payment', recordedAt: MARCH_1 };
const file = (day: string, first: number) => `day=${day}/00-${String(first).padStart(16, '0')}.parquet`;
const key = (first: number) => `entries/tenant=acme/category=debug/${file('2026-03-01', first)}`;

/** Two sealed segments of debug and one of payment, all of the first of March. */
async function sealedDay(options: ConstructorParameters<typeof Expiring>[0] = {}): Promise<Expiring> {
  const expiring = new Expiring(options);
  await expiring.record([debug(), debug(), payment]);
  await expiring.record([debug()]);
  await expiring.seal();
  return expiring;
}

describe('what expires', () => {
  test('is removed after a tombstone and an entry say so, and nothing else is', async () => {
    const expiring = await sealedDay();
    expiring.pass(OVER);
    const versions = [key(0), key(3)].map((one) => expiring.store.object(one).version);
    const { expired, done } = await expiring.expire();
    expect(done).toBe(true);
    expect(expired).toMatchObject({ segments: 2, positions: 3, held: 0, early: 0, findings: 0 });
    expect(expiring.bodies()).toEqual([]);
    expect(expiring.bodies('payment')).toEqual([file('2026-03-01', 2)]);
    const [tombstone, ...more] = expiring.tombstones();
    expect(more).toEqual([]);
    expect(tombstone).toMatchObject({
      number: 0,
      category: 'debug',
      retention: 'PT2S',
      at: '2026-03-02T00:00:56.000Z',
    });
    expect(tombstone!.segments.map(({ object, chain, first, last }) => [object.version, chain, first, last])).toEqual([
      [versions[0], 0, 0, 1],
      [versions[1], 0, 3, 3],
    ]);
    const { bytes } = expired;
    expect(expiring.entries()).toMatchObject([
      {
        action: 'audit.expired',
        category: 'audit',
        actor: { type: 'system', id: 'indelible/expire' },
        metadata: { category: 'debug', tombstone: 0, through: '2026-03-01', segments: 2, positions: 3, bytes },
      },
    ]);
  });

  test('does so once: a second run finds nothing', async () => {
    const expiring = await sealedDay();
    expiring.pass(OVER);
    await expiring.expire();
    expect((await expiring.expire()).expired.segments).toBe(0);
    expect([expiring.tombstones().length, expiring.entries().length]).toEqual([1, 1]);
  });

  test('is locked under the tombstone for as long as locks last', async () => {
    const expiring = await sealedDay();
    expiring.pass(OVER);
    await expiring.expire();
    const { retainUntil } = expiring.store.object('tombstones/tenant=acme/0000000000.json');
    expect(retainUntil!.getTime()).toBeGreaterThan(expiring.now + 36_000 * DAY_MS);
  });

  test('is the oldest days, and the listing ends with them', async () => {
    const expiring = new Expiring();
    expiring.retention.debug = 'P1D';
    for (const day of [0, 1, 2]) {
      expiring.now = MARCH_1 + day * DAY_MS + 3_600_000;
      await expiring.record([debug(day)]);
    }
    await expiring.seal();
    expiring.now = Date.parse('2026-03-04T00:05:00Z');
    await expiring.expire();
    expect(expiring.bodies()).toEqual([file('2026-03-03', 2)]);
  });

  test('is every version that a seal names, also where a later list names another one', async () => {
    const expiring = new Expiring();
    await expiring.record([debug(), debug(), debug()]);
    await expiring.seal(2);
    // What was put over the segment meanwhile was covered with the genuine bytes again.
    const { bytes, retainUntil } = expiring.store.object(key(0));
    expiring.store.plant(key(0), bytes, {}, retainUntil);
    await expiring.seal();
    expiring.pass(OVER);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 2, positions: 3, findings: 0 });
    expect(await expiring.store.versions(key(0))).toEqual([]);
  });
});

describe('what stays', () => {
  test('is everything until the day and the retention have passed', async () => {
    const expiring = new Expiring();
    expiring.retention.debug = 'P1D';
    await expiring.record([debug(), debug(), payment]);
    await expiring.record([debug()]);
    await expiring.seal();
    expiring.pass(2 * 3_600_000 + DAY_MS - 1);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 0, early: 0 });
    expect(expiring.requests.get('find')).toBeUndefined();
    expect(expiring.bodies()).toHaveLength(2);
  });

  test('is what was sealed less than its retention of seconds ago, and no more than its lock', async () => {
    const expiring = await sealedDay();
    expiring.pass(1_999);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 0, early: 2 });
    expiring.pass(8_001);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 2, early: 0 });
  });

  test('is what is locked longer than its category says', async () => {
    const expiring = await sealedDay();
    const { version } = expiring.store.object(key(0));
    await expiring.store.extendLock(key(0), version, new Date(expiring.now + 5 * DAY_MS));
    expiring.pass(OVER);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 1, early: 1 });
    expect(expiring.bodies()).toEqual([file('2026-03-01', 0)]);
    expiring.pass(5 * DAY_MS);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 1, early: 0 });
    expect(expiring.tombstones()).toHaveLength(2);
  });

  test('is what the digest promised to keep longer than the deployment says now', async () => {
    const expiring = new Expiring();
    expiring.retention = { debug: 'P2D' };
    // Archived under a short lock by a mistaken configuration, sealed under the right one.
    expiring.retention.debug = 'PT2S';
    await expiring.record([debug()]);
    expiring.retention.debug = 'P2D';
    await expiring.seal();
    expiring.retention.debug = 'PT2S';
    expiring.pass(OVER);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 0, early: 1 });
    expiring.pass(2 * DAY_MS);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 1, early: 0 });
  });

  test('is what no seal has, wholly or in part', async () => {
    const expiring = await sealedDay();
    await expiring.record([debug(), debug(), debug()]);
    await expiring.seal(6);
    await expiring.record([debug()]);
    expiring.pass(OVER);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 2, early: 2 });
    expect(expiring.bodies()).toEqual([file('2026-03-01', 4), file('2026-03-01', 7)]);
  });

  test('is everything while nothing is sealed', async () => {
    const expiring = new Expiring();
    await expiring.record([debug()]);
    expiring.pass(OVER);
    expect(await expiring.expire()).toMatchObject({ done: true, expired: { segments: 0, early: 0 } });
    expect(expiring.bodies()).toHaveLength(1);
  });

  test('is a permanent category, which is not even listed', async () => {
    const expiring = await sealedDay();
    expiring.pass(40_000 * DAY_MS);
    expect((await expiring.expire('payment')).expired.segments).toBe(0);
    expect(expiring.requests.size).toBe(0);
  });
});

describe('a hold', () => {
  test.each<[string, HoldScope, string[]]>([
    ['on everything', {}, [file('2026-03-01', 0), file('2026-03-01', 3)]],
    ['on the category', { category: 'debug' }, [file('2026-03-01', 0), file('2026-03-01', 3)]],
    ['on another category', { category: 'payment' }, []],
    // Positions 0, 1 and 3 are of user-0, user-1 and again user-0.
    ['on a person in one segment', { subject: 'user-1' }, [file('2026-03-01', 0)]],
    ['on a person in both', { subject: 'user-0' }, [file('2026-03-01', 0), file('2026-03-01', 3)]],
    ['on a time that begins later', { from: '2026-03-02T00:00:00.000Z' }, []],
    ['on a part of the day', { to: '2026-03-01T10:00:00.001Z' }, [file('2026-03-01', 0), file('2026-03-01', 3)]],
  ])('%s keeps what it covers, until it is released', async (_what, scope, kept) => {
    const expiring = await sealedDay();
    await expiring.hold('h-1', scope);
    expiring.pass(OVER);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 2 - kept.length, held: kept.length });
    expect(expiring.bodies()).toEqual(kept);
    await expiring.release('h-1');
    // As of the tombstone's time it is in force for some seconds more.
    expiring.pass(4_999);
    await expiring.expire();
    expect(expiring.bodies()).toEqual(kept);
    expiring.pass(1);
    await expiring.expire();
    expect(expiring.bodies()).toEqual([]);
  });

  test("of S3's own keeps a version that no hold covers", async () => {
    const expiring = await sealedDay();
    await expiring.store.setHold(key(0), expiring.store.object(key(0)).version, true);
    expiring.pass(OVER);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 1, held: 1 });
    expect(expiring.tombstones()[0]!.segments).toHaveLength(1);
  });

  test('that is applied between listing and removal keeps what it covers', async () => {
    const expiring = await sealedDay();
    expiring.pass(OVER);
    const { ledger } = expiring.ports.recording;
    const append = ledger.append.bind(ledger);
    // The entry is the last thing before removal.
    ledger.append = async (request) => {
      await expiring.hold('h-1', { subject: 'user-1' });
      return append(request);
    };
    expect((await expiring.expire()).expired).toMatchObject({ segments: 1, held: 1 });
    expect(expiring.bodies()).toEqual([file('2026-03-01', 0)]);
    const { holds } = await expiring.holds.read('acme');
    expect(expiring.tombstones()[0]!.at < holds[0]!.applied.at).toBe(true);
    ledger.append = append;

    expiring.pass(400 * DAY_MS);
    await expiring.release('h-1');
    expiring.pass(5_000);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 1, held: 0 });
    // It was buried then, and isn't again.
    expect(expiring.tombstones()).toHaveLength(1);
    expect(new Set(expiring.entries().map(({ id }) => id)).size).toBe(1);
  });

  test('that is applied before the tombstone keeps it from being named', async () => {
    const expiring = await sealedDay();
    expiring.pass(OVER);
    const held = expiring.store.held.bind(expiring.store);
    // Asked of each version when it is judged.
    expiring.store.held = async (...asked) => {
      await expiring.hold('h-1', { subject: 'user-1' });
      return held(...asked);
    };
    expect((await expiring.expire()).expired).toMatchObject({ segments: 1, held: 1 });
    expect(expiring.tombstones().map(({ segments }) => segments.length)).toEqual([1]);
  });

  test('that reaches S3 only then keeps the version too', async () => {
    const expiring = await sealedDay();
    expiring.pass(OVER);
    expiring.beforeRemoval = () => expiring.store.setHold(key(0), expiring.store.object(key(0)).version, true);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 1, held: 1 });
    expect(expiring.bodies()).toEqual([file('2026-03-01', 0)]);
  });

  test('is not hidden by what somebody puts over its event, beside it, or far behind it', async () => {
    const expiring = await sealedDay();
    await expiring.hold('h-1', {});
    const [slot] = expiring.store.keys('holds/');
    const event = HOLD.parse(expiring.store.object(slot!).bytes);
    const release = HOLD.format({ ...event, id: 'h-2', scope: { category: 'payment' } });
    expiring.store.plant(slot!, release);
    expiring.store.plant('holds/tenant=acme/0000000000.json.old', release);
    expiring.store.plant('holds/tenant=acme/0000000007.json', HOLD.format({ ...event, event: 'released', number: 7 }));
    expiring.pass(OVER);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 0, held: 2 });
  });
});

describe('what is strange', () => {
  test('is left, told, and keeps no genuine sibling', async () => {
    const expiring = await sealedDay();
    const planted = expiring.store.plant(key(0), Buffer.from('planted'));
    expiring.store.plant(key(1), expiring.store.object(key(3)).bytes);
    expiring.store.plant('entries/tenant=acme/category=debug/day=2026-03-01/notes.txt', Buffer.from('x'));
    expiring.store.plant(
      'entries/tenant=acme/category=debug/day=2026-99-01/00-0000000000000000.parquet',
      Buffer.from('x'),
    );
    expiring.store.mark(key(3));
    expiring.pass(OVER);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 2, findings: 5 });
    expect(expiring.findings.map(({ kind }) => kind).sort()).toEqual(['key', 'key', 'marker', 'unnamed', 'unnamed']);
    expect(expiring.store.object(key(0)).version).toBe(planted);
    expect(await expiring.store.versions(key(3))).toEqual([]);
  });

  test.each(['digests/', 'contents/', 'lists/'])('is what a seal says when %s was replaced', async (prefix) => {
    const expiring = await sealedDay();
    const [one] = expiring.store.keys(prefix);
    const genuine = expiring.store.object(one!);
    expiring.store.plant(one!, Buffer.from('{}'));
    expiring.pass(OVER);
    // Named by version, or found below: what covers it up changes nothing.
    expect((await expiring.expire()).expired).toMatchObject({ segments: 2, findings: 0 });
    expect(genuine.bytes.length).toBeGreaterThan(2);
  });

  test('is a digest that the log does not have', async () => {
    const expiring = await sealedDay();
    const log = (await expiring.ports.newestSeal())!;
    Object.assign(expiring.ports, { newestSeal: async () => ({ ...log, leafHash: async () => undefined }) });
    expiring.pass(OVER);
    expect((await expiring.expire()).expired).toMatchObject({ segments: 0, findings: 2 });
    expect(expiring.bodies()).toHaveLength(2);
  });
});

describe('what it takes', () => {
  test('follows what expires: a year of what stays adds nothing', async () => {
    const cost = async (days: number) => {
      const expiring = new Expiring();
      for (let day = 0; day < days; day++) {
        expiring.now = MARCH_1 + day * DAY_MS + 3_600_000;
        await expiring.record([debug(day)]);
        await expiring.seal();
      }
      // Long locked, so that only the first of March is over.
      expiring.retention.debug = `P${days - 1}D`;
      expiring.now = MARCH_1 + days * DAY_MS;
      expiring.requests.clear();
      expect((await expiring.expire()).expired.segments).toBe(1);
      return [...expiring.requests.values()].reduce((a, b) => a + b, 0);
    };
    const [ten, hundred] = [await cost(10), await cost(100)];
    expect(ten).toBeLessThan(30);
    // The digest is found by halving.
    expect(hundred - ten).toBeLessThan(16);
  });

  test('is a few requests a segment, and one list for all segments in it', async () => {
    const expiring = new Expiring();
    for (let i = 0; i < 100; i++) await expiring.record([debug(), payment]);
    await expiring.seal();
    expiring.pass(OVER);
    await expiring.expire();
    const { find, held, remove, fetch, list } = Object.fromEntries(expiring.requests);
    expect({ find, held, remove, list }).toEqual({ find: 100, held: 100, remove: 100, list: 1 });
    expect(fetch).toBeLessThan(10);
  });

  test('is cut into tombstones of a bounded size', async () => {
    const expiring = new Expiring({ tombstoneSegments: 3 });
    for (let i = 0; i < 7; i++) await expiring.record([debug()]);
    await expiring.seal();
    expiring.pass(OVER);
    expect((await expiring.expire()).expired.segments).toBe(7);
    expect(expiring.tombstones().map(({ segments }) => segments.length)).toEqual([3, 3, 1]);
    expect(expiring.entries()).toHaveLength(3);
  });

  test('is cut into calls when time runs out, without losing or repeating anything', async () => {
    const expiring = new Expiring({ budgetMs: 1_000 });
    for (let i = 0; i < 200; i++) await expiring.record([debug()]);
    await expiring.seal();
    expiring.pass(OVER);
    let calls = 0;
    const { newestSeal } = expiring.ports;
    const counted = () => {
      calls++;
      return newestSeal();
    };
    Object.assign(expiring.ports, { newestSeal: counted });
    const find = expiring.ports.store.find.bind(expiring.ports.store);
    expiring.ports.store.find = (...given) => {
      expiring.pass(20);
      return find(...given);
    };
    expect(await expiring.expire()).toMatchObject({ done: true, expired: { segments: 200, positions: 200 } });
    expect(calls).toBeGreaterThan(2);
    const named = expiring.tombstones().flatMap(({ segments }) => segments.map(({ object }) => object.version));
    expect([named.length, new Set(named).size]).toEqual([200, 200]);
  });
});

test('two workers at the same category bury each version once', async () => {
  const expiring = await sealedDay();
  expiring.pass(OVER);
  await Promise.all([expiring.expire(), expiring.expire(), expiring.expire()]);
  expect(expiring.bodies()).toEqual([]);
  const named = expiring.tombstones().flatMap(({ segments }) => segments.map(({ object }) => object.version));
  expect([named.length, new Set(named).size]).toEqual([2, 2]);
});
