// The console as files of the site: one page, its scripts, one style sheet.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import { pageOf } from './console-page.ts';
import type { SiteFile } from './file.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = '/assets/';

const SHARED: BuildOptions = {
  absWorkingDir: ROOT,
  outdir: 'unused',
  bundle: true,
  write: false,
  minify: true,
  platform: 'browser',
  format: 'esm',
  // What has `structuredClone`, `at` and dialogs has all of it: browsers of the last three years.
  target: ['es2022', 'chrome110', 'firefox115', 'safari16.4'],
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  logLevel: 'warning',
};

/** What a first visit ends with: the frame, and the page that most readers begin at. */
const FIRST = ['console/main.tsx', 'console/home/page.tsx'];

/** Translations of the components' own texts that no catalog of the console asks for. */
const UNUSED = /\/i18n\/messages\/all\.(?!en\.)[^/]*$/;

/** The page at `/` and what it asks for, under names that change with their bytes. */
export function consoleFiles(): readonly SiteFile[] {
  const { scripts, first, also } = builtScripts();
  const style = builtStyle();
  const page = pageOf({ script: first, style: style.path, also });
  return [
    {
      path: '/',
      type: 'text/html; charset=utf-8',
      bytes: Buffer.from(page),
      policy: {
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        // Icons of the style sheet are in it.
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
      },
    },
    { path: `${FOLDER}icon.svg`, type: 'image/svg+xml', bytes: readFileSync(join(ROOT, 'console/icon.svg')) },
    style,
    ...scripts,
  ];
}

/** Pages are loaded when they are opened, so that the first one is not kept waiting by the rest. */
function builtScripts(): { scripts: SiteFile[]; first: string; also: string[] } {
  const { outputFiles = [], metafile } = buildSync({
    ...SHARED,
    entryPoints: { console: 'console/main.tsx' },
    splitting: true,
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    // All styles are in one sheet.
    loader: { '.css': 'empty' },
    metafile: true,
  });
  const outputs = Object.entries(metafile?.outputs ?? {});
  const kept = outputs.filter(([, { entryPoint }]) => entryPoint === undefined || !UNUSED.test(entryPoint));
  const names = new Set(kept.map(([path]) => basename(path)));
  const scripts = outputFiles
    .filter(({ path }) => names.has(basename(path)))
    .map(({ path, contents }): SiteFile => script(`${FOLDER}${basename(path)}`, contents));
  const needed = new Set(FIRST.flatMap((entry) => closureOf(entry, metafile?.outputs ?? {})));
  const [first = '', ...also] = [...needed].map((path) => `${FOLDER}${basename(path)}`);
  return { scripts, first, also };
}

type Outputs = NonNullable<ReturnType<typeof buildSync>['metafile']>['outputs'];

/** The file of an entry point, and those that it can't run without. */
function closureOf(entry: string, outputs: Outputs): string[] {
  const [root] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry)!;
  const found = [root];
  for (const path of found) {
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !found.includes(next)) found.push(next);
    }
  }
  return found;
}

function script(path: string, bytes: Uint8Array): SiteFile {
  return { path, type: 'text/javascript; charset=utf-8', bytes, immutable: true };
}

function builtStyle(): SiteFile {
  const { outputFiles = [] } = buildSync({ ...SHARED, entryPoints: { console: 'console/styles.ts' } });
  const sheet = outputFiles.find(({ path }) => path.endsWith('.css'))!;
  const hash = createHash('sha256').update(sheet.contents).digest('hex').slice(0, 8);
  return {
    path: `${FOLDER}console-${hash}.css`,
    type: 'text/css; charset=utf-8',
    bytes: sheet.contents,
    immutable: true,
  };
}
