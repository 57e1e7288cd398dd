// Archiving with a fault at each of its writes.
import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../fakes/locked-store.ts';
import { expectArchivedOnce } from '../support/archived.ts';
import { Archiving, CHAIN, MARCH_2, some } from '../support/archiving.ts';
import { changeOf, insertOf } from '../support/ledger-stream.ts';

/** Far more than the scenario writes; a plan that never fires has nothing left to test. */
const WRITES = 40;

/** One delivery with a fault at the nth write, then deliveries without one, as the stream would make them. */
async function crashAt(nth: number, fault: Fault, loseRow: boolean): Promise<boolean> {
  let writes = 0;
  let armed = true;
  const archiving = new Archiving({
    fault: () => (armed && writes++ === nth ? fault : undefined),
    limits: { windowEntries: 3 },
  });
  const blocks = archiving.ledger([
    [...some('payment', 2), ...some('debug', 1)],
    [...some('debug', 1), ...some('payment', 1), ...some('payment', 2, MARCH_2)],
    some('payment', 1, MARCH_2),
  ]);
  const other = archiving.ledger([some('debug', 2)], 'globex#1');
  const changes = [
    insertOf(blocks[0]!, 1),
    changeOf('modify', blocks[0]!, 2),
    insertOf(other[0]!, 3),
    insertOf(blocks[1]!, 4),
    insertOf(blocks[2]!, 5),
  ];
  const first = await archiving.deliver(changes);
  const hit = writes > nth;
  armed = false;
  expect(first.failures.length).toBe(hit ? 1 : 0);
  expect(first.failedFrom !== undefined).toBe(hit);
  if (loseRow) archiving.chains.lose(CHAIN);
  const from = changes.findIndex(({ sequenceNumber }) => sequenceNumber === first.failedFrom);
  const again = from < 0 ? [] : changes.slice(from);
  // In other boundaries than the first time.
  for (const part of [again.slice(0, 2), again.slice(2)]) {
    expect((await archiving.deliver(part)).failures).toEqual([]);
  }
  if (loseRow) expect((await archiving.deliver([changes.at(-1)!])).failures).toEqual([]);
  await expectArchivedOnce(archiving.store, [...blocks, ...other]);
  expect(archiving.evidence().map(({ reason }) => reason)).toEqual(['modify']);
  return hit;
}

describe.each<Fault>(['lost', 'persisted'])('a write whose answer does not come (%s)', (fault) => {
  test.each([false, true])('at any write, the chain row lost: %s, leaves each position once', async (loseRow) => {
    const hits: number[] = [];
    for (let nth = 0; nth < WRITES; nth++) if (await crashAt(nth, fault, loseRow)) hits.push(nth);
    // Six segments, one evidence document and three rows at least: every one of them was a crash.
    expect(hits.length).toBeGreaterThanOrEqual(10);
    expect(hits.length).toBeLessThan(WRITES);
  });
});
