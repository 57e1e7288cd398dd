// What a hold covers, what it lets go, and who ends it.
import { describe, expect, test } from '@jest/globals';
import type { Entry } from '../../../console/api/operations.ts';
import { type CategoryRow, expiringIn } from '../../../console/holds/expiry.ts';
import { type Hold, releaseOf } from '../../../console/holds/release.ts';
import { type Draft, draftOf, faultsOf, isAbout, scopeOf, searchOfScope } from '../../../console/holds/scope.ts';
import { keptUntil } from '../../../core/catalog/retention.ts';
import { covers } from '../../../core/hold/match.ts';
import { compileQuery } from '../../../core/query/match.ts';
import { parseQuery } from '../../../core/query/parse.ts';

const NOW = Date.parse('2026-11-30T12:34:56.789Z');
const DRAFT: Draft = { subject: '', targetType: '', targetId: '', category: '', range: 'all', reason: 'why' };

describe('the scope', () => {
  test('of what was typed, without blanks around it', () => {
    expect(scopeOf(DRAFT, NOW)).toEqual({});
    const typed = { ...DRAFT, subject: ' u-17 ', targetType: 'case', targetId: 'WB-3', category: 'payment' };
    expect(scopeOf(typed, NOW)).toEqual({
      ...{ subject: 'u-17', target: { type: 'case', id: 'WB-3' }, category: 'payment' },
    });
  });
  test('a range that counts back from now begins where it begins now, and has no end', () => {
    for (const [range, from] of [
      [{ amount: 7, unit: 'day' }, '2026-11-23T12:34:56.789Z'],
      [{ amount: 24, unit: 'hour' }, '2026-11-29T12:34:56.789Z'],
      [{ amount: 3, unit: 'month' }, '2026-08-30T12:34:56.789Z'],
    ] as const) {
      expect(scopeOf({ ...DRAFT, range }, NOW)).toEqual({ from });
    }
  });
  test('what keeps it from being applied', () => {
    expect(faultsOf(DRAFT)).toEqual([]);
    expect(faultsOf({ ...DRAFT, targetId: 'WB-3', reason: ' ' })).toEqual(['missing-kind', 'reason']);
  });
  test('in a link: what is no category or range is as if it were not there', () => {
    const link = new URLSearchParams('subject=u1&type=case&id=7&category=%3Cb%3E&from=2026-11-02&to=2026-11-01');
    expect(draftOf(link)).toEqual({ ...DRAFT, subject: 'u1', targetType: 'case', targetId: '7', reason: '' });
  });
});

describe('the search of a scope', () => {
  const scopes = [
    {},
    { subject: 'u-1' },
    { target: { type: 'case' } },
    { target: { type: 'case', id: 'c-1' } },
    { subject: 'a "quoted" \\ name', target: { type: 'ca*se', id: 'c?' }, category: 'payment' },
  ] as const;
  const entry = (over: object): Entry =>
    ({ category: 'payment', recordedAt: '2026-11-01T00:00:00.000Z', actor: { type: 'user' }, ...over }) as Entry;
  const entries = [
    entry({ actor: { type: 'user', id: 'u-1' } }),
    entry({ actor: { type: 'user', onBehalfOf: 'u-1' }, category: 'case' }),
    entry({ target: { type: 'case', id: 'c-1' } }),
    entry({ target: { type: 'case', id: 'u-1' } }),
    // Kind and id of two records: not the one that is meant.
    entry({
      related: [
        { type: 'case', id: 'c-2' },
        { type: 'file', id: 'c-1' },
      ],
    }),
    entry({
      related: [
        { type: 'file', id: 'u-1' },
        { type: 'case', id: 'c-1' },
      ],
    }),
    entry({ target: { type: 'ca*se', id: 'c?' }, actor: { type: 'user', id: 'a "quoted" \\ name' } }),
  ];
  test.each(scopes)('finds what %j covers, and nothing else', (scope) => {
    const found = compileQuery(parseQuery(searchOfScope(scope).q ?? ''));
    for (const one of entries) {
      const shown = found({ entry: one } as never) && isAbout(scope, one);
      expect([one, shown]).toEqual([one, covers(scope, one as never)]);
    }
  });
});

describe('what a hold lets go', () => {
  const categories = (retention: string): CategoryRow[] => [{ name: 'case', labels: [], severity: 'low', retention }];
  test.each(['P30D', 'P2Y', 'P36M', 'P7Y', 'P1M', 'P2W', 'P1Y6M'])(
    '%s: the day before is past, the day is not',
    (retention) => {
      const before = expiringIn({}, categories(retention), NOW)[0]!.before!;
      const day = before.slice(0, 10);
      const eve = new Date(Date.parse(before) - 1).toISOString().slice(0, 10);
      expect(keptUntil(eve, before, retention)).toBeLessThanOrEqual(NOW);
      expect(keptUntil(day, before, retention)).toBeGreaterThan(NOW);
    },
  );
  test('for ever, and longer than there has been anything to record', () => {
    expect(expiringIn({}, categories('permanent'), NOW)[0]).toMatchObject({ before: undefined, notUntil: undefined });
    expect(expiringIn({}, categories('P9000Y'), NOW)[0]).toMatchObject({ before: '1970-01-01T00:00:00.000Z' });
    expect(expiringIn({}, categories('P900000Y'), NOW)[0]).toMatchObject({ before: '1970-01-01T00:00:00.000Z' });
  });
  test('nothing is past where the scope begins later: when the first of it will be', () => {
    const [one] = expiringIn({ from: '2026-11-10T09:00:00.000Z' }, categories('P30D'), NOW);
    expect(one).toMatchObject({ notUntil: '2026-12-11T00:00:00.000Z' });
  });
  test('the scope’s own end comes first', () => {
    const [one] = expiringIn({ to: '2020-01-01T00:00:00.000Z' }, categories('P2Y'), NOW);
    expect(one?.before).toBe('2020-01-01T00:00:00.000Z');
  });
  test('by retention, and of the scope’s category alone', () => {
    const all = [
      ...categories('P2Y'),
      { ...categories('P2Y')[0]!, name: 'session' },
      { ...categories('P7Y')[0]!, name: 'payment' },
    ];
    expect(expiringIn({}, all, NOW).map(({ categories: names }) => names)).toEqual([['case', 'session'], ['payment']]);
    expect(expiringIn({ category: 'payment' }, all, NOW)).toHaveLength(1);
  });
});

test('who may end a hold', () => {
  const applied = { at: '', by: 'clara', role: 'compliance', reason: '' } as const;
  const hold: Hold = { id: 'h', status: 'active', scope: {}, applied };
  const asked = { ...hold, releaseRequested: applied };
  expect(releaseOf(hold, 'compliance', 'dario')).toBe('release');
  expect(releaseOf(hold, 'admin', 'clara')).toBe('other-office');
  expect(releaseOf(asked, 'compliance', 'clara')).toBe('asked');
  expect(releaseOf(asked, 'compliance', 'dario')).toBe('confirm');
  expect(releaseOf({ ...hold, status: 'released' }, 'compliance', 'clara')).toBe('released');
});
