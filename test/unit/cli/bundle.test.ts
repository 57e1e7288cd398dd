// The commands `export` and `verify`.
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EXIT } from '../../../cli/exit.ts';
import { ApiClient } from '../../../cli/export/client.ts';
import { exportTo } from '../../../cli/export/command.ts';
import { ApiSource } from '../../../cli/export/source.ts';
import { run } from '../../support/command-line.ts';
import { type EvidenceServer, serveEvidenceOverHttp } from '../../support/evidence-server.ts';
import { Serving, sealed } from '../../support/serving.ts';

let folder = '';
let url = '';
let serving: Serving;
let cutShort = false;
let busy = 0;
let server: EvidenceServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  serving = new Serving(await sealed(3));
  server = await serveEvidenceOverHttp(
    () => serving,
    ({ name }) => (busy-- > 0 ? 503 : cutShort && name === 'bodies' ? 'cut-short' : undefined),
  );
  url = server.url;
});

afterAll(() => server.close());

const file = (name: string) => join(folder, name);
const exported = (name: string, ...more: string[]) =>
  run('export', '--tenant', 'acme', '--token', 't', '--url', url, '--out', file(name), ...more);

test('what a deployment hands out is exported, and verifies with its keys', async () => {
  const { code, out } = await exported('all.zip');
  expect(code).toBe(EXIT.ok);
  expect(out).toContain('acme, everything, digests 0 to 2');
  await writeFile(file('keys.txt'), (await serving.get('logKeys')).bytes);
  await writeFile(file('checkpoint'), (await serving.get('logCheckpoint')).bytes);
  const verified = await run(
    ...['verify', file('all.zip'), '--keys', file('keys.txt'), '--checkpoint', file('checkpoint')],
    ...['--expect-through', '2026-03-03', '--report', file('report.json')],
  );
  expect(verified.out).toContain('no findings');
  expect(verified.out).not.toContain('WARNING');
  expect(verified.code).toBe(EXIT.ok);
  const report = JSON.parse(await readFile(file('report.json'), 'utf8'));
  expect(report).toMatchObject({ verdict: 'intact', tenant: 'acme', keys: { from: 'given' } });
  expect(report.chains.map((chain: { tally: object }) => chain.tally)).toMatchObject([{ intact: 18 }, { intact: 3 }]);
  expect(await readFile(file('report.json.txt'), 'utf8')).toBe(verified.out);
});

test('keys that came with the bundle are said to prove little', async () => {
  await exported('own-keys.zip');
  const { code, out } = await run('verify', file('own-keys.zip'));
  expect(code).toBe(EXIT.ok);
  expect(out).toContain('WARNING: the keys came with the bundle');
});

test('some days are exported, and the scope says which', async () => {
  await exported('days.zip', '--from', '2026-03-02', '--to', '2026-03-02');
  const { code, out } = await run('verify', file('days.zip'));
  expect(out).toContain('from 2026-03-02 to 2026-03-02');
  expect(code).toBe(EXIT.ok);
});

test('a download that is cut short leaves no file', async () => {
  cutShort = true;
  try {
    const source = await ApiSource.open(new ApiClient(new URL(url), 't', 1));
    const failed = exportTo(source, file('cut.zip'), {});
    await expect(failed).rejects.toMatchObject({
      exitCode: EXIT.unreachable,
      message: expect.stringContaining('cut short'),
    });
    expect((await readdir(folder)).filter((name) => name.startsWith('cut'))).toEqual([]);
  } finally {
    cutShort = false;
  }
});

test('a deployment that is busy is asked again', async () => {
  busy = 1;
  expect((await exported('busy.zip')).code).toBe(EXIT.ok);
});

test('what is not intact ends with the code of its verdict, and names the place', async () => {
  await exported('whole.zip');
  const bytes = await readFile(file('whole.zip'));
  await writeFile(file('half.zip'), bytes.subarray(0, bytes.length / 2));
  const { code, err } = await run('verify', file('half.zip'));
  expect(code).toBe(EXIT.unusable);
  expect(err).toContain('is refused (zip)');
  const late = await run('verify', file('whole.zip'), '--expect-through', '2027-01-01');
  expect(late.code).toBe(EXIT.truncated);
  expect(late.out).toContain('truncated (ends-early)');
  await writeFile(file('bad-keys.txt'), 'no keys');
  expect((await run('verify', file('whole.zip'), '--keys', file('bad-keys.txt'))).code).toBe(EXIT.unusable);
});

test.each([
  [['verify']],
  [['verify', 'a.zip', 'b.zip']],
  [['verify', '/nowhere/at/all.zip']],
  [['verify', 'a.zip', '--expect-through', 'yesterday']],
  [['verify', 'a.zip', '--expect-through', '2026-02-30']],
  [['export', '--tenant', 'acme']],
  [['export', '--out', 'a.zip']],
  [['export', '--tenant', 'acme', '--out', 'a.zip', '--from', '2026-03-02', '--to', '2026-03-01']],
])('%j is wrong usage', async (argv) => {
  expect((await run(...argv)).code).toBe(EXIT.usage);
});

test('a token of another tenant is no token for this one', async () => {
  const { code, err } = await run('export', '--tenant', 'globex', '--token', 't', '--url', url, '--out', file('x.zip'));
  expect(code).toBe(EXIT.usage);
  expect(err).toContain('speaks for acme');
});
