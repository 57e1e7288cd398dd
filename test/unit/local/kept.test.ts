/** What a start uses again instead of making it anew, and everything that has to make it do so anew. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { folderOf, functionNames } from '../../../lib/constructs/bundle.ts';
import { readKeptBundles, writeKeptBundles } from '../../../lib/constructs/kept-bundles.ts';
import { makeOnce } from '../../../local/kept.ts';
import { digestOfSources, SOURCE_FOLDERS } from '../../../local/sources.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string) => join(folder, name);

function write(name: string, text: string): void {
  mkdirSync(dirname(inFolder(name)), { recursive: true });
  writeFileSync(inFolder(name), text);
}

describe('the digest of the sources', () => {
  beforeEach(() => {
    for (const name of SOURCE_FOLDERS) write(`${name}/of.ts`, name);
    write('functions/read/handler.ts', 'read');
    write('package.json', '{}');
    write('package-lock.json', '{}');
    write('node_modules/.package-lock.json', '{}');
  });

  const changes: [string, () => void][] = [
    ...SOURCE_FOLDERS.map((name): [string, () => void] => [
      `a file of ${name}/`,
      () => write(`${name}/of.ts`, 'other'),
    ]),
    ['a file in a folder below', () => write('functions/read/handler.ts', 'reed')],
    ['a new file', () => write('core/new.ts', '')],
    ['a new folder', () => write('functions/write/handler.ts', '')],
    ['a file that is gone', () => rmSync(inFolder('core/of.ts'))],
    ['a file of another name', () => renameSync(inFolder('core/of.ts'), inFolder('core/by.ts'))],
    ['a file that moved to another folder', () => renameSync(inFolder('core/of.ts'), inFolder('lib/core.ts'))],
    ['text that moved to the next file', () => [write('core/of.ts', 'cor'), write('functions/of.ts', 'efunctions')]],
    ['package.json', () => write('package.json', '{"imports":{}}')],
    ['package-lock.json', () => write('package-lock.json', '{"packages":{}}')],
    ['what is installed', () => write('node_modules/.package-lock.json', '{"packages":{}}')],
    ['a first tsconfig.json', () => write('tsconfig.json', '')],
  ];
  test.each(changes)('changes with %s', (_, change) => {
    const before = digestOfSources(folder);
    change();
    expect(digestOfSources(folder)).not.toBe(before);
  });

  test('changes with a file behind a link', () => {
    write('elsewhere/below.ts', 'a');
    symlinkSync(inFolder('elsewhere'), inFolder('core/linked'));
    const before = digestOfSources(folder);
    write('elsewhere/below.ts', 'b');
    expect(digestOfSources(folder)).not.toBe(before);
  });

  test('is that of names and bytes alone', () => {
    const before = digestOfSources(folder);
    symlinkSync('nobody@nowhere.1', inFolder('core/.#of.ts'));
    utimesSync(inFolder('core/of.ts'), 1, 1);
    write('.local/data', 'x');
    expect(digestOfSources(folder)).toBe(before);
  });

  const handlers = functionNames().map((name) => relative(ROOT, join(folderOf(name), 'handler.ts')));
  const builtByName = [
    ...['adapters/credentials.ts', 'adapters/export/fonts-bundled.ts'],
    ...['verifier/command.ts', 'verifier/web/page.ts', 'verifier/web/worker.ts'],
    'console/main.tsx',
  ];
  test('is of every folder that the app, its functions and its pages import from', () => {
    const { metafile } = buildSync({
      entryPoints: ['bin/app.ts', ...handlers, ...builtByName],
      absWorkingDir: ROOT,
      outdir: 'unused',
      bundle: true,
      write: false,
      metafile: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      loader: { '.ttf': 'empty', '.woff2': 'empty', '.css': 'empty' },
      conditions: ['module', 'bundle'],
    });
    const own = Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules/'));
    expect(own.length).toBeGreaterThan(100);
    const folders = new Set(own.map((path) => relative(ROOT, join(ROOT, path)).split('/')[0]));
    expect([...folders].sort()).toEqual([...SOURCE_FOLDERS].sort());
  });
});

describe('a folder that was made', () => {
  let made = 0;
  const make = async () => {
    made += 1;
    write('out/template.json', `made ${made}`);
    write('out/asset/index.mjs', 'bundle');
  };
  const again = (digest = () => 'a', by = make) => makeOnce(inFolder('out'), digest, by);
  beforeEach(async () => {
    made = 0;
    expect(await again()).toBe(false);
  });

  test('is used again', async () => {
    expect([await again(), await again(), made]).toEqual([true, true, 1]);
  });

  test.each<[string, () => void]>([
    ['a file in it changed', () => write('out/asset/index.mjs', 'forged')],
    ['a file in it is torn', () => write('out/template.json', '')],
    ['a file in it is gone', () => rmSync(inFolder('out/template.json'))],
    ['a file was added', () => write('out/asset/other.mjs', '')],
    ['it is gone', () => rmSync(inFolder('out'), { recursive: true })],
    ['its stamp is gone', () => rmSync(inFolder('out.made'))],
    ['its stamp is torn', () => write('out.made', '{"madeOf":"a"')],
  ])('is made anew when %s', async (_, change) => {
    change();
    expect([await again(), made, await again()]).toEqual([false, 2, true]);
    expect(existsSync(inFolder('out/asset/other.mjs'))).toBe(false);
  });

  test('is made anew of something else, without what was there', async () => {
    write('out/leftover', '');
    expect(await again(() => 'b')).toBe(false);
    expect([existsSync(inFolder('out/leftover')), await again(() => 'a'), made]).toEqual([false, false, 3]);
  });

  test('is no longer kept when a later making fails half way', async () => {
    const failing = async () => {
      write('out/template.json', 'half');
      throw new Error('no space');
    };
    await expect(again(() => 'b', failing)).rejects.toThrow('no space');
    expect([await again(() => 'b'), await again(() => 'b'), made]).toEqual([false, true, 2]);
  });

  test('is not kept when what it is made of changed meanwhile', async () => {
    const states = ['b', 'c', 'b', 'b', 'b'];
    const changing = () => states.shift()!;
    expect([await again(changing), await again(changing), await again(changing)]).toEqual([false, false, true]);
  });
});

describe('kept bundles', () => {
  const bundles = new Map([
    ['read', Buffer.from('export const handler = 1;')],
    ['write', Buffer.from('export const handler = 2;')],
  ]);
  const state = (name: string) => inFolder(`states/${name}`);

  test('are read as they were written', () => {
    expect(readKeptBundles(state('a'))).toBeUndefined();
    writeKeptBundles(state('a'), bundles);
    expect(readKeptBundles(state('a'))).toEqual(bundles);
    expect(readKeptBundles(state('b'))).toBeUndefined();
  });

  test.each<[string, (path: string) => void]>([
    ['changed', (path) => writeFileSync(path, 'export const handler = 3;')],
    ['torn', (path) => writeFileSync(path, '')],
    ['gone', (path) => rmSync(path)],
  ])('count for nothing when one is %s, and are written anew', (_, spoil) => {
    writeKeptBundles(state('a'), bundles);
    spoil(join(state('a'), 'read.mjs'));
    expect(readKeptBundles(state('a'))).toBeUndefined();
    writeKeptBundles(state('a'), bundles);
    expect(readFileSync(join(state('a'), 'read.mjs'), 'utf8')).toBe('export const handler = 1;');
    expect(readKeptBundles(state('a'))).toEqual(bundles);
  });

  test('of states long ago are removed', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    for (const [age, name] of names.entries()) {
      writeKeptBundles(state(name), bundles);
      utimesSync(state(name), 1_000 + age, 1_000 + age);
    }
    writeKeptBundles(state('k'), bundles);
    expect([...names, 'k'].filter((name) => readKeptBundles(state(name)))).toEqual([...'defghijk']);
  });
});
