// The whole runtime: bundles made by a job, through a crash of everything, downloaded and verified.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePorts } from '../support/ports.ts';
import { TenantClient, until } from './client.ts';
import { type Runtime, startRuntime } from './runtime.ts';

const COMMAND = fileURLToPath(new URL('../../bin/indelible.ts', import.meta.url));
const run = promisify(execFile);

let folder: string;
let ports: [number, number];
let runtime: Runtime;

const start = () =>
  startRuntime({ config: { archive: { batchWindow: 'PT1S' } }, dataDir: join(folder, 'data'), ports });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-bundle-'));
  ports = (await freePorts(2)) as [number, number];
  runtime = await start();
});
afterAll(async () => {
  expect(await runtime.stop()).toBe(0);
  rmSync(folder, { recursive: true });
});

const inFolder = (name: string) => join(folder, name);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function indelible(...args: string[]): Promise<Ended> {
  const env = { ...process.env, PORT: new URL(runtime.url).port, AWS_PORT: new URL(runtime.awsUrl).port };
  try {
    return { code: 0, ...(await run(process.execPath, [COMMAND, ...args], { env, maxBuffer: 2 ** 26 })) };
  } catch (error) {
    return error as Ended;
  }
}

async function asked(path: string, body?: unknown, role = 'compliance') {
  const response = await fetch(`${runtime.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${await runtime.token('acme', role)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; the test looks at it
  return { status: response.status, body: (await response.json()) as any };
}

const ended = (id: string) =>
  until(async () => {
    const { body } = await asked(`/v1/bundles/${id}`);
    return body.status === 'queued' || body.status === 'running' ? undefined : body;
  });

async function verified(name: string): Promise<Ended> {
  writeFileSync(inFolder('keys.txt'), await (await fetch(`${runtime.url}/log/keys`)).text());
  return indelible('verify', inFolder(name), '--keys', inFolder('keys.txt'));
}

const CATEGORIES = ['payment', 'security', 'data_access'];
const COUNT = 1_200;

test('nothing is begun before the first seal', async () => {
  expect(await asked('/v1/bundles', {})).toMatchObject({
    status: 409,
    body: { type: 'urn:indelible:problem:not-sealed' },
  });
});

test('a bundle is begun, goes through a crash of the whole runtime, and is downloaded and intact', async () => {
  const acme = new TenantClient(runtime, 'acme');
  for (let from = 0; from < COUNT; from += 400) {
    const entries = Array.from({ length: 400 }, (_, i) => ({
      ...{ action: 'record.changed', category: CATEGORIES[i % 3], actor: { type: 'user', id: `u${i % 7}` } },
      metadata: { number: from + i },
    }));
    await acme.receipts({ entries });
  }
  expect((await indelible('seal')).code).toBe(0);
  const { status, body } = await asked('/v1/bundles', {});
  expect([status, body.status]).toEqual([202, 'queued']);
  await runtime.kill();
  runtime = await start();
  const bundle = await ended(body.id);
  expect(bundle).toMatchObject({ status: 'succeeded', done: bundle.positions, reason: null });
  const file = Buffer.from(await (await fetch(bundle.url)).arrayBuffer());
  expect(file.length).toBe(bundle.bytes);
  writeFileSync(inFolder('crashed.zip'), file);
  const { code, stdout } = await verified('crashed.zip');
  expect([code, stdout]).toEqual([0, expect.stringContaining('no findings')]);
});

test('the command goes on with it, and says the same of other days', async () => {
  const again = await indelible('export', '--tenant', 'acme', '--out', inFolder('again.zip'));
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('Going on with the bundle')]);
  expect(readFileSync(inFolder('again.zip')).equals(readFileSync(inFolder('crashed.zip')))).toBe(true);
  const today = new Date().toISOString().slice(0, 10);
  const days = await indelible('export', '--tenant', 'acme', '--out', inFolder('days.zip'), '--from', today);
  expect([days.code, days.stderr]).toEqual([0, expect.not.stringContaining('Going on')]);
  expect((await verified('days.zip')).code).toBe(0);
});

test('page by page there are the same entries in it', async () => {
  const paged = await indelible('export', '--tenant', 'acme', '--out', inFolder('paged.zip'), '--paged');
  expect(paged.code).toBe(0);
  const tally = async (name: string) => {
    await indelible('verify', inFolder(name), '--keys', inFolder('keys.txt'), '--report', inFolder(`${name}.json`));
    return JSON.parse(readFileSync(inFolder(`${name}.json`), 'utf8')).chains;
  };
  expect(await tally('paged.zip')).toEqual(await tally('crashed.zip'));
});

test('whoever may not read everything begins none, and a bundle that ended can not be cancelled', async () => {
  expect((await asked('/v1/bundles', {}, 'investigator')).status).toBe(403);
  const { body } = await asked('/v1/bundles');
  expect(body.bundles.map(({ status }: { status: string }) => status)).toEqual(['succeeded', 'succeeded']);
  expect((await asked(`/v1/bundles/${body.bundles[0].id}/cancel`, {})).status).toBe(409);
});
