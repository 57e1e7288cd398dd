// What somebody puts into one chain stops no other: neither in a delivery nor in the shard.
import { describe, expect, test } from '@jest/globals';
import { ObjectRefused } from '../../../services/object-lock/port.ts';
import { expectArchivedOnce } from '../../support/archived.ts';
import { Archiving, CHAIN, MARCH_2, some } from '../../support/archiving.ts';
import { insertOf } from '../../support/ledger-stream.ts';

const CENTURY_MS = 36_525 * 86_400_000;
const DAY_MS = 86_400_000;

describe('an entry from the future', () => {
  test.each([
    ['a hundred years', CENTURY_MS],
    ['five days', 5 * DAY_MS],
    ['two hours', 2 * 3_600_000],
  ])('(%s ahead) is kept as evidence, and the other chains of the delivery are archived', async (_what, ahead) => {
    const archiving = new Archiving();
    const before = archiving.ledger([some('security', 2)]);
    await archiving.insert(before);
    const [, planted] = archiving.ledger([some('security', 2), some('security', 1, MARCH_2 + 300_000 + ahead)]);
    const others = archiving.ledger([some('security', 2)], 'globex#0');
    const { summary, failedFrom, putAside } = await archiving.insert([planted!, ...others], 5);
    expect([failedFrom, putAside]).toEqual([undefined, []]);
    expect(summary.findings).toMatchObject([{ kind: 'insert', reason: 'ahead', chain: CHAIN }]);
    expect(archiving.evidence()).toHaveLength(1);
    await expectArchivedOnce(archiving.store, [...before, ...others]);
  });

  test('some minutes ahead is a clock that differs', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('security', 2, MARCH_2 + 900_000)]);
    expect((await archiving.insert(blocks)).summary.findings).toEqual([]);
    await expectArchivedOnce(archiving.store, blocks);
  });
});

/** The store fails for one chain's segments. */
function failing(archiving: Archiving, error: () => Error): void {
  const { store } = archiving;
  const create = store.create.bind(store);
  store.create = (key, object) => (key.includes('tenant=acme/') ? Promise.reject(error()) : create(key, object));
}

describe('a chain that can not be archived', () => {
  test.each<[string, () => Error]>([
    ['because the store refuses its objects', () => new ObjectRefused('no')],
    ['because it brings about a defect', () => new TypeError('undefined is not a function')],
  ])('%s is put aside with evidence of every change, and the shard goes on', async (_what, error) => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2), some('payment', 1)]);
    const others = archiving.ledger([some('payment', 2)], 'globex#0');
    const create = archiving.store.create;
    failing(archiving, error);
    const { summary, failedFrom, failures, putAside } = await archiving.insert([blocks[0]!, ...others, blocks[1]!]);
    expect([failedFrom, failures]).toEqual([undefined, []]);
    expect(putAside.map(({ chain }) => chain)).toEqual([CHAIN]);
    expect(summary.findings).toMatchObject([
      { reason: 'put-aside', chain: CHAIN },
      { reason: 'put-aside', chain: CHAIN },
    ]);
    await expectArchivedOnce(archiving.store, others);
    // Nothing is lost by it: the next block of the chain brings the others along.
    archiving.store.create = create;
    const all = archiving.ledger([some('payment', 2), some('payment', 1), some('payment', 1)]);
    await archiving.insert(all.slice(2), 9);
    await expectArchivedOnce(archiving.store, [...all, ...others]);
  });

  test('for what passes, such as an outage, is delivered again', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2)]);
    failing(archiving, () => Object.assign(new Error('down'), { name: 'ServiceUnavailable' }));
    const { failedFrom, putAside, summary } = await archiving.insert(blocks);
    expect([failedFrom, putAside, summary.findings]).toEqual([insertOf(blocks[0]!, 0).sequenceNumber, [], []]);
  });

  test('is delivered again when its evidence can not be kept either', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 2)]);
    archiving.store.create = () => Promise.reject(new ObjectRefused('no'));
    const { failedFrom, putAside } = await archiving.insert(blocks);
    expect([failedFrom, putAside]).toEqual([insertOf(blocks[0]!, 0).sequenceNumber, []]);
  });
});
