/** The table of versions that are kept back, in docs/supply.md. */
import { expect, test } from '@jest/globals';
import { keptBack, unexplained, wrongRows } from '../../../supply/kept-back.ts';
import { readManifest } from '../../../supply/lock.ts';

const page = (...rows: string[]) =>
  `# Page\n\n## Kept back\n\n| a | b | c |\n|---|---|---|\n${rows.join('\n')}\n\n## More\n`;

test('the page keeps back what package.json asks for', () => {
  const rows = keptBack();
  expect(rows.length).toBeGreaterThan(5);
  expect(wrongRows(rows, readManifest())).toEqual([]);
});

test('a row has a name, a version and a reason', () => {
  expect(keptBack(page('| `@a/b` | 1.0.0-r.1 | it is so |', '| `c` | 2.0.0 |  |'))).toEqual([
    { name: '@a/b', version: '1.0.0-r.1', why: 'it is so' },
  ]);
  expect(() => keptBack('# Page\n')).toThrow('lacks the heading');
});

test('a row of another version, or of nothing, is wrong', () => {
  const rows = [
    { name: 'jose', version: '0.0.1', why: 'old' },
    { name: 'nothing', version: '1.0.0', why: 'gone' },
  ];
  expect(wrongRows(rows, readManifest())).toEqual([
    expect.stringMatching(/keeps jose at 0\.0\.1, package\.json asks for 6\./),
    'docs/supply.md keeps nothing at 1.0.0, package.json asks for none',
  ]);
});

test('what is late without a reason is named, and a reason for what is not late', () => {
  const row = (name: string) => ({ name, version: '1.0.0', why: 'so' });
  const late = { wanted: '1.0.0', latest: '2.0.0' };
  const elsewhere = { wanted: '2.0.0', latest: '2.0.0' };
  const found = { a: late, b: late, c: [late, late], elsewhere };
  expect(unexplained(found, [row('a'), row('z')])).toEqual([
    'b: the newest is 2.0.0; upgrade, or say why not in docs/supply.md',
    'c: the newest is 2.0.0; upgrade, or say why not in docs/supply.md',
    'z: docs/supply.md keeps back what is the newest; remove the row',
  ]);
});
