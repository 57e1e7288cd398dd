/** What this project is made of: `node supply/main.ts licences|sbom|lock|outdated`. docs/supply.md has the details. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unfit, withoutNarrow } from './engines.ts';
import { lockFaults } from './hygiene.ts';
import { keptBack, type Outdated, unexplained, wrongRows } from './kept-back.ts';
import { type Licensed, licenceFaults, licencesOf } from './licences.ts';
import { ROOT, readLock, readManifest } from './lock.ts';
import { sbomOf } from './sbom.ts';

const COMMANDS: Readonly<Record<string, () => string[]>> = { licences, sbom, lock, outdated };

/** Prints what production needs; answers what is wrong with it. */
function licences(): string[] {
  const rows = licencesOf(readLock());
  const width = (text: (row: Licensed) => string) => Math.max(...rows.map((row) => text(row).length));
  const [what, licence] = [width(({ name, version }) => `${name} ${version}`), width((row) => row.licence ?? 'none')];
  for (const row of rows) {
    const said = (row.licence ?? 'none').padEnd(licence);
    console.log(`${`${row.name} ${row.version}`.padEnd(what)}  ${said}  ${row.texts}`);
  }
  return licenceFaults(rows);
}

function sbom(): string[] {
  console.log(JSON.stringify(sbomOf(readLock(), readManifest()), null, 2));
  return [];
}

/** Writes the lock again, without the ranges of Node that hold for nobody. Needs node_modules as the lock describes it. */
function lock(): string[] {
  const [found, manifest] = [readLock(), readManifest()];
  const faults = unfit(found, manifest, installedRange);
  if (faults.length > 0) return faults;
  const better = withoutNarrow(found, manifest);
  writeFileSync(join(ROOT, 'package-lock.json'), `${JSON.stringify(better, null, 2)}\n`);
  return lockFaults(better, manifest);
}

function installedRange(path: string): string | undefined {
  try {
    const text = readFileSync(join(ROOT, path, 'package.json'), 'utf8');
    return (JSON.parse(text) as { engines?: { node?: string } }).engines?.node;
  } catch (error) {
    // Packages of other platforms are in the lock and not on the disk.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Asks the registry. npm's own code is run by this Node: it leaves out versions that the Node which runs it could not run. */
function outdated(): string[] {
  const npm = process.env.npm_execpath;
  if (npm === undefined) throw new Error('run it by npm: npm run outdated');
  const { stdout, stderr, error } = spawnSync(process.execPath, [npm, 'outdated', '--json'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (error) throw error;
  // npm exits with 1 when anything is outdated, and when it could not ask.
  const answer = JSON.parse(stdout || '{}') as Outdated & { error?: unknown };
  if (answer.error !== undefined) throw new Error(`npm outdated could not ask the registry: ${stderr}`);
  const rows = keptBack();
  return [...wrongRows(rows, readManifest()), ...unexplained(answer, rows)];
}

const command = COMMANDS[process.argv[2] ?? ''];
if (command === undefined) throw new Error(`say what to do: ${Object.keys(COMMANDS).join(', ')}`);
const faults = command();
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
