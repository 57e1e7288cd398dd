/**
 * One runtime a data directory. The lock names its holder by process id and start time, so a lock that a killed process left,
 * or whose id another process has by now, is seen for what it is.
 */
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileSentence, StartFailure } from './failure.ts';
import { identityOf, isAlive, parseIdentity } from './processes.ts';

/** Two starts that find the same stale lock may disturb each other this often before one gives up. */
const ATTEMPTS = 5;

/** Gives back what releases the lock. */
export function lockDataDir(dataDir: string): () => void {
  const path = join(dataDir, 'lock');
  try {
    makeDataDir(dataDir);
    return take(dataDir, path);
  } catch (error) {
    const sentence = fileSentence(error);
    if (sentence === undefined) throw error;
    throw new StartFailure(`The data directory ${dataDir} can't be used. ${sentence}`, { cause: error });
  }
}

/** A recursive mkdir on a read-only disk says that there is no such directory; one step of it says why. */
function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    let missing = dataDir;
    while (!existsSync(dirname(missing))) missing = dirname(missing);
    mkdirSync(missing);
    mkdirSync(dataDir, { recursive: true });
  }
}

function take(dataDir: string, path: string): () => void {
  const text = JSON.stringify(identityOf(process.pid));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (create(path, text)) return () => rmSync(path, { force: true });
    const found = read(path);
    if (found === undefined) continue;
    const holder = parseIdentity(found);
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
