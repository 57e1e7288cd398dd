// Pictures of the documentation: there, small enough to load with a page, and told in words to who can't see them.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { PAGES, readPage } from '../../support/pages.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Made by `npm run screenshots`. */
const MADE = ['docs/pictures/entries.png', 'docs/pictures/record.png'];
const MOST_BYTES = 300_000;

/** Of Markdown, and of an `img` element. */
function picturesOf(text: string): { alt: string; path: string }[] {
  const inMarkdown = [...text.matchAll(/!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g)].map(([, alt, path]) => ({
    alt: alt!,
    path: path!,
  }));
  const elements = [...text.matchAll(/<img\b[^>]*>/g)].map(([element]) => ({
    alt: element.match(/\balt="([^"]*)"/)?.[1] ?? '',
    path: element.match(/\bsrc="([^"]*)"/)?.[1] ?? '',
  }));
  return [...inMarkdown, ...elements];
}

test('pictures are found in a page', () => {
  expect(picturesOf('![A b](docs/a.png) [c](d.md) <img src="e.png" alt="f g">')).toEqual([
    { alt: 'A b', path: 'docs/a.png' },
    { alt: 'f g', path: 'e.png' },
  ]);
});

test.each(PAGES)('%s: every picture is there, and has words', (page) => {
  const local = picturesOf(readPage(page)).filter(({ path }) => !/^https?:/.test(path));
  expect(local.filter(({ alt }) => alt.trim() === '')).toEqual([]);
  expect(local.filter(({ path }) => !existsSync(join(ROOT, page, '..', path)))).toEqual([]);
});

describe.each(MADE)('%s', (path) => {
  test('is a picture of the size that the command makes', () => {
    const bytes = readFileSync(join(ROOT, path));
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    // Width and height are in a PNG's first chunk.
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1_440, 900]);
  });
  test('is small enough', () => {
    expect(statSync(join(ROOT, path)).size).toBeLessThan(MOST_BYTES);
  });
});
