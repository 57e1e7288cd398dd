import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folder of a function's entry file; CDK wants one although the asset is made of the bundle alone. */
export function folderOf(name: string): string {
  return join(ROOT, 'functions', name);
}

const bundles = new Map<string, Uint8Array>();

/**
 * One function as one minified ES module, its AWS SDK included, so that what was tested is what runs. The same sources give
 * the same bytes: paths don't enter the output, and there are no source maps, which would double what a cold start reads.
 */
export function bundleOf(name: string): Uint8Array {
  const bundled = bundles.get(name) ?? build(name);
  bundles.set(name, bundled);
  return bundled;
}

function build(name: string): Uint8Array {
  const entry = join(folderOf(name), 'handler.ts');
  if (!existsSync(entry)) throw new Error(`functions/${name}/handler.ts is missing`);
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // ES modules first: the SDK's CommonJS build can't be tree-shaken.
    mainFields: ['module', 'main'],
    // A quarter of a bundle, and of its cold start, is credentials that Lambda never uses.
    alias: { '@aws-sdk/credential-provider-node': join(ROOT, 'adapters/credentials.ts') },
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles[0]!.contents;
}
