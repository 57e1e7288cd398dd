// Expiry with a fault at each of its writes.
import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../fakes/locked-store.ts';
import { Expiring } from '../support/expiring.ts';

const MARCH_1 = Date.parse('2026-03-01T10:00:00.000Z');
const OVER = 2 * 3_600_000 + 61_000;
/** Far more than the scenario writes; a plan that never fires has nothing left to test. */
const WRITES = 40;

/** One run with a fault at the nth write, then one without, a day later, as the schedule would make it. */
async function crashAt(nth: number, fault: Fault): Promise<boolean> {
  const expiring = new Expiring({ tombstoneSegments: 2 });
  for (let i = 0; i < 5; i++) await expiring.record([{ category: 'debug', recordedAt: MARCH_1 + i }]);
  await expiring.seal();
  const versions = expiring.store.keys('entries/').map((key) => expiring.store.object(key).version);
  expiring.pass(OVER);
  let writes = 0;
  expiring.fault = () => (writes++ === nth ? fault : undefined);
  const failed = await expiring.expire().then(
    () => false,
    () => true,
  );
  const hit = writes > nth;
  expect(failed).toBe(hit);

  // Whatever is gone already, a tombstone names it and the trail tells of it.
  const named = () => expiring.tombstones().flatMap(({ segments }) => segments.map(({ object }) => object.version));
  const told = () => expiring.entries().map(({ metadata }) => metadata.tombstone);
  const there = new Set(expiring.store.keys('entries/').map((key) => expiring.store.object(key).version));
  for (const version of versions.filter((one) => !there.has(one))) {
    const tombstone = expiring
      .tombstones()
      .find(({ segments }) => segments.some(({ object }) => object.version === version));
    expect(told()).toContain(tombstone!.number);
  }

  expiring.fault = undefined;
  expiring.pass(86_400_000);
  await expiring.expire();
  expect(expiring.bodies()).toEqual([]);
  expect(named().sort()).toEqual(versions.sort());
  expect(told().sort()).toEqual(expiring.tombstones().map(({ number }) => number));
  return hit;
}

describe.each<Fault>(['lost', 'persisted'])('a write whose answer does not come (%s)', (fault) => {
  test('at any write leaves one tombstone and one entry for what is gone', async () => {
    let hits = 0;
    for (let nth = 0; nth < WRITES; nth++) if (await crashAt(nth, fault)) hits++;
    // Three tombstones, three entries, five removals: every one of them was a crash.
    expect(hits).toBe(11);
  });
});
