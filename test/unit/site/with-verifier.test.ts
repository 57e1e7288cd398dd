// The verifiers beside a bundle: `indelible export --with-verifier`.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EXIT } from '../../../cli/exit.ts';
import { ApiClient } from '../../../cli/export/client.ts';
import { writeVerifiers } from '../../../cli/export/verifiers.ts';
import type { SiteFile } from '../../../lib/site/file.ts';
import { prepareSite } from '../../../lib/site/prepare.ts';
import { verifierFiles } from '../../../lib/site/verifier.ts';
import { SITE_PATHS } from '../../../names/site.ts';
import { type SiteServer, serveFiles } from '../../browser/site-server.ts';

const FILES = verifierFiles();
const bytesOf = (path: string): Buffer => Buffer.from(FILES.find((file) => file.path === path)!.bytes);

let folder: string;
let site: SiteServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-beside-'));
});
afterEach(() => site?.close());

async function written(files: readonly SiteFile[]): Promise<string[]> {
  site = await serveFiles(prepareSite(files));
  return writeVerifiers(new ApiClient(new URL(site.origin), 'token', 1), join(folder, 'bundle.zip'));
}

test('are those of the deployment, whole', async () => {
  expect(await written(FILES)).toEqual(['verify.html', 'indelible-verify.mjs']);
  expect(readFileSync(join(folder, 'verify.html')).equals(bytesOf(SITE_PATHS.verifier))).toBe(true);
  expect(readFileSync(join(folder, 'indelible-verify.mjs')).equals(bytesOf(SITE_PATHS.command))).toBe(true);
});

test('are not written where they are not what the list of sums says', async () => {
  const spoilt = FILES.map((file) =>
    file.path === SITE_PATHS.verifier ? { ...file, bytes: Buffer.concat([file.bytes, Buffer.from(' ')]) } : file,
  );
  await expect(written(spoilt)).rejects.toMatchObject({
    exitCode: EXIT.unreachable,
    message: expect.stringContaining('got a verify.html that is not of the sums'),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('of a deployment that has none are missed in a sentence', async () => {
  await expect(written([])).rejects.toMatchObject({
    exitCode: EXIT.unreachable,
    message: expect.stringContaining('the API has nothing at /verifiers.sha256'),
  });
});
