// Until when objects are locked.
import { describe, expect, test } from '@jest/globals';
import { readRetention } from '../../../functions/shared/retention.ts';
import { lockUntil } from '../../../services/object-lock/lock-dates.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const YEARS_100 = 36_500 * 86_400_000;

describe('a lock', () => {
  test.each([
    ['P7Y', '2033-03-02T00:00:00.000Z'],
    ['P30D', '2026-04-01T00:00:00.000Z'],
    ['P36M', '2029-03-02T00:00:00.000Z'],
    ['PT36H', '2026-03-03T12:00:00.000Z'],
  ])('of %s counts from the end of the day', (retention, until) => {
    expect(lockUntil('2026-03-01', retention, NOW).toISOString()).toBe(until);
  });

  test.each(['permanent', 'P900Y', 'P999999Y'])('of %s is as long as S3 allows, and not longer', (retention) => {
    const ms = lockUntil('2026-03-02', retention, NOW).getTime() - NOW.getTime();
    expect(ms).toBeLessThan(YEARS_100);
    expect(ms).toBeGreaterThan(YEARS_100 - 3 * 86_400_000);
  });

  test.each(['permanent', 'P900Y', 'P7Y'])('of a day that is still to come (%s) counts from here', (retention) => {
    const tomorrow = lockUntil('2026-03-02', retention, NOW);
    for (const day of ['2026-03-09', '2126-03-01', '9999-12-31']) {
      const until = lockUntil(day, retention, NOW).getTime();
      expect(until - NOW.getTime()).toBeLessThan(YEARS_100);
      expect(Math.abs(until - tomorrow.getTime())).toBeLessThan(86_400_000);
    }
  });

  test('that would have passed lies in the future all the same', () => {
    expect(lockUntil('2020-01-01', 'P30D', NOW).getTime()).toBeGreaterThan(NOW.getTime() + 86_400_000);
    expect(lockUntil('2020-01-01', 'PT1S', NOW).getTime()).toBe(NOW.getTime() + 10_000);
  });
});

describe("the deployment's retention", () => {
  test("is the catalog's but for what it overrides", () => {
    const retention = readRetention({ RETENTION: '{"debug":"PT1H"}' });
    expect([retention('acme', 'debug'), retention('acme', 'payment')]).toEqual(['PT1H', 'P7Y']);
    expect(readRetention({})('acme', 'debug')).toBe('P30D');
  });

  test('of a category that the catalog does not hold is the default', () => {
    expect(readRetention({})('acme', 'from_another_version')).toBe('P36M');
  });

  test.each(['{"debug":"for ever"}', '{"debug":7}', '{"dbug":"P1D"}', '[]', '{'])('refuses %s', (text) => {
    expect(() => readRetention({ RETENTION: text })).toThrow();
  });
});

describe("a tenant's retention", () => {
  test("is longer than the deployment's, for this tenant and no other", () => {
    const TENANT_RETENTION = '{"acme":{"payment":"P10Y","debug":"permanent"},"constructor":{}}';
    const retention = readRetention({ RETENTION: '{"payment":"P8Y"}', TENANT_RETENTION });
    expect([retention('acme', 'payment'), retention('acme', 'debug'), retention('acme', 'error')]).toEqual([
      ...['P10Y', 'permanent', 'P30D'],
    ]);
    expect([retention('globex', 'payment'), retention('constructor', 'payment')]).toEqual(['P8Y', 'P8Y']);
    expect(retention('acme', 'toString')).toBe('P36M');
  });

  test('may say the same', () => {
    expect(readRetention({ TENANT_RETENTION: '{"acme":{"payment":"P84M"}}' })('acme', 'payment')).toBe('P84M');
  });

  test.each([
    ['shorter', '{"acme":{"payment":"P6Y"}}'],
    ['shorter in some months', '{"acme":{"debug":"P1M"}}'],
    ['shorter but for leap years', '{"acme":{"payment":"P2556D"}}'],
    ['for a category kept for ever', '{"acme":{"sanction":"P999Y"}}'],
    ['no duration', '{"acme":{"payment":"ten years"}}'],
    ['no text', '{"acme":{"payment":10}}'],
    ['for an unknown category', '{"acme":{"payments":"P10Y"}}'],
    ['no object', '{"acme":"P10Y"}'],
    ['an array', '{"acme":["P10Y"]}'],
    ['no JSON', '{"acme"'],
  ])('that is %s is refused', (_what, TENANT_RETENTION) => {
    expect(() => readRetention({ TENANT_RETENTION })).toThrow();
  });
});
