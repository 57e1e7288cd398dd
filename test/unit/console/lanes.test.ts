// The state of a record through time.
import { describe, expect, test } from '@jest/globals';
import { lanesOf, momentsOf, type Segment, stateAt } from '../../../console/record/lanes.ts';
import { leavesOf, valuesChanged, waysTo } from '../../../console/record/leaves.ts';
import { type Happened, historyOf, START } from '../../support/history.ts';

const brief = ({ value, from, to, said }: Segment) => [
  value,
  from === undefined ? undefined : from - START,
  to === undefined ? undefined : to - START,
  ...(said === undefined ? [] : [{ said: said.value }]),
];

const lanes = (happened: readonly Happened[]) =>
  Object.fromEntries(lanesOf(historyOf(happened)).map(({ pointer, segments }) => [pointer, segments.map(brief)]));

describe('lanes', () => {
  test('what is submitted, then changed in parts: the rest stays', () => {
    expect(
      lanes([
        { at: 0, change: { after: { status: 'new', priority: 'normal' } } },
        { at: 10, change: { before: { status: 'new' }, after: { status: 'acknowledged' } } },
        { at: 20 },
        { at: 30, change: { before: { status: 'acknowledged' }, after: { status: 'closed' } } },
      ]),
    ).toEqual({
      '/status': [
        ['new', 0, 10],
        ['acknowledged', 10, 30],
        ['closed', 30, undefined],
      ],
      '/priority': [['normal', 0, undefined]],
    });
  });

  test('what was there before the first change that is known', () => {
    expect(lanes([{ at: 5, change: { before: { a: 1, b: 2 }, after: { a: 1, b: 3 } } }])).toEqual({
      '/a': [[1, undefined, undefined]],
      '/b': [
        [2, undefined, 5],
        [3, 5, undefined],
      ],
    });
  });

  test('a change that nobody recorded', () => {
    expect(
      lanes([
        { at: 0, change: { after: { status: 'new' } } },
        { at: 9, change: { before: { status: 'open' }, after: { status: 'closed' } } },
      ]),
    ).toEqual({
      '/status': [
        ['new', 0, 9],
        ['closed', 9, undefined, { said: 'open' }],
      ],
    });
    // Also where it was changed back: what is there again was not there all the time.
    expect(
      lanes([
        { at: 0, change: { after: { status: 'new' } } },
        { at: 9, change: { before: { status: 'open' }, after: { status: 'new' } } },
      ]),
    ).toEqual({
      '/status': [
        ['new', 0, 9],
        ['new', 9, undefined, { said: 'open' }],
      ],
    });
  });

  test('what is removed, and comes again', () => {
    expect(
      lanes([
        { at: 0, change: { after: { tag: 'x' } } },
        { at: 1, change: { before: { tag: 'x' }, after: {} } },
        { at: 2, change: { after: { tag: 'x' } } },
        { at: 3, change: { before: { tag: 'x' } } },
      ])['/tag'],
    ).toEqual([
      ['x', 0, 1],
      [undefined, 1, 2],
      ['x', 2, 3],
      [undefined, 3, undefined],
    ]);
  });

  test('a value in place of an object, and an object in place of a value', () => {
    expect(
      lanes([
        { at: 0, change: { after: { a: { b: 1, c: 2 }, ab: 0 } } },
        { at: 1, change: { after: { a: 'x' } } },
        { at: 2, change: { after: { a: { b: 3 } } } },
      ]),
    ).toEqual({
      '/a/b': [
        [1, 0, 1],
        [undefined, 1, 2],
        [3, 2, undefined],
      ],
      '/a/c': [
        [2, 0, 1],
        [undefined, 1, undefined],
      ],
      '/a': [
        ['x', 1, 2],
        [undefined, 2, undefined],
      ],
      '/ab': [[0, 0, undefined]],
    });
  });

  test('null is a value of a member, and as a whole state nothing', () => {
    expect(lanes([{ at: 0, change: { before: null, after: { assignee: null } } }])).toEqual({
      '/assignee': [[null, 0, undefined]],
    });
    expect(lanes([{ at: 0, change: { before: { a: 1 }, after: null } }])['/a']).toEqual([
      [1, undefined, 0],
      [undefined, 0, undefined],
    ]);
  });

  test('names that would be more than names elsewhere', () => {
    const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":"y","a/b":{"~":2}}');
    expect(lanesOf(historyOf([{ at: 0, change: { after: hostile } }])).map(({ pointer }) => pointer)).toEqual([
      '/__proto__/x',
      '/constructor',
      '/a~1b/~0',
    ]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test('10,000 members that are replaced by one value take no time to speak of', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i]));
    const found = lanesOf(
      historyOf([
        { at: 0, change: { after: { all: many } } },
        { at: 1, change: { before: { all: many }, after: { all: 'gone' } } },
      ]),
    );
    expect(found).toHaveLength(10_001);
    expect(stateAt(found, START + 1).map(({ segment }) => segment.value)).toEqual(['gone']);
  });
});

describe('the state at a moment', () => {
  const history = lanesOf(
    historyOf([
      { at: 10, change: { after: { status: 'new' } } },
      { at: 20, change: { before: { status: 'new', note: 'n' }, after: { status: 'closed' } } },
    ]),
  );
  const at = (time: number) => stateAt(history, START + time).map(({ pointer, segment }) => [pointer, segment.value]);
  test('the change itself is part of its moment', () => {
    expect(at(9)).toEqual([['/note', 'n']]);
    expect(at(10)).toEqual([
      ['/status', 'new'],
      ['/note', 'n'],
    ]);
    expect(at(20)).toEqual([['/status', 'closed']]);
    expect(at(Number.POSITIVE_INFINITY)).toEqual([['/status', 'closed']]);
  });
  test('moments of change, each once', () => {
    expect(momentsOf(history).map((time) => time - START)).toEqual([10, 20]);
  });
});

test('values with their pointers', () => {
  expect([...leavesOf({ a: { b: [1, { c: 2 }], d: {} } })]).toEqual([
    ['/a/b', [1, { c: 2 }]],
    ['/a/d', {}],
  ]);
  expect([...leavesOf('x')]).toEqual([['', 'x']]);
  expect([...leavesOf(undefined)]).toEqual([]);
  expect([...waysTo('/a/b/c')]).toEqual(['/a/b', '/a', '']);
  expect([...waysTo('')]).toEqual([]);
});

test('values that an entry changed', () => {
  expect(valuesChanged({ a: 1, b: { c: [1], d: 2 } }, { a: 1, b: { c: [1, 2] }, e: null })).toEqual([
    { pointer: '/b/c', before: [1], after: [1, 2] },
    { pointer: '/b/d', before: 2, after: undefined },
    { pointer: '/e', before: undefined, after: null },
  ]);
  expect(valuesChanged(undefined, 'closed')).toEqual([{ pointer: '', before: undefined, after: 'closed' }]);
});
