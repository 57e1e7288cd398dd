/** What a crash can leave on disk: whatever it is, opening finds the old versions or the new ones, and nothing else. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Bucket } from '../../../local/s3/bucket.ts';
import { DEFAULT_CONFIG, type ObjectVersion } from '../../../local/s3/model.ts';
import { startEndpoint } from '../../support/aws-endpoint.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'indelible-s3-'));
});
afterEach(() => rm(root, { recursive: true }));

const KEY = 'entries/a';

async function put(bucket: Bucket, text: string): Promise<ObjectVersion> {
  const data = await bucket.writeData(KEY, [Buffer.from(text)]);
  const version: ObjectVersion = {
    ...{ id: text.padEnd(32, '_'), modified: 0, size: text.length, etag: '"x"', data },
    ...{ headers: {}, metadata: {}, storageClass: 'STANDARD', encryption: { algorithm: 'AES256' } },
    checksum: { algorithm: 'CRC32', value: '', type: 'FULL_OBJECT' },
  };
  return bucket.change(KEY, (versions) => ({ versions: [version, ...versions], result: version }));
}

async function contents(directory: string): Promise<string[]> {
  const bucket = await Bucket.open(directory);
  const versions = bucket?.versions(KEY) ?? [];
  return Promise.all(versions.map((version) => readFile(bucket!.dataPath(KEY, version as ObjectVersion), 'utf8')));
}

async function files(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const recordOf = async (directory: string) =>
  (await files(join(directory, 'objects'))).find((path) => path.endsWith('.json'))!;

describe('a crash while a version is written', () => {
  let directory: string;
  beforeEach(async () => {
    directory = join(root, 'bucket');
    const bucket = await Bucket.create(directory, 'bucket', new Date(0), { ...DEFAULT_CONFIG, versioning: 'Enabled' });
    await put(bucket, 'old');
  });

  test('with its data half written: the old version, and the half is gone', async () => {
    const record = await recordOf(directory);
    await writeFile(record.replace('.json', '.00ff.data'), 'ne');
    expect(await contents(directory)).toEqual(['old']);
    expect((await files(directory)).filter((path) => path.endsWith('.data'))).toHaveLength(1);
  });

  test('with its data whole, its record not begun: the old version', async () => {
    const bucket = await Bucket.open(directory);
    await bucket!.writeData(KEY, [Buffer.from('new')]);
    expect(await contents(directory)).toEqual(['old']);
    expect((await files(directory)).filter((path) => path.endsWith('.data'))).toHaveLength(1);
  });

  test('with its record half written beside the old one: the old version', async () => {
    const record = await recordOf(directory);
    const half = (await readFile(record)).subarray(0, 20);
    await writeFile(`${record}.0123456789ab.tmp`, half);
    expect(await contents(directory)).toEqual(['old']);
    expect((await files(directory)).some((path) => path.endsWith('.tmp'))).toBe(false);
  });

  test('after its record took the old one’s place: both versions', async () => {
    await put((await Bucket.open(directory))!, 'new');
    expect(await contents(directory)).toEqual(['new', 'old']);
  });

  test('at every point of replacing a version that is not kept: one of them, whole', async () => {
    const bucket = (await Bucket.open(directory))!;
    const before = join(root, 'before');
    await cp(directory, before, { recursive: true });
    const [old] = bucket.versions(KEY);
    const fresh = await put(bucket, 'new');
    await bucket.change(KEY, () => ({ versions: [fresh], result: undefined }));
    expect(await contents(directory)).toEqual(['new']);
    // The record was replaced, and the crash came before the old data was removed.
    await cp(join(before, 'objects'), join(directory, 'objects'), {
      recursive: true,
      filter: (path) => !path.endsWith('.json'),
    });
    expect(await contents(directory)).toEqual(['new']);
    expect(await files(join(directory, 'objects'))).not.toContainEqual(
      expect.stringContaining((old as ObjectVersion).data),
    );
  });
});

describe('a crash while a bucket is made or changed', () => {
  test('before its configuration is there, it is no bucket', async () => {
    const directory = join(root, 'bucket');
    await Bucket.create(directory, 'bucket', new Date(0), DEFAULT_CONFIG);
    await rm(join(directory, 'bucket.json'));
    expect(await Bucket.open(directory)).toBeUndefined();
  });

  test('with half a new configuration, it has the old one', async () => {
    const directory = join(root, 'bucket');
    await Bucket.create(directory, 'bucket', new Date(0), DEFAULT_CONFIG);
    await writeFile(join(directory, 'bucket.json.0123456789ab.tmp'), '{"name": "buc');
    expect((await Bucket.open(directory))?.config).toEqual(DEFAULT_CONFIG);
    expect(await readdir(directory)).toEqual(['bucket.json', 'objects', 'uploads']);
  });

  test('a record that was damaged otherwise is not taken for none', async () => {
    const directory = join(root, 'bucket');
    await put(await Bucket.create(directory, 'bucket', new Date(0), DEFAULT_CONFIG), 'old');
    await writeFile(await recordOf(directory), '{');
    await expect(Bucket.open(directory)).rejects.toThrow(/can't be read: .+; restore it from a copy/);
  });
});

test('what was acknowledged is there when another process opens the same files', async () => {
  const first = await startEndpoint({ dir: root, buckets: [{ name: 'archive', objectLock: true }] });
  const write = new S3Client(first.clientConfig());
  const made = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      write.send(new PutObjectCommand({ Bucket: 'archive', Key: `k/${index % 10}`, Body: `v${index}` })),
    ),
  );
  // Without closing the first: as after SIGKILL, nothing is flushed on the way out.
  const second = await startEndpoint({ dir: root });
  const read = new S3Client(second.clientConfig());
  for (const [index, { VersionId }] of made.entries()) {
    const got = await read.send(
      new GetObjectCommand({ Bucket: 'archive', Key: `k/${index % 10}`, VersionId: VersionId! }),
    );
    expect(await got.Body!.transformToString()).toBe(`v${index}`);
  }
  for (const client of [write, read]) client.destroy();
  for (const endpoint of [first, second]) await endpoint.close();
});
