// What a record's page makes of its entries: address, deadlines, gaps, who and what.
import { describe, expect, test } from '@jest/globals';
import { dayAt, endOfDay } from '../../../console/record/days.ts';
import { ACKNOWLEDGED, ANSWERED, deadlinesOf, monthsAfter, REPORTED } from '../../../console/record/deadlines.ts';
import { lengthOf, momentsOf } from '../../../console/record/gaps.ts';
import { addressOfRecord, hasPath, MOST_PAGES, NO_RECORD, recordStateOf } from '../../../console/record/state.ts';
import { actionsOf, actorsOf, isOwnRead, namesOf, relatedOf } from '../../../console/record/summary.ts';
import { CATALOG } from '../../../core/catalog/catalog.ts';
import { type Happened, historyOf } from '../../support/history.ts';

describe('the address', () => {
  const full = {
    ...{ type: 's3:bucket', id: 'a&b?c', at: '2026-03-01T23:59:59.999Z', scale: true, own: true, pages: 3 },
    open: { chain: 1, position: 42 },
  };
  test.each([
    ['', NO_RECORD],
    ['type=s3%3Abucket&id=a%26b%3Fc&at=2026-03-01T23%3A59%3A59.999Z&scale=1&own=1&pages=3&open=1.42', full],
  ])('%s', (address, state) => {
    expect(addressOfRecord(state).toString()).toBe(address);
    expect(recordStateOf(new URLSearchParams(address))).toEqual(state);
  });
  test.each(['at=soon&scale=yes&own=x&pages=0&open=1', 'pages=1.5', 'pages=x'])(
    'what is none shows the defaults: %s',
    (address) => expect(recordStateOf(new URLSearchParams(address))).toEqual(NO_RECORD),
  );
  test('what a path can name', () => {
    const named = (type: string, id: string) => hasPath({ type, id });
    expect([named('s3:bucket', 'a?b#c%'), named('case', '...')]).toEqual([true, true]);
    expect([named('', 'x'), named('x', ''), named('x', 'a/b'), named('..', 'x'), named('x', '.')]).not.toContain(true);
  });
  test('no link makes a browser read without end', () => {
    expect(recordStateOf(new URLSearchParams('pages=100000')).pages).toBe(MOST_PAGES);
  });
});

describe('deadlines', () => {
  const report: Happened = { at: '2026-01-01T09:00:00Z', action: REPORTED };
  const acknowledged = (at: string, more: Happened['more'] = {}): Happened => ({ at, action: ACKNOWLEDGED, more });
  const answered = (at: string): Happened => ({ at, action: ANSWERED });
  const at = (now: string, ...happened: readonly Happened[]) =>
    deadlinesOf(historyOf(happened), 'case', 'c-1', Date.parse(now)).map(({ due, standing }) => [
      new Date(due).toISOString(),
      standing,
    ]);

  test('the actions are the catalog’s', () => {
    expect([REPORTED, ACKNOWLEDGED, ANSWERED].filter((action) => !CATALOG.has(action))).toEqual([]);
  });
  test('only of what was reported', () => {
    expect(at('2026-06-01T00:00:00Z', acknowledged('2026-01-02T00:00:00Z'))).toEqual([]);
    const other = { target: { type: 'user', id: 'u-1' }, related: [{ type: 'case', id: 'c-1' }] };
    expect(at('2026-06-01T00:00:00Z', { ...report, more: other })).toEqual([]);
  });
  test.each<[string, string, Happened[], unknown]>([
    [
      'nothing yet',
      '2026-01-08T09:00:00Z',
      [],
      [
        ['2026-01-08T09:00:00.000Z', 'open'],
        ['2026-04-08T09:00:00.000Z', 'open'],
      ],
    ],
    [
      'never',
      '2026-05-01T00:00:00Z',
      [],
      [
        ['2026-01-08T09:00:00.000Z', 'missed'],
        ['2026-04-08T09:00:00.000Z', 'missed'],
      ],
    ],
    [
      'to the millisecond in time',
      '2026-05-01T00:00:00Z',
      [acknowledged('2026-01-08T09:00:00Z'), answered('2026-04-08T09:00:00Z')],
      [
        ['2026-01-08T09:00:00.000Z', 'met'],
        ['2026-04-08T09:00:00.000Z', 'met'],
      ],
    ],
    [
      'three months count from the acknowledgement',
      '2026-05-01T00:00:00Z',
      [acknowledged('2026-01-02T09:00:00Z'), answered('2026-04-02T09:00:00.001Z')],
      [
        ['2026-01-08T09:00:00.000Z', 'met'],
        ['2026-04-02T09:00:00.000Z', 'late'],
      ],
    ],
    [
      'a late acknowledgement moves nothing on',
      '2026-05-01T00:00:00Z',
      [acknowledged('2026-02-01T00:00:00Z'), answered('2026-04-09T00:00:00Z')],
      [
        ['2026-01-08T09:00:00.000Z', 'late'],
        ['2026-04-08T09:00:00.000Z', 'late'],
      ],
    ],
    [
      'what was refused is not done',
      '2026-01-03T00:00:00Z',
      [acknowledged('2026-01-02T00:00:00Z', { outcome: 'denied' })],
      [
        ['2026-01-08T09:00:00.000Z', 'open'],
        ['2026-04-08T09:00:00.000Z', 'open'],
      ],
    ],
  ])('%s', (_, now, happened, expected) => {
    expect(at(now, report, ...happened)).toEqual(expected);
  });
  test('months end with their last day', () => {
    const quarterBehind = (time: string) => new Date(monthsAfter(Date.parse(time), 3)).toISOString();
    expect(quarterBehind('2025-11-30T12:00:00Z')).toBe('2026-02-28T12:00:00.000Z');
    expect(quarterBehind('2023-11-30T12:00:00Z')).toBe('2024-02-29T12:00:00.000Z');
    expect(quarterBehind('2026-10-15T00:00:00Z')).toBe('2027-01-15T00:00:00.000Z');
  });
});

describe('gaps', () => {
  test('as parts of the longest', () => {
    const moments = momentsOf(historyOf([{ at: 0 }, { at: 100 }, { at: 100 }, { at: 150 }]));
    expect(moments.map(({ after, share }) => [after, share])).toEqual([
      [0, 0],
      [100, 1],
      [0, 0],
      [50, 0.5],
    ]);
    expect(momentsOf(historyOf([{ at: 7 }, { at: 7 }])).map(({ share }) => share)).toEqual([0, 0]);
    expect(momentsOf([])).toEqual([]);
  });
  test('in the largest unit that there is one of', () => {
    expect(lengthOf(3 * 86_400_000 + 5)).toEqual({ unit: 'day', count: 3 });
    expect(lengthOf(86_399_999)).toEqual({ unit: 'hour', count: 23 });
    expect(lengthOf(60_000)).toEqual({ unit: 'minute', count: 1 });
    expect(lengthOf(999)).toEqual({ unit: 'second', count: 0 });
  });
});

describe('who and what', () => {
  const rows = historyOf([
    { at: 0, action: 'a', more: { actor: { type: 'anonymous' } } },
    {
      at: 1,
      action: 'b',
      more: {
        related: [
          { type: 'file', id: 'f' },
          { type: 'file', id: 'f', name: 'F.pdf' },
        ],
      },
    },
    {
      at: 2,
      action: 'a',
      more: { target: { type: 'user', id: 'u-9' }, related: [{ type: 'case', id: 'c-1', name: 'N' }] },
    },
    { at: 3, action: 'b', more: { actor: { type: 'anonymous' }, category: 'audit_access' } },
    { at: 4, action: 'b', more: { category: 'audit_access' } },
  ]);
  const brief = <T>(
    found: readonly { what: T; count: number; first: { position: number }; last: { position: number } }[],
  ) => found.map(({ what, count, first, last }) => [what, count, first.position, last.position]);
  test('actors, most often first', () => {
    expect(brief(actorsOf(rows))).toEqual([
      [{ type: 'user', id: 'u-1', name: 'Reader 1' }, 3, 1, 4],
      [{ type: 'anonymous' }, 2, 0, 3],
    ]);
  });
  test('actions, first and last', () => {
    expect(brief(actionsOf(rows))).toEqual([
      ['a', 2, 0, 2],
      ['b', 3, 1, 4],
    ]);
  });
  test('other records, an entry counted once', () => {
    expect(brief(relatedOf(rows, 'case', 'c-1'))).toEqual([
      [{ type: 'file', id: 'f', name: 'F.pdf' }, 1, 1, 1],
      [{ type: 'user', id: 'u-9' }, 1, 2, 2],
    ]);
  });
  test('the newest name, wherever it is given', () => {
    expect(namesOf(rows, 'case', 'c-1')).toEqual({ name: 'N' });
  });
  test('one’s own reads', () => {
    expect(rows.map((row) => isOwnRead(row, 'u-1'))).toEqual([false, false, false, false, true]);
  });
});

test('a day ends with its last millisecond', () => {
  expect(endOfDay('2026-03-01', 'utc')).toBe('2026-03-01T23:59:59.999Z');
  expect(dayAt('2026-03-01T23:59:59.999Z', 'utc')).toBe('2026-03-01');
  expect(dayAt(endOfDay('2026-03-29', 'local')!, 'local')).toBe('2026-03-29');
  expect(endOfDay('2026-3', 'utc')).toBeUndefined();
});
