// Patterns of event rules.
import { describe, expect, test } from '@jest/globals';
import { compilePattern, InvalidPattern } from '../../../../local/events/pattern.ts';

const EVENT = {
  source: 'shop.orders',
  'detail-type': 'Order placed',
  resources: ['arn:aws:s3:::a', 'arn:aws:s3:::b'],
  detail: {
    state: 'Running',
    count: 3.5,
    nothing: null,
    empty: '',
    ip: '10.0.1.7',
    ip6: '2001:db8::1',
    list: [],
    tags: [
      { key: 'team', value: 'a' },
      { key: 'cost', value: 'b' },
    ],
    flag: false,
  },
};

describe('a pattern', () => {
  test.each<[string, unknown, boolean]>([
    ['exact', { source: ['x', 'shop.orders'] }, true],
    ['exact, another', { source: ['shop'] }, false],
    ['every field', { source: ['shop.orders'], 'detail-type': ['Other'] }, false],
    ['nested', { detail: { state: ['Running'] } }, true],
    ['a field that is not there', { detail: { absent: ['x'] } }, false],
    ['any element of an array', { resources: ['arn:aws:s3:::b'] }, true],
    ['null', { detail: { nothing: [null] } }, true],
    ['null is not absence', { detail: { absent: [null] } }, false],
    ['empty text', { detail: { empty: [''] } }, true],
    ['false', { detail: { flag: [false] } }, true],
    ['a number is not its text', { detail: { count: ['3.5'] } }, false],
    ['prefix', { source: [{ prefix: 'shop.' }] }, true],
    ['the empty prefix, which every text has', { source: [{ prefix: '' }] }, true],
    ['the empty prefix, which no number has', { detail: { count: [{ prefix: '' }] } }, false],
    ['prefix, any case', { detail: { state: [{ prefix: { 'equals-ignore-case': 'RUN' } }] } }, true],
    ['suffix', { source: [{ suffix: '.orders' }] }, true],
    ['suffix, any case', { source: [{ suffix: { 'equals-ignore-case': 'ORDERS' } }] }, true],
    ['any case', { detail: { state: [{ 'equals-ignore-case': 'running' }] } }, true],
    ['wildcard', { resources: [{ wildcard: 'arn:*:s3:*:b' }] }, true],
    ['wildcard, no overlap of its ends', { detail: { state: [{ wildcard: 'Runn*nning' }] } }, false],
    ['wildcard without a star', { detail: { state: [{ wildcard: 'Run' }] } }, false],
    ['wildcard, escaped star', { detail: { state: [{ wildcard: 'Run\\*' }] } }, false],
    ['numeric range', { detail: { count: [{ numeric: ['>', 3, '<=', 3.5] }] } }, true],
    ['numeric range, outside', { detail: { count: [{ numeric: ['>=', 4] }] } }, false],
    ['numeric equality', { detail: { count: [{ numeric: ['=', 3.5] }] } }, true],
    ['cidr', { detail: { ip: [{ cidr: '10.0.0.0/16' }] } }, true],
    ['cidr, outside', { detail: { ip: [{ cidr: '10.0.0.0/24' }] } }, false],
    ['cidr of version 6', { detail: { ip6: [{ cidr: '2001:db8::/32' }] } }, true],
    ['exists', { detail: { state: [{ exists: true }] } }, true],
    ['exists, null too', { detail: { nothing: [{ exists: true }] } }, true],
    ['exists asks about leaves', { detail: [{ exists: true }] }, false],
    ['exists not', { detail: { absent: [{ exists: false }] } }, true],
    ['exists not, but is', { detail: { state: [{ exists: false }] } }, false],
    ['exists not, or a value', { detail: { state: [{ exists: false }, 'Running'] } }, true],
    ['anything but', { detail: { state: [{ 'anything-but': 'Stopped' }] } }, true],
    ['anything but, listed', { detail: { state: [{ 'anything-but': ['Stopped', 'Running'] }] } }, false],
    ['anything but needs the field', { detail: { absent: [{ 'anything-but': 'x' }] } }, false],
    ['anything but a prefix', { detail: { state: [{ 'anything-but': { prefix: 'Run' } }] } }, false],
    ['anything but suffixes', { detail: { state: [{ 'anything-but': { suffix: ['x', 'y'] } }] } }, true],
    [
      'anything but in any case',
      { detail: { state: [{ 'anything-but': { 'equals-ignore-case': ['RUNNING'] } }] } },
      false,
    ],
    ['anything but a wildcard', { detail: { state: [{ 'anything-but': { wildcard: '*nn*' } }] } }, false],
    ['one element satisfies all', { detail: { tags: { key: ['team'], value: ['a'] } } }, true],
    ['not parts of two elements', { detail: { tags: { key: ['team'], value: ['b'] } } }, false],
    ['$or, second', { $or: [{ source: ['x'] }, { detail: { state: ['Running'] } }] }, true],
    ['$or, none', { $or: [{ source: ['x'] }, { source: ['y'] }] }, false],
    [
      '$or and a field beside it',
      { 'detail-type': ['x'], $or: [{ source: ['shop.orders'] }, { source: ['y'] }] },
      false,
    ],
    ['$or inside', { detail: { $or: [{ state: ['x'] }, { count: [{ numeric: ['<', 4] }] }] } }, true],
  ])('%s', (_name, pattern, expected) => {
    expect(compilePattern(pattern)(EVENT)).toBe(expected);
    expect(compilePattern(JSON.stringify(pattern))(EVENT)).toBe(expected);
  });

  test('does not look into prototypes', () => {
    expect(compilePattern({ constructor: { name: ['Object'] } })(EVENT)).toBe(false);
  });

  test('with many stars answers at once', () => {
    const matches = compilePattern({ text: [{ wildcard: `${'*a'.repeat(40)}*` }] });
    expect(matches({ text: 'b'.repeat(100_000) })).toBe(false);
    expect(matches({ text: 'a'.repeat(40) })).toBe(true);
  });

  test.each<[string, unknown]>([
    ['not JSON', '{'],
    ['an empty object', {}],
    ['an array', []],
    ['a bare value', { source: 'x' }],
    ['an empty array', { source: [] }],
    ['an unknown matcher', { source: [{ regex: 'x' }] }],
    ['two matchers in one', { source: [{ prefix: 'x', suffix: 'y' }] }],
    ['prefix of a number', { source: [{ prefix: 1 }] }],
    ['exists of a text', { source: [{ exists: 'true' }] }],
    ['half a range', { source: [{ numeric: ['>'] }] }],
    ['an unknown comparison', { source: [{ numeric: ['!=', 1] }] }],
    ['a comparison with a text', { source: [{ numeric: ['>', '1'] }] }],
    ['a malformed CIDR', { source: [{ cidr: '10.0.0.0' }] }],
    ['a CIDR that is too long', { source: [{ cidr: '10.0.0.0/33' }] }],
    ['two stars in a row', { source: [{ wildcard: 'a**b' }] }],
    ['an escaped letter', { source: [{ wildcard: 'a\\b' }] }],
    ['anything but nothing', { source: [{ 'anything-but': [] }] }],
    ['anything but numeric', { source: [{ 'anything-but': { numeric: ['>', 1] } }] }],
    ['$or of one', { $or: [{ source: ['x'] }] }],
  ])('refuses %s', (_name, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(InvalidPattern);
  });

  test('says where it is wrong', () => {
    expect(() => compilePattern({ detail: { a: [{ regex: 'x' }] } })).toThrow(
      /unrecognized match type regex at detail\.a/,
    );
  });
});
