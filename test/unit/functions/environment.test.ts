// Environment variables of functions.
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_LIMITS } from '../../../core/limits.ts';
import { flag, jsonObject, requiredCount, requiredText } from '../../../functions/shared/environment.ts';
import { readLimits } from '../../../functions/shared/limits.ts';

const fails = expect.objectContaining({ name: 'EnvironmentError' });

describe('the environment', () => {
  test('gives what is there', () => {
    expect(requiredText({ A: 'x' }, 'A')).toBe('x');
    expect(requiredCount({ A: '86400' }, 'A')).toBe(86_400);
    expect(flag({ A: 'true' }, 'A')).toBe(true);
    expect(flag({}, 'A')).toBe(false);
    expect(jsonObject({ A: '{"a":1}' }, 'A')).toEqual({ a: 1 });
    expect(jsonObject({}, 'A')).toEqual({});
  });

  test.each([
    ['a missing text', () => requiredText({}, 'A')],
    ['an empty text', () => requiredText({ A: '' }, 'A')],
    ['a count of none', () => requiredCount({ A: '0' }, 'A')],
    ['a count that is none', () => requiredCount({ A: '1 day' }, 'A')],
    ['a flag that is neither', () => flag({ A: 'yes' }, 'A')],
    ['broken JSON', () => jsonObject({ A: '{' }, 'A')],
    ['JSON that is no object', () => jsonObject({ A: '[]' }, 'A')],
  ])('stops the start with %s', (_, read) => {
    expect(read).toThrow(fails);
  });
});

describe('the limits', () => {
  test('are the defaults with what is overridden', () => {
    expect(readLimits({})).toEqual(DEFAULT_LIMITS);
    expect(readLimits({ LIMITS: '{"batchEntries":5,"bodyBytes":900000}' })).toEqual({
      ...DEFAULT_LIMITS,
      batchEntries: 5,
      bodyBytes: 900_000,
    });
  });

  test.each(['{"entries":5}', '{"batchEntries":0}', '{"batchEntries":"5"}', '{"batchEntries":501}', '{"toString":1}'])(
    'refuse %s',
    (LIMITS) => {
      expect(() => readLimits({ LIMITS })).toThrow(fails);
    },
  );
});
