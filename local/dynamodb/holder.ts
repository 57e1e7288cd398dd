/**
 * Which process has the database file. A runtime that was killed leaves its Java behind for a moment, and one that is stopped
 * by SIGSTOP for longer; a second one on the same file would fail, or be failed by the first.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isAlive, type ProcessIdentity, parseIdentity } from '../processes.ts';

const FILE = 'process.json';
const POLL_MS = 50;

/** How long Java may take to finish its last transaction and end by itself. */
const PATIENCE_MS = 5_000;

export function noteHolder(dir: string, pid: number): void {
  writeFileSync(join(dir, FILE), JSON.stringify(identityOf(pid)), { mode: 0o600 });
}

export function forgetHolder(dir: string): void {
  rmSync(join(dir, FILE), { force: true });
}

/** Resolves when the process that an earlier start noted is over; one that does not end by itself is killed. */
export async function previousEnded(dir: string): Promise<void> {
  const holder = noted(dir);
  // The id may be that of another program by now: only what works on this folder is waited for, and killed.
  if (!holder || !isAlive(holder) || !commandOf(holder.pid).includes(dir)) return;
  const deadline = Date.now() + PATIENCE_MS;
  while (isAlive(holder) && Date.now() < deadline) await sleep(POLL_MS);
  if (isAlive(holder)) kill(holder.pid);
  while (isAlive(holder)) await sleep(POLL_MS);
}

function noted(dir: string): ProcessIdentity | undefined {
  try {
    return parseIdentity(readFileSync(join(dir, FILE), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    if (process.platform === 'win32' || process.platform === 'linux') return '';
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  }
}
