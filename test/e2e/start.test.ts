// The whole runtime: how it starts.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePorts } from '../support/ports.ts';
import { smallDisk } from '../support/small-disk.ts';
import { type Runtime, runToEnd, startRuntime } from './runtime.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-start-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function environment(name: string): Promise<Record<string, string>> {
  const [port, awsPort] = await freePorts(2);
  return { PORT: String(port), AWS_PORT: String(awsPort), INDELIBLE_DATA: join(folder, name) };
}

/** What the log says of each synthesis, in the order of starts. */
function syntheses(dataDir: string): { readonly reused: boolean }[] {
  const lines = readFileSync(join(dataDir, 'logs', 'runtime.ndjson'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'synthesized');
}

describe('a start that can’t succeed says why in one sentence', () => {
  let squatter: Server;
  let taken: string;
  beforeAll(async () => {
    const [port = 0] = await freePorts(1);
    taken = String(port);
    squatter = createServer().listen(port, '127.0.0.1');
  });
  afterAll(() => {
    squatter.close();
  });

  test.each(['PORT', 'AWS_PORT'])('a taken %s', async (variable) => {
    const { code, complaint } = await runToEnd({ ...(await environment('taken')), [variable]: taken });
    expect([code, complaint]).toEqual([1, `Port ${taken} is taken; free it, or set ${variable} to another port.\n`]);
  });

  test('a port that is none', async () => {
    const { code, complaint } = await runToEnd({ ...(await environment('none')), PORT: '80a' });
    expect([code, complaint]).toEqual([1, "PORT must be a port from 1 to 65535, got '80a'.\n"]);
  });

  test('the same port twice', async () => {
    const { code, complaint } = await runToEnd({ ...(await environment('same')), PORT: '8181', AWS_PORT: '8181' });
    expect([code, complaint]).toEqual([1, 'PORT and AWS_PORT are both 8181; give them different ports.\n']);
  });

  test('no Java', async () => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    const { code, complaint } = await runToEnd({ ...(await environment('java')), PATH: empty, JAVA_HOME: empty });
    expect(code).toBe(1);
    expect(complaint).toMatch(/^Java is missing: .+\.\n$/);
  });

  test('a configuration that is no JSON', async () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{"retention": ');
    const { code, complaint } = await runToEnd({ ...(await environment('config')), INDELIBLE_CONFIG: file });
    expect(code).toBe(1);
    expect(complaint).toMatch(/^INDELIBLE_CONFIG: .+broken\.json can't be read as JSON: .+\n$/);
  });

  test('a configuration with a fault names it', async () => {
    const file = join(folder, 'faulty.json');
    writeFileSync(file, '{"hotWindow": "sometimes"}');
    const { code, complaint } = await runToEnd({ ...(await environment('faulty')), INDELIBLE_CONFIG: file });
    expect(code).toBe(1);
    expect(complaint).toContain('hotWindow: got "sometimes"');
    expect(complaint).not.toMatch(/^\s+at /m);
  });
});

describe('a data directory that can’t be used is named, with what to do', () => {
  test('a file in its place', async () => {
    const file = join(folder, 'plain');
    writeFileSync(file, '');
    const { code, complaint } = await runToEnd({ ...(await environment('plain')), INDELIBLE_DATA: file });
    expect([code, complaint]).toEqual([
      1,
      `The data directory ${file} can't be used. ${file} can't be used: a file is in the place of a folder; move it away.\n`,
    ]);
  });

  test('on a disk that is read-only', async () => {
    const disk = smallDisk(4);
    if (!disk) return console.log('skipped: a small disk can only be mounted by root on Linux');
    try {
      spawnSync('mount', ['-o', 'remount,ro', disk.path]);
      const { code, complaint } = await runToEnd({
        ...(await environment('ro')),
        INDELIBLE_DATA: join(disk.path, 'data'),
      });
      expect(code).toBe(1);
      expect(complaint).toMatch(
        /^The data directory .+ its disk is read-only; mount it for writing, or set INDELIBLE_DATA .+\.\n$/,
      );
    } finally {
      disk.unmount();
    }
  });

  test('on a disk that is nearly full', async () => {
    const disk = smallDisk(16);
    if (!disk) return console.log('skipped: a small disk can only be mounted by root on Linux');
    try {
      const { code, complaint } = await runToEnd({ ...(await environment('full')), INDELIBLE_DATA: disk.path });
      expect(code).toBe(1);
      expect(complaint).toMatch(/^The disk of .+ has \d+ MB left and 32 MB are kept in reserve, .+\.\n$/);
      expect(complaint).not.toMatch(/^\s+at /m);
    } finally {
      disk.unmount();
    }
  });

  test('a Node that is too old', () => {
    const older = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })";
    const main = fileURLToPath(new URL('../../bin/start.js', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, ['--import', `data:text/javascript,${older}`, main], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Node 24\.6 is needed and this is 20\.19\.0; run it with 'npm start', .+\.\n$/);
  });
});

describe('two runtimes', () => {
  let first: Runtime;
  beforeAll(async () => {
    first = await startRuntime({ dataDir: join(folder, 'first') });
  });

  test('side by side, each with its own data', async () => {
    const second = await startRuntime({ dataDir: join(folder, 'second') });
    try {
      const token = await first.token('acme');
      const post = await fetch(`${first.url}/v1/entries`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ action: 'auth.login.success', actor: { type: 'user', id: 'u1' } }),
      });
      expect(post.status).toBe(201);
      const read = async (runtime: Runtime) =>
        (
          await fetch(`${runtime.url}/v1/chains/0/entries/0`, {
            headers: { authorization: `Bearer ${await runtime.token('acme', 'compliance')}` },
          })
        ).status;
      expect(await read(first)).toBe(200);
      expect(await read(second)).toBe(404);
      // A token of one is none of the other: it names its issuer, and another key signed it.
      const foreign = await fetch(`${second.url}/v1/chains/0/entries/0`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(foreign.status).toBe(401);
    } finally {
      expect(await second.stop()).toBe(0);
    }
  });

  test('on one data directory: the second is refused and leaves the first alone', async () => {
    const { code, complaint } = await runToEnd(await environment('first'));
    expect(code).toBe(1);
    expect(complaint).toBe(
      `The data directory ${first.dataDir} is in use by process ${first.pid}; stop it, or set INDELIBLE_DATA to another one.\n`,
    );
    expect((await fetch(`${first.url}/v1/health`)).status).toBe(200);
  });

  test('SIGTERM ends it with 0 and frees the directory', async () => {
    expect(await first.stop()).toBe(0);
    expect(first.complained()).toBe('');
    expect(readdirSync(first.dataDir)).not.toContain('lock');
  });

  test('one after another on the same data synthesizes again when its configuration changed, and only then', async () => {
    const ports = [Number(new URL(first.url).port), Number(new URL(first.awsUrl).port)] as const;
    for (const config of [{}, { throttling: { rateLimit: 7 } }]) {
      const again = await startRuntime({ dataDir: first.dataDir, ports, config });
      expect(await again.stop()).toBe(0);
    }
    expect(syntheses(first.dataDir).map(({ reused }) => reused)).toEqual([false, true, false]);
    expect(readFileSync(join(first.dataDir, 'cdk.out', 'Indelible-App.template.json'), 'utf8')).toMatch(
      /"ThrottlingRateLimit": 7\b/,
    );
  });
});
