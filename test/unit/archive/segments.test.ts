// Which segments are made of deliveries.
import { describe, expect, test } from '@jest/globals';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { sha256, toHex } from '../../../core/crypto.ts';
import type { LockedObject } from '../../../services/object-lock/port.ts';
import { expectArchivedOnce } from '../../support/archived.ts';
import { Archiving, CHAIN, MARCH_1, MARCH_2, some } from '../../support/archiving.ts';
import { chainOf, insertOf } from '../../support/ledger-stream.ts';

const key = (category: string, day: string, first: number) =>
  `entries/tenant=acme/category=${category}/day=${day}/00-${String(first).padStart(16, '0')}.parquet`;

describe('segments', () => {
  test('one delivery makes one segment a category and day, whatever blocks the entries came in', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([
      [...some('payment', 2), ...some('debug', 1)],
      [...some('payment', 1), ...some('debug', 2), ...some('payment', 1, MARCH_2)],
    ]);
    const { summary, failedFrom } = await archiving.insert(blocks);
    expect(failedFrom).toBeUndefined();
    expect(summary).toMatchObject({ segments: 3, entries: 7, findings: [], gaps: [] });
    expect(archiving.store.keys()).toEqual([
      key('debug', '2026-03-01', 2),
      key('payment', '2026-03-01', 0),
      key('payment', '2026-03-02', 6),
    ]);
    await expectArchivedOnce(archiving.store, blocks);
  });

  test('the lock lasts until the end of the day and the retention of the category', async () => {
    const archiving = new Archiving();
    await archiving.insert(archiving.ledger([[...some('payment'), ...some('security')]]));
    const lock = (category: string) =>
      archiving.store.object(key(category, '2026-03-01', category === 'payment' ? 0 : 1));
    expect(lock('payment').retainUntil?.toISOString()).toBe('2026-04-01T00:00:00.000Z');
    const years = (lock('security').retainUntil!.getTime() - archiving.now().getTime()) / (365.25 * 86_400_000);
    expect(years).toBeGreaterThan(99.8);
    expect(() => archiving.store.deleteVersion(key('payment', '2026-03-01', 0), lock('payment').version)).toThrow(
      'locked',
    );
  });

  test('metadata say what is inside', async () => {
    const archiving = new Archiving();
    const [block] = archiving.ledger([[...some('debug'), ...some('payment', 3)]]);
    await archiving.insert([block!]);
    const { bytes, metadata } = archiving.store.object(key('payment', '2026-03-01', 1));
    const rows = await parquetSegments.decode(bytes);
    const debug = await parquetSegments.decode(archiving.store.object(key('debug', '2026-03-01', 0)).bytes);
    expect(metadata).toEqual({
      ...{ first: '1', through: '4', count: '3', sha256: toHex(sha256(bytes)) },
      ...{ 'previous-link': toHex(debug[0]!.link), link: toHex(rows[2]!.link) },
    });
  });

  test('the hash that was computed once goes along to the store', async () => {
    const archiving = new Archiving();
    const put: LockedObject[] = [];
    const create = archiving.store.create.bind(archiving.store);
    archiving.store.create = (key, object) => {
      put.push(object);
      return create(key, object);
    };
    await archiving.insert(archiving.ledger([some('payment', 3)]));
    expect(put).toHaveLength(1);
    expect(toHex(put[0]!.sha256!)).toBe(toHex(sha256(put[0]!.bytes)));
    expect(put[0]!.metadata.sha256).toBe(toHex(put[0]!.sha256!));
  });

  test('the same run gives the same bytes', async () => {
    const [one, two] = [new Archiving(), new Archiving()];
    for (const archiving of [one, two]) await archiving.insert(archiving.ledger([some('payment', 9)]));
    const path = key('payment', '2026-03-01', 0);
    expect(toHex(one.store.object(path).bytes)).toBe(toHex(two.store.object(path).bytes));
  });

  test('a window is closed when it is full, so that memory stays bounded', async () => {
    const archiving = new Archiving({ limits: { windowEntries: 4 } });
    const blocks = archiving.ledger(Array.from({ length: 6 }, () => some('payment', 2)));
    const { summary } = await archiving.insert(blocks);
    expect(summary.segments).toBe(3);
    await expectArchivedOnce(archiving.store, blocks);
  });

  test('chains of one delivery do not touch each other', async () => {
    const archiving = new Archiving();
    const one = archiving.ledger([some('payment', 2)]);
    const other = archiving.ledger([some('payment', 3), some('payment', 1)], 'globex#3');
    await archiving.deliver([insertOf(other[0]!, 1), insertOf(one[0]!, 2), insertOf(other[1]!, 3)]);
    await expectArchivedOnce(archiving.store, [...one, ...other]);
  });

  test('blocks that the stream did not bring are read from the ledger', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('debug', 2), some('payment', 1)]);
    await archiving.insert([blocks[2]!]);
    await expectArchivedOnce(archiving.store, blocks);
  });

  test('a chain that is archived further than the stream stays as it is', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('debug', 2)]);
    await archiving.insert(blocks);
    const again = await archiving.insert([blocks[0]!, blocks[1]!, blocks[1]!], 5);
    expect(again.summary).toMatchObject({ segments: 0, entries: 0, findings: [] });
    await expectArchivedOnce(archiving.store, blocks);
  });

  test('a failure names the first change that is not settled, and spares the other chains', async () => {
    const archiving = new Archiving();
    const one = archiving.ledger([some('payment', 2), some('payment', 2)]);
    const other = archiving.ledger([some('payment', 3)], 'globex#0');
    const { failedFrom, failures } = await archiving.deliver([
      insertOf(other[0]!, 1),
      insertOf(one[0]!, 2),
      insertOf(one[1]!, 3),
    ]);
    expect({ failedFrom, failures }).toEqual({ failedFrom: undefined, failures: [] });

    let writes = 0;
    const failing = new Archiving({ fault: () => (++writes > 1 ? 'lost' : undefined), limits: { windowEntries: 2 } });
    for (const block of one) failing.blocks.put(block);
    const outcome = await failing.deliver([insertOf(one[0]!, 2), insertOf(one[1]!, 3)]);
    expect(outcome.failedFrom).toBe(insertOf(one[0]!, 2).sequenceNumber);
    expect(outcome.failures).toHaveLength(1);
  });

  test('what is settled is not asked for again', async () => {
    let writes = 0;
    // Segment and row of the first window go through; the second window's segment is lost.
    const archiving = new Archiving({ fault: () => (++writes > 2 ? 'lost' : undefined), limits: { windowEntries: 2 } });
    const blocks = archiving.ledger([some('payment', 2), some('payment', 2)]);
    const { failedFrom } = await archiving.insert(blocks);
    expect(failedFrom).toBe(insertOf(blocks[1]!, 1).sequenceNumber);
  });

  test('the row remembers the newest block for writers that start cold', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('debug', 3)]);
    await archiving.insert(blocks);
    const row = await archiving.chains.read(CHAIN);
    expect(row?.state).toMatchObject({ through: 5, position: 2, count: 3, ahead: {} });
    expect(toHex(row!.state.link)).toBe(toHex(blocks[1]!.link));
  });

  test('the lag is that of the oldest block of the delivery', async () => {
    const archiving = new Archiving();
    const blocks = chainOf(CHAIN, [some('payment', 1, MARCH_1), some('payment', 1, MARCH_2)]);
    const { summary } = await archiving.insert(blocks);
    expect(summary.lagMs).toBe(MARCH_2 - MARCH_1 + 300_000);
  });
});
