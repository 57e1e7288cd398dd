/** The notices of what a built file holds parts of, as licences ask whoever hands it out to keep them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of a package in the path of one of its files, the innermost where one is in another. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

const LICENCE = /^(?:licen[cs]e|copying)(?:[.-][a-z]+)*$/i;

/**
 * The texts of the licences of all packages among the files, by the packages' names, as one comment of JavaScript. Throws for
 * a package without one.
 *
 * @param root folder that the files' paths begin at
 */
export function noticesOf(files: readonly string[], root: string): string {
  const folders = new Set(files.flatMap((file) => PACKAGE.exec(file)?.[0] ?? []));
  const notices = [...folders].map((folder) => noticeOf(join(root, folder))).sort();
  // What would end the comment, or an element of HTML that has it.
  const text = [...new Set(notices)].join('\n\n').replaceAll('*/', '* /').replaceAll('</', '< /');
  return `/*\nParts of this file are of these packages:\n\n${text}\n*/\n`;
}

function noticeOf(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  const file = readdirSync(folder).find((one) => LICENCE.test(one));
  if (file === undefined) {
    throw new Error(`got no licence of ${name} in its package, want one to hand on`);
  }
  return `${name} ${version}\n${readFileSync(join(folder, file), 'utf8').replaceAll('\r', '').trim()}`;
}
