// The meter of the benchmarks.
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { S3EvidenceStore } from '../../../adapters/s3/evidence.ts';
import { Meter, MeteredDeployment, meteredStore } from '../../../bench/metered.ts';
import { KINDS, type Kind } from '../../../bench/prices.ts';
import type { HoldableStore, LockedObject } from '../../../services/object-lock/port.ts';
import { type RunningEndpoint, startEndpoint } from '../../support/aws-endpoint.ts';

const BUCKET = 'archive';

/** S3's own classes, by operation; what is not named is not charged. */
const CHARGED: Readonly<Record<string, Kind>> = {
  ...{ PutObjectCommand: 'PUT', PutObjectRetentionCommand: 'PUT', PutObjectLegalHoldCommand: 'PUT' },
  ...{ ListObjectVersionsCommand: 'LIST', ListObjectsV2Command: 'LIST' },
  ...{ GetObjectCommand: 'GET', GetObjectLegalHoldCommand: 'GET', HeadObjectCommand: 'HEAD' },
};

let endpoint: RunningEndpoint;
let client: S3Client;
const sent: Kind[] = [];

beforeAll(async () => {
  endpoint = await startEndpoint({ buckets: [{ name: BUCKET, objectLock: true }] });
  client = new S3Client(endpoint.clientConfig());
  client.middlewareStack.add(
    (next, context) => (args) => {
      const kind = CHARGED[String(context.commandName)];
      if (kind !== undefined) sent.push(kind);
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
});

afterAll(async () => {
  client.destroy();
  await endpoint.close();
});

async function all<T>(listing: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of listing) items.push(item);
  return items;
}

const retainUntil = () => new Date(Date.now() + 86_400_000);
const object = (text: string): LockedObject => ({
  ...{ bytes: new TextEncoder().encode(text), contentType: 'text/plain', metadata: {}, retainUntil: retainUntil() },
});

/** Every operation that costs something, on a key that is there and on one that is not. */
async function useAll(store: HoldableStore): Promise<void> {
  const version = (await store.create('seals/a', object('a')))!;
  const current = (await store.current('seals/a'))!;
  await store.replace('seals/a', current.etag, object('b'));
  await store.find('seals/a', version);
  await store.fetch('seals/a', version);
  await store.read('seals/a', version);
  await store.extendLock('seals/a', version, new Date(retainUntil().getTime() + 86_400_000));
  await store.setHold('seals/a', version, true);
  await store.held('seals/a', version);
  expect(await store.versions('seals/a')).toHaveLength(2);
  expect(await all(store.list('seals/'))).toHaveLength(2);
  expect(await all(store.folders(''))).toEqual(['seals']);
  expect(await store.current('seals/b')).toBeUndefined();
  expect(await store.fetch('seals/a', 'no-version')).toBeUndefined();
  expect(await all(store.list('digests/'))).toEqual([]);
  expect(await store.remove('seals/a', version)).toBe('protected');
}

test('the meter counts the requests that the S3 adapter sends', async () => {
  const meter = new Meter();
  const [adapter, before] = [new S3EvidenceStore(client, BUCKET), sent.length];
  await useAll(meteredStore(adapter, () => meter));
  const counted = KINDS.map((kind) => [kind, meter.count(kind)]);
  const told = sent.slice(before);
  // Why a removal was refused, the adapter looks up itself.
  told.splice(told.lastIndexOf('HEAD'), 1);
  expect(counted).toEqual(KINDS.map((kind) => [kind, told.filter((one) => one === kind).length]));
});

test('a listing is charged by the page, and an empty one as one', async () => {
  const deployment = new MeteredDeployment();
  for (let i = 0; i < 1_001; i++) deployment.store.plant(`seals/${i}`, Uint8Array.of(i));
  const whole = await deployment.metered(() => all(deployment.bucket.list('seals/')));
  expect(whole.meter.count('LIST', 'seals')).toBe(2);
  const none = await deployment.metered(() => all(deployment.bucket.list('digests/')));
  expect(none.meter.count('LIST')).toBe(1);
});

test('a query is charged by the size of its block, and one that finds nothing as one unit', async () => {
  const deployment = new MeteredDeployment();
  const [block] = deployment.append('acme#0', deployment.some('payment', 1));
  deployment.blocks.put({ ...block!, position: 1, payload: new Uint8Array(5_000) });
  const { meter } = await deployment.metered(async () => {
    for (const position of [0, 1]) await deployment.ports.blocks.blockBefore('acme#0', position);
    await deployment.ports.blocks.blockBefore('globex#0', 0);
  });
  expect([meter.queries, meter.readUnits]).toEqual([3, 1 + 2 + 1]);
});
