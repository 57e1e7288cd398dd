/** Starts and stops DynamoDB Local: Java, the jar and the file. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ownChild } from '../processes.ts';
import { forgetHolder, noteHolder, previousEnded } from './holder.ts';
import { emulatorFolder, NOT_INSTALLED } from './installed.ts';
import { holdStreamClock } from './retention.ts';

/** A heap that holds the working set of a demonstration; the data itself is in the file, not in the heap. */
const DEFAULT_HEAP_MB = 512;

/**
 * Java compiles quickly and not again: half the processor time of a start, two thirds of that of the first writes, and no more
 * of later ones. The small heap needs no collector with threads of its own.
 */
const QUICK = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** How long Java may take to end after its standard input closed, before it is killed. */
const STOP_GRACE_MS = 5_000;

/** How much of Java's last words an error carries. */
const LAST_WORDS = 2_000;

const OLDEST_JAVA = 17;

/** What SQLite says when another process has the file, and how long its end is waited for. */
const LOCKED = /database is locked|\[5\] DB/;
const LOCKED_ATTEMPTS = 10;
const LOCKED_WAIT_MS = 1_000;

export interface DynamoDbOptions {
  /** Folder of the database file, created when missing. Absent: everything is in memory and gone at the stop. */
  readonly dir?: string;
  readonly heapMb?: number;
}

export interface DynamoDb {
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number;
  /** Settles when Java has ended, for whatever reason, with its last words on standard error. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
  /** SIGKILL. What is committed stays; what isn't is rolled back at the next start. */
  kill(): void;
}

/** DynamoDB Local can't be started: Java is missing, too old, or ended early. The message is for the person at the keyboard. */
export class DynamoDbUnavailable extends Error {
  override readonly name = 'DynamoDbUnavailable';
}

class FileLocked extends DynamoDbUnavailable {}

/**
 * Starts DynamoDB Local on a free port of 127.0.0.1.
 *
 * With `dir`, an item that was acknowledged is in the file: it survives SIGKILL of this process, of Java, or of both.
 * Java ends by itself when this process ends, however that happened: see server.xml.
 */
export async function startDynamoDb(options: DynamoDbOptions = {}): Promise<DynamoDb> {
  if (options.dir !== undefined) {
    mkdirSync(options.dir, { recursive: true });
    await previousEnded(options.dir);
    holdStreamClock(options.dir, Date.now());
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launch(options);
    } catch (error) {
      if (!(error instanceof FileLocked) || attempt === LOCKED_ATTEMPTS) throw error;
      await sleep(LOCKED_WAIT_MS);
    }
  }
}

async function launch(options: DynamoDbOptions): Promise<DynamoDb> {
  const java = javaCommand();
  const child = spawn(java, javaArguments(options), {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, DDB_LOCAL_TELEMETRY: '0' },
  });
  ownChild(child);
  const words = lastWords(child);
  const { dir } = options;
  if (dir !== undefined && child.pid !== undefined) noteHolder(dir, child.pid);
  const ended = new Promise<string>((resolve) => {
    child.once('close', () => {
      if (dir !== undefined) forgetHolder(dir);
      resolve(words());
    });
  });
  const port = await Promise.race([
    announcedPort(child),
    failure(child).then((cause) => {
      throw new DynamoDbUnavailable(explain(java, cause), { cause });
    }),
    ended.then((said) => {
      if (LOCKED.test(said)) throw new FileLocked(`The database file in ${dir} is held by another process: ${said}`);
      throw new DynamoDbUnavailable(explain(java, undefined, said));
    }),
  ]);
  // A kill that fails later says so as an event; whoever waits reads `ended`.
  child.on('error', () => undefined);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid as number,
    ended,
    stop: () => stop(child, ended),
    kill: () => void child.kill('SIGKILL'),
  };
}

function javaCommand(): string {
  const home = process.env.JAVA_HOME;
  const candidate = home ? join(home, 'bin', process.platform === 'win32' ? 'java.exe' : 'java') : undefined;
  return candidate && existsSync(candidate) ? candidate : 'java';
}

function javaArguments({ dir, heapMb = DEFAULT_HEAP_MB }: DynamoDbOptions): string[] {
  const emulator = emulatorFolder();
  if (emulator === undefined) throw new DynamoDbUnavailable(NOT_INSTALLED);
  const libraries = join(emulator, 'DynamoDBLocal_lib');
  return [
    `-Xmx${heapMb}m`,
    ...QUICK,
    `-Djava.library.path=${libraries}`,
    '-Dorg.eclipse.jetty.LEVEL=WARN',
    '-Dorg.eclipse.jetty.util.log.announce=false',
    '-cp',
    [join(emulator, 'DynamoDBLocal.jar'), join(libraries, '*')].join(delimiter),
    'org.eclipse.jetty.xml.XmlConfiguration',
    `inMemory=${dir === undefined}`,
    ...(dir === undefined ? [] : [`dir=${dir}`]),
    fileURLToPath(new URL('server.xml', import.meta.url)),
  ];
}

function lastWords(child: ChildProcess): () => string {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-LAST_WORDS);
  });
  return () => said.trim();
}

function announcedPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-LAST_WORDS);
      const port = /\{127\.0\.0\.1:(\d+)\}/.exec(said)?.[1];
      if (port) resolve(Number(port));
    });
  });
}

function failure(child: ChildProcess): Promise<Error> {
  return new Promise((resolve) => child.once('error', resolve));
}

function explain(java: string, cause?: Error, said = ''): string {
  const install = `install Java ${OLDEST_JAVA} or newer (a JRE is enough) and put it on PATH or in JAVA_HOME`;
  if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    return `Java is missing: the local DynamoDB needs it; ${install}.`;
  }
  if (cause) return `Java can't be started from ${java}: ${cause.message}; ${install}.`;
  const version = spawnSync(java, ['-version'], { encoding: 'utf8' }).stderr ?? '';
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  if (first === undefined) return `Java is missing: ${java} is there but runs no Java; ${install}.`;
  const major = first === '1' ? Number(second) : Number(first);
  if (major < OLDEST_JAVA) return `Java is too old: ${java} is version ${major}; ${install}.`;
  return `The local DynamoDB ended before it served; Java said: ${said || 'nothing'}`;
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.stdin?.on('error', () => undefined);
  child.stdin?.end();
  const patience = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await ended;
  clearTimeout(patience);
}
