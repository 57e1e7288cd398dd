// The command `export` of a deployment that makes bundles by itself.
import { mkdtemp, open, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EXIT } from '../../../cli/exit.ts';
import { download } from '../../../cli/export/download.ts';
import { type BundleServer, serveBundlesOverHttp } from '../../support/bundle-server.ts';
import { verifyBytes } from '../../support/bundling.ts';
import { run } from '../../support/command-line.ts';
import { Routes, sampleDeployment } from '../../support/routes.ts';
import type { Deployment } from '../../support/sealing.ts';

const WHO = { tenant: 'acme', role: 'compliance', subject: 'me' };

let folder = '';
let deployment: Deployment;
let routes: Routes;
let server: BundleServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-job-'));
  deployment = await sampleDeployment();
  // Bundles of an hour ago are as good as new ones; the command goes by this machine's clock.
  deployment.now = Date.now();
  routes = new Routes(deployment);
  server = await serveBundlesOverHttp(routes);
});
afterEach(() => server.close());

const file = (name: string) => join(folder, name);
const exported = (name: string, ...more: string[]) =>
  run('export', '--tenant', 'acme', '--token', 't', '--url', server.url, '--out', file(name), ...more);
const begun = () => server.asked.filter((one) => one === 'POST bundles').length;
const files = () => server.asked.filter((one) => one.startsWith('file '));

test('begins a bundle, waits for it and downloads it; no page is asked for', async () => {
  const { code, out, err } = await exported('all.zip');
  expect([code, out]).toEqual([EXIT.ok, expect.stringContaining('acme, everything, digests 0 to 0')]);
  expect(err).toContain('npx indelible verify');
  expect((await verifyBytes(await readFile(file('all.zip')))).verdict).toBe('intact');
  expect(server.asked.filter((one) => /bodies|[tT]ile|document/.test(one))).toEqual([]);
  expect([begun(), files()]).toEqual([1, ['file whole']]);
  const actions = routes.trail.entries().map(({ action, target }) => `${action} ${target?.type}`);
  expect(actions).toEqual(['audit.export_started bundle', 'audit.export_downloaded bundle']);
});

test('run again, it goes on with the bundle that was begun, and with no other', async () => {
  await routes.ask('startBundle', WHO, { body: {} });
  const { code, err } = await exported('again.zip');
  expect([code, begun()]).toEqual([EXIT.ok, 0]);
  expect(err).toContain('Going on with the bundle');
  await exported('finished.zip');
  expect(begun()).toBe(0);
  await exported('days.zip', '--from', '2026-01-01');
  expect(begun()).toBe(1);
  deployment.now -= 2 * 3_600_000;
  await routes.ask('startBundle', WHO, { body: { to: '2026-12-31' } });
  server.onLook = async (id) => routes.bundled('acme', id);
  await exported('old.zip', '--to', '2026-12-31');
  // It was not finished, however old.
  expect(begun()).toBe(1);
  await exported('too-old.zip', '--to', '2026-12-31');
  expect(begun()).toBe(2);
});

test('a bundle that fails, or that somebody cancels, is said to, and leaves no file', async () => {
  server.onLook = (id) => routes.ask('cancelBundle', WHO, { path: { id } });
  const { code, err } = await exported('cancelled.zip');
  expect([code, err]).toEqual([EXIT.refused, expect.stringContaining('was cancelled')]);
  expect(await readdir(folder)).toEqual([]);
  // A cancelled one is no bundle to go on with.
  server.onLook = (id) => routes.bundled('acme', id);
  expect((await exported('after.zip')).code).toBe(EXIT.ok);
});

test('of days that were never sealed nothing is begun', async () => {
  const { code, err } = await exported('none.zip', '--from', '2100-01-01');
  expect([code, err]).toEqual([EXIT.refused, expect.stringContaining('No digest was sealed since 2100-01-01')]);
  expect(await readdir(folder)).toEqual([]);
});

test('a download that is cut goes on where it was', async () => {
  server.cuts.push(1_000, 500);
  const { code } = await exported('cut.zip');
  expect(code).toBe(EXIT.ok);
  expect((await verifyBytes(await readFile(file('cut.zip')))).verdict).toBe('intact');
  expect(files()).toEqual(['file whole', 'file bytes=1000-', 'file bytes=1500-']);
});

test('a download that brings nothing is given up, and leaves no file', async () => {
  server.cuts.push(...Array.from({ length: 20 }, () => 0));
  const { id } = (await routes.ask('startBundle', WHO, { body: {} })).json as { id: string };
  await routes.bundled('acme', id);
  const url = await routes.bundles.link({ tenant: 'acme', id });
  const handle = await open(file('nothing.zip'), 'wx+');
  try {
    await expect(download(handle, { bytes: 10_000, url, nextUrl: async () => url, pauseMs: 1 })).rejects.toMatchObject({
      exitCode: EXIT.unreachable,
      message: expect.stringContaining('cut'),
    });
  } finally {
    await handle.close();
  }
  expect(files()).toHaveLength(6);
});

test('what is no bundle, or one of other days, is refused', async () => {
  server.onLook = async (id) => {
    await routes.bundled('acme', id);
    routes.bundles.objects.set(`acme/${id}/`, new Uint8Array((await routes.bundles.finished({ tenant: 'acme', id }))!));
  };
  const { code, err } = await exported('zeros.zip');
  expect([code, err]).toEqual([EXIT.refused, expect.stringContaining('handed out no bundle')]);
  expect(await readdir(folder)).toEqual([]);
});

test('--paged asks for pages, and begins no bundle', async () => {
  const { code } = await exported('paged.zip', '--paged');
  expect([code, begun()]).toEqual([EXIT.ok, 0]);
  expect(server.asked).toContain('GET bodies');
  expect((await verifyBytes(await readFile(file('paged.zip')))).verdict).toBe('intact');
});
