// Where periods come from, and durations in words.
import { expect, test } from '@jest/globals';
import { PRESETS, periodIn, sourceOf } from '../../../console/retention/source.ts';
import { durationWords } from '../../../console/show/duration.ts';
import { en } from '../../../console/texts/en.ts';
import { CATEGORIES } from '../../../core/catalog/categories.ts';

const rows = (preset: string, over: Readonly<Record<string, string>> = {}) =>
  [...CATEGORIES.values()].map(({ name, severity }) => ({
    ...{ name, severity, labels: [], retention: over[name] ?? periodIn(preset, name)! },
  }));

test.each(PRESETS)('the periods of %s are found to be its, also where one is set otherwise', (preset) => {
  expect(sourceOf(rows(preset))).toEqual({ preset, changed: new Set() });
  expect(sourceOf(rows(preset, { document: 'P11Y' }))).toEqual({ preset, changed: new Set(['document']) });
});

test('presets have words', () => {
  expect(PRESETS.filter((preset) => !(preset in en.presets))).toEqual([]);
});

test('durations in words', () => {
  expect(durationWords('P7Y', 'en', 'for ever')).toBe('7 years');
  expect(durationWords('P1Y6M', 'en', 'for ever')).toBe('1 year, 6 months');
  expect(durationWords('PT90S', 'en', 'for ever')).toBe('90 seconds');
  expect(durationWords('P2Y', 'hi', 'हमेशा')).toBe('2 वर्ष');
  expect(durationWords('permanent', 'en', 'for ever')).toBe('for ever');
  expect(durationWords('<b>', 'en', 'for ever')).toBe('<b>');
});
