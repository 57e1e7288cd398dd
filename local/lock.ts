/**
 * One runtime a data directory. The lock names its holder by process id and start time, so a lock that a killed process left,
 * or whose id another process has by now, is seen for what it is.
 */
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFailure } from './failure.ts';

/** Two starts that find the same stale lock may disturb each other this often before one gives up. */
const ATTEMPTS = 5;

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

/** Gives back what releases the lock. */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'lock');
  const text = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) });
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (create(path, text)) return () => rmSync(path, { force: true });
    const found = read(path);
    if (found === undefined) continue;
    const holder = parse(found);
    if (holder && isAlive(holder)) {
      throw new StartFailure(
        `The data directory ${dataDir} is in use by process ${holder.pid}; stop it, or set INDELIBLE_DATA to another one.`,
      );
    }
    discard(path, found);
  }
  throw new StartFailure(`The data directory ${dataDir} is being locked by other starts; try again.`);
}

/** The lock appears whole or not at all: a reader must never see half of it. */
function create(path: string, text: string): boolean {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, text, { mode: 0o600 });
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Takes the stale lock away; what another start has put there meanwhile is put back. */
function discard(path: string, stale: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== stale) linkSync(aside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): Holder | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(pid) === startedAt;
}

/**
 * When a process began, in whatever form the system gives it; `ended` for one that is over and only waits for its parent to
 * notice, as killed ones do in containers whose first process doesn't; empty when it can't be known, which equals itself.
 */
function startOf(pid: number): string {
  try {
    // The command, field 2 of /proc/pid/stat, may hold spaces and ends at the last parenthesis; state is field 3, start 22.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return /^[ZX]/.test(fields[0] ?? '') ? 'ended' : (fields[19] ?? '');
  } catch {
    if (process.platform === 'win32' || process.platform === 'linux') return '';
    const said = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
    return said.startsWith('Z') ? 'ended' : said.replace(/^\S+\s+/, '');
  }
}
