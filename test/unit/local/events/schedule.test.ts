// Schedules of event rules.
import { describe, expect, test } from '@jest/globals';
import { parseSchedule } from '../../../../local/events/schedule.ts';

const next = (expression: string, now: string) => {
  const at = parseSchedule(expression)(Date.parse(now));
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 16);
};

describe('a schedule expression', () => {
  // 2026-01-01 is a Thursday.
  test.each<[string, string, string | undefined]>([
    ['rate(1 minute)', '2026-01-01T00:00:30Z', '2026-01-01T00:01'],
    ['rate(5 minutes)', '2026-01-01T00:00:00Z', '2026-01-01T00:05'],
    ['rate(2 days)', '2026-01-31T12:00:00Z', '2026-02-02T12:00'],
    ['cron(0 10 * * ? *)', '2026-01-01T09:59:59Z', '2026-01-01T10:00'],
    ['cron(0 10 * * ? *)', '2026-01-01T10:00:00Z', '2026-01-02T10:00'],
    ['cron(15 12 ? * MON-FRI *)', '2026-01-02T13:00:00Z', '2026-01-05T12:15'],
    ['cron(0/15 * * * ? *)', '2026-01-01T00:15:00Z', '2026-01-01T00:30'],
    ['cron(5,35 14 * * ? *)', '2026-01-01T14:05:00Z', '2026-01-01T14:35'],
    ['cron(0 8 1 * ? *)', '2026-01-01T08:00:00Z', '2026-02-01T08:00'],
    ['cron(0 0 L * ? *)', '2028-02-01T00:00:00Z', '2028-02-29T00:00'],
    ['cron(0 0 29 2 ? *)', '2026-01-01T00:00:00Z', '2028-02-29T00:00'],
    ['cron(0 0 3W * ? *)', '2026-01-01T00:00:00Z', '2026-01-02T00:00'],
    ['cron(0 0 ? * FRI#2 *)', '2026-01-01T00:00:00Z', '2026-01-09T00:00'],
    ['cron(0 0 ? * 6L *)', '2026-01-01T00:00:00Z', '2026-01-30T00:00'],
    ['cron(0 0 ? JAN,JUL SUN 2027)', '2026-01-01T00:00:00Z', '2027-01-03T00:00'],
    ['cron(0 0 1 1 ? 2025)', '2026-01-01T00:00:00Z', undefined],
    ['cron(0 0 31 2 ? *)', '2026-01-01T00:00:00Z', undefined],
  ])('%s after %s is %s', (expression, now, expected) => {
    expect(next(expression, now)).toBe(expected);
  });

  test.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(1.5 hours)',
    'every(1 minute)',
    'cron(0 10 * * *)',
    'cron(0 10 * * * *)',
    'cron(0 10 ? * ? *)',
    'cron(60 10 * * ? *)',
    'cron(0 10 * 13 ? *)',
    'cron(0 10 5-1 * ? *)',
    'cron(0 10 */0 * ? *)',
    'cron(0 10 ? * FUN *)',
  ])('refuses %s', (expression) => {
    expect(() => parseSchedule(expression)).toThrow(/is not a /);
  });
});
