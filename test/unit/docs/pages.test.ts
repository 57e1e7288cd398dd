// The README and docs/ lead where they say, and to the answers that people come for.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parseQuery } from '../../../core/query/parse.ts';
import { FINDINGS } from '../../../core/verify/finding.ts';
import { blocksOf, headingsOf, linksOf, PAGES, readPage } from '../../support/pages.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What somebody asks, and the heading that answers it. */
const ANSWERS = [
  ['how an entry is posted', 'docs/for-developers.md', 'the-first-entry'],
  ['what happens on a repeated request', 'docs/for-developers.md', 'repeated-requests-and-batches'],
  ['how a search is written', 'docs/search.md', 'by-example'],
  ['who may read what', 'docs/access.md', 'roles'],
  ['how an export is checked offline', 'docs/for-auditors.md', 'check-it-offline'],
  ['what verdict codes mean', 'docs/for-auditors.md', 'verdicts'],
  ['how long entries are kept', 'docs/for-compliance.md', 'how-long-entries-are-kept'],
  ['how to hold them', 'docs/for-compliance.md', 'holds'],
  ['what happens when somebody changes the database', 'docs/tampering.md', 'who-can-do-what-and-who-notices'],
  ['what an alarm asks me to do', 'docs/runbook.md', 'tampering-detected'],
  ['what it costs a million entries', 'docs/for-operators.md', 'what-it-costs'],
] as const;

const anchorsOf = (path: string): Set<string> => new Set(headingsOf(readPage(path)).map(({ anchor }) => anchor));

describe.each(PAGES)('%s', (path) => {
  test('has no link that leads nowhere', () => {
    const dead = linksOf(path).filter(
      ({ page, anchor }) =>
        !existsSync(`${ROOT}${page}`) || (anchor !== undefined && PAGES.includes(page) && !anchorsOf(page).has(anchor)),
    );
    expect(dead.map(({ href }) => href)).toEqual([]);
  });
});

/** Pages by how many links they are away from the README. */
function distances(): Map<string, number> {
  const far = new Map([['README.md', 0]]);
  for (const [page, distance] of far) {
    for (const { page: next } of linksOf(page)) {
      if (PAGES.includes(next) && !far.has(next)) far.set(next, distance + 1);
    }
  }
  return far;
}

test('every page is two links away from the README at most', () => {
  const far = distances();
  expect(PAGES.filter((page) => (far.get(page) ?? Number.POSITIVE_INFINITY) > 2)).toEqual([]);
});

/** Headings that the README links itself, or that a page links which the README links; the list of answers does not count. */
function withinTwoLinks(): Set<string> {
  const first = linksOf('README.md');
  const pages = first.map(({ page }) => page).filter((page) => PAGES.includes(page) && page !== 'docs/testing.md');
  const all = [...first, ...pages.flatMap((page) => linksOf(page))];
  return new Set(all.map(({ page, anchor }) => `${page}#${anchor}`));
}

test.each(ANSWERS)('%s: the README leads there within two links', (_, page, anchor) => {
  expect(anchorsOf(page)).toContain(anchor);
  expect(withinTwoLinks()).toContain(`${page}#${anchor}`);
});

test('docs/testing.md lists these answers where they are', () => {
  const table = linksOf('docs/testing.md').flatMap(({ page, anchor }) =>
    anchor === undefined ? [] : [`${page}#${anchor}`],
  );
  for (const [, page, anchor] of ANSWERS) expect(table).toContain(`${page}#${anchor}`);
});

const READERS = ['for-developers', 'mapping', 'for-investigators', 'for-compliance', 'for-auditors', 'for-operators'];

describe.each(READERS)('docs/%s.md', (name) => {
  const page = readPage(`docs/${name}.md`);

  test('is of a length that somebody reads', () => {
    expect(page.split('\n').length).toBeLessThanOrEqual(201);
  });

  test('has no block of commands that nothing looks at', () => {
    const kinds = new Set(blocksOf(page).map(({ info }) => info));
    const checked = ['sh', 'sh account', 'text', 'json', 'json example=configuration', ''];
    expect([...kinds].filter((kind) => !checked.includes(kind))).toEqual([]);
    for (const { info, text } of blocksOf(page)) {
      if (info.startsWith('sh')) execFileSync('bash', ['-n', '-c', text]);
      if (info.startsWith('json')) expect(() => JSON.parse(text)).not.toThrow();
    }
  });
});

test('every search of the table for compliance is one', () => {
  const { body } = headingsOf(readPage('docs/for-compliance.md')).find(
    ({ anchor }) => anchor === 'which-question-which-search',
  )!;
  const searches = [...body.matchAll(/^\| [^|`]+ \| `([^`]+)` \|$/gm)].map(([, search]) => search!);
  expect(searches.length).toBeGreaterThan(10);
  for (const search of searches) expect(() => parseQuery(search)).not.toThrow();
});

test('every code of a finding that the page for auditors names is one', () => {
  const { body } = headingsOf(readPage('docs/for-auditors.md')).find(({ anchor }) => anchor === 'when-a-check-fails')!;
  const named = [...body.matchAll(/`([a-z]+-[a-z-]+)`/g)].map(([, code]) => code!);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((code) => !(code in FINDINGS) && code !== 'ledger-differs')).toEqual([]);
});
