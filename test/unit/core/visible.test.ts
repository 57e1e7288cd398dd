// Text that is shown holds nothing that a terminal obeys.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { logLine } from '../../../adapters/log.ts';
import { visible, visibleLines } from '../../../core/visible.ts';

test.each([
  ['nothing to see', 'nothing to see'],
  ['Zoë, 山田, עדן, 😀', 'Zoë, 山田, עדן, 😀'],
  ['\u0000\t\n\r\u001b[2J', '\\u0000\\u0009\\u000a\\u000d\\u001b[2J'],
  ['\u007f\u0080\u009b\u009f', '\\u007f\\u0080\\u009b\\u009f'],
  ['a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['\u061c\u200e\u200f\u202a\u202e\u2066\u2069', '\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069'],
  ['\ud83d and \ude00', '\\ud83d and \\ude00'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
  expect(visible(shown)).toBe(shown);
});

test('lines are lines where they may be', () => {
  expect(visibleLines('a\nb\r\nc\u2028')).toBe('a\nb\\u000d\nc\\u2028');
});

test('JSON that is shown is the same JSON, and a line of the log', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      expect(JSON.parse(visibleLines(JSON.stringify({ text }, undefined, 2)))).toEqual({ text });
      const line = logLine(new Date(0), 'INFO', text, { text });
      expect(JSON.parse(line)).toMatchObject({ message: text, text });
      expect(line.slice(0, -1)).toBe(visible(line.slice(0, -1)));
    }),
  );
});
