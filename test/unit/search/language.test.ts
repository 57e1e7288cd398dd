// The examples of docs/search.md.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import type { Entry } from '../../../core/entry/schema.ts';
import type { JsonValue } from '../../../core/json/value.ts';
import { QueryError } from '../../../core/query/error.ts';
import { FIELDS } from '../../../core/query/fields.ts';
import { compileQuery } from '../../../core/query/match.ts';
import { parseQuery } from '../../../core/query/parse.ts';

const PAGE = readFileSync(new URL('../../../docs/search.md', import.meta.url), 'utf8');

const ENTRY = {
  ...{ id: 'e1', v: 1, tenant: 'acme', action: 'case.viewed', category: 'case', outcome: 'success', severity: 'high' },
  ...{
    description: 'Interview A was seen AND a login',
    occurredAt: '2026-03-05T00:00:00.000Z',
    recordedAt: '2026-03-05T00:00:00.001Z',
  },
  actor: { type: 'user', id: 'u3' },
  source: { ip: '203.0.113.9' },
  target: { type: 'case', id: 'c4242', reference: 'WB-1' },
  context: { responseTimeMs: 1_500 },
  metadata: { order: { total: 150 } },
  recorder: { type: 'token', id: 'app' },
} as unknown as Entry;
const CANDIDATE = { entry: ENTRY, bytes: canonicalBytes(ENTRY as unknown as JsonValue) };

const examples = [
  ...PAGE.slice(PAGE.indexOf('## By example'), PAGE.indexOf('## Fields')).matchAll(/^\| (`.+?) \| /gm),
].flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map(([, query]) => query!));

describe('every example of docs/search.md', () => {
  /** Of another entry than this. */
  const OTHERS = ['action:auth.login.failure OR severity:critical', 'description:"AND" target.id:"a:b c"'];
  test.each(examples)('%s', (query) => {
    expect(compileQuery(parseQuery(query))(CANDIDATE)).toBe(!OTHERS.includes(query));
  });
});

test('the page lists every field under its kind', () => {
  const rows = [...PAGE.matchAll(/^\| (keyword|text|time|number|list|json|group) \| ([^|]+) \|/gm)];
  const listed = rows.flatMap(([, kind, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].flatMap(([, name]) => (name!.includes('…') ? [] : [`${kind} ${name}`])),
  );
  expect(listed.toSorted()).toEqual([...FIELDS].map(([name, { kind }]) => `${kind} ${name}`).toSorted());
});

describe('what is no query says where and what was expected', () => {
  test.each([
    ['actor.id:', 10, /value directly behind the colon/],
    ['nosuch.id:u1', 1, /name of a field \(such as id, actor.id/],
    ['metadata.x-y:1', 1, /letters, digits and _/],
    ['http:x', 1, /goes in quotes/],
    ['a AND', 6, /a condition/],
    ['(a', 3, /closing parenthesis/],
    ['a)', 2, /opening parenthesis/],
    ['"a', 1, /closing quotation mark/],
    ['/a', 1, /closing slash/],
    ['action:/a(?=b)/', 12, /look-around/],
    ['action:/(a)\\1/', 13, /punctuation, behind the backslash/],
    ['action:/(a{100}){100}/', 17, /would explode/],
    ['recordedAt:[2026-03-01 TO soon]', 12, /a time such as/],
    ['recordedAt:[2026-03-01 2026-03-02]', 34, /TO between/],
    ['context.responseTimeMs:fast', 24, /a number/],
    ['severity:>urgent', 10, /one of info/],
    ['actor:u1', 7, /\* behind actor/],
    ['related.id:/a/', 12, /no regular expression/],
    ['/^a/', 1, /without \^ and \$/],
    ['x'.repeat(8_001), 8_001, /at most 8000/],
    ['😀 (', 4, /a condition/],
  ])('%s', (query, column, expected) => {
    let thrown: unknown;
    try {
      parseQuery(query);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(QueryError);
    expect((thrown as QueryError).expected).toMatch(expected);
    expect((thrown as QueryError).column).toBe(column);
  });
});

test('an expression that would make a backtracking engine hang is answered at once', () => {
  const bytes = canonicalBytes({ ...(ENTRY as unknown as Record<string, JsonValue>), description: 'a'.repeat(5_000) });
  const entry = { ...ENTRY, description: 'a'.repeat(5_000) };
  expect(compileQuery(parseQuery('description:/^(a|aa)*b$/'))({ entry, bytes })).toBe(false);
  expect(compileQuery(parseQuery(`description:${'*a'.repeat(50)}*b`))({ entry, bytes })).toBe(false);
});
