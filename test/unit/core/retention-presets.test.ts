// Each requirement document's periods, under the preset that bears its name, for every action that the document names.
import { describe, expect, test } from '@jest/globals';
import { CATALOG, CATEGORIES, checkRetention, retentionOf, type Source } from '../../../core/catalog/catalog.ts';
import { isAtLeast, PERMANENT } from '../../../core/catalog/retention.ts';
import { RETENTION_PRESETS } from '../../../names/retention-presets.ts';

const kept = (preset: string, category: string) => retentionOf(category, RETENTION_PRESETS[preset]);
const named = (source: Source) => [...CATALOG.values()].filter(({ sources }) => sources.includes(source));

describe('every preset', () => {
  test.each(Object.keys(RETENTION_PRESETS))(
    '%s names known categories, and gives up nothing that is permanent',
    (preset) => {
      const periods = RETENTION_PRESETS[preset]!;
      expect(() => checkRetention(periods)).not.toThrow();
      for (const [category, { retention }] of CATEGORIES) {
        if (retention === PERMANENT) expect([category, kept(preset, category)]).toEqual([category, PERMANENT]);
      }
    },
  );
});

describe('what the documents say', () => {
  test.each([
    ['client-records', 'authentication', 'P2Y'],
    ['client-records', 'data_access', 'P2Y'],
    ['client-records', 'data_modification', 'P2Y'],
    ['client-records', 'administrative', 'P2Y'],
    ['client-records', 'payment', 'P7Y'],
    ['client-records', 'security', 'P2Y'],
    ['client-records', 'system', 'P30D'],
    ['client-records', 'error', 'P30D'],
    ['application-processing', 'security', 'P7Y'],
    ['application-processing', 'application', 'P7Y'],
    ['application-processing', 'system', 'P1Y'],
    ['application-processing', 'debug', 'P30D'],
    ['forms', 'parent_portal', 'P36M'],
    ['case-management', 'security', PERMANENT],
    ['catalog', 'security', 'P7Y'],
  ])('%s keeps %s for %s', (preset, category, period) => {
    expect(kept(preset, category)).toBe(period);
  });

  test('nothing that the case management document names is kept for less than seven years', () => {
    const actions = named('S4');
    expect(actions.length).toBeGreaterThan(40);
    const shorter = actions.filter(({ category }) => !isAtLeast(kept('case-management', category), 'P7Y'));
    expect(shorter.map(({ action }) => action)).toEqual([]);
  });

  test('its critical security events are never deleted', () => {
    const critical = named('S4').filter(({ category, severity }) => category === 'security' && severity === 'critical');
    expect(critical.length).toBeGreaterThan(0);
    for (const { category } of critical) expect(kept('case-management', category)).toBe(PERMANENT);
  });

  test('everything that the forms document names is kept for 36 months or more', () => {
    for (const { category } of named('S3')) expect(isAtLeast(kept('forms', category), 'P36M')).toBe(true);
  });

  test('everything that the guide to compliance names is kept for a year or more', () => {
    for (const { category } of named('S2')) expect(isAtLeast(kept('compliance-guide', category), 'P1Y')).toBe(true);
  });
});
