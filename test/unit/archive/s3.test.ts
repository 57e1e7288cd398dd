// The store of locked objects when S3 refuses.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from '@jest/globals';
import { S3LockedStore } from '../../../adapters/s3/locked-store.ts';
import { sha256 } from '../../../core/crypto.ts';
import { ObjectRefused } from '../../../services/object-lock/port.ts';

const KEY = 'entries/tenant=acme/category=debug/day=2026-03-01/00-0000000000000000.parquet';
const object = {
  bytes: new TextEncoder().encode('a segment'),
  contentType: 'application/vnd.apache.parquet',
  metadata: { first: '0' },
  retainUntil: new Date('2033-03-02T00:00:00Z'),
};
const DIGEST = Buffer.from(sha256(object.bytes)).toString('base64');
const failure = (code: string) => `<Error><Code>${code}</Code><Message>no</Message></Error>`;

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

let server: Server | undefined;
let client: S3Client | undefined;

afterEach(async () => {
  client?.destroy();
  await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
});

/** S3 that gives these answers, one after the other. */
async function answering(answers: readonly Answer[]) {
  const asked: { method: string; headers: IncomingHttpHeaders; url: string }[] = [];
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { status, headers = {}, body = '' } = answers[asked.length] ?? { status: 500 };
      asked.push({ method: request.method!, headers: request.headers, url: request.url! });
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true, maxAttempts: 1 });
  return { asked, store: new S3LockedStore(client, 'archive') };
}

describe('the S3 store', () => {
  test('puts under compliance lock, with a digest that S3 checks, and only where nothing is', async () => {
    const { asked, store } = await answering([{ status: 200, headers: { 'x-amz-version-id': 'v1' } }]);
    expect(await store.create(KEY, object)).toBe('v1');
    expect(asked[0]!.headers).toMatchObject({
      'if-none-match': '*',
      'x-amz-object-lock-mode': 'COMPLIANCE',
      'x-amz-object-lock-retain-until-date': '2033-03-02T00:00:00Z',
      'x-amz-checksum-sha256': DIGEST,
      'x-amz-meta-first': '0',
      'content-type': 'application/vnd.apache.parquet',
    });
  });

  test('tries again while another conditional write of the key is under way', async () => {
    const conflict = { status: 409, body: failure('ConditionalRequestConflict') };
    const { asked, store } = await answering([
      conflict,
      conflict,
      { status: 200, headers: { 'x-amz-version-id': 'v3' } },
    ]);
    expect(await store.create(KEY, object)).toBe('v3');
    expect(asked).toHaveLength(3);
  });

  test.each([
    [412, 'PreconditionFailed'],
    [404, 'NoSuchKey'],
  ])('a replacement that comes too late (%i) wrote nothing', async (status, code) => {
    const { asked, store } = await answering([{ status, body: failure(code) }]);
    expect(await store.replace(KEY, '"tag"', object)).toBeUndefined();
    expect(asked[0]!.headers).toMatchObject({ 'if-match': '"tag"' });
    expect(asked[0]!.headers['if-none-match']).toBeUndefined();
  });

  test.each([
    [403, 'AccessDenied'],
    [404, 'NoSuchBucket'],
    [400, 'RequestTimeout'],
  ])('any other refusal (%i %s) is an error', async (status, code) => {
    const { store } = await answering([{ status, body: failure(code) }]);
    await expect(store.create(KEY, object)).rejects.toMatchObject({ name: code });
  });

  test.each(['InvalidRequest', 'InvalidArgument', 'EntityTooLarge'])(
    '%s is a refusal of the object itself',
    async (code) => {
      const { store } = await answering(Array.from({ length: 2 }, () => ({ status: 400, body: failure(code) })));
      await expect(store.create(KEY, object)).rejects.toBeInstanceOf(ObjectRefused);
      await expect(store.extendLock(KEY, 'v1', object.retainUntil)).rejects.toBeInstanceOf(ObjectRefused);
    },
  );

  test.each<[string, Record<string, string>, object]>([
    ['no lock', {}, { retainUntil: undefined, governed: false, sha256: undefined }],
    [
      'a lock that some may lift',
      { 'x-amz-object-lock-mode': 'GOVERNANCE', 'x-amz-object-lock-retain-until-date': '2099-01-01T00:00:00Z' },
      { retainUntil: undefined, governed: true },
    ],
    ['a digest of digests', { 'x-amz-checksum-sha256': `${DIGEST}-2` }, { sha256: undefined }],
    ['a digest', { 'x-amz-checksum-sha256': DIGEST }, { sha256: Buffer.from(DIGEST, 'base64') }],
  ])('sees %s', async (_name, headers, seen) => {
    const known = { 'x-amz-version-id': 'v9', etag: '"tag"', 'last-modified': 'Sun, 01 Mar 2026 10:00:00 GMT' };
    const { asked, store } = await answering([{ status: 200, headers: { ...known, ...headers } }]);
    expect(await store.current(KEY)).toMatchObject({ version: 'v9', etag: '"tag"', ...seen });
    expect(asked[0]!.headers['x-amz-checksum-mode']).toBe('ENABLED');
  });
});
