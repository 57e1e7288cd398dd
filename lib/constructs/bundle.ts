// Bundles of the functions: where they are, and how they are built.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { readKeptBundles, writeKeptBundles } from './kept-bundles.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders of functions by the function's name, whatever calls it: `functions/api/read`. Read once. */
let folders: ReadonlyMap<string, string> | undefined;

/** Names of the functions that there are. Throws Error where two groups have a function of the same name. */
export function functionNames(): string[] {
  return [...foldersByName().keys()];
}

/** Folder of a function's entry file; CDK wants one although the asset is made of the bundle alone. */
export function folderOf(name: string): string {
  const folder = foldersByName().get(name);
  if (folder === undefined)
    throw new Error(`got no handler.ts of the function ${name}, want one in a group of functions/`);
  return folder;
}

function foldersByName(): ReadonlyMap<string, string> {
  folders ??= findFolders();
  return folders;
}

function findFolders(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const group of foldersIn(join(ROOT, 'functions'))) {
    for (const folder of foldersIn(group).filter((one) => existsSync(join(one, 'handler.ts')))) {
      const name = basename(folder);
      if (found.has(name)) throw new Error(`got the function ${name} in two groups of functions/, want it in one`);
      found.set(name, folder);
    }
  }
  return found;
}

function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
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
  if (bundle === undefined)
    throw new Error(`got no bundle of the function ${name}, want its handler.ts in a group of functions/`);
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

/** What is made for a function beside its bundle, kept where bundles are: files by their names. */
export function keptBeside(name: string, make: () => ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  if (keptIn === undefined) return make();
  const folder = `${keptIn}-${name}`;
  const kept = readKeptBundles(folder);
  if (kept !== undefined) return kept;
  const made = make();
  writeKeptBundles(folder, made);
  return made;
}

/** All functions in one run of the bundler, which reads what they share once; apart they would take three times as long. */
function buildAll(): ReadonlyMap<string, Uint8Array> {
  const { outputFiles } = buildSync({
    entryPoints: Object.fromEntries(functionNames().map((name) => [name, join(folderOf(name), 'handler.ts')])),
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
    loader: { '.ttf': 'binary', '.woff2': 'binary' },
    // Some of what makes a PDF is CommonJS, and asks for Node's own modules as such.
    banner: { js: REQUIRE },
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path, '.js'), contents]));
}
