/** SIGKILL in the middle of writing: whatever S3 acknowledged is there, whole, when the same files are opened again. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { startEndpoint } from '../../support/aws-endpoint.ts';

const BUCKET = 'archive';
const WRITERS = 8;

const CHILD = `
  import { startEndpoint } from ${JSON.stringify(new URL('../../support/aws-endpoint.ts', import.meta.url).href)};
  const { url } = await startEndpoint({ dir: process.argv[1], buckets: [{ name: '${BUCKET}', objectLock: true }] });
  console.log(url);
`;

async function startChild(dir: string): Promise<{ url: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CHILD, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for await (const url of createInterface(child.stdout)) {
    return {
      url,
      kill: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }
  throw new Error('The endpoint did not start.');
}

test.each([20, 60, 140])('after %d acknowledged writes', async (until) => {
  const dir = await mkdtemp(join(tmpdir(), 'indelible-s3-kill-'));
  const { url, kill } = await startChild(dir);
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
    maxAttempts: 1,
  });
  const acknowledged = new Map<string, string>();
  let killed: Promise<void> | undefined;
  const writer = async (index: number) => {
    for (let round = 0; killed === undefined; round += 1) {
      const text = `${index}:${round}:${'x'.repeat(5_000)}`;
      // Half of the writes replace what is current; all of them keep what was.
      const put = new PutObjectCommand({ Bucket: BUCKET, Key: `k/${index}/${Math.floor(round / 2)}`, Body: text });
      const answer = await client.send(put).catch(() => undefined);
      if (answer) acknowledged.set(`${put.input.Key} ${answer.VersionId}`, text);
      if (acknowledged.size >= until) killed ??= kill();
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, index) => writer(index)));
  await killed;
  client.destroy();

  const again = await startEndpoint({ dir });
  const reader = new S3Client(again.clientConfig());
  expect(acknowledged.size).toBeGreaterThanOrEqual(until);
  for (const [place, text] of acknowledged) {
    const [Key, VersionId] = place.split(' ') as [string, string];
    const got = await reader.send(new GetObjectCommand({ Bucket: BUCKET, Key, VersionId }));
    expect(await got.Body!.transformToString()).toBe(text);
  }
  reader.destroy();
  await again.close();
  expect(again.failures).toEqual([]);
  await rm(dir, { recursive: true });
});
