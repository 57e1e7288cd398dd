// What somebody else wrote is shown as text, and what can't be seen of it is said.
import { describe, expect, test } from '@jest/globals';
import { durationIn, fitting } from '../../../console/catalog/words.ts';
import { differencesOf, textOf } from '../../../console/entries/differences.ts';
import { fieldsOf } from '../../../console/entries/fields.ts';
import { seenIn } from '../../../console/entries/values.ts';
import { beginningOf, partsOf } from '../../../console/show/marks.ts';
import { localesOf, writing } from '../../../console/show/writing.ts';

describe('invisible characters', () => {
  const shown = (text: string, lines = false): string =>
    partsOf(text, lines)
      .map((part) => ('text' in part ? part.text : `<${part.mark}>`))
      .join('');
  test.each([
    ['', ''],
    ['plain <b>text</b> & more', 'plain <b>text</b> & more'],
    ['Zoë, 山田, עדן, 👩\u200d💻, क्\u200dष', 'Zoë, 山田, עדן, 👩\u200d💻, क्\u200dष'],
    ['gpj.exe\u202egnp', 'gpj.exe<U+202E>gnp'],
    ['a\u0000b\u001bc\u007f', 'a<U+0000>b<U+001B>c<U+007F>'],
    ['a\u200bb\ufeffc\u00add\u2060', 'a<U+200B>b<U+FEFF>c<U+00AD>d<U+2060>'],
    ['\u{e0041}\u3164\ud800', '<U+E0041><U+3164><U+D800>'],
    ['a\nb\tc\r', 'a<U+000A>b<U+0009>c<U+000D>'],
  ])('%j', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });
  test('line feeds and tabs of laid out JSON stay', () => {
    expect(shown('{\n\t"a": 1\r}', true)).toBe('{\n\t"a": 1<U+000D>}');
  });
});

test('a long text is cut between characters', () => {
  expect(beginningOf('abc', 3)).toBe('abc');
  expect(beginningOf('ab😀', 3)).toBe('ab');
  expect(beginningOf('x'.repeat(60_000), 400)).toHaveLength(400);
});

describe('differences', () => {
  test('added, removed and changed, nested', () => {
    const before = { name: 'Ann', tags: ['a', 'b'], gone: null, deep: { x: 1 } };
    const after = { name: 'Anna', tags: ['a'], deep: { x: 1, y: { z: true } } };
    expect(differencesOf(before, after)).toEqual([
      { kind: 'added', path: ['deep', 'y'], before: undefined, after: { z: true } },
      { kind: 'removed', path: ['gone'], before: null, after: undefined },
      { kind: 'changed', path: ['name'], before: 'Ann', after: 'Anna' },
      { kind: 'removed', path: ['tags', '1'], before: 'b', after: undefined },
    ]);
  });
  test('of a state alone all of it', () => {
    expect(differencesOf(undefined, 5)).toEqual([{ kind: 'added', path: [], before: undefined, after: 5 }]);
    expect(differencesOf({ a: 1 }, undefined)).toEqual([
      { kind: 'removed', path: [], before: { a: 1 }, after: undefined },
    ]);
    expect(differencesOf(undefined, undefined)).toEqual([]);
  });
  test('text as it is, everything else as JSON', () => {
    expect([textOf('a "b"'), textOf(null), textOf([1]), textOf(undefined)]).toEqual(['a "b"', 'null', '[\n  1\n]', '']);
  });
});

const entry = {
  ...{ id: '1', v: 1, tenant: 't', action: 'a.b', category: 'core', outcome: 'success', severity: 'info' },
  ...{ description: 'd', occurredAt: '2026-03-01T00:00:00.000Z', recordedAt: '2026-03-01T00:00:00.000Z' },
  actor: { type: 'user', id: 'u1', name: 'Ann' },
  target: { type: 'case', id: 'c1' },
  related: [{ type: 'case', id: 'c2' }],
  recorder: { type: 'token', id: 'app' },
} as const;
const row = (own: object) =>
  ({ entry: { ...entry, ...own }, chain: 0, position: 7, leafHash: 'aa', link: 'bb' }) as unknown as Parameters<
    typeof fieldsOf
  >[0];

test('fields of an entry by group, however many somebody put into one', () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i]));
  const sections = fieldsOf(row({ metadata: { deep: { list: [1, null] }, ...many } }));
  expect(sections.map(({ section }) => section)).toEqual(['what', 'actor', 'target', 'when', 'metadata', 'record']);
  const metadata = sections.find(({ section }) => section === 'metadata')!.fields;
  expect(metadata.slice(0, 2)).toEqual([
    { name: 'metadata.deep.list.0', value: '1' },
    { name: 'metadata.deep.list.1', value: 'null' },
  ]);
  expect(metadata).toHaveLength(200);
});

test('values that were seen, each once, and none that would fill a menu', () => {
  const long = { ...entry, target: { type: 'case', id: 'x'.repeat(5_000) } };
  const seen = seenIn([entry, entry, long] as unknown as Parameters<typeof seenIn>[0]);
  expect(seen).toContainEqual({ propertyKey: 'actor.id', value: 'u1' });
  expect(seen).toContainEqual({ propertyKey: 'related.id', value: 'c2' });
  expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(seen.length);
  expect(seen.every(({ value }) => value.length <= 200)).toBe(true);
});

describe('times and numbers as the reader writes them', () => {
  const english = writing(localesOf('en', ['en-GB', 'de']), 'utc');
  const NOW = Date.parse('2026-03-31T12:00:00Z');
  test('near ones by their day', () => {
    expect(english.near('2026-03-31T09:05:07.123Z', NOW)).toBe('today, 09:05:07');
    expect(english.near('2026-03-30T23:05:07.123Z', NOW)).toBe('yesterday, 23:05:07');
    expect(english.near('2025-01-02T09:05:07Z', NOW)).toBe('2 Jan 2025, 09:05:07');
  });
  test('in full to the millisecond, with the zone', () => {
    expect(english.full('2026-03-31T09:05:07.123Z')).toMatch(/31 Mar 2026.*0?9:05:07\.123.*UTC/);
    expect(english.full('no time')).toBe('no time');
  });
  test('in the locale of the browser where it speaks the language', () => {
    expect(localesOf('en', ['de', 'en-US'])).toEqual(['en-US', 'en-GB']);
    expect(writing(localesOf('hi', ['de']), 'utc').number(1234567)).toBe('12,34,567');
    expect(writing(localesOf('hi', ['de']), 'utc').near('2026-03-31T09:05:07Z', NOW)).toMatch(/^आज, /);
  });
});

describe('the catalog', () => {
  test('durations as people say them', () => {
    expect(['P7Y', 'P30D', 'P1Y6M', 'PT36H', 'P2W'].map((text) => durationIn(text, 'en-GB'))).toEqual([
      ...['7 years', '30 days', '1 year, 6 months', '36 hours', '2 weeks'],
    ]);
    expect(durationIn('P7Y', 'hi-IN')).toBe('7 वर्ष');
    expect([durationIn('permanent', 'en-GB'), durationIn('seven years', 'en-GB')]).toEqual([undefined, 'seven years']);
  });
  test('actions by all of the words, wherever they stand', () => {
    const one = {
      action: 'case.viewed',
      category: 'case',
      description: '{actor} viewed the case {target}',
      sources: ['S4'],
    };
    const other = { ...one, action: 'auth.login', description: '{actor} signed in', sources: ['own'] };
    const found = (text: string) => fitting([one, other], text).map(({ action }) => action);
    expect([found(''), found('VIEWED s4'), found('own case'), found('nobody')]).toEqual([
      ...[['case.viewed', 'auth.login'], ['case.viewed'], ['auth.login'], []],
    ]);
  });
});
