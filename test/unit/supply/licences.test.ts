/** Licences of what production needs: all are known and allowed, and whatever isn't is named. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { licenceFaults, licencesOf } from '../../../supply/licences.ts';
import { ROOT, readLock } from '../../../supply/lock.ts';
import { refusedBy } from '../../../supply/spdx.ts';
import { CARRIED, STATED } from '../../../supply/terms.ts';

const rows = licencesOf(readLock());
const allowed = (id: string): boolean => ['MIT', 'ISC', 'GPL-2.0-only WITH Classpath-exception-2.0'].includes(id);

test('everything that production needs has a licence that is allowed', () => {
  expect(rows.length).toBeGreaterThan(100);
  expect(licenceFaults(rows)).toEqual([]);
});

test('texts are where the list says', () => {
  const files = rows.flatMap(({ texts }) => texts.split(', ')).filter((text) => text.startsWith('node_modules/'));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

test('DynamoDB Local is listed under its own terms, not under those of the package that carries it', () => {
  const row = rows.find(({ name }) => name === 'DynamoDB Local');
  expect(row?.licence).toBe('LicenseRef-Amazon-DynamoDB-Local');
  const [text = ''] = row?.texts.split(', ') ?? [];
  expect(readFileSync(join(ROOT, text), 'utf8')).toContain('if you do not have an AWS account in good standing');
  const notes = readFileSync(join(ROOT, 'node_modules/amplify-dynamodb-simulator/emulator/README.txt'), 'utf8');
  expect(/\((\d+\.\d+\.\d+)\)/.exec(notes)?.[1]).toBe(row?.version);
});

describe('a fault is', () => {
  const known = [
    ...Object.keys(STATED).map((name) => ({ name, version: '1.0.0', licence: 'MIT', texts: '' })),
    ...CARRIED.map(({ name }) => ({ name, version: '1.0.0', licence: 'MIT', texts: '' })),
  ];
  test.each<[string, string | undefined, RegExp]>([
    ['no licence', undefined, /^odd 1\.0\.0 names no licence/],
    ['a licence that is not allowed', 'GPL-3.0-only', /^odd 1\.0\.0 is under GPL-3\.0-only/],
    ['one of two that both bind', 'MIT AND GPL-3.0-only', /^odd 1\.0\.0 is under GPL-3\.0-only/],
    ['words', 'SEE LICENSE IN README.md', /^odd 1\.0\.0 says "SEE LICENSE IN README\.md", which is no SPDX expression/],
    ['empty words', '', /^odd 1\.0\.0 says ""/],
    ['a member of every object', 'constructor', /^odd 1\.0\.0 is under constructor/],
  ])('%s', (_, licence, message) => {
    const odd = { name: 'odd', version: '1.0.0', licence, texts: '' };
    expect(licenceFaults([...known, odd])).toEqual([expect.stringMatching(message)]);
  });

  test('words about a package that is not needed any more', () => {
    expect(licenceFaults(known.slice(1))).toEqual([expect.stringContaining(`speaks of ${known[0]?.name}`)]);
  });
});

test.each<[string, string[]]>([
  ['MIT', []],
  ['(MIT OR GPL-3.0-or-later)', []],
  ['GPL-3.0-or-later OR (Apache-2.0 AND MIT)', ['GPL-3.0-or-later', 'Apache-2.0']],
  ['MIT AND (ISC OR GPL-3.0-only)', []],
  ['GPL-2.0-only WITH Classpath-exception-2.0', []],
  ['GPL-2.0-only WITH GCC-exception-2.0', ['GPL-2.0-only WITH GCC-exception-2.0']],
])('of %s, %j is refused', (expression, refused) => {
  expect(refusedBy(expression, allowed)).toEqual(refused);
});

test.each(['', 'MIT OR', '(MIT', 'MIT)', 'MIT ISC', 'AND', 'MIT/ISC', 'MIT WITH', 'MIT WITH )'])(
  '%j is no expression',
  (text) => {
    expect(() => refusedBy(text, allowed)).toThrow('SPDX expression');
  },
);
