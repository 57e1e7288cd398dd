import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { readKeptBundles, writeKeptBundles } from './kept-bundles.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folder of a function's entry file; CDK wants one although the asset is made of the bundle alone. */
export function folderOf(name: string): string {
  return join(ROOT, 'functions', name);
}

let bundles: ReadonlyMap<string, Uint8Array> | undefined;
let keptIn: string | undefined;

/**
 * Bundles found in this folder are taken as they are, and bundles built are kept there. Its last name has to change with
 * whatever they are made of: the caller makes it from their sources.
 */
export function keepBundlesIn(folder: string): void {
  keptIn = folder;
}

/**
 * One function as one minified ES module, its AWS SDK included, so that what was tested is what runs. The same sources give
 * the same bytes: paths don't enter the output, and there are no source maps, which would double what a cold start reads.
 */
export function bundleOf(name: string): Uint8Array {
  bundles ??= keptIn === undefined ? buildAll() : keptOrBuilt(keptIn);
  const bundle = bundles.get(name);
  if (bundle === undefined) throw new Error(`functions/${name}/handler.ts is missing`);
  return bundle;
}

const REQUIRE = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";

function keptOrBuilt(folder: string): ReadonlyMap<string, Uint8Array> {
  const kept = readKeptBundles(folder);
  if (kept !== undefined) return kept;
  const built = buildAll();
  writeKeptBundles(folder, built);
  return built;
}

/** All functions in one run of the bundler, which reads what they share once; apart they would take three times as long. */
function buildAll(): ReadonlyMap<string, Uint8Array> {
  const names = readdirSync(join(ROOT, 'functions')).filter((name) => existsSync(join(folderOf(name), 'handler.ts')));
  const { outputFiles } = buildSync({
    entryPoints: Object.fromEntries(names.map((name) => [name, join(folderOf(name), 'handler.ts')])),
    absWorkingDir: ROOT,
    outdir: 'unused',
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // ES modules first: the SDK's CommonJS build can't be tree-shaken.
    mainFields: ['module', 'main'],
    // A quarter of a bundle, and of its cold start, is credentials that Lambda never uses.
    alias: { '@aws-sdk/credential-provider-node': join(ROOT, 'adapters/credentials.ts') },
    // Fonts are read from a folder otherwise (package.json, imports). Naming one takes away the bundler's own `module`.
    conditions: ['module', 'bundle'],
    loader: { '.ttf': 'binary' },
    // Some of what makes a PDF is CommonJS, and asks for Node's own modules as such.
    banner: { js: REQUIRE },
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path, '.js'), contents]));
}
