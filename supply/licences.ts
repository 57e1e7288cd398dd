/** What production needs, each with its licence and where the text of that is. docs/supply.md has the details. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lock, type Package, productionOf, ROOT } from './lock.ts';
import { refusedBy } from './spdx.ts';
import { ALLOWED, CARRIED, STATED } from './terms.ts';

export interface Licensed {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; undefined where there is none. */
  readonly licence: string | undefined;
  /** Files below the project's folder, or words that say why there are none. */
  readonly texts: string;
}

const TEXT = /^(licen[cs]e|copying|unlicense|notice)([.-].*)?$/i;

/** The licence that counts: what is known of the package, before what it says. */
export function licenceOf({ name, license }: Package): string | undefined {
  return STATED[name]?.licence ?? license;
}

/** One row for each name and version, ordered by them, with what packages carry inside. */
export function licencesOf(lock: Lock, root = ROOT): Licensed[] {
  const rows = new Map<string, Licensed>();
  for (const one of productionOf(lock)) {
    const { name, version } = one;
    const key = `${name}@${version}`;
    if (!rows.has(key)) rows.set(key, { name, version, licence: licenceOf(one), texts: textsOf(one, root) });
    for (const { within, texts, ...carried } of CARRIED) {
      if (within !== name) continue;
      const files = texts.map((file) => `${one.path}/${file}`).join(', ');
      rows.set(`${carried.name}@${carried.version}`, { ...carried, texts: files });
    }
  }
  return [...rows.values()].sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

function textsOf({ path, license = '' }: Package, root: string): string {
  const folder = join(root, path);
  if (!existsSync(folder)) return 'in the package, which is for another platform';
  const files = readdirSync(folder).sort();
  const texts = files.filter((file) => TEXT.test(file));
  if (texts.length > 0) return texts.map((file) => `${path}/${file}`).join(', ');
  const readme = files.find((file) => /^readme/i.test(file));
  if (readme !== undefined && /licen[cs]e/i.test(readFileSync(join(folder, readme), 'utf8')))
    return `${path}/${readme}`;
  return `none in the package: SPDX's text of ${license}`;
}

/** One line for each licence that is missing or not allowed, and for each entry of the tables that nothing needs any more. */
export function licenceFaults(rows: readonly Licensed[]): string[] {
  const names = new Set(rows.map(({ name }) => name));
  const gone = [...Object.keys(STATED), ...CARRIED.map(({ name }) => name)].filter((name) => !names.has(name));
  return [
    ...rows.flatMap((row) => faultOf(row)),
    ...gone.map((name) => `supply/terms.ts speaks of ${name}, which production doesn't need`),
  ];
}

function faultOf({ name, version, licence }: Licensed): string[] {
  const what = `${name} ${version}`;
  if (licence === undefined)
    return [`${what} names no licence: say in supply/terms.ts what it is, and where that is said`];
  try {
    const refused = refusedBy(licence, (id) => Object.hasOwn(ALLOWED, id));
    return refused.map((id) => `${what} is under ${id}, which supply/terms.ts doesn't allow`);
  } catch {
    return [`${what} says "${licence}", which is no SPDX expression: say in supply/terms.ts what it means`];
  }
}
