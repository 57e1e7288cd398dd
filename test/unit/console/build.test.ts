// The console as it is served: small enough, split, and nothing inline.
import { brotliCompressSync } from 'node:zlib';
import { beforeAll, expect, test } from '@jest/globals';
import { consoleFiles } from '../../../lib/site/console.ts';
import { policyText, type SiteFile } from '../../../lib/site/file.ts';

/** All that a first visit may load. */
const MOST_BYTES = 450_000;

let files: readonly SiteFile[];
beforeAll(() => {
  files = consoleFiles();
});
const textOf = (path: string): string => new TextDecoder().decode(files.find((file) => file.path === path)!.bytes);

test('what the page names, which is a first visit, is small enough', () => {
  const named = ['/', ...[...textOf('/').matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!)];
  const loaded = files.filter(({ path }) => named.includes(path));
  // The frame and the page that most begin with, in several scripts, and not all that there is.
  expect(loaded.length).toBeGreaterThan(6);
  expect(loaded.length).toBeLessThan(files.length);
  const bytes = loaded.reduce((sum, file) => sum + brotliCompressSync(file.bytes).length, 0);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

test('names change with bytes, but for the page and its icon', () => {
  const named = files.filter(({ immutable }) => immutable !== true).map(({ path }) => path);
  expect(named).toEqual(['/', '/assets/icon.svg']);
  expect(
    files.filter(({ immutable }) => immutable === true).every(({ path }) => /-[A-Z0-9a-f]{8}\.(js|css)$/.test(path)),
  ).toBe(true);
});

test('the page asks for what is there, and has nothing inline', () => {
  const page = textOf('/');
  const asked = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
  expect(asked.length).toBeGreaterThan(3);
  for (const path of asked) expect(files.map((file) => file.path)).toContain(path);
  expect(page).not.toMatch(/<style|style=|<script>|onload=/);
});

test('what scripts import is there', () => {
  for (const { path } of files.filter((file) => file.path.endsWith('.js'))) {
    for (const [, name] of textOf(path).matchAll(/(?:from|import)\s*\(?"\.\/([^"]+)"/g)) {
      // Translations of the components' texts that no catalog has are left out, and never asked for.
      if (name!.startsWith('all.')) continue;
      expect([path, files.some((file) => file.path === `/assets/${name}`)]).toEqual([path, true]);
    }
  }
});

test('the policy lets in nothing that is not the console’s own', () => {
  const policy = policyText(files.find(({ path }) => path === '/')!.policy!, 'header');
  expect(policy).toBe(
    "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'",
  );
});

test('the same sources give the same bytes', () => {
  const again = consoleFiles();
  expect(again.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
  expect(again.every(({ bytes }, i) => Buffer.compare(bytes, files[i]!.bytes) === 0)).toBe(true);
});
