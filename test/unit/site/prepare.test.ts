// Files of the site, as they are prepared and as the function answers them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type HttpResponse, http } from '../../../functions/api/shared/http.ts';
import { serveSite } from '../../../functions/api/site/site.ts';
import { policyText, type SiteFile } from '../../../lib/site/file.ts';
import { prepareSite } from '../../../lib/site/prepare.ts';
import { request } from '../functions/requests.ts';

const PAGE: SiteFile = {
  ...{ path: '/page', type: 'text/html; charset=utf-8', bytes: Buffer.from('<p>page</p>'.repeat(500)) },
  policy: { 'script-src': ["'sha256-abc='"] },
};
const ASSET: SiteFile = {
  ...{ path: '/assets/a-1.js', type: 'text/javascript; charset=utf-8', bytes: Buffer.from('1') },
  immutable: true,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-site-'));
  for (const [name, bytes] of prepareSite([PAGE, ASSET])) writeFileSync(join(folder, name), bytes);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function get(path: string, headers: Record<string, string> = {}): Promise<HttpResponse> {
  return http('site', serveSite(folder))({ ...request({ headers }), rawPath: path }, {} as never);
}

const bytesOf = ({ body }: HttpResponse): Buffer => Buffer.from(body ?? '', 'base64');

describe('a page', () => {
  test.each<[string, string | undefined, (bytes: Buffer) => Buffer]>([
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['br;q=0, gzip', 'gzip', gunzipSync],
    ['identity', undefined, (bytes) => bytes],
    ['', undefined, (bytes) => bytes],
  ])('is sent to who accepts "%s" as %s', async (accepted, encoding, opened) => {
    const answer = await get('/page', { 'accept-encoding': accepted });
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    expect(answer.headers!['content-encoding']).toBe(encoding);
    expect(opened(bytesOf(answer)).equals(PAGE.bytes)).toBe(true);
  });

  test('can do what its policy says and nothing else, and may be framed by nobody', async () => {
    const { headers } = await get('/page');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'sha256-abc='; frame-ancestors 'none'",
      'strict-transport-security': 'max-age=63072000',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
    });
  });

  test('is answered with its tag alone to who has it, as it is sent', async () => {
    const { etag } = (await get('/page', { 'accept-encoding': 'br' })).headers!;
    const again = await get('/page', { 'accept-encoding': 'br', 'if-none-match': `"x", W/${etag}` });
    expect(again).toMatchObject({ statusCode: 304, headers: { etag, vary: 'accept-encoding' } });
    expect(again.body).toBeUndefined();
    expect((await get('/page', { 'accept-encoding': 'gzip', 'if-none-match': String(etag) })).statusCode).toBe(200);
  });
});

test('what never changes under its name is kept for good, and may do nothing', async () => {
  const { headers } = await get('/assets/a-1.js', { 'accept-encoding': 'br, gzip' });
  expect(headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  });
  // Compressed it would be longer.
  expect(headers!['content-encoding']).toBeUndefined();
});

test.each(['/', '/page/', '/PAGE', '/page/../page', '/constructor', '/__proto__', '/site.json', '/assets/a-2.js'])(
  '%s is not there',
  async (path) => {
    const answer = await get(path);
    expect([answer.statusCode, JSON.parse(answer.body!)]).toMatchObject([404, { status: 404 }]);
  },
);

test('the same files give the same bytes', () => {
  expect([...prepareSite([PAGE, ASSET])]).toEqual([...prepareSite([PAGE, ASSET])]);
});

test('two files under one path are refused, and one that no function can answer', () => {
  expect(() => prepareSite([PAGE, PAGE])).toThrow('got two files under /page');
  const large = { ...PAGE, bytes: new Uint8Array(5 * 1024 * 1024) };
  expect(() => prepareSite([large])).toThrow('under /page, want at most');
});

test.each(["'unsafe-inline'", "'unsafe-eval'", '*', 'https:'])('a policy with %s is refused', (source) => {
  expect(() => policyText({ 'script-src': [source] }, 'meta')).toThrow('want hashes');
});
