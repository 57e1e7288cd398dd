// The policy of roles, and docs/access.md.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  type AccessRole,
  ADMINISTRATIVE_CATEGORIES,
  CASE_TYPES,
  type FilterSubject,
  filterOf,
  OPERATIONS,
  POLICY,
  ROLE_ORDER,
  rolesOf,
  TRAIL_CATEGORIES,
  USER_CATEGORIES,
} from '../../../core/access/policy.ts';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { CATALOG } from '../../../core/catalog/catalog.ts';
import { CATEGORIES } from '../../../core/catalog/categories.ts';
import type { Entry } from '../../../core/entry/schema.ts';
import type { JsonObject } from '../../../core/json/value.ts';
import { compileQuery } from '../../../core/query/match.ts';
import { ROLES } from '../../../names/api.ts';

const DOCS = readFileSync(new URL('../../../docs/access.md', import.meta.url), 'utf8');
const cells = (row: string) =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''));
const rows = DOCS.split('\n')
  .filter((line) => line.startsWith('|'))
  .map(cells);

describe('docs/access.md', () => {
  test('has the operations of each role', () => {
    const [, ...roles] = rows.find(([first]) => first === 'operation')!;
    expect(roles).toEqual(ROLE_ORDER);
    const said = rows
      .filter(([name]) => (OPERATIONS as readonly string[]).includes(name!))
      .map(([name, ...marks]) => [name, roles.filter((_, i) => marks[i] === 'yes')]);
    expect(said).toEqual(OPERATIONS.map((name) => [name, rolesOf(name)]));
  });

  test('has what each role reads', () => {
    const said = rows.filter(([name, reads]) => ROLE_ORDER.includes(name as AccessRole) && reads !== 'yes');
    expect(said.map(([name, reads]) => [name, reads])).toEqual(ROLE_ORDER.map((role) => [role, POLICY[role].reads]));
  });

  test('names the categories that the filters name, and the actions that record reads', () => {
    for (const category of [...USER_CATEGORIES, ...ADMINISTRATIVE_CATEGORIES]) {
      expect(CATEGORIES.has(category)).toBe(true);
      expect(DOCS).toContain(`\`${category}\``);
    }
    const actions = [...CATALOG.values()]
      .filter(({ category }) => category === 'audit_access')
      .map((one) => one.action);
    const said = [...DOCS.matchAll(/`(audit\.[a-z_.]+)`/g)].map(([, action]) => action!);
    // Reports are run by whatever the deployment reports with.
    expect(new Set(said)).toEqual(new Set(actions.filter((action) => action !== 'audit.report_run')));
  });
});

test('the roles are those of the API', () => {
  expect(ROLE_ORDER.toSorted()).toEqual(ROLES.toSorted());
});

const WHO: FilterSubject = { subject: 'me', cases: ['c-1', 'c-2'], reviewers: [] };

function sees(role: AccessRole, entry: JsonObject, who: Partial<FilterSubject> = {}): boolean {
  const whole = {
    ...{ category: 'payment', actor: { type: 'user', id: 'u-1' }, recorder: { type: 'token', id: 'crm' } },
  };
  const given: JsonObject = { ...whole, ...entry };
  const matches = compileQuery(filterOf(role, { ...WHO, ...who }));
  return matches({ entry: given as unknown as Entry, bytes: canonicalBytes(given) });
}

const me = { type: 'user', id: 'me' };

describe('what an investigator reads', () => {
  const [type] = CASE_TYPES;
  test.each<[boolean, string, JsonObject]>([
    [true, 'an entry about the case', { target: { type, id: 'c-1' } }],
    [true, 'another of its cases', { target: { type, id: 'c-2' } }],
    [
      true,
      'one that relates to the case',
      {
        related: [
          { type: 'user', id: 'u-1' },
          { type, id: 'c-1' },
        ],
      },
    ],
    [true, 'a case by another name of its type', { category: 'case', target: { type: 'report', id: 'c-1' } }],
    [false, 'another case', { target: { type, id: 'c-3' } }],
    [false, 'a case whose id only begins so', { target: { type, id: 'c-11' } }],
    [false, 'another spelling', { target: { type, id: 'C-1' } }],
    [false, 'another thing of the same id', { target: { type: 'customer', id: 'c-1' } }],
    [false, 'a case without an id', { target: { type } }],
    [false, 'an entry without a target', {}],
    [false, 'another thing that relates', { related: [{ type: 'customer', id: 'c-1' }] }],
    [
      ...([false, 'another case, and another thing of the same id'] as const),
      {
        related: [
          { type, id: 'c-3' },
          { type: 'user', id: 'c-1' },
        ],
      },
    ],
    [false, 'its own actions elsewhere', { actor: me, recorder: { type: 'token', id: 'me' } }],
  ])('%p: %s', (seen, _, entry) => {
    expect(sees('investigator', entry)).toBe(seen);
    expect(sees('investigator', entry, { cases: [] })).toBe(false);
  });
});

describe('the reviews of a case', () => {
  const [type] = CASE_TYPES;
  test.each(TRAIL_CATEGORIES)('are not there for who investigates or administers: %s', (category) => {
    for (const entry of [{ target: { type, id: 'c-1' } }, { related: [{ type, id: 'c-1' }] }, { actor: me }]) {
      for (const reviewers of [[], ['me'], ['you']]) {
        expect(sees('investigator', { ...entry, category }, { reviewers })).toBe(false);
        expect(sees('admin', { ...entry, category }, { reviewers })).toBe(false);
      }
      expect(sees('compliance', { ...entry, category }, { reviewers: ['you'] })).toBe(true);
    }
  });
});

describe('what an administrator reads', () => {
  test.each([...CATEGORIES.keys()])('of the category %s', (category) => {
    const expected = ['account', 'authentication', 'session', 'administrative'].includes(category);
    expect(sees('admin', { category })).toBe(expected);
  });
});

describe('what compliance reads', () => {
  test.each([...CATEGORIES.keys()])('of the category %s', (category) => {
    expect(sees('compliance', { category })).toBe(true);
  });
});

describe('own administration', () => {
  const own: JsonObject[] = [
    { actor: me },
    { actor: { type: 'service', id: 'bot', onBehalfOf: 'me' } },
    { recorder: { type: 'token', id: 'me' } },
  ];

  test.each(own)('is left out while nobody else reviews: %j', (mine) => {
    for (const category of ADMINISTRATIVE_CATEGORIES) {
      const entry = { ...mine, category };
      for (const reviewers of [[], ['me']]) expect(sees('compliance', entry, { reviewers })).toBe(false);
      for (const reviewers of [['you'], ['me', 'you']]) expect(sees('compliance', entry, { reviewers })).toBe(true);
    }
    for (const reviewers of [[], ['me']]) {
      expect(sees('admin', { ...mine, category: 'account' }, { reviewers })).toBe(false);
      expect(sees('admin', { ...mine, category: 'authentication' }, { reviewers })).toBe(true);
    }
    const ofCase = { ...mine, related: [{ type: 'case', id: 'c-1' }] };
    for (const category of ['sanction', 'manager', 'account']) {
      expect(sees('investigator', { ...ofCase, category }, { reviewers: ['me'] })).toBe(false);
      expect(sees('investigator', { ...ofCase, category }, { reviewers: ['you'] })).toBe(true);
    }
    expect(sees('investigator', { ...ofCase, category: 'case' }, { reviewers: [] })).toBe(true);
    expect(sees('admin', { ...mine, category: 'account' }, { reviewers: ['you'] })).toBe(true);
    expect(sees('admin', { ...mine, category: 'payment' }, { reviewers: ['you'] })).toBe(false);
  });
});

describe('what the others read', () => {
  test('a writer what it recorded, and nothing that it only did', () => {
    expect(sees('writer', { recorder: { type: 'token', id: 'me' } })).toBe(true);
    expect(sees('writer', { actor: me })).toBe(false);
  });

  test.each(['auditor', 'operator'] as const)('%s nothing', (role) => {
    for (const category of CATEGORIES.keys()) {
      expect(sees(role, { category, recorder: { type: 'token', id: 'me' }, target: { type: 'case', id: 'c-1' } })).toBe(
        false,
      );
    }
  });
});
