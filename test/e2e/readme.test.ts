// The whole runtime: what the README shows.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readLedger } from '../conformance/real-data/check.ts';
import { TenantClient, until } from './client.ts';
import { type Runtime, startRuntime } from './runtime.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-readme-'));
  runtime = await startRuntime();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  expect(await runtime.stop()).toBe(0);
});

/** The shell blocks of the page, as they stand there but for the addresses, which are this runtime's. */
function readmeBlocks(): string[] {
  const page = readFileSync(join(ROOT, 'README.md'), 'utf8');
  return [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) =>
    block!.replaceAll('http://127.0.0.1:8080', runtime.url).replaceAll('http://127.0.0.1:4566', runtime.awsUrl),
  );
}

/** What the README says is `npx indelible` in its folder is this checkout's command line. */
function shell(script: string): string {
  const npx = `npx() { shift; "${process.execPath}" "${join(ROOT, 'bin/indelible.ts')}" "$@"; }\n`;
  return execFileSync('bash', ['-euc', npx + script], { cwd: folder, encoding: 'utf8', env: environment() });
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PORT: new URL(runtime.url).port, AWS_PORT: new URL(runtime.awsUrl).port };
}

async function send(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = [join(ROOT, 'bin/indelible.ts'), 'send', ...args];
  try {
    return { code: 0, ...(await run(process.execPath, command, { env: environment() })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

function file(name: string, lines: readonly (object | string)[]): string {
  const path = join(folder, name);
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

const login = (n: number) => ({ action: 'auth.login.success', actor: { type: 'user', id: `u${n}` } });

test('the README’s first entry is recorded and read back as the page shows', () => {
  const [token, post] = readmeBlocks()
    .find((block) => block.startsWith('TOKEN='))!
    .split('\n\n');
  const read = readmeBlocks().find((block) => block.includes('/v1/chains/0/entries/0'))!;
  const { receipts } = JSON.parse(shell(`${token}\n${post}`));
  const answered = JSON.parse(shell(`${token}\n${read}`));
  expect(receipts).toEqual([expect.objectContaining({ chain: 0, position: 0, link: answered.link })]);
  expect(answered.entry).toMatchObject({ tenant: 'acme', change: { after: { city: 'Bruges' } } });
});

test('what was recorded is found as the page shows', () => {
  const found = JSON.parse(shell(readmeBlocks().find((block) => block.startsWith('READER='))!));
  expect(found).toMatchObject({ cursor: null, complete: true });
  expect(found.entries.map(({ entry }: { entry: { action: string } }) => entry.action)).toEqual(['customer.updated']);
});

test('what was recorded is sealed, exported and verified as the page shows', () => {
  const block = (command: string) => readmeBlocks().find((one) => one.startsWith(command))!;
  const checkpoint = shell(block('npx indelible seal'));
  const verified = shell(block('npx indelible export'));
  expect(verified).toMatch(/acme\.zip: intact\n[\s\S]*[1-9]\d* intact, 0 expired, 0 missing, 0 altered/);
  const { root, size } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).log;
  expect(checkpoint.split('\n').slice(1, 3)).toEqual([String(size), Buffer.from(root, 'hex').toString('base64')]);
  expect(shell(block('npx indelible verify --live'))).toMatch(/acme: intact/);
});

describe('indelible send', () => {
  const recordOf = (eventID: string) => ({
    eventVersion: '1.08',
    eventSource: 's3.amazonaws.com',
    eventName: 'GetBucketPolicy',
    eventTime: '2026-01-02T03:04:05Z',
    eventID,
    userIdentity: { type: 'Root', principalId: '1', arn: 'arn:aws:iam::1:root', accountId: '1' },
  });

  test('entries, and a trail in gzip, in one call', async () => {
    const entries = file('events.ndjson', [login(1), '', login(2)]);
    const trail = file('cloudtrail.ndjson.gz', [recordOf('e-1'), recordOf('e-2')]);
    const { code, stdout } = await send(entries, trail, '--tenant', 'both');
    expect([code, stdout]).toEqual([0, 'accepted 4, refused 0\n']);
    // Looking for them over the API would be recorded too.
    const recorded = async () => (await readLedger(runtime.awsUrl)).get('both#0')?.entries.length;
    await until(async () => (await recorded()) === 4 || undefined);
  });

  test('a file sent again adds nothing', async () => {
    const entries = file('again.ndjson', [login(1), login(2)]);
    await send(entries, '--tenant', 'twice');
    const { code } = await send(entries, '--tenant', 'twice');
    expect(code).toBe(0);
    expect(await new TenantClient(runtime, 'twice').chain(0)).toHaveLength(2);
  });

  test('says which lines are refused and why, and records the others', async () => {
    const mixed = file('mixed.ndjson', [login(1), '{"action":', { ...login(2), actor: { type: 'robot' } }, login(3)]);
    const { code, stdout } = await send(mixed, '--tenant', 'mixed');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^accepted 2, refused 2\n/);
    expect(stdout).toContain(`at ${mixed}:2`);
    expect(stdout).toMatch(/\/actor\/type .*want one of user/);
    expect(stdout).toContain(`at ${mixed}:3`);
  });

  test('a line whose duplicate key only the API sees is found in its batch', async () => {
    const doubled = '{"action":"auth.logout","actor":{"type":"user","id":"u1","id":"u2"}}';
    const { code, stdout } = await send(file('doubled.ndjson', [login(1), doubled, login(2)]), '--tenant', 'doubled');
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^accepted 2, refused 1\n/)]);
  });

  test.each([
    ['no file', [], 2, /needs at least one FILE/],
    ['a file that is not there', ['/nowhere.ndjson'], 2, /cannot read \/nowhere.ndjson/],
    ['a batch of none', ['x', '--batch', '0'], 2, /--batch takes a whole number/],
    ['nobody there', ['README.md', '--url', 'http://127.0.0.1:9'], 3, /nothing answers at/],
  ])('%s', async (_, args, code, sentence) => {
    const ended = await send(...(args as string[]));
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(sentence as RegExp);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });
});

test('help is where one asks for it', async () => {
  const { code, stdout } = await send('--help');
  expect([code, stdout]).toEqual([0, expect.stringContaining('indelible send FILE...')]);
});

test('a token of the wrong role is refused with a sentence', async () => {
  const token = await runtime.token('acme', 'operator');
  const { code, stderr } = await send(file('one.ndjson', [login(1)]), '--token', token);
  expect([code, stderr]).toEqual([3, expect.stringMatching(/^indelible: the API answered 403/)]);
});
