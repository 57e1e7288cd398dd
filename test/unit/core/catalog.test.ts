// The catalog of actions.
import { describe, expect, test } from '@jest/globals';
import { CATALOG, CATEGORIES, checkRetention, retentionOf } from '../../../core/catalog/catalog.ts';
import { describe as describeEntry } from '../../../core/catalog/describe.ts';
import { isRetention, RetentionError, retainUntil } from '../../../core/catalog/retention.ts';
import { ACTION_PATTERN, type EntryInput, MAX_DESCRIPTION } from '../../../core/entry/schema.ts';
import { CATEGORY_PATTERN } from '../../../names/patterns.ts';
import { REQUIRED } from './catalog-requirements.ts';

describe('coverage of the requirement documents', () => {
  for (const { source, heading, category, wordings } of REQUIRED) {
    describe(`${source}, ${heading}`, () => {
      if (category !== undefined) {
        test('is a category', () => {
          expect([...CATEGORIES.values()].filter(({ labels }) => labels.includes(category))).toHaveLength(1);
        });
      }
      for (const [words, ...actions] of wordings) {
        test.each(actions)(`${words}: %s`, (action) => {
          const entry = CATALOG.get(action);
          expect(entry).toMatchObject({ action, severity: expect.any(String), outcome: expect.any(String) });
          expect(entry!.sources).toContain(source);
          expect(CATEGORIES.has(entry!.category)).toBe(true);
          expect(isRetention(retentionOf(entry!.category))).toBe(true);
          expect(entry!.description).toMatch(/^[A-Z{]/);
        });
      }
    });
  }

  test('the catalog claims no document that does not ask for the action', () => {
    const asked = new Set(
      REQUIRED.flatMap(({ source, wordings }) =>
        wordings.flatMap(([, ...actions]) => actions.map((action) => `${source} ${action}`)),
      ),
    );
    const claimed = [...CATALOG.values()].flatMap(({ action, sources }) =>
      sources.map((source) => `${source} ${action}`),
    );
    expect(claimed.filter((claim) => !claim.startsWith('own ') && !asked.has(claim))).toEqual([]);
  });
});

test('actions and categories have the form that entries demand', () => {
  for (const action of CATALOG.keys()) expect(action).toMatch(new RegExp(ACTION_PATTERN, 'u'));
  for (const category of CATEGORIES.keys()) expect(category).toMatch(new RegExp(CATEGORY_PATTERN, 'u'));
});

describe('default severity', () => {
  test.each([
    [
      'critical',
      [
        'security.unauthorized_access',
        'security.session_hijacking_detected',
        'case.evidence_deleted',
        'customer.deleted',
        'account.locked',
      ],
    ],
    [
      'high',
      ['settings.changed', 'user.role_changed', 'hold.applied', 'security.brute_force_detected', 'api.rate_limited'],
    ],
    ['medium', ['customer.updated', 'case.status_changed', 'auth.login.success', 'auth.login.failure', 'job.failed']],
    ['low', ['case.viewed', 'note.viewed', 'page.viewed', 'file.downloaded']],
    ['info', ['backup.completed', 'task.run', 'notification.sent']],
  ])('%s', (severity, actions) => {
    for (const action of actions) expect([action, CATALOG.get(action)?.severity]).toEqual([action, severity]);
  });

  test('one failed sign-in is less than many of them', () => {
    const order = ['info', 'low', 'medium', 'high', 'critical'];
    const grave = (action: string) => order.indexOf(CATALOG.get(action)!.severity);
    for (const single of ['auth.login.failure', 'portal.login.failure', 'api.auth.failure']) {
      expect(grave(single)).toBeLessThan(grave('security.brute_force_detected'));
    }
  });

  test('what was deleted is kept no shorter than what was changed', () => {
    expect(CATALOG.get('data.deleted')).toMatchObject({ category: 'data_modification', severity: 'critical' });
  });

  test('every deletion is critical', () => {
    const deletions = [...CATALOG.values()].filter(({ action }) => /deleted$/.test(action));
    expect(deletions.length).toBeGreaterThan(15);
    for (const { severity } of deletions) expect(severity).toBe('critical');
  });
});

describe('retention', () => {
  test.each([
    ['payment', 'P7Y'],
    ['authentication', 'P2Y'],
    ['data_access', 'P2Y'],
    ['data_modification', 'P2Y'],
    ['administrative', 'P2Y'],
    ['security', 'P7Y'],
    ['application', 'P7Y'],
    ['system', 'P1Y'],
    ['error', 'P30D'],
    ['debug', 'P30D'],
    ['core', 'P36M'],
    ['other', 'P36M'],
    ['security_incident', 'permanent'],
    ['data_breach', 'permanent'],
    ['legal_hold', 'permanent'],
    ['compliance_violation', 'permanent'],
    ['sanction', 'permanent'],
  ])('%s is kept for %s', (category, retention) => expect(retentionOf(category)).toBe(retention));

  test('an override replaces one category only', () => {
    const overrides = { payment: 'P10Y', debug: 'PT90S' };
    expect([
      retentionOf('payment', overrides),
      retentionOf('debug', overrides),
      retentionOf('system', overrides),
    ]).toEqual(['P10Y', 'PT90S', 'P1Y']);
    expect(() => checkRetention(overrides)).not.toThrow();
  });

  test.each<Record<string, string>>([
    { misc: 'P1Y' },
    { payment: '7 years' },
    { payment: 'P' },
    { payment: '' },
    { payment: 'P1.5Y' },
    { payment: '-P1Y' },
    { constructor: 'P1Y' },
    { payment: 'PT' },
  ])('refuses %j', (overrides) => expect(() => checkRetention(overrides)).toThrow(RetentionError));

  test.each([
    ['2024-02-29T12:00:00.500Z', 'P1Y', '2025-02-28T12:00:00.500Z'],
    ['2024-02-29T00:00:00.000Z', 'P4Y', '2028-02-29T00:00:00.000Z'],
    ['2026-01-31T00:00:00.000Z', 'P1M', '2026-02-28T00:00:00.000Z'],
    ['2026-01-31T00:00:00.000Z', 'P1M1D', '2026-03-01T00:00:00.000Z'],
    ['2026-12-31T23:59:59.999Z', 'P36M', '2029-12-31T23:59:59.999Z'],
    ['2026-03-01T00:00:00.000Z', 'P30D', '2026-03-31T00:00:00.000Z'],
    ['2026-03-01T00:00:00.000Z', 'P1W', '2026-03-08T00:00:00.000Z'],
    ['2026-03-01T00:00:00.000Z', 'P1Y2M3DT4H5M6S', '2027-05-04T04:05:06.000Z'],
    ['2026-03-01T00:00:00.000Z', 'PT90S', '2026-03-01T00:01:30.000Z'],
  ])('what is recorded at %s is kept %s, until %s', (from, retention, until) => {
    const date = new Date(from);
    expect(retainUntil(date, retention)?.toISOString()).toBe(until);
    expect(date.toISOString()).toBe(from);
  });

  test('permanent has no end', () => expect(retainUntil(new Date(), 'permanent')).toBeUndefined());
  test('anything else is refused', () => expect(() => retainUntil(new Date(), 'P')).toThrow(RetentionError));
});

describe('descriptions', () => {
  const actor = { type: 'user', id: 'u1' } as const;
  const template = '{actor} changed the status of the case {target}';

  test.each<[Pick<EntryInput, 'actor' | 'target'>, string]>([
    [
      { actor: { ...actor, name: 'Ada' }, target: { type: 'case', name: 'C', id: 'c1' } },
      'Ada changed the status of the case C',
    ],
    [
      { actor: { ...actor, sessionName: 'Parent: Ada' }, target: { type: 'case', id: 'c1' } },
      'Parent: Ada changed the status of the case c1',
    ],
    [{ actor, target: { type: 'case', id: 'c1', reference: 'R-1' } }, 'u1 changed the status of the case R-1'],
    [{ actor, target: { type: 'case' } }, 'u1 changed the status of the case'],
    [{ actor: { type: 'system' as const } }, 'The system changed the status of the case'],
    [{ actor: { type: 'anonymous' as const } }, 'Someone anonymous changed the status of the case'],
  ])('%j', (entry, text) => expect(describeEntry({ action: 'case.status_changed', ...entry }, template)).toBe(text));

  test('inside of a sentence, without a target, with words that look like placeholders', () => {
    const system = { action: 'a.b', actor: { type: 'system' as const } };
    expect(describeEntry(system, 'A session of {actor} ended')).toBe('A session of the system ended');
    expect(describeEntry(system, 'A violation was detected: {target}')).toBe('A violation was detected');
    expect(describeEntry({ ...system, actor: { ...actor, name: '{target} $& {actor}' } }, '{actor} acted')).toBe(
      '{target} $& {actor} acted',
    );
  });

  test('are cut between characters', () => {
    const text = describeEntry({ action: 'a.b', actor: { ...actor, id: '😀'.repeat(2_048) } });
    expect([...text]).toHaveLength(MAX_DESCRIPTION);
    expect(text.endsWith('😀…')).toBe(true);
  });
});
