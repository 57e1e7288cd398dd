// The whole runtime: what the README shows.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readLedger } from '../conformance/real-data/check.ts';
import { TenantClient, until } from './client.ts';
import { ELSEWHERE, environment, paste, README, ROOT, readmeBlocks } from './readme.ts';
import { type Runtime, startRuntime } from './runtime.ts';

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

async function send(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = [join(ROOT, 'bin/indelible.ts'), 'send', ...args];
  try {
    return { code: 0, ...(await run(process.execPath, command, { env: environment(runtime) })) };
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

const RECORD = {
  eventVersion: '1.08',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetBucketPolicy',
  eventTime: '2026-01-02T03:04:05Z',
  userIdentity: { type: 'Root', principalId: '1', arn: 'arn:aws:iam::1:root', accountId: '1' },
};

const login = (n: number) => ({ action: 'auth.login.success', actor: { type: 'user', id: `u${n}` } });

describe('the README', () => {
  let outputs: ReadonlyMap<string, string>;
  /** What the one block that has this text printed. */
  const said = (part: string): string => {
    const found = [...outputs].filter(([block]) => block.includes(part));
    expect(found.map(([block]) => block)).toHaveLength(1);
    return found[0]![1];
  };

  beforeAll(() => {
    cpSync(join(ROOT, 'examples'), join(folder, 'examples'), { recursive: true });
    const blocks = readmeBlocks(runtime).filter((block) => !Object.hasOwn(ELSEWHERE, block.trim()));
    const printed = paste(blocks, runtime, folder);
    outputs = new Map(blocks.map((block, index) => [block, printed[index]!]));
  });

  test('has no block that is run neither here nor elsewhere', () => {
    const blocks = readmeBlocks(runtime).map((block) => block.trim());
    for (const block of Object.keys(ELSEWHERE)) expect(blocks).toContain(block);
    expect(outputs.size).toBe(blocks.length - Object.keys(ELSEWHERE).length);
  });

  test('names scripts, pages and tools that there are', async () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const [, script] of README.matchAll(/npm run ([a-z]+)/g)) expect(Object.keys(scripts)).toContain(script);
    for (const [, page] of README.matchAll(/\]\(([^)#]+)/g)) expect(existsSync(join(ROOT, page!))).toBe(true);
    const { app } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
    expect(existsSync(join(ROOT, app.split(' ').at(-1)))).toBe(true);
    const { stdout } = await run(process.execPath, [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), 'deploy', '--help']);
    expect(stdout).toMatch(/--all/);
  });

  test('fills a tenant with a month, and reads the incident and a case of it', () => {
    expect(said('npx indelible demo\n')).toMatch(/1486 entries recorded through the API\n {2}14 CloudTrail records/);
    const shown = said('show()').trimEnd().split('\n');
    const [guessed, reported] = [/failed to sign in$/, /reported a security incident$/].map((what) =>
      shown.findIndex((line) => what.test(line)),
    );
    expect([guessed, shown.length > 60]).toEqual([0, true]);
    expect(reported).toBeGreaterThan(20);
    expect(shown.findIndex((line) => / gave feedback on the case WB-/.test(line))).toBeGreaterThan(reported!);
    for (const line of shown) expect(line).toMatch(/^20\d\d-\d\d-\d\dT[\d:.]+Z /);
  });

  test('seals it in three lines, exports it and verifies it', () => {
    const lines = said('--out demo.zip').split('\n');
    const [log, size, root] = lines;
    expect([log, size, root]).toEqual([
      expect.stringMatching(/^log {4}\S/),
      'size   1 digests',
      expect.stringMatching(/^root {3}[0-9a-f]{64}$/),
    ]);
    expect(lines.join('\n')).toMatch(/demo\.zip: intact\n[\s\S]*[1-9]\d* intact, 0 expired, 0 missing, 0 altered/);
  });

  test('records a first entry and reads it back', () => {
    const { receipts } = JSON.parse(said('TOKEN='));
    const answered = JSON.parse(said('/v1/chains/0/entries/0'));
    expect(receipts).toEqual([expect.objectContaining({ chain: 0, position: 0, link: answered.link })]);
    expect(answered.entry).toMatchObject({ tenant: 'acme', change: { after: { city: 'Bruges' } } });
  });

  test('sends its sample files', () => {
    expect(said('npx indelible send')).toBe('accepted 5, put on the event bus 2, refused 0\n');
  });

  test('finds what was recorded', () => {
    const found = JSON.parse(said('change.after.city'));
    expect(found).toMatchObject({ cursor: null, complete: true });
    expect(found.entries.map(({ entry }: { entry: { action: string } }) => entry.action)).toEqual(['customer.updated']);
  });

  test('keeps a checkpoint that the export continues, and verifies everything', () => {
    const checkpoint = readFileSync(join(folder, 'checkpoint.txt'), 'utf8').split('\n');
    expect(said('--out acme.zip')).toMatch(
      /acme\.zip: intact\n[\s\S]*[1-9]\d* intact, 0 expired, 0 missing, 0 altered/,
    );
    const { root, size } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).log;
    expect(checkpoint.slice(1, 3)).toEqual([String(size), Buffer.from(root, 'hex').toString('base64')]);
    const live = said('npx indelible verify --live');
    expect([live, live]).toEqual([expect.stringMatching(/acme: intact/), expect.stringMatching(/demo: intact/)]);
  });
});

describe('indelible demo', () => {
  const month = () => [join(ROOT, 'bin/indelible.ts'), 'demo', '--tenant', 'office', '--entries', '900'];
  const ids = async () => {
    const ledger = await readLedger(runtime.awsUrl);
    const chains = [...ledger].filter(([chain]) => chain.startsWith('office#'));
    return chains.flatMap(([, { entries }]) => entries.map((bytes) => JSON.parse(bytes.toString('utf8')).id as string));
  };

  test('killed half-way and run twice more, it has each entry once', async () => {
    const child = spawn(process.execPath, month(), { env: environment(runtime), stdio: 'ignore' });
    const ended = once(child, 'exit');
    await until(async () => ((await ids()).length > 100 ? true : undefined));
    child.kill('SIGKILL');
    expect((await ended)[1]).toBe('SIGKILL');
    const before = (await ids()).length;
    expect(before).toBeLessThan(900);
    expect((await run(process.execPath, month(), { env: environment(runtime) })).stdout).toMatch(
      /\d+ were there already/,
    );
    await until(async () => ((await ids()).length >= 900 ? true : undefined));
    const again = await run(process.execPath, month(), { env: environment(runtime) });
    expect(again.stdout).toContain('  0 entries recorded through the API, 886 were there already\n');
    // The month's records were put on the bus three times: by when a later one has come, so have they.
    const last = file('last.ndjson', [{ ...RECORD, eventID: 'last' }]);
    await send(last, '--tenant', 'office');
    await until(async () => ((await ids()).length >= 901 ? true : undefined));
    const all = await ids();
    expect([all.length, new Set(all).size]).toEqual([901, 901]);
  });
});

describe('indelible send', () => {
  const recordOf = (eventID: string) => ({ ...RECORD, eventID });

  test('entries, and a trail in gzip, in one call', async () => {
    const entries = file('events.ndjson', [login(1), '', login(2)]);
    const trail = file('cloudtrail.ndjson.gz', [recordOf('e-1'), recordOf('e-2')]);
    const { code, stdout } = await send(entries, trail, '--tenant', 'both');
    expect([code, stdout]).toEqual([0, 'accepted 2, put on the event bus 2, refused 0\n']);
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
    ['a tenant that is not said', ['README.md'], 2, /send needs --tenant/],
    ['a file that is not there', ['/nowhere.ndjson'], 2, /cannot read \/nowhere.ndjson/],
    ['a batch of none', ['x', '--batch', '0'], 2, /--batch takes a whole number/],
    ['nobody there', ['README.md', '--tenant', 't', '--url', 'http://127.0.0.1:9'], 3, /nothing answers at/],
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
