// Lifecycle rules of the local S3.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Bucket } from '../../../../local/s3/bucket.ts';
import { applyLifecycle } from '../../../../local/s3/lifecycle.ts';
import {
  type BucketConfig,
  DEFAULT_CONFIG,
  type LifecycleRule,
  type ObjectVersion,
  type Version,
} from '../../../../local/s3/model.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1, 12);
const at = (days: number) => START + days * DAY;

let root: string;
let made = 0;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'indelible-lifecycle-'));
});
afterEach(() => rm(root, { recursive: true }));

const bucketWith = (rule: Partial<LifecycleRule>, config: Partial<BucketConfig> = { versioning: 'Enabled' }) =>
  Bucket.create(join(root, `bucket-${made++}`), 'bucket', new Date(START), {
    ...{ ...DEFAULT_CONFIG, ...config },
    lifecycle: [{ id: 'r', enabled: true, prefix: '', ...rule }],
  });

async function write(bucket: Bucket, key: string, day: number, more: Partial<ObjectVersion> = {}): Promise<void> {
  const version: ObjectVersion = {
    ...{
      id: `version ${day}`,
      modified: at(day),
      size: 1,
      etag: '"x"',
      data: await bucket.writeData(key, [Buffer.from('x')]),
    },
    ...{ headers: {}, metadata: {}, storageClass: 'STANDARD', encryption: { algorithm: 'AES256' } },
    ...{ checksum: { algorithm: 'CRC32', value: '', type: 'FULL_OBJECT' }, ...more },
  };
  await bucket.change(key, (versions) => ({ versions: [version, ...versions], result: undefined }));
}

const shown = (bucket: Bucket, key = 'k') =>
  bucket.versions(key).map((version: Version) => (version.marker ? 'marker' : version.id));

test('an object expires at the midnight after its days', async () => {
  const bucket = await bucketWith({ expirationDays: 10 }, {});
  await write(bucket, 'k', 0);
  await applyLifecycle(bucket, at(10.49));
  expect(shown(bucket)).toEqual(['version 0']);
  await applyLifecycle(bucket, at(10.5));
  expect(shown(bucket)).toEqual([]);
  expect(bucket.keys.size).toBe(0);
});

test('with versions, a marker hides what has expired, once', async () => {
  const bucket = await bucketWith({ expirationDays: 10 });
  await write(bucket, 'k', 0);
  await applyLifecycle(bucket, at(11));
  await applyLifecycle(bucket, at(30));
  expect(shown(bucket)).toEqual(['marker', 'version 0']);
});

test('noncurrent versions go by the time since they were replaced, the newest of them are kept', async () => {
  const bucket = await bucketWith({ noncurrentDays: 10, newerNoncurrentVersions: 1 });
  for (const day of [0, 1, 2, 20]) await write(bucket, 'k', day);
  await applyLifecycle(bucket, at(25));
  expect(shown(bucket)).toEqual(['version 20', 'version 2']);
});

test('nothing that is locked or held goes', async () => {
  const bucket = await bucketWith({ noncurrentDays: 1 });
  await write(bucket, 'k', 0, { retention: { mode: 'GOVERNANCE', until: new Date(at(100)).toISOString() } });
  await write(bucket, 'k', 1, { legalHold: true });
  await write(bucket, 'k', 2);
  await write(bucket, 'k', 3);
  await applyLifecycle(bucket, at(50));
  expect(shown(bucket)).toEqual(['version 3', 'version 1', 'version 0']);
  await applyLifecycle(bucket, at(101));
  expect(shown(bucket)).toEqual(['version 3', 'version 1']);
});

test('a marker that hides nothing goes where the rule says so', async () => {
  const bucket = await bucketWith({ noncurrentDays: 1, expiredDeleteMarker: true });
  await write(bucket, 'k', 0);
  const marker = { id: 'marker', modified: at(1), marker: true } as const;
  await bucket.change('k', (versions) => ({ versions: [marker, ...versions], result: undefined }));
  await applyLifecycle(bucket, at(5));
  expect(shown(bucket)).toEqual([]);
});

test('a rule means its prefix only, and nothing while it is disabled', async () => {
  const bucket = await bucketWith({ expirationDays: 1, prefix: 'a/' }, {});
  for (const key of ['a/1', 'b/1']) await write(bucket, key, 0);
  await applyLifecycle(bucket, at(5));
  expect([shown(bucket, 'a/1'), shown(bucket, 'b/1')]).toEqual([[], ['version 0']]);
  const disabled = await bucketWith({ expirationDays: 1, enabled: false }, {});
  await write(disabled, 'k', 0);
  await applyLifecycle(disabled, at(5));
  expect(shown(disabled)).toEqual(['version 0']);
});

test('abandoned uploads are aborted', async () => {
  const bucket = await bucketWith({ abortUploadDays: 1 });
  const head = { headers: {}, metadata: {}, storageClass: 'STANDARD', encryption: { algorithm: 'AES256' } } as const;
  const upload = { head, lock: {}, checksum: { algorithm: 'CRC32', type: 'COMPOSITE', asked: false } } as const;
  await bucket.uploads.create({ key: 'old', initiated: at(0), ...upload });
  await bucket.uploads.create({ key: 'young', initiated: at(4), ...upload });
  await applyLifecycle(bucket, at(4.6));
  expect((await bucket.uploads.list()).map(({ key }) => key)).toEqual(['young']);
});
