/** A whole local runtime as a child process, with ports and data of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../support/ports.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface RuntimeOptions {
  /** Kept after the stop when given; otherwise a folder that goes with the runtime. */
  readonly dataDir?: string;
  readonly ports?: readonly [number, number];
  /** What INDELIBLE_CONFIG holds. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Of another checkout. */
  readonly root?: string;
}

export interface Runtime {
  readonly url: string;
  readonly awsUrl: string;
  readonly dataDir: string;
  readonly pid: number;
  /** All that it wrote on standard output, and on standard error. */
  readonly said: () => string;
  readonly complained: () => string;
  token(tenant: string, role?: string, own?: Readonly<Record<string, string>>): Promise<string>;
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL; the data stays. */
  kill(): Promise<void>;
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly complaint: string;
}

/** Starts one that is expected to end by itself, such as one whose port is taken. */
export async function runToEnd(environment: Readonly<Record<string, string>>): Promise<Ended> {
  const child = launch(environment);
  const output = gather(child.stdout);
  const complaint = gather(child.stderr);
  const code = await exitOf(child);
  return { code, output: output(), complaint: complaint() };
}

export async function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'indelible-e2e-'));
  const [port = 0, awsPort = 0] = options.ports ?? (await freePorts(2));
  const configFile = `${dataDir}.json`;
  if (options.config) writeFileSync(configFile, JSON.stringify(options.config));
  const environment = {
    PORT: String(port),
    AWS_PORT: String(awsPort),
    INDELIBLE_DATA: dataDir,
    ...(options.config && { INDELIBLE_CONFIG: configFile }),
  };
  const child = launch(environment, options.root);
  const said = gather(child.stdout);
  const complained = gather(child.stderr);
  const exited = exitOf(child);
  const clean = (): void => {
    rmSync(configFile, { force: true });
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  await ready(child, said, complained, exited, `ready ${url}`);
  return {
    url,
    awsUrl: `http://127.0.0.1:${awsPort}`,
    dataDir,
    pid: child.pid ?? 0,
    said,
    complained,
    token: (tenant, role = 'writer', own = {}) => mint(url, { tenant, role, ...own }),
    stop: async () => {
      child.kill('SIGTERM');
      const code = await exited;
      clean();
      return code;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

export function launch(environment: Readonly<Record<string, string>>, root = ROOT): ChildProcess {
  const { INDELIBLE_CONFIG: _, ...inherited } = process.env;
  return spawn(process.execPath, [join(root, 'bin/start.js')], {
    cwd: root,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

function gather(stream: ChildProcess['stdout']): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

async function ready(
  child: ChildProcess,
  said: () => string,
  complained: () => string,
  exited: Promise<number | null>,
  line: string,
): Promise<void> {
  const seen = new Promise<void>((resolve) => {
    const look = (): void => {
      if (said().split('\n').includes(line)) resolve();
    };
    child.stdout?.on('data', look);
    look();
  });
  const ended = exited.then((code) => {
    throw new Error(`The runtime ended with ${code} before it was ready:\n${said()}\n${complained()}`);
  });
  await Promise.race([seen, ended]);
  // From now on an exit is expected.
  ended.catch(() => undefined);
}

async function mint(url: string, form: Readonly<Record<string, string>>): Promise<string> {
  const discovery = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as {
    token_endpoint: string;
  };
  const response = await fetch(discovery.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:indelible:grant-type:local', ...form }),
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`No token for ${JSON.stringify(form)}: ${response.status}`);
  return token;
}
