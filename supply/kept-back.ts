/** What docs/supply.md says of versions that aren't the newest, held against package.json and against what the registry answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, ROOT } from './lock.ts';

export interface KeptBack {
  readonly name: string;
  readonly version: string;
  readonly why: string;
}

interface Found {
  /** What package.json asks for; npm lists it also where it is the newest and not installed, such as on another platform. */
  readonly wanted: string;
  readonly latest: string;
}

/** Of `npm outdated --json`, by the package's name; a list where the package is in more than one place. */
export type Outdated = Readonly<Record<string, Found | readonly Found[]>>;

const HEADING = '## Kept back';
const ROW = /^\|\s*`([^`]+)`\s*\|\s*([\w.-]+)\s*\|\s*(\S.*?)\s*\|$/;

/** The rows of the table, as docs/supply.md has them. */
export function keptBack(page = readFileSync(join(ROOT, 'docs/supply.md'), 'utf8')): KeptBack[] {
  const section = page.split(`${HEADING}\n`)[1]?.split('\n## ')[0];
  if (section === undefined) throw new Error(`docs/supply.md lacks the heading "${HEADING}"`);
  return section.split('\n').flatMap((line) => {
    const [, name, version, why] = ROW.exec(line) ?? [];
    return name === undefined || version === undefined || why === undefined ? [] : [{ name, version, why }];
  });
}

/** Rows that speak of what package.json doesn't ask for. */
export function wrongRows(rows: readonly KeptBack[], manifest: Manifest): string[] {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const asked = { ...dependencies, ...devDependencies, ...optionalDependencies };
  return rows
    .filter(({ name, version }) => asked[name] !== version)
    .map(
      ({ name, version }) =>
        `docs/supply.md keeps ${name} at ${version}, package.json asks for ${asked[name] ?? 'none'}`,
    );
}

/** What is not the newest without a reason, and reasons for what is. */
export function unexplained(outdated: Outdated, rows: readonly KeptBack[]): string[] {
  const kept = new Set(rows.map(({ name }) => name));
  const newest = new Map(
    Object.entries(outdated).flatMap(([name, found]) =>
      [found]
        .flat()
        .filter(({ wanted, latest }) => wanted !== latest)
        .map(({ latest }) => [name, latest] as const),
    ),
  );
  const late = [...newest].filter(([name]) => !kept.has(name));
  const needless = rows.filter(({ name }) => !newest.has(name));
  return [
    ...late.map(([name, latest]) => `${name}: the newest is ${latest}; upgrade, or say why not in docs/supply.md`),
    ...needless.map(({ name }) => `${name}: docs/supply.md keeps back what is the newest; remove the row`),
  ];
}
