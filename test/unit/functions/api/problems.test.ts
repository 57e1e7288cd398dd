// The types of problems in docs/api.md.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { PROBLEMS } from '../../../../functions/api/shared/problem.ts';

test('docs/api.md has every type of problem with its status', () => {
  const docs = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8');
  const rows = [...docs.matchAll(/^\| (\d{3}) +\| `([a-z-]+)` +\|/gm)].map(([, status, slug]) => [
    slug!,
    Number(status),
  ]);
  const known = Object.entries(PROBLEMS).map(([slug, { status }]) => [slug, status]);
  expect(rows.toSorted()).toEqual(known.toSorted());
});
