// What is archived while a hold lasts.
import { describe, expect, test } from '@jest/globals';
import type { HoldScope } from '../../../core/documents/hold.ts';
import { Archiving, MARCH_1, MARCH_2 } from '../../support/archiving.ts';

const PAYMENT = { category: 'payment', recordedAt: MARCH_1 };
const DEBUG = { category: 'debug', recordedAt: MARCH_1 };
const LATER = { category: 'payment', recordedAt: MARCH_2 };

const payment = (day: string, first: number) => segment('payment', day, first);
const segment = (category: string, day: string, first: number) =>
  `entries/tenant=acme/category=${category}/day=${day}/00-${String(first).padStart(16, '0')}.parquet`;

const hold = (scope: HoldScope) => [{ id: 'h-1', scope }];

describe('what arrives while a hold lasts', () => {
  test.each<[string, HoldScope, boolean, boolean, boolean]>([
    ['everything', {}, true, true, true],
    ['a category', { category: 'payment' }, true, false, true],
    ['a time', { to: '2026-03-02T00:00:00.000Z' }, true, true, false],
    // The sample's actors take turns: position 1 is user-1's.
    ['a person', { subject: 'user-1' }, false, true, false],
    ['nobody here', { subject: 'user-9' }, false, false, false],
  ])('is held by a hold on %s', async (_what, scope, first, second, third) => {
    const archiving = new Archiving();
    archiving.holds = hold(scope);
    await archiving.insert(archiving.ledger([[PAYMENT], [DEBUG], [LATER]]));
    const held = [payment('2026-03-01', 0), segment('debug', '2026-03-01', 1), payment('2026-03-02', 2)].map(
      (key) => archiving.store.object(key).held,
    );
    expect(held).toEqual([first, second, third]);
  });

  test('is held also when it was there already, without a hold', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([[PAYMENT], [PAYMENT]]);
    await archiving.insert(blocks);
    archiving.chains.lose('acme#0');
    archiving.holds = hold({});
    // As one run this time: the first segment is adopted for its rows, not for its bytes.
    await archiving.insert(blocks);
    expect(archiving.store.object(payment('2026-03-01', 0)).held).toBe(true);
  });
});
