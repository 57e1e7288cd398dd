// Every larger folder has a README.md that is true, and every file of code says in its first line what it is.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { folderFaults } from '../../support/folders.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

test('a stranger finds the way in every folder', () => {
  expect(folderFaults(ROOT)).toEqual([]);
});

describe('what is found', () => {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
  });

  function faultsOf(files: Readonly<Record<string, string>>): string[] {
    const root = mkdtempSync(join(tmpdir(), 'folders-'));
    made.push(root);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return folderFaults(root);
  }

  const many = (folder: string, ending: string, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`${folder}/f${i}${ending}`, '// A file.\n']));

  test('a folder of nine files without a README.md, and not one of eight', () => {
    expect(faultsOf({ ...many('core', '.ts', 9), ...many('cli', '.ts', 8) })).toEqual([
      'core has 9 files and no README.md',
    ]);
  });

  test('a folder of data that no README.md above names', () => {
    const data = many('vectors/json/refused', '.json', 9);
    expect(faultsOf({ ...data, 'vectors/README.md': '# Vectors\n\n`json/`, `refused`\n' })).toEqual([]);
    expect(faultsOf({ ...data, 'vectors/README.md': '# Vectors\n\n`json/`\n' })).toEqual([
      'vectors/json/refused has 9 files and no README.md',
    ]);
    expect(faultsOf(data)).toEqual(['vectors/json/refused has 9 files and no README.md']);
  });

  test('a README.md that is too long, or names what is not there', () => {
    const text = (lines: number) =>
      `# Core\n${'\n'.repeat(lines - 2)}\`a.ts\`, \`b/\`, \`core/a.ts\`, \`*.py\`, \`word\`\n`;
    const there = { 'core/a.ts': '// A.\n', 'core/b/c.py': '"""C."""\n', 'core/d.py': '# D.\n' };
    expect(faultsOf({ ...there, 'core/README.md': text(20) })).toEqual([]);
    expect(faultsOf({ ...there, 'core/README.md': text(21) })).toEqual([
      'core/README.md has 21 lines, want at most 20',
    ]);
    expect(faultsOf({ 'core/a.ts': '// A.\n', 'core/README.md': text(3) })).toEqual([
      'core/README.md names b/, which is not there',
      'core/README.md names *.py, which is not there',
    ]);
  });

  test.each([
    '// What it is.\n',
    '/** What it is. */\n',
    '/**\n * What it is.\n */\n',
    '#!/usr/bin/env node\n// What it is.\n',
  ])('a file may begin with %j', (text) => expect(faultsOf({ 'a.ts': text })).toEqual([]));

  test.each(['"""What it is."""\n', '"""\nWhat it is.\n"""\n', '# What it is.\n'])(
    'a file of Python may begin with %j',
    (text) => expect(faultsOf({ 'a.py': text })).toEqual([]),
  );

  test.each(["import { a } from './b.ts';\n", '\n// Too late.\n', '//\nconst a = 1;\n', '/**\n */\n', ''])(
    'a file may not begin with %j',
    (text) => expect(faultsOf({ 'a.ts': text })).toEqual(['a.ts does not say in its first line what it is']),
  );
});
