// What every store of evidence has to do, in memory and on S3.
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { S3EvidenceStore } from '../../adapters/s3/evidence.ts';
import { type AwsEndpoint, createAwsEndpoint } from '../../local/aws/endpoint.ts';
import { openS3 } from '../../local/s3/open.ts';
import type { HoldableStore, ListedVersion, LockedObject } from '../../services/object-lock/port.ts';
import { MemoryLockedStore } from '../fakes/locked-store.ts';
import { temporaryFolder } from './local-harness.ts';

const DAY_MS = 86_400_000;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

/** Every test has a part of the bucket to itself. */
let serial = 0;
const freshPrefix = () => `part-${String(serial++).padStart(3, '0')}/`;

const object = (text: string, extra: Partial<LockedObject> = {}): LockedObject => ({
  bytes: bytesOf(text),
  contentType: 'application/octet-stream',
  metadata: {},
  retainUntil: new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 2 * DAY_MS),
  ...extra,
});

/** What a store is in a test: what somebody else does to it, and the passing of time, are the test's. */
interface Subject {
  readonly store: HoldableStore;
  /** Puts a version with no lock, over whatever is there. */
  readonly plant: (key: string, text: string) => Promise<string>;
  /** Puts a delete marker on top. */
  readonly mark: (key: string) => Promise<void>;
  /** The store's clock, and what turns it. */
  readonly now: () => number;
  readonly pass: (ms: number) => void;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const listed = (store: HoldableStore, prefix: string): Promise<ListedVersion[]> => all(store.list(prefix));

/** What sealing, holding and expiring rely on; every store has to keep it. */
function evidenceStoreContract(name: string, open: () => Subject): void {
  describe(`${name} as a store of evidence`, () => {
    test('finds and fetches a version by its id, also when another covers it', async () => {
      const [{ store }, prefix] = [open(), freshPrefix()];
      const first = await store.create(`${prefix}a`, object('first'));
      const { etag } = (await store.current(`${prefix}a`))!;
      const second = await store.replace(`${prefix}a`, etag, object('second!'));
      expect(await store.find(`${prefix}a`, first!)).toMatchObject({ version: first, size: 5, governed: false });
      expect(await store.find(`${prefix}a`, second!)).toMatchObject({ version: second, size: 7 });
      expect(textOf(await store.fetch(`${prefix}a`, first!))).toBe('first');
      expect(textOf(await store.fetch(`${prefix}a`, second!))).toBe('second!');
    });

    test('has nothing of a version or a key that is not there', async () => {
      const [{ store }, prefix] = [open(), freshPrefix()];
      const version = await store.create(`${prefix}a`, object('first'));
      for (const [key, one] of [
        [`${prefix}b`, version!],
        [`${prefix}a`, 'no-such-version'],
      ] as const) {
        expect(await store.find(key, one)).toBeUndefined();
        expect(await store.fetch(key, one)).toBeUndefined();
        expect(await store.held(key, one)).toBeUndefined();
      }
    });

    test('lists by key, newest first, whatever hides what', async () => {
      const [{ store, plant, mark }, prefix] = [open(), freshPrefix()];
      const b = await store.create(`${prefix}b`, object('b'));
      const a = await store.create(`${prefix}a`, object('a'));
      const over = await plant(`${prefix}a`, 'over a');
      await mark(`${prefix}b`);
      await store.create(`${prefix.slice(0, -1)}-beside`, object('no'));
      const found = await listed(store, prefix);
      expect(found.map(({ key, latest, marker }) => [key.slice(prefix.length), latest, marker])).toEqual([
        ['a', true, false],
        ['a', false, false],
        ['b', true, true],
        ['b', false, false],
      ]);
      expect(found.filter(({ marker }) => !marker).map(({ version, size }) => [version, size])).toEqual([
        [over, 6],
        [a, 1],
        [b, 1],
      ]);
      for (const { lastModified } of found) expect(Math.abs(lastModified.getTime() - Date.now())).toBeLessThan(DAY_MS);
    });

    test('lists what comes after a key, and never that key again', async () => {
      const [{ store, plant }, prefix] = [open(), freshPrefix()];
      for (const key of ['a', 'ab', 'b', 'c']) await store.create(`${prefix}${key}`, object(key));
      await plant(`${prefix}a`, 'again');
      const behind = async (key: string) =>
        (await all(store.list(prefix, `${prefix}${key}`))).map((one) => one.key.slice(prefix.length));
      expect(await behind('a')).toEqual(['ab', 'b', 'c']);
      // What is not there, or no longer, is a place all the same.
      expect(await behind('aa')).toEqual(['ab', 'b', 'c']);
      expect(await behind('c')).toEqual([]);
    });

    test('names folders once each, in order, and no objects', async () => {
      const [{ store }, prefix] = [open(), freshPrefix()];
      for (const key of ['t=b/x', 't=a/y/z', 't=a/x', 't=c']) await store.create(`${prefix}${key}`, object(key));
      expect(await all(store.folders(`${prefix}t=`))).toEqual(['a', 'b']);
      expect(await all(store.folders(`${prefix}u=`))).toEqual([]);
    });

    test('names a folder in which everything is hidden', async () => {
      const [{ store, mark }, prefix] = [open(), freshPrefix()];
      for (const key of ['t=a/x', 't=b/x']) await store.create(`${prefix}${key}`, object(key));
      await mark(`${prefix}t=a/x`);
      expect(await all(store.folders(`${prefix}t=`))).toEqual(['a', 'b']);
    });

    test('holds a version and no other, from its first moment or later, until that is lifted', async () => {
      const [{ store }, prefix] = [open(), freshPrefix()];
      const key = `${prefix}a`;
      const first = (await store.create(key, object('first', { held: true })))!;
      const { etag } = (await store.current(key))!;
      const second = (await store.replace(key, etag, object('second')))!;
      const holds = async () => [await store.held(key, first), await store.held(key, second)];
      expect(await holds()).toEqual([true, false]);
      await store.setHold(key, second, true);
      await store.setHold(key, second, true);
      expect(await holds()).toEqual([true, true]);
      await store.setHold(key, first, false);
      expect(await holds()).toEqual([false, true]);
    });

    test('refuses to hold what is not there', async () => {
      const [{ store }, prefix] = [open(), freshPrefix()];
      await expect(store.setHold(`${prefix}a`, 'no-such-version', true)).rejects.toThrow();
    });

    test('removes nothing that is locked', async () => {
      const [{ store }, prefix] = [open(), freshPrefix()];
      const version = (await store.create(`${prefix}a`, object('locked')))!;
      expect(await store.remove(`${prefix}a`, version)).toBe('protected');
      expect(textOf(await store.fetch(`${prefix}a`, version))).toBe('locked');
    });

    test('removes a version for good when its lock has passed, and no other, and leaves no marker', async () => {
      const [{ store, now, pass }, prefix] = [open(), freshPrefix()];
      const [key, soon] = [`${prefix}a`, new Date(Math.ceil(now() / 1_000) * 1_000 + 10_000)];
      const first = (await store.create(key, object('first', { retainUntil: soon })))!;
      const { etag } = (await store.current(key))!;
      const second = (await store.replace(key, etag, object('second')))!;
      pass(20_000);
      expect(await store.remove(key, first)).toBe('removed');
      expect((await listed(store, prefix)).map(({ version, marker }) => [version, marker])).toEqual([[second, false]]);
      expect(await store.find(key, first)).toBeUndefined();
      expect(await store.remove(key, first)).toBe('removed');
    });

    test('removes nothing that is held, though its lock has passed', async () => {
      const [{ store, now, pass }, prefix] = [open(), freshPrefix()];
      const [key, soon] = [`${prefix}a`, new Date(Math.ceil(now() / 1_000) * 1_000 + 10_000)];
      const version = (await store.create(key, object('held', { retainUntil: soon, held: true })))!;
      pass(20_000);
      expect(await store.remove(key, version)).toBe('protected');
      await store.setHold(key, version, false);
      expect(await store.remove(key, version)).toBe('removed');
      expect(await listed(store, prefix)).toEqual([]);
    });

    test('a key whose last version was removed is as one that never was', async () => {
      const [{ store, plant }, prefix] = [open(), freshPrefix()];
      const version = await plant(`${prefix}a`, 'no lock');
      expect(await store.remove(`${prefix}a`, version)).toBe('removed');
      expect(await store.current(`${prefix}a`)).toBeUndefined();
      expect(await store.versions(`${prefix}a`)).toEqual([]);
      expect(await all(store.folders(prefix.slice(0, -1)))).toEqual([]);
      expect(await store.create(`${prefix}a`, object('new'))).toEqual(expect.any(String));
    });
  });
}

evidenceStoreContract('memory', () => {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const store = new MemoryLockedStore({ now: () => new Date(now()) });
  return {
    ...{ store, now },
    plant: async (key, text) => store.plant(key, bytesOf(text)),
    mark: async (key) => store.mark(key),
    pass: (ms) => {
      ahead += ms;
    },
  };
});

const REGION = 'us-east-1';
const BUCKET = 'archive';

describe('on S3', () => {
  const folder = temporaryFolder();
  const failures: unknown[] = [];
  let ahead = 0;
  const now = () => Date.now() + ahead;
  let endpoint: AwsEndpoint;
  let client: S3Client;
  beforeAll(async () => {
    const account = { region: REGION, account: '000000000000', now };
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

  evidenceStoreContract('S3', () => ({
    ...{ store: new S3EvidenceStore(client, BUCKET), now },
    plant: async (key, text) => {
      const { VersionId } = await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: text }));
      return VersionId!;
    },
    mark: async (key) => {
      await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
    },
    pass: (ms) => {
      ahead += ms;
    },
  }));

  test('lists more than a page, each version once and none left out', async () => {
    const [store, prefix] = [new S3EvidenceStore(client, BUCKET), freshPrefix()];
    const expected: string[] = [];
    const put = async (key: string) => {
      const { VersionId } = await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: 'x' }));
      expected.push(VersionId!);
    };
    const keys = Array.from({ length: 350 }, (_, i) => `${prefix}${String(i).padStart(4, '0')}`);
    for (let version = 0; version < 3; version++) await Promise.all(keys.map(put));
    const found = await all(store.list(prefix));
    expect(found.map(({ version }) => version).sort()).toEqual(expected.sort());
    expect(found.map(({ key }) => key)).toEqual(keys.flatMap((key) => [key, key, key]));
    // Newest first within each key, also where a page ends in the middle of one.
    expect(found.filter(({ latest }) => latest)).toHaveLength(350);
    for (let i = 0; i < found.length; i += 3) expect(found[i]!.latest).toBe(true);
  });
});
