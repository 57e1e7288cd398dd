/** The verifiers that are handed out alone: the web page and the command, each one file. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import { SITE_PATHS } from '../../names/site.ts';
import { en } from '../../verifier/texts/en.ts';
import { hi } from '../../verifier/texts/hi.ts';
import { type Policy, policyText, type SiteFile } from './file.ts';
import { noticesOf } from './notices.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The same sources give the same bytes, wherever they lie: neither paths nor the time enter the output. */
const COMMON = {
  ...{ absWorkingDir: ROOT, bundle: true, write: false, minify: true, charset: 'ascii', logLevel: 'warning' },
  // They are in the notices, with those of packages that have none in their files.
  legalComments: 'none',
  metafile: true,
} as const satisfies BuildOptions;

const REQUIRE = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";

/** `node indelible-verify.mjs FILE --keys keys.txt`, for Node 20 and newer. */
function commandFile(): Uint8Array {
  return built({
    entryPoints: ['verifier/command.ts'],
    ...{ platform: 'node', target: 'node20', format: 'esm', mainFields: ['module', 'main'] },
    conditions: ['module', 'plain-node'],
    // What shows progress is CommonJS, and asks for Node's own modules as such.
    banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
  });
}

/** Scripts for browsers that have all that the page needs: WebAssembly under a policy, and private members. */
const FOR_BROWSERS = {
  ...{ platform: 'browser', target: 'es2022', format: 'iife' },
  conditions: ['browser', 'module'],
  // A schema library tries whether it may evaluate text, which the page's policy forbids and reports.
  define: { 'globalThis.Function': 'undefined' },
} as const satisfies BuildOptions;

/** The page that verifies: one file without any way to a network, and what it may do. */
function verifierPage(): { readonly bytes: Uint8Array; readonly policy: Policy } {
  const [script, worker, style] = ['page.ts', 'worker.ts', 'style.css'].map((name) =>
    inElement(built({ ...FOR_BROWSERS, entryPoints: [`verifier/web/${name}`] }), name),
  ) as [string, string, string];
  const policy = {
    'script-src': [hashSource(script), "'wasm-unsafe-eval'"],
    'style-src': [hashSource(style)],
    'worker-src': ['blob:'],
    'img-src': ['data:'],
  };
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyText(policy, 'meta')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${en['page.title']}</title>
<style>${style}</style>
</head>
<body>
<noscript><p>${en['page.noscript']}</p><p lang="hi">${hi['page.noscript']}</p></noscript>
<div id="app"></div>
<script type="text/plain" id="worker">${worker}</script>
<script>${script}</script>
</body>
</html>
`;
  return { bytes: new TextEncoder().encode(page), policy };
}

/** Text that ends no element and begins no comment, so that its element holds all of it and nothing else. */
function inElement(bytes: Uint8Array, name: string): string {
  const text = new TextDecoder().decode(bytes);
  const found = /<\/(?:script|style)|<!--|<script|\r/i.exec(text);
  if (found !== null)
    throw new Error(`got ${JSON.stringify(found[0])} in what ${name} is built to, which HTML would read`);
  return text;
}

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The one file that is built, with the notices of what is in it behind it. */
function built(options: BuildOptions): Uint8Array {
  const { outputFiles = [], metafile } = buildSync({ ...COMMON, ...options });
  const [file] = outputFiles;
  if (file === undefined || outputFiles.length > 1) throw new Error(`got ${outputFiles.length} files, want one`);
  const packages = Object.keys(metafile?.inputs ?? {}).filter((path) => path.includes('node_modules/'));
  if (packages.length === 0) return file.contents;
  return new TextEncoder().encode(`${file.text}${noticesOf(packages, ROOT)}`);
}

const HTML = 'text/html; charset=utf-8';
const JAVASCRIPT = 'text/javascript; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';

/**
 * What of the site is the verifiers. The page and the command are handed out alone as `verify.html` and
 * `indelible-verify.mjs`; `sha256sum --check` reads the third file.
 */
export function verifierFiles(): readonly SiteFile[] {
  const [page, command] = [verifierPage(), commandFile()];
  const sums = [
    ['verify.html', page.bytes],
    ['indelible-verify.mjs', command],
  ] as const;
  const text = sums.map(([name, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`).join('');
  return [
    { path: SITE_PATHS.verifier, type: HTML, ...page },
    { path: SITE_PATHS.command, type: JAVASCRIPT, bytes: command },
    { path: SITE_PATHS.sums, type: TEXT, bytes: new TextEncoder().encode(text) },
  ];
}
