// How a period is cut into slots.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boundariesOf, INTERVAL_NAMES, type Interval, intervalFor, slotsIn } from '../../../core/histogram/slots.ts';
import { Zone, ZoneError } from '../../../core/histogram/zone.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const cut = (from: string, to: string, interval: Interval, zone = 'UTC') =>
  boundariesOf({ from: Date.parse(from), to: Date.parse(to) }, interval, new Zone(zone)).map((time) =>
    new Date(time).toISOString().replace(':00.000Z', ''),
  );

describe('slots', () => {
  test('begin at multiples of the interval, the first and the last are cut', () => {
    expect(cut('2026-03-01T09:30:00Z', '2026-03-01T12:00:00Z', 'PT1H')).toEqual([
      '2026-03-01T09:30',
      '2026-03-01T10:00',
      '2026-03-01T11:00',
      '2026-03-01T12:00',
    ]);
    expect(cut('2026-03-01T00:00:00Z', '2026-03-01T13:00:00Z', 'PT6H')).toEqual([
      '2026-03-01T00:00',
      '2026-03-01T06:00',
      '2026-03-01T12:00',
      '2026-03-01T13:00',
    ]);
  });

  test('days are those of the zone', () => {
    const days = cut('2026-03-01T00:00:00Z', '2026-03-03T00:00:00Z', 'P1D', 'Asia/Kolkata');
    expect(days).toEqual(['2026-03-01T00:00', '2026-03-01T18:30', '2026-03-02T18:30', '2026-03-03T00:00']);
    expect(cut('2026-03-01T00:00:00Z', '2026-03-03T00:00:00Z', 'P1D', '+05:30')).toEqual(days);
    expect(cut('2026-03-01T12:00:00Z', '2026-03-02T12:00:00Z', 'P1D', '-11:00')).toEqual([
      '2026-03-01T12:00',
      '2026-03-02T11:00',
      '2026-03-02T12:00',
    ]);
  });

  test('a day on which clocks are set has 23 or 25 hours', () => {
    const spring = cut('2026-03-28T23:00:00Z', '2026-03-30T22:00:00Z', 'P1D', 'Europe/Berlin');
    expect(spring).toEqual(['2026-03-28T23:00', '2026-03-29T22:00', '2026-03-30T22:00']);
    const autumn = cut('2026-10-24T22:00:00Z', '2026-10-26T23:00:00Z', 'P1D', 'Europe/Berlin');
    expect(autumn).toEqual(['2026-10-24T22:00', '2026-10-25T23:00', '2026-10-26T23:00']);
    expect(cut('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', 'PT12H', 'Europe/Berlin')).toEqual([
      '2026-10-24T22:00',
      '2026-10-25T10:00',
      '2026-10-25T22:00',
      '2026-10-25T23:00',
    ]);
  });

  test('a midnight that clocks leave out, or show twice, begins one day', () => {
    // Beirut sets its clocks at midnight, Havana back at one.
    expect(cut('2026-03-28T00:00:00Z', '2026-03-29T12:00:00Z', 'P1D', 'Asia/Beirut')).toEqual([
      '2026-03-28T00:00',
      '2026-03-28T22:00',
      '2026-03-29T12:00',
    ]);
    expect(cut('2026-10-31T12:00:00Z', '2026-11-02T12:00:00Z', 'P1D', 'America/Havana')).toEqual([
      '2026-10-31T12:00',
      '2026-11-01T04:00',
      '2026-11-02T05:00',
      '2026-11-02T12:00',
    ]);
  });

  test('weeks begin on Monday', () => {
    expect(cut('2026-03-01T00:00:00Z', '2026-03-12T00:00:00Z', 'P7D')).toEqual([
      '2026-03-01T00:00',
      '2026-03-02T00:00',
      '2026-03-09T00:00',
      '2026-03-12T00:00',
    ]);
  });

  test('are about as many as were asked for', () => {
    expect(intervalFor({ from: 0, to: DAY }, 60)).toBe('PT30M');
    expect(intervalFor({ from: 0, to: 30 * DAY }, 60)).toBe('PT12H');
    expect(intervalFor({ from: 0, to: 30 * DAY }, 30)).toBe('P1D');
    expect(intervalFor({ from: 0, to: 9_000 * DAY }, 60)).toBe('P7D');
    expect(intervalFor({ from: 0, to: 60_000 }, 60)).toBe('PT1M');
  });

  test('of any zone they are ascending, cover the period, and none is longer than its interval and a clock that is set', () => {
    const zones = [
      'UTC',
      'Asia/Kolkata',
      'Asia/Kathmandu',
      'Europe/Berlin',
      'America/Havana',
      'Australia/Lord_Howe',
      '-03:30',
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2027-01-01') }),
        fc.integer({ min: 1, max: 40 * DAY }),
        fc.constantFrom(...INTERVAL_NAMES),
        fc.constantFrom(...zones),
        (from, length, interval, zone) => {
          const span = { from, to: from + length };
          if (slotsIn(span, interval) > 1_000) return;
          const boundaries = boundariesOf(span, interval, new Zone(zone));
          expect([boundaries[0], boundaries.at(-1)]).toEqual([span.from, span.to]);
          const lengths = boundaries.slice(1).map((end, i) => end - boundaries[i]!);
          expect(Math.min(...lengths)).toBeGreaterThan(0);
          const whole = { PT1M: 60_000, P1D: DAY, P7D: 7 * DAY }[interval as string] ?? 12 * HOUR;
          expect(Math.max(...lengths)).toBeLessThanOrEqual(whole + 2 * HOUR);
          // A slot more at either end, and where clocks are set.
          expect(lengths.length).toBeLessThanOrEqual(slotsIn(span, interval) + 3 + 2 * Math.ceil(length / (150 * DAY)));
        },
      ),
    );
  });

  test('a zone that there is none of is refused', () => {
    for (const name of ['Mars/Olympus', '', '+25:00', 'x'.repeat(60)]) expect(() => new Zone(name)).toThrow(ZoneError);
  });
});
