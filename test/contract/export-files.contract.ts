// Files of exports, on S3.
import { createHash } from 'node:crypto';
import { CreateBucketCommand, ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { S3ExportFiles } from '../../adapters/s3/export-files.ts';
import { type AwsEndpoint, createAwsEndpoint } from '../../local/aws/endpoint.ts';
import { openS3 } from '../../local/s3/open.ts';
import { CLIENT, temporaryFolder } from './local-harness.ts';

const BUCKET = 'results';
const MEBIBYTE = 1024 * 1024;

let endpoint: AwsEndpoint;
let client: S3Client;
let files: S3ExportFiles;
let now = Date.now();
const folder = temporaryFolder();
const failures: unknown[] = [];

beforeAll(async () => {
  const account = { region: 'us-east-1', account: '000000000000', now: () => now };
  endpoint = createAwsEndpoint({ ...account, failed: (service, error) => failures.push({ service, error }) });
  const { service } = await openS3({ ...account, directory: folder.path, access: endpoint.access });
  endpoint.serve(service);
  client = new S3Client({ ...CLIENT, endpoint: await endpoint.listen(0), forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  files = new S3ExportFiles(client, BUCKET);
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
  folder.remove();
  expect(failures).toEqual([]);
});

async function contentOf(name: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of files.read('acme', 'e-1', name)) pieces.push(piece);
  return Buffer.concat(pieces);
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test.each([
  ['nothing', 0],
  ['a few bytes', 5],
  ['just one part', 16],
  ['several parts', 37],
])('writes a file of %s, and reads it back', async (name, size) => {
  const bytes = Buffer.alloc(name === 'a few bytes' ? size : size * MEBIBYTE, 'indelible ');
  const file = files.create('acme', 'e-1', 'export-0001.csv', 'text/csv');
  for (let at = 0; at < bytes.length; at += 700_000) await file.write(bytes.subarray(at, at + 700_000));
  expect(await file.close()).toEqual({ bytes: bytes.length, sha256: hashOf(bytes) });
  expect(hashOf(await contentOf('export-0001.csv'))).toBe(hashOf(bytes));
});

test('one that is given up leaves nothing', async () => {
  const file = files.create('acme', 'e-1', 'given-up.csv', 'text/csv');
  await file.write(Buffer.alloc(17 * MEBIBYTE));
  await file.abort();
  const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
  const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'exports/' }));
  expect([Uploads, Contents?.map(({ Key }) => Key)]).toEqual([undefined, ['exports/tenant=acme/e-1/export-0001.csv']]);
});

test('an address opens one file for five minutes, to whoever has it', async () => {
  const file = files.create('acme', 'e-1', 'manifest.json', 'application/json');
  await file.write(Buffer.from('{}'));
  await file.close();
  const url = await files.link('acme', 'e-1', 'manifest.json');
  const answer = await fetch(url);
  expect([answer.status, await answer.text()]).toEqual([200, '{}']);
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="manifest.json"');
  now = Date.now() + 301_000;
  const late = await fetch(url);
  expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
});
