// What every store of jobs has to do, in memory and on DynamoDB.
import {
  DynamoDBClient as Client,
  CreateTableCommand,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DynamoJobStore } from '../../adapters/dynamodb/job-store.ts';
import { JOB_ITEM, JOB_STORE } from '../../names/job-store.ts';
import { type BundleJob, changeBundle, putBundle, readBundle } from '../../services/bundle-job/job.ts';
import type { JobStore } from '../../services/job-store/port.ts';
import { MemoryJobStore } from '../fakes/memory-job-store.ts';
import { sharedDynamoDb } from '../support/shared.ts';

const TABLE = 'job-store-items';

let serial = 0;
const freshTenant = () => `tenant-${serial++}`;

const JOB: BundleJob = {
  ...{ subject: 'clara', status: 'queued', seal: 3, logSize: 9, createdAt: 1, expiresAt: 4_000_000_000 },
};

function contract(open: () => JobStore): void {
  test('what was put is read, with its version; of another tenant or kind there is nothing', async () => {
    const [store, tenant] = [open(), freshTenant()];
    expect(await store.get(tenant, 'bundle', 'b1')).toBeUndefined();
    expect(await store.put(tenant, 'bundle', 'b1', { text: 'Zoë "1"', list: [1, null] }, 0)).toBe(true);
    expect(await store.get(tenant, 'bundle', 'b1')).toEqual({
      ...{ id: 'b1', version: 1, value: { text: 'Zoë "1"', list: [1, null] } },
    });
    expect(await store.get(tenant, 'export', 'b1')).toBeUndefined();
    expect(await store.get(freshTenant(), 'bundle', 'b1')).toBeUndefined();
  });

  test('a write of another version than there is writes nothing, and says so', async () => {
    const [store, tenant] = [open(), freshTenant()];
    expect(await store.put(tenant, 'bundle', 'b1', 'first', 1)).toBe(false);
    expect(await store.put(tenant, 'bundle', 'b1', 'first', 0)).toBe(true);
    expect(await store.put(tenant, 'bundle', 'b1', 'again', 0)).toBe(false);
    expect(await store.put(tenant, 'bundle', 'b1', 'second', 1)).toBe(true);
    expect(await store.put(tenant, 'bundle', 'b1', 'late', 1)).toBe(false);
    expect(await store.get(tenant, 'bundle', 'b1')).toEqual({ id: 'b1', version: 2, value: 'second' });
  });

  test('of writers of one version at the same time, one writes', async () => {
    const [store, tenant] = [open(), freshTenant()];
    const wrote = await Promise.all(Array.from({ length: 8 }, (_, i) => store.put(tenant, 'bundle', 'b1', i, 0)));
    expect(wrote.filter(Boolean)).toHaveLength(1);
    expect(await store.get(tenant, 'bundle', 'b1')).toMatchObject({ version: 1, value: wrote.indexOf(true) });
  });

  test('items are listed by id, the greatest first, page by page', async () => {
    const [store, tenant] = [open(), freshTenant()];
    const ids = Array.from({ length: 7 }, (_, i) => `b${i}`);
    for (const id of ids) await store.put(tenant, 'bundle', id, id, 0);
    await store.put(tenant, 'export', 'b9', 'other', 0);
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const { items, next } = await store.list<string>(tenant, 'bundle', 3, after);
      expect(items.length).toBeLessThanOrEqual(3);
      seen.push(...items.map(({ value }) => value));
      if (next === undefined) break;
      after = next;
    }
    expect(seen).toEqual(ids.toReversed());
  });

  test('what was removed is gone, once', async () => {
    const [store, tenant] = [open(), freshTenant()];
    await store.put(tenant, 'search', 's1', 1, 0);
    expect([await store.remove(tenant, 'search', 's1'), await store.remove(tenant, 'search', 's1')]).toEqual([
      true,
      false,
    ]);
    expect(await store.get(tenant, 'search', 's1')).toBeUndefined();
  });

  test('a bundle is changed as it is then by everybody who changes it, and not after its end', async () => {
    const [store, tenant] = [open(), freshTenant()];
    const task = { tenant, id: 'b1' };
    await putBundle(store, task, { ...JOB, positions: 0 }, 0);
    const more = (job: BundleJob): BundleJob => ({ ...job, positions: job.positions! + 1 });
    await Promise.all(Array.from({ length: 5 }, () => changeBundle(store, task, more)));
    expect((await readBundle(store, task))?.value.positions).toBe(5);
    // Of a finish and a cancellation at the same time, one is the end, and the other sees it.
    const [finished, cancelled] = await Promise.all([
      changeBundle(store, task, (job) => ({ ...job, status: 'succeeded', bytes: 7 })),
      changeBundle(store, task, (job) => ({ ...job, status: 'cancelled' })),
    ]);
    expect(finished).toEqual(cancelled);
    expect((await readBundle(store, task))?.value).toEqual(finished);
    expect(await changeBundle(store, task, more)).toEqual(finished);
    expect(await changeBundle(store, { ...task, id: 'none' }, more)).toBeUndefined();
  });
}

describe('in memory', () => contract(() => new MemoryJobStore()));

describe('on DynamoDB', () => {
  let client: DynamoDBClient;
  beforeAll(async () => {
    const { endpoint } = await sharedDynamoDb();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new Client({ endpoint, region: 'us-east-1', credentials });
    await client.send(
      new CreateTableCommand({
        ...{ TableName: TABLE, BillingMode: 'PAY_PER_REQUEST' },
        KeySchema: [
          { AttributeName: JOB_ITEM.partition, KeyType: 'HASH' },
          { AttributeName: JOB_ITEM.id, KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: JOB_ITEM.partition, AttributeType: 'S' },
          { AttributeName: JOB_ITEM.id, AttributeType: 'S' },
        ],
      }),
    );
  });
  afterAll(() => client.destroy());

  contract(() => new DynamoJobStore(client, TABLE));

  test('an item says when the table may forget it', async () => {
    const [store, tenant] = [new DynamoJobStore(client, TABLE), freshTenant()];
    await putBundle(store, { tenant, id: 'b1' }, JOB, 0);
    const Key = {
      [JOB_ITEM.partition]: { S: `${tenant}#${JOB_STORE.bundles}` },
      [JOB_ITEM.id]: { S: 'b1' },
    };
    const { Item } = await client.send(new GetItemCommand({ TableName: TABLE, Key }));
    expect(Item![JOB_ITEM.expiresAt]).toEqual({ N: String(JOB.expiresAt) });
  });
});
