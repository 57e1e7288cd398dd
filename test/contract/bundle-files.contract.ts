// Pieces, documents and finished objects of bundles, on S3.
import { createHash, randomBytes } from 'node:crypto';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { S3BundleFiles } from '../../adapters/s3/bundle-files.ts';
import { type AwsEndpoint, createAwsEndpoint } from '../../local/aws/endpoint.ts';
import { openS3 } from '../../local/s3/open.ts';
import { Assembly } from '../../services/bundle-job/assembly.ts';
import type { Piece } from '../../services/bundle-job/port.ts';
import { CLIENT, temporaryFolder } from './local-harness.ts';

const BUCKET = 'results';
const MEBIBYTE = 1024 * 1024;
const TASK = { tenant: 'acme', id: 'b-1' };

let endpoint: AwsEndpoint;
let client: S3Client;
let files: S3BundleFiles;
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
  files = new S3BundleFiles(client, BUCKET);
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
  folder.remove();
  expect(failures).toEqual([]);
});

const bytes = (text: string) => new TextEncoder().encode(text);
const hashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const uploads = async () => (await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))).Uploads ?? [];

async function piece(name: string, content: Uint8Array): Promise<Piece> {
  const writer = files.piece(TASK, name);
  for (let at = 0; at < content.length; at += 700_000) await writer.write(content.subarray(at, at + 700_000));
  const { bytes: size, etag } = await writer.close();
  return { name, bytes: size, etag };
}

describe('a document', () => {
  test('is written once: who comes later is told so, and replaces nothing', async () => {
    expect(await files.read(TASK, 'plan.json')).toBeUndefined();
    expect(await files.create(TASK, 'plan.json', bytes('{"first":1}'))).toBe(true);
    expect(await files.create(TASK, 'plan.json', bytes('{"second":2}'))).toBe(false);
    expect(new TextDecoder().decode(await files.read(TASK, 'plan.json'))).toBe('{"first":1}');
  });

  test('is named among those that begin likewise, however many there are, and no other job sees it', async () => {
    const names = Array.from({ length: 1_003 }, (_, i) => `made/${String(i).padStart(5, '0')}-7.json`);
    for (let i = 0; i < names.length; i += 50) {
      await Promise.all(names.slice(i, i + 50).map((name) => files.create(TASK, name, bytes('{}'))));
    }
    expect(await files.names(TASK, 'made/')).toEqual(names);
    expect(await files.names({ ...TASK, id: 'b-2' }, 'made/')).toEqual([]);
    expect(await files.names({ ...TASK, tenant: 'acme2' }, 'made/')).toEqual([]);
  });
});

test('an object is put together of pieces of any size, and of what is written in between', async () => {
  const contents = [20 * MEBIBYTE, 3, 6 * MEBIBYTE + 17, 0, 4 * MEBIBYTE, 12 * MEBIBYTE].map((size) =>
    randomBytes(size),
  );
  const pieces = await Promise.all(contents.map((content, i) => piece(`piece-${i}`, content)));
  expect(await files.finished(TASK)).toBeUndefined();
  const upload = await files.upload(TASK);
  const read: number[] = [];
  const assembly = new Assembly(upload, async (one, from, to) => {
    read.push(to - from);
    return files.range(TASK, one, from, to);
  });
  for (const [i, one] of pieces.entries()) {
    await assembly.write(bytes(`before ${i}\n`));
    if (one.bytes > 0) await assembly.copy(one, 0, one.bytes);
  }
  await assembly.write(bytes('end'));
  await assembly.finish();
  expect(await files.finished(TASK)).toBeUndefined();
  await upload.complete();
  const whole = Buffer.concat([...contents.flatMap((content, i) => [bytes(`before ${i}\n`), content]), bytes('end')]);
  expect(await files.finished(TASK)).toBe(whole.length);
  const got = Buffer.from(await (await fetch(await files.link(TASK))).arrayBuffer());
  expect([got.length, hashOf(got)]).toEqual([whole.length, hashOf(whole)]);
  // Of 42 MiB, what fills up parts.
  expect(read.reduce((sum, length) => sum + length, 0)).toBeLessThan(22 * MEBIBYTE);
  expect(await uploads()).toEqual([]);
  // Its answer lost, it is aborted as well; the object stays.
  await upload.abort();
  expect(await files.finished(TASK)).toBe(whole.length);
});

test('an object that is there is replaced by none, and of who was second nothing stays', async () => {
  const task = { ...TASK, id: 'b-6' };
  const [first, second] = [await files.upload(task), await files.upload(task)];
  await first.put(bytes('first'));
  await second.put(bytes('second, and longer'));
  await first.complete();
  await second.complete();
  expect([await files.finished(task), await uploads()]).toEqual([5, []]);
});

test('a piece that is not the one that was recorded is neither read nor copied', async () => {
  const task = { ...TASK, id: 'b-3' };
  const recorded = await piece('mine', randomBytes(6 * MEBIBYTE));
  const key = 'bundle-pieces/tenant=acme/b-1/mine';
  await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: randomBytes(6 * MEBIBYTE) }));
  await expect(files.range(TASK, recorded, 0, 10)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  const upload = await files.upload(TASK);
  await expect(upload.copy(recorded, 0, 6 * MEBIBYTE)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await upload.abort();
  expect(await files.finished(task)).toBeUndefined();
});

test('an upload that is given up leaves nothing, and takes no more parts', async () => {
  const task = { ...TASK, id: 'b-4' };
  const upload = await files.upload(task);
  await upload.put(randomBytes(6 * MEBIBYTE));
  const [{ Key, UploadId } = {}] = await uploads();
  await upload.abort();
  expect([await uploads(), await files.finished(task)]).toEqual([[], undefined]);
  const late = new UploadPartCommand({ Bucket: BUCKET, Key, UploadId, PartNumber: 1, Body: bytes('late') });
  await expect(client.send(late)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  await expect(upload.complete()).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

test('an address opens the object for five minutes, and any part of it', async () => {
  const task = { ...TASK, id: 'b-5' };
  const upload = await files.upload(task);
  await upload.put(bytes('a whole bundle'));
  await upload.complete();
  const url = await files.link(task);
  const answer = await fetch(url);
  expect(await answer.text()).toBe('a whole bundle');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="acme.zip"');
  const etag = answer.headers.get('etag')!;
  const rest = await fetch(url, { headers: { range: 'bytes=8-', 'if-match': etag } });
  expect([rest.status, await rest.text()]).toEqual([206, 'bundle']);
  expect((await fetch(url, { headers: { range: 'bytes=8-', 'if-match': '"other"' } })).status).toBe(412);
  now = Date.now() + 301_000;
  expect((await fetch(url)).status).toBe(403);
});
