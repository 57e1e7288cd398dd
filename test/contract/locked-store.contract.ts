// What every store of locked objects has to do, in memory and on S3.
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { S3LockedStore } from '../../adapters/s3/locked-store.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import { type AwsEndpoint, createAwsEndpoint } from '../../local/aws/endpoint.ts';
import { openS3 } from '../../local/s3/open.ts';
import type { LockedObject, LockedStore } from '../../services/object-lock/port.ts';
import { MemoryLockedStore } from '../fakes/locked-store.ts';
import { temporaryFolder } from './local-harness.ts';

const DAY_MS = 86_400_000;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const inDays = (days: number) => new Date(Math.ceil(Date.now() / 1000) * 1000 + days * DAY_MS);

let serial = 0;
const freshKey = () =>
  `entries/tenant=acme/category=debug/day=2026-03-01/00-${String(serial++).padStart(16, '0')}.parquet`;

const object = (text: string, days = 2): LockedObject => ({
  bytes: bytesOf(text),
  contentType: 'application/octet-stream',
  metadata: { first: '0', through: '7' },
  retainUntil: inDays(days),
});

/** What services/archive relies on; every store has to keep it. */
function lockedStoreContract(name: string, open: () => LockedStore): void {
  describe(`${name} as a locked store`, () => {
    test('creates a key once; the loser changes nothing', async () => {
      const [store, key] = [open(), freshKey()];
      const version = await store.create(key, object('first'));
      expect(version).toEqual(expect.any(String));
      expect(await store.create(key, object('second'))).toBeUndefined();
      expect(await store.create(key, object('first'))).toBeUndefined();
      expect(toHex(await store.read(key, version!))).toBe(toHex(bytesOf('first')));
      expect(await store.versions(key)).toEqual([{ version, size: 5, lastModified: expect.any(Date) }]);
    });

    test('one of many creators at the same time wins', async () => {
      const [store, key] = [open(), freshKey()];
      const versions = await Promise.all(Array.from({ length: 8 }, (_, i) => store.create(key, object(`text ${i}`))));
      expect(versions.filter((version) => version !== undefined)).toHaveLength(1);
      expect(await store.versions(key)).toHaveLength(1);
    });

    test('knows its current version: size, digest, lock', async () => {
      const [store, key] = [open(), freshKey()];
      const put = object('known', 5);
      const version = await store.create(key, put);
      const current = await store.current(key);
      expect(current).toMatchObject({ version, size: 5, retainUntil: put.retainUntil, governed: false });
      expect(toHex(current!.sha256!)).toBe(toHex(sha256(put.bytes)));
      expect(Math.abs(current!.lastModified.getTime() - Date.now())).toBeLessThan(60_000);
    });

    test('takes the hash of whoever has computed it, and refuses bytes that have another', async () => {
      const [store, key] = [open(), freshKey()];
      const put = object('hashed');
      await expect(store.create(key, { ...put, sha256: sha256(bytesOf('other')) })).rejects.toThrow();
      expect(await store.versions(key)).toEqual([]);
      const version = await store.create(key, { ...put, sha256: sha256(put.bytes) });
      expect(await store.current(key)).toMatchObject({ version, size: put.bytes.length });
    });

    test('has nothing under a key that was never written', async () => {
      const [store, key] = [open(), freshKey()];
      expect(await store.current(key)).toBeUndefined();
      expect(await store.versions(key)).toEqual([]);
      expect(await store.replace(key, '"no such tag"', object('new'))).toBeUndefined();
    });

    test('replaces exactly the version that was looked at, and keeps the one before', async () => {
      const [store, key] = [open(), freshKey()];
      const first = await store.create(key, object('first'));
      const { etag } = (await store.current(key))!;
      const second = await store.replace(key, etag, object('second'));
      expect(second).toEqual(expect.any(String));
      expect(await store.replace(key, etag, object('third'))).toBeUndefined();
      expect((await store.versions(key)).map(({ version }) => version)).toEqual([second, first]);
      expect((await store.current(key))!.version).toBe(second);
      expect(toHex(await store.read(key, first!))).toBe(toHex(bytesOf('first')));
    });

    test('does not take one key for the beginning of another', async () => {
      const [store, key] = [open(), freshKey()];
      await store.create(`${key}.copy`, object('copy'));
      expect(await store.versions(key)).toEqual([]);
    });

    test('lengthens a lock and never shortens it', async () => {
      const [store, key] = [open(), freshKey()];
      const version = await store.create(key, object('locked', 3));
      const longer = inDays(9);
      await store.extendLock(key, version!, longer);
      expect((await store.current(key))!.retainUntil).toEqual(longer);
      await expect(store.extendLock(key, version!, inDays(4))).rejects.toThrow();
      expect((await store.current(key))!.retainUntil).toEqual(longer);
    });

    test('refuses a lock that has passed', async () => {
      const [store, key] = [open(), freshKey()];
      await expect(store.create(key, object('late', -1))).rejects.toThrow();
      expect(await store.current(key)).toBeUndefined();
    });
  });
}

lockedStoreContract('memory', () => new MemoryLockedStore());

const REGION = 'us-east-1';
const BUCKET = 'archive';

describe('on S3', () => {
  const folder = temporaryFolder();
  const failures: unknown[] = [];
  let endpoint: AwsEndpoint;
  let client: S3Client;
  beforeAll(async () => {
    const account = { region: REGION, account: '000000000000', now: Date.now };
    endpoint = createAwsEndpoint({ ...account, failed: (service, error) => failures.push({ service, error }) });
    const { service } = await openS3({ ...account, directory: folder.path, access: endpoint.access });
    endpoint.serve(service);
    const origin = await endpoint.listen(0);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new S3Client({ endpoint: origin, region: REGION, credentials, maxAttempts: 1 });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET, ObjectLockEnabledForBucket: true }));
  });
  afterAll(async () => {
    client?.destroy();
    await endpoint?.close();
    folder.remove();
    expect(failures).toEqual([]);
  });

  lockedStoreContract('S3', () => new S3LockedStore(client, BUCKET));

  test('what it wrote can be neither deleted nor overwritten, only hidden, and is there again when written again', async () => {
    const [store, key] = [new S3LockedStore(client, BUCKET), freshKey()];
    const version = await store.create(key, object('kept'));
    await expect(
      client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key, VersionId: version })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
    expect(await store.current(key)).toBeUndefined();
    expect(await store.replace(key, '"any"', object('late'))).toBeUndefined();
    const again = await store.create(key, object('kept'));
    expect((await store.versions(key)).map((one) => one.version)).toEqual([again, version]);
    expect(toHex(await store.read(key, version!))).toBe(toHex(bytesOf('kept')));
  });

  test('an object that somebody put without a lock is seen as such, and can be locked', async () => {
    const [store, key] = [new S3LockedStore(client, BUCKET), freshKey()];
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: 'planted', ChecksumAlgorithm: 'CRC32' }));
    const found = await store.current(key);
    expect(found).toMatchObject({ retainUntil: undefined, governed: false, sha256: undefined, size: 7 });
    const until = inDays(3);
    await store.extendLock(key, found!.version, until);
    expect((await store.current(key))!.retainUntil).toEqual(until);
  });
});
