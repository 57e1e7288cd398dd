// The month of `indelible demo`, and that it is recorded once.
import { describe, expect, test } from '@jest/globals';
import { casesOf, deadlinesOf } from '../../../cli/demo/cases.ts';
import { incidentNight, incidentReference } from '../../../cli/demo/incident.ts';
import { type Month, type MonthOptions, monthOf, openingOf, TooFew } from '../../../cli/demo/month.ts';
import { EXIT } from '../../../cli/exit.ts';
import { CATALOG, CATEGORIES } from '../../../core/catalog/catalog.ts';
import { OUTCOMES, SEVERITIES } from '../../../core/entry/schema.ts';
import { MemoryBlockStore } from '../../fakes/memory-block-store.ts';
import { Api } from '../../support/api.ts';
import { FakeClock } from '../../support/clock.ts';
import { run } from '../../support/command-line.ts';
import { serveApi } from '../../support/http-api.ts';

const NOW = Date.parse('2026-11-20T05:00:00Z');
const DAY_MS = 86_400_000;
const USUAL: MonthOptions = { seed: 'indelible', days: 30, entries: 1_500 };

const at = (iso: string) => Date.parse(iso);

describe('the month', () => {
  test('is the same for a seed, and another for another', () => {
    const told = ({ entries, own, records, period: { from, to } }: Month) => ({ entries, own, records, from, to });
    expect(told(monthOf(USUAL, NOW))).toEqual(told(monthOf(USUAL, NOW + 18 * 3_600_000)));
    expect(openingOf(USUAL)).toEqual(openingOf({ ...USUAL }));
    const other = monthOf({ ...USUAL, seed: 'other' }, NOW);
    expect(other.entries).not.toEqual(monthOf(USUAL, NOW).entries);
    const ids = (month: typeof other) => new Set(month.entries.map(({ id }) => id));
    const usual = ids(monthOf(USUAL, NOW));
    expect([...ids(other)].filter((id) => usual.has(id))).toEqual([]);
  });

  test.each([
    [28, 600],
    [30, 1_500],
    [31, 777],
    [90, 3_001],
  ])('of %i days has exactly %i entries, whichever weekday it begins on', (days, entries) => {
    for (let day = 0; day < 7; day++) {
      const month = monthOf({ ...USUAL, days, entries }, NOW + day * DAY_MS);
      expect(1 + month.entries.length + month.own.length + month.records.length).toBe(entries);
      expect(new Set(month.entries.map(({ id }) => id)).size).toBe(month.entries.length);
      const times = month.entries.map(({ occurredAt }) => at(occurredAt));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)).toBeLessThan(month.period.to);
    }
  });

  test('refuses to be smaller than what it tells', () => {
    const least = (() => {
      try {
        return monthOf({ ...USUAL, entries: 10 }, NOW).entries.length;
      } catch (error) {
        return (error as TooFew).least;
      }
    })();
    expect(monthOf({ ...USUAL, entries: least }, NOW).entries.length).toBeGreaterThan(500);
    expect(() => monthOf({ ...USUAL, entries: least - 1 }, NOW)).toThrow(TooFew);
  });

  /** What the trail records of itself, and nobody tells it; a demo that claimed tampering would only frighten. */
  const OF_THE_TRAIL = /^(audit|verification)\./;

  test('has every action of the catalog that applications tell', () => {
    const { entries, own } = monthOf(USUAL, NOW);
    const told = new Set(entries.map(({ action }) => action));
    const missing = [...CATALOG.keys()].filter((action) => !told.has(action));
    expect(missing.filter((action) => !OF_THE_TRAIL.test(action))).toEqual([]);
    expect(told.size).toBeGreaterThan(230);
    expect([...told].filter((action) => !CATALOG.has(action))).toEqual([]);
    expect(own.map(({ action }) => action)).toEqual(['visitor.badge_printed']);
  });

  test('is taken by the API as it is, in every category, severity and outcome', async () => {
    const api = new Api({ clock: new FakeClock(1, NOW) });
    const month = monthOf(USUAL, NOW);
    const entries = [...month.entries, ...month.own];
    for (let from = 0; from < entries.length; from += 500) {
      const { status, text } = await api.post({ entries: entries.slice(from, from + 500) });
      expect([status, status === 201 || text]).toEqual([201, true]);
    }
    const stored = api.entries();
    expect(stored).toHaveLength(entries.length);
    const of = (member: string) => new Set(stored.map((entry) => entry[member]));
    expect(of('category')).toEqual(new Set(CATEGORIES.keys()));
    expect(of('severity')).toEqual(new Set(SEVERITIES));
    expect(of('outcome')).toEqual(new Set(OUTCOMES));
    const groups = ['change', 'related', 'context', 'source', 'metadata', 'redacted', 'late'];
    for (const group of groups) expect(stored.some((entry) => entry[group] !== undefined)).toBe(true);
    expect(stored.find(({ action }) => action === 'payment.card_stored').metadata.card).toBe('[REDACTED:card]');
  });

  test('causes come before what they caused', () => {
    const { entries } = monthOf(USUAL, NOW);
    const place = new Map(entries.map(({ id }, index) => [id, index]));
    const caused = entries.filter(({ context }) => context?.parentId !== undefined);
    expect(caused.length).toBeGreaterThan(60);
    for (const { id, context } of caused) expect(place.get(context!.parentId!)).toBeLessThan(place.get(id)!);
  });

  test('the portal speaks two languages', () => {
    const { entries } = monthOf(USUAL, NOW);
    const sent = entries.filter(({ action }) => action === 'submission.submitted');
    const languages = new Set(sent.map(({ metadata }) => metadata?.language));
    expect(languages).toEqual(new Set(['en', 'ne']));
    for (const { metadata, description } of sent) {
      expect(/\p{Script=Devanagari}/u.test(description ?? '')).toBe(metadata?.language === 'ne');
    }
  });
});

describe('the incident', () => {
  const COURSE = [
    'auth.login.failure',
    'security.brute_force_detected',
    'account.locked',
    'auth.login.success',
    'anomaly.new_location',
    'account.permission_elevated',
    'case.evidence_downloaded',
    'data.exported',
    'anomaly.bulk_downloads',
    'session.invalidated',
    'account.deactivated',
    'incident.reported',
    'hold.applied',
    'breach.notified',
    'incident.closed',
  ];

  test.each([0, 1, 2, 3, 4, 5, 6])('has its course, when the month ends %i days later', (day) => {
    const { entries, period } = monthOf(USUAL, NOW + day * DAY_MS);
    const told = entries.filter(({ context }) => context?.correlationId === incidentReference(period));
    const first = new Map<string, number>();
    for (const [index, { action }] of told.entries()) if (!first.has(action)) first.set(action, index);
    const places = COURSE.map((action) => first.get(action) ?? -1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(Math.min(...places)).toBe(0);
    const by = (action: string) => told.filter((entry) => entry.action === action);
    expect(by('auth.login.failure').length).toBeGreaterThan(5);
    expect(by('case.evidence_downloaded').length).toBeGreaterThan(10);
    const [failed] = by('auth.login.failure');
    const [signedIn] = by('auth.login.success');
    expect(signedIn!.actor.id).toBe(failed!.actor.id);
    expect(signedIn!.source!.geo!.country).not.toBe('IE');
    expect(new Date(incidentNight(period)).getUTCHours()).toBe(21);
  });
});

test('cases keep the two periods, or miss them as the summary says', () => {
  const { entries, period } = monthOf(USUAL, NOW);
  const of = (id: string, action: string) =>
    entries
      .filter((entry) => entry.target?.id === id && entry.action === action)
      .map(({ occurredAt }) => at(occurredAt))[0];
  const late = { acknowledgedLate: 0, neverAcknowledged: 0, answeredLate: 0, unanswered: 0 };
  const cases = casesOf(period);
  for (const { id } of cases) {
    const submitted = of(id, 'case.report_submitted')!;
    const acknowledged = of(id, 'case.acknowledged');
    const answered = of(id, 'case.feedback_given');
    const age = (period.to - submitted) / DAY_MS;
    if (acknowledged === undefined ? age > 8 : false) late.neverAcknowledged++;
    if (acknowledged !== undefined && acknowledged - submitted > 7 * DAY_MS) late.acknowledgedLate++;
    if (answered === undefined ? age > 92 : false) late.unanswered++;
    if (answered !== undefined && answered - submitted > 92 * DAY_MS) late.answeredLate++;
    if (acknowledged !== undefined) expect(acknowledged).toBeGreaterThan(submitted);
    if (answered !== undefined) expect(answered).toBeGreaterThan(acknowledged!);
  }
  expect(late).toEqual(deadlinesOf(cases, period.days));
  expect(late).toEqual({ acknowledgedLate: 2, neverAcknowledged: 1, answeredLate: 1, unanswered: 1 });
});

describe('the command', () => {
  /** 700, but for the records that go to the event bus. */
  const POSTED = 686;

  // An API that is elsewhere has no event bus here, unless it is said.
  const demo = async (url: URL, ...args: string[]) => {
    const { code, out, err } = await run(
      'demo',
      '--tenant',
      'acme',
      '--url',
      url.href,
      '--token',
      't',
      '--entries',
      '700',
      ...args,
    );
    return {
      code,
      err,
      said: out
        .split('\n')
        .filter((line) => !line.startsWith('{"timestamp"'))
        .join('\n'),
    };
  };

  test('again, and on the next day, it adds nothing', async () => {
    const api = new Api({ clock: new FakeClock(1, NOW) });
    const served = await serveApi(api);
    try {
      const first = await demo(served.url);
      expect([first.code, first.err, api.entries().length]).toEqual([EXIT.ok, '', POSTED]);
      expect(first.said).toContain('  686 entries recorded through the API\n');
      await api.clock.sleep(DAY_MS);
      const second = await demo(served.url);
      expect(second.said).toContain('  0 entries recorded through the API, 686 were there already\n');
      expect(api.entries()).toHaveLength(POSTED);
      const [opening, ...rest] = api.entries();
      expect(opening.metadata).toEqual({ seed: 'indelible', days: 30, entries: 700 });
      const { entries, own } = monthOf({ ...USUAL, entries: 700 }, NOW);
      expect(rest.map(({ id }) => id)).toEqual([...entries, ...own].map(({ id }) => id));
    } finally {
      await served.stop();
    }
  });

  test.each([1, 2, 5])('cut off after %i requests and begun again, each entry is there once', async (requests) => {
    const api = new Api({ clock: new FakeClock(1, NOW) });
    const served = await serveApi(api);
    try {
      served.breakAfter(requests);
      expect((await demo(served.url)).code).toBe(EXIT.unreachable);
      const before = api.entries().length;
      expect(before).toBeGreaterThan(0);
      expect(before).toBeLessThan(POSTED);
      served.breakAfter(Number.POSITIVE_INFINITY);
      await api.clock.sleep(1_000);
      expect((await demo(served.url)).said).toContain(
        `${POSTED - before} entries recorded through the API, ${before} were`,
      );
      const ids = api.entries().map(({ id }) => id);
      expect([ids.length, new Set(ids).size]).toEqual([POSTED, POSTED]);
    } finally {
      await served.stop();
    }
  });

  test('of a run that was cut off more than seven days ago, it says what that comes to', async () => {
    const clock = new FakeClock(1, NOW);
    // Keys are remembered for seven days, or for the hot window.
    const api = new Api({ clock, memory: new MemoryBlockStore({ now: clock.now, hotWindowMs: 7 * DAY_MS }) });
    const served = await serveApi(api);
    try {
      served.breakAfter(1);
      expect((await demo(served.url)).code).toBe(EXIT.unreachable);
      await clock.sleep(4 * DAY_MS);
      served.breakAfter(4);
      expect((await demo(served.url)).code).toBe(EXIT.unreachable);
      served.breakAfter(Number.POSITIVE_INFINITY);
      await clock.sleep(4 * DAY_MS);
      const { code, err } = await demo(served.url);
      expect(code).toBe(EXIT.refused);
      expect(err).toContain('a run that was cut off more than seven days ago');
      expect(err).toContain('What is there stays; take another --seed or --tenant');
      expect((await demo(served.url, '--seed', 'another')).code).toBe(EXIT.ok);
    } finally {
      await served.stop();
    }
  });

  test('a strict deployment is told nothing that it refuses', async () => {
    const api = new Api({ clock: new FakeClock(1, NOW), strict: true });
    const served = await serveApi(api, { strict: true });
    try {
      const { code, said } = await demo(served.url);
      expect([code, api.entries().length]).toEqual([EXIT.ok, POSTED - 1]);
      expect(said).toContain('  1 left out: the deployment takes only actions that its catalog holds\n');
    } finally {
      await served.stop();
    }
  });

  test('a token of another tenant is refused before anything is recorded', async () => {
    const api = new Api({ clock: new FakeClock(1, NOW) });
    const served = await serveApi(api);
    try {
      const { code, err } = await demo(served.url, '--tenant', 'other');
      expect([code, err]).toEqual([EXIT.unreachable, expect.stringContaining('the API answered 403')]);
      expect(api.entries()).toEqual([]);
    } finally {
      await served.stop();
    }
  });

  test.each([
    [['--days', '7'], '--days takes a whole number from 28 to 366'],
    [['--entries', '10'], '--entries takes at least 5'],
    [['--entries', 'many'], '--entries takes a whole number from 1 to 100000'],
    [['--seed', ''], '--seed takes a text of 1 to 100 characters'],
    [['what'], "demo takes no arguments, got 'what'"],
  ])('%j is a wrong usage', async (args, sentence) => {
    const api = new Api({ clock: new FakeClock(1, NOW) });
    const served = await serveApi(api);
    try {
      const { code, err } = await demo(served.url, ...args);
      expect([code, err]).toEqual([EXIT.usage, expect.stringContaining(sentence)]);
      expect(served.asked()).toBe(0);
    } finally {
      await served.stop();
    }
  });
});
