// What the verifications together say, and what findings are about.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { around, MATTERS, matterOf } from '../../../console/verification/findings.ts';
import { HEADINGS, runbookOf, standingOf, type Verification } from '../../../console/verification/standing.ts';
import { FINDINGS, VERDICTS } from '../../../core/verify/finding.ts';

const NOW = Date.parse('2026-11-30T08:00:00Z');

function check(over: Partial<Verification> = {}): Verification {
  return {
    ...{ id: 'x', mode: 'incremental', startedAt: '2026-11-30T03:00:00Z', verdict: 'intact', seal: 3, findingCount: 0 },
    ...{ firstDigest: 0, lastDigest: 3 },
    entries: { entries: 1, bytes: 1, intact: 1, expired: 0, missing: 0, altered: 0 },
    ...over,
  };
}

test('without a check there is no standing', () => {
  expect(standingOf([], NOW)).toBeUndefined();
});

test('a finding of the last check of everything stands until a later check of everything has it no more', () => {
  const harmed = check({ id: 'full-1', mode: 'full', verdict: 'altered', startedAt: '2026-11-29T04:00:00Z' });
  expect(standingOf([check(), harmed, check()], NOW)).toMatchObject({ verdict: 'altered', by: { id: 'full-1' } });
  const healed = check({ id: 'full-2', mode: 'full', startedAt: '2026-11-30T04:00:00Z' });
  expect(standingOf([healed, harmed], NOW)).toMatchObject({ verdict: 'intact', full: { id: 'full-2' } });
});

test('of several findings the worst stands, and of the same ones the newest', () => {
  const some = [
    check({ id: 'a', verdict: 'incomplete' }),
    check({ id: 'b', verdict: 'missing' }),
    check({ id: 'c', verdict: 'missing' }),
  ];
  expect(standingOf(some, NOW)).toMatchObject({
    verdict: 'missing',
    by: { id: 'b' },
    newest: { id: 'a' },
    full: undefined,
  });
});

test('a check that is more than a day and a half old should have been followed by another', () => {
  expect(standingOf([check({ startedAt: '2026-11-29T03:00:00Z' })], NOW)?.overdue).toBe(false);
  expect(standingOf([check({ startedAt: '2026-11-28T03:00:00Z' })], NOW)?.overdue).toBe(true);
});

test('headings are the runbook’s, word by word, and every verdict but two has one', () => {
  const runbook = readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');
  for (const heading of Object.values(HEADINGS)) expect(runbook).toContain(`\n## ${heading}\n`);
  expect(VERDICTS.filter((verdict) => runbookOf(verdict) === undefined)).toEqual(['intact', 'unconfirmed']);
});

test('every code that there is is about something, and one of a later version is said to be unknown', () => {
  const live = readFileSync(new URL('../../../services/verify/finding.ts', import.meta.url), 'utf8');
  const own = [...live.matchAll(/^ {2}'?([a-z-]+)'?: '(?:altered|incomplete)',$/gm)].map(([, code]) => code!);
  expect(own).toContain('ledger-differs');
  for (const code of [...Object.keys(FINDINGS), ...own]) expect([code, matterOf(code)]).not.toEqual([code, 'other']);
  expect(matterOf('of-next-year')).toBe('other');
  expect(new Set(MATTERS).size).toBe(MATTERS.length);
});

test('the entries around a finding', () => {
  expect(around({ chain: 2, first: 41, last: 43 })).toEqual({
    ...{ before: { chain: 2, position: 40 }, at: { chain: 2, position: 41 }, after: { chain: 2, position: 44 } },
  });
  expect(around({ chain: 2, first: 0, last: 0 })?.before).toBeUndefined();
  expect(around({})).toBeUndefined();
});
