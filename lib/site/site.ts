// All that is served as it is.
import { keptBeside } from '../constructs/bundle.ts';
import { consoleFiles } from './console.ts';
import type { SiteFile } from './file.ts';
import { prepareSite } from './prepare.ts';
import { verifierFiles } from './verifier.ts';

/** Each makes files of the site; they are made when the function that serves them is. */
const PARTS: readonly (() => readonly SiteFile[])[] = [consoleFiles, verifierFiles];

let files: ReadonlyMap<string, Uint8Array> | undefined;

/** The files that go beside the code of the function `site`, by their names; kept as bundles are (`keepBundlesIn`). */
export function siteFiles(): ReadonlyMap<string, Uint8Array> {
  files ??= keptBeside('site', () => prepareSite(PARTS.flatMap((part) => part())));
  return files;
}
