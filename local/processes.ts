/**
 * Processes of this machine: who one is, by id and start time, so that an id that another process has by now is seen for what
 * it is; and the children of this runtime, so that none outlives it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, startedAt: startOf(pid) };
}

/** Undefined if invalid. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text) as Partial<ProcessIdentity>;
    return Number.isInteger(pid) && Number(pid) > 0 && typeof startedAt === 'string'
      ? { pid: pid as number, startedAt }
      : undefined;
  } catch {
    return undefined;
  }
}

export function isAlive({ pid, startedAt }: ProcessIdentity): boolean {
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

const children = new Set<ChildProcess>();

/** Remembers a child until it has ended. */
export function ownChild(child: ChildProcess): void {
  children.add(child);
  child.once('close', () => children.delete(child));
}

/**
 * Makes sure that this process is gone soon after it calls process.exit, which waits for native work on libuv's threads, such as
 * a long query of DuckDB.
 */
export function endForCertain(graceSeconds: number): void {
  if (process.platform === 'win32') return;
  const script = `sleep ${graceSeconds}; kill -9 ${process.pid}`;
  spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref();
}

/** For a stop that has no time left. SIGKILL also ends a process that is stopped by SIGSTOP. */
export function killChildren(): void {
  for (const child of children) child.kill('SIGKILL');
}
