// Where the entries of a text begin and end, in whatever pieces it comes.
import { describe, expect, test } from '@jest/globals';
import { Splitter } from '../../../cli/send/split.ts';

/** As many characters at once as said. */
function split(text: string, size = text.length || 1): (readonly [place: string, text: string, fault?: string])[] {
  const splitter = new Splitter();
  const items = [];
  for (let at = 0; at < text.length; at += size) items.push(...splitter.push(text.slice(at, at + size)));
  items.push(...splitter.end());
  return items.map(({ place, text: found, fault }) => (fault === undefined ? [place, found] : [place, found, fault]));
}

const CASES: readonly (readonly [name: string, text: string, items: ReturnType<typeof split>])[] = [
  ['nothing', '', []],
  [
    'lines, blank ones left out',
    '{"a":1}\n\n {"b":2} \n',
    [
      [':1', '{"a":1}'],
      [':3', ' {"b":2} '],
    ],
  ],
  [
    'a last line without an end',
    '{"a":1}\n{"b":2}',
    [
      [':1', '{"a":1}'],
      [':2', '{"b":2}'],
    ],
  ],
  [
    'a list as CloudTrail writes it',
    '{"Records":[{"a":1},{"b":[2,{"c":"],}"}]}]}',
    [
      ['#/Records/0', '{"a":1}'],
      ['#/Records/1', '{"b":[2,{"c":"],}"}]}'],
    ],
  ],
  [
    'a list that is printed over lines',
    '{\n  "Records" : [\n    {"a": 1},\n    {"b": 2}\n  ]\n}\n',
    [
      ['#/Records/0', '{"a": 1}'],
      ['#/Records/1', '{"b": 2}'],
    ],
  ],
  [
    'an array',
    '[{"a":1},\n{"b":"\\"]"}]',
    [
      ['#/0', '{"a":1}'],
      ['#/1', '{"b":"\\"]"}'],
    ],
  ],
  ['empty lists', '{"Records":[]}\n{"entries":[ ]}\n', []],
  [
    'one list after the other',
    '{"Records":[{"a":1}]}\n{"Records":[{"b":2}]}\n{"c":3}\n',
    [
      ['#/Records/0', '{"a":1}'],
      [':2#/Records/0', '{"b":2}'],
      [':3', '{"c":3}'],
    ],
  ],
  [
    'an array in the midst of lines is a line',
    '{"a":1}\n[1,2]\n',
    [
      [':1', '{"a":1}'],
      [':2', '[1,2]'],
    ],
  ],
  [
    'a comma too many',
    '[1,]',
    [
      ['#/0', '1'],
      ['#/1', ''],
    ],
  ],
  [
    'what follows a list',
    '{"Records":[1],"more":2}\n',
    [
      ['#/Records/0', '1'],
      [':1', ',"more":2}'],
    ],
  ],
  [
    'a list that is cut',
    '{"Records":[{"a":1},{"b"',
    [
      ['#/Records/0', '{"a":1}'],
      ['#/Records/1', '{"b"', 'the file ends inside of its list'],
    ],
  ],
  ['a list that is cut behind an item', '[{"a":1}', [['#/0', '{"a":1}', 'the file ends inside of its list']]],
  [
    'a quotation mark that is escaped, and what escapes itself',
    '[{"a":"\\\\"},{"b":"\\"],"}]',
    [
      ['#/0', '{"a":"\\\\"}'],
      ['#/1', '{"b":"\\"],"}'],
    ],
  ],
];

describe.each(CASES)('%s', (_, text, items) => {
  test.each([1, 2, 3, 7, 1_000])('in pieces of %i', (size) => {
    expect(split(text, size)).toEqual(items);
  });
});

test('text of items stays as it stands, and long lists are followed over pieces', () => {
  const records = Array.from({ length: 3_000 }, (_, n) => `{"n":${n}.50,"text":"a,]}\\n\\"${'x'.repeat(n % 90)}"}`);
  const found = split(`{"Records":[${records.join(',\n')}]}`, 1_024);
  expect(found.map(([, text]) => text)).toEqual(records);
  expect(found.at(-1)![0]).toBe('#/Records/2999');
});
