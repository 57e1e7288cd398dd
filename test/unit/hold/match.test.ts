// What a hold covers.
import { describe, expect, test } from '@jest/globals';
import type { HoldScope } from '../../../core/documents/hold.ts';
import { covers, type Holdable, isHeld, type Reach, reachOf, reachOfAll } from '../../../core/hold/match.ts';

const ENTRY: Holdable = {
  category: 'payment',
  recordedAt: '2026-03-01T10:00:00.000Z',
  actor: { type: 'user', id: 'u-1', onBehalfOf: 'u-2' },
  target: { type: 'invoice', id: 'i-1' },
  related: [{ type: 'client', id: 'u-3' }, { type: 'case' }],
};

describe('a scope covers an entry', () => {
  test.each<[string, HoldScope]>([
    ['without members', {}],
    ['by category', { category: 'payment' }],
    ['from its very millisecond on', { from: '2026-03-01T10:00:00.000Z' }],
    ['before the next millisecond', { to: '2026-03-01T10:00:00.001Z' }],
    ['by the actor', { subject: 'u-1' }],
    ['by whom the actor acted for', { subject: 'u-2' }],
    ['by a related record of any type', { subject: 'u-3' }],
    ['by the target as a person', { subject: 'i-1' }],
    ['by the type of the target', { target: { type: 'invoice' } }],
    ['by the target', { target: { type: 'invoice', id: 'i-1' } }],
    ['by a related target', { target: { type: 'client', id: 'u-3' } }],
    [
      'by everything at once',
      { category: 'payment', subject: 'u-1', target: { type: 'case' }, from: '2026-01-01T00:00:00.000Z' },
    ],
  ])('%s', (_how, scope) => expect(covers(scope, ENTRY)).toBe(true));

  test.each<[string, HoldScope]>([
    ['another category', { category: 'debug' }],
    ['a later begin', { from: '2026-03-01T10:00:00.001Z' }],
    ['its very millisecond as the end', { to: '2026-03-01T10:00:00.000Z' }],
    ['another person', { subject: 'u-4' }],
    ['a name that is no identifier', { subject: 'user' }],
    ['another type', { target: { type: 'receipt' } }],
    ['another record of the type', { target: { type: 'invoice', id: 'u-3' } }],
    ['one member that does not fit among those that do', { category: 'payment', subject: 'u-4' }],
  ])('not with %s', (_how, scope) => expect(covers(scope, ENTRY)).toBe(false));

  test('that nobody validated', () => {
    const odd = { category: 'payment', recordedAt: ENTRY.recordedAt, actor: null, target: 7, related: [null, 'u-1'] };
    expect(covers({ subject: 'u-1' }, odd as unknown as Holdable)).toBe(false);
    expect(covers({ category: 'payment' }, odd as unknown as Holdable)).toBe(true);
  });
});

describe('a scope reaches a category on a day', () => {
  const categoryDay = { category: 'payment', day: '2026-03-01' };
  test.each<[string, HoldScope, Reach]>([
    ['without members', {}, 'all'],
    ['by category', { category: 'payment' }, 'all'],
    ['of another category', { category: 'debug' }, 'none'],
    ['by person', { subject: 'u-1' }, 'some'],
    ['by target', { target: { type: 'invoice' } }, 'some'],
    ['for exactly the day', { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' }, 'all'],
    ['from within the day', { from: '2026-03-01T00:00:00.001Z' }, 'some'],
    ['until within the day', { to: '2026-03-01T23:59:59.999Z' }, 'some'],
    ['from the next day', { from: '2026-03-02T00:00:00.000Z' }, 'none'],
    ['until the day', { to: '2026-03-01T00:00:00.000Z' }, 'none'],
    ['for no time at all', { from: '2026-03-01T12:00:00.000Z', to: '2026-03-01T12:00:00.000Z' }, 'none'],
  ])('%s', (_how, scope, reach) => expect(reachOf(scope, categoryDay)).toBe(reach));

  test('as far as the furthest of several', () => {
    const [none, some, all] = [{ category: 'debug' }, { subject: 'u-1' }, {}].map((scope) => ({ id: 'h', scope }));
    expect(reachOfAll([], categoryDay)).toBe('none');
    expect(reachOfAll([none!], categoryDay)).toBe('none');
    expect(reachOfAll([none!, some!], categoryDay)).toBe('some');
    expect(reachOfAll([some!, none!, all!], categoryDay)).toBe('all');
    expect([isHeld([none!], ENTRY), isHeld([none!, some!], ENTRY)]).toEqual([false, true]);
  });
});
