/** Markdown pages of the project as tests read them: code blocks, headings with their anchors, links. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Block {
  /** What stands behind the opening fence, such as `sh` or `json example=entry-1`. */
  readonly info: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

export interface Heading {
  readonly title: string;
  readonly anchor: string;
  /** From the heading to the next one of its level or above. */
  readonly body: string;
}

/** README.md and every page of docs/, by the path from the root. */
export const PAGES: readonly string[] = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .toSorted(),
];

export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Fenced blocks, in order; a fence may be indented, as in a list, and its text loses that indentation. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open:
    | { readonly indent: string; readonly info: string; readonly line: number; readonly lines: string[] }
    | undefined;
  for (const [n, line] of page.split('\n').entries()) {
    const [, indent = '', info = ''] = /^( *)```(.*)$/.exec(line) ?? [];
    const isFence = line.trimStart().startsWith('```');
    if (open === undefined) {
      if (isFence) open = { indent, info: info.trim(), line: n + 1, lines: [] };
    } else if (isFence) {
      blocks.push({ info: open.info, text: `${open.lines.join('\n')}\n`, line: open.line });
      open = undefined;
    } else {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    }
  }
  if (open !== undefined) throw new Error(`the block that begins in line ${open.line} has no end`);
  return blocks;
}

/** The page without its fenced blocks, whose lines stay as empty ones. */
function proseOf(page: string): string {
  return page.replaceAll(/^( *)```.*?^ *```$/gms, (block) => block.replaceAll(/[^\n]/g, ''));
}

export function headingsOf(page: string): Heading[] {
  const lines = page.split('\n');
  const seen = new Map<string, number>();
  const marks = proseOf(page)
    .split('\n')
    .flatMap((line, at) => {
      const [, level, title] = /^(#{1,6}) (.+)$/.exec(line) ?? [];
      return title === undefined ? [] : [{ at, depth: level!.length, title }];
    });
  return marks.map(({ at, depth, title }, i) => {
    const end = marks.slice(i + 1).find((other) => other.depth <= depth)?.at;
    const anchor = anchorOf(title);
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return { title, anchor: before === 0 ? anchor : `${anchor}-${before}`, body: lines.slice(at, end).join('\n') };
  });
}

/** As GitHub makes anchors: lower case, without code marks and punctuation, blanks as hyphens. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
}

/** Links to files of the project: the page's path from the root and the anchor, each absent where the link has none. */
export function linksOf(
  path: string,
  page = readPage(path),
): { readonly href: string; readonly page: string; readonly anchor?: string }[] {
  const text = proseOf(page).replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[^\n]/g, ' '));
  const folder = path.includes('/') ? path.slice(0, -basename(path).length) : '';
  const hrefs = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .filter(({ index }) => text[index] === ']')
    .map(([, href]) => href!);
  return hrefs
    .filter((href) => !/^[a-z]+:/.test(href))
    .map((href) => {
      const [file = '', anchor] = href.split('#');
      const target = file === '' ? path : join(folder, file);
      return { href, page: target, ...(anchor !== undefined && { anchor }) };
    });
}
