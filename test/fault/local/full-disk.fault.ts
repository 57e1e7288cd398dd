/** A full disk under the local runtime's stores: a call is refused, and nothing that was answered is lost. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../local/clock.ts';
import { Database } from '../../../local/dynamodb/database.ts';
import { Journal } from '../../../local/journal.ts';
import { messaging } from '../../../local/messaging/client.ts';
import { openFauxqs } from '../../../local/messaging/fauxqs.ts';
import { RESERVE_BYTES, Space } from '../../../local/space.ts';
import { type SmallDisk, smallDisk } from '../../support/small-disk.ts';

const TABLE = {
  TableName: 'Items',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};
const WRITERS = 6;
const ROUNDS = 3;

const probe = smallDisk(4);
probe?.unmount();
if (!probe) console.log('skipped: a small disk can only be mounted by root on Linux');
const onSmallDisk = probe ? describe : describe.skip;

onSmallDisk('a full disk', () => {
  let disk: SmallDisk;
  const warnings: string[] = [];
  const databases: Database[] = [];
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  beforeEach(() => {
    disk = smallDisk(120) as SmallDisk;
    warnings.length = 0;
  });
  afterEach(async () => {
    // Of a test that failed, too: a Java that goes on would keep the run from ending.
    await Promise.all(databases.splice(0).map((database) => database.stop()));
    disk.unmount();
  });

  /** With `free` as given; without a reserve only the database itself notices. */
  const openDatabase = async (free?: () => number): Promise<Database> => {
    const warn = (message: string) => void warnings.push(message);
    const space = new Space({ directory: disk.path, warn, ...(free && { free }) });
    const database = await Database.open({ dir: join(disk.path, 'dynamodb'), clock: systemClock, space, warn });
    databases.push(database);
    return database;
  };

  const put = (id: string) => ({
    TableName: 'Items',
    Item: { id: { S: id }, data: { B: randomBytes(1_500).toString('base64') } },
  });

  /** Single writes and transactions in turn, until told to stop; what was answered is noted. */
  async function write(database: Database, name: string, acknowledged: Set<string>, stopped: () => boolean) {
    for (let n = 0; !stopped(); n += 1) {
      const ids = n % 2 === 0 ? [`${name}.${n}`] : [`${name}.${n}a`, `${name}.${n}b`];
      const items = ids.map((id) => ({ Put: put(id) }));
      const operation = n % 2 === 0 ? 'PutItem' : 'TransactWriteItems';
      const input = n % 2 === 0 ? put(ids[0] ?? '') : { TransactItems: items };
      try {
        await database.client.call(operation, input);
        for (const id of ids) acknowledged.add(id);
      } catch {
        await pause(5);
      }
    }
  }

  async function missing(database: Database, ids: ReadonlySet<string>): Promise<string[]> {
    const found = new Set<string>();
    let from: object | undefined;
    do {
      const page = { TableName: 'Items', ProjectionExpression: 'id', ConsistentRead: true };
      const { Items, LastEvaluatedKey } = await database.client.call<{
        Items: { id: { S: string } }[];
        LastEvaluatedKey?: object;
      }>('Scan', { ...page, ...(from && { ExclusiveStartKey: from }) });
      for (const { id } of Items) found.add(id.S);
      from = LastEvaluatedKey;
    } while (from);
    return [...ids].filter((id) => !found.has(id));
  }

  test(`under writes, ${ROUNDS} times, without a reserve: nothing that the database answered is lost`, async () => {
    const acknowledged = new Set<string>();
    let database = await openDatabase(() => Number.POSITIVE_INFINITY);
    await database.client.call('CreateTable', TABLE);
    for (let round = 0; round < ROUNDS; round += 1) {
      let stopped = false;
      const before = acknowledged.size;
      const writers = Array.from({ length: WRITERS }, (_, n) =>
        write(database, `${round}.${n}`, acknowledged, () => stopped),
      );
      while (acknowledged.size < before + 20) await pause(5);
      // Each time, whatever is being committed meets a full disk; then there is space again, and writes go on by themselves.
      for (let n = 0; n < 8; n += 1) {
        disk.fill();
        await pause(60);
        disk.free();
        await pause(60);
      }
      const full = acknowledged.size;
      while (acknowledged.size < full + 20) await pause(5);
      if (database.pid !== undefined) process.kill(database.pid, 'SIGKILL');
      stopped = true;
      await Promise.all(writers);
      await database.stop();
      database = await openDatabase(() => Number.POSITIVE_INFINITY);
      expect(await missing(database, acknowledged)).toEqual([]);
    }
    await database.stop();
  });

  test('a transaction that is answered and then rolled back for want of space is refused, and taken afterwards', async () => {
    const database = await openDatabase(() => Number.POSITIVE_INFINITY);
    await database.client.call('CreateTable', TABLE);
    const large = put('large');
    large.Item.data.B = randomBytes(60_000).toString('base64');
    for (const [pages, item] of [
      [2, large],
      [3, put('small')],
    ] as const) {
      const transaction = { TransactItems: [{ Put: item }, { Put: put(`beside ${item.Item.id.S}`) }] };
      disk.fill(pages * 4096);
      const refused = database.client.call('TransactWriteItems', transaction);
      await expect(refused).rejects.toBeDefined();
      disk.free();
      for (let taken = false; !taken; ) {
        taken = await database.client.call('TransactWriteItems', transaction).then(
          () => true,
          () => pause(5).then(() => false),
        );
      }
    }
    if (database.pid !== undefined) process.kill(database.pid, 'SIGKILL');
    await database.stop();
    const again = await openDatabase();
    expect(await missing(again, new Set(['large', 'beside large', 'small', 'beside small']))).toEqual([]);
    await again.stop();
  });

  test('writes are refused while less than the reserve is left, in one sentence, and taken again', async () => {
    let free = 10 * RESERVE_BYTES;
    const database = await openDatabase(() => free);
    await database.client.call('CreateTable', TABLE);
    await database.client.call('PutItem', put('before'));
    free = RESERVE_BYTES - 1;
    const refusal = expect.objectContaining({
      name: 'DatabaseUnavailable',
      message: `The disk of ${disk.path} has 31 MB left and 32 MB are kept in reserve, so nothing more is accepted; free some space.`,
    });
    for (const id of ['one', 'two']) await expect(database.client.call('PutItem', put(id))).rejects.toEqual(refusal);
    expect(await missing(database, new Set(['before']))).toEqual([]);
    free = RESERVE_BYTES;
    await database.client.call('PutItem', put('after'));
    expect(warnings).toEqual([
      expect.stringContaining('so nothing more is accepted'),
      `The disk of ${disk.path} has space again; writes are accepted.`,
    ]);
    await database.stop();
  });

  test('a journal refuses what it can not keep, keeps what it took, and goes on when there is space', async () => {
    const path = join(disk.path, 'journal', 'test.ndjson');
    let journal = await Journal.open<string>(path);
    const kept = new Map<string, string>();
    const text = 'x'.repeat(200_000);
    const attempt = async (key: string): Promise<boolean> => {
      try {
        await journal.put(key, `${key}${text}`);
        kept.set(key, `${key}${text}`);
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' });
        return false;
      }
    };
    for (let n = 0; n < 20; n += 1) await attempt(`before ${n}`);
    disk.fill();
    expect(await attempt('full')).toBe(false);
    disk.free();
    // Past the size at which it is rewritten, once while there is no space for a second file.
    for (let n = 0; n < 60; n += 1) expect(await attempt(`after ${n}`)).toBe(true);
    await journal.close();
    journal = await Journal.open<string>(path);
    expect(new Map(journal.entries)).toEqual(kept);
    await journal.close();
  });

  test('a journal that can not be rewritten for want of space goes on in its old file', async () => {
    const path = join(disk.path, 'journal', 'test.ndjson');
    let journal = await Journal.open<string>(path);
    const text = 'x'.repeat(900_000);
    for (let n = 0; n < 8; n += 1) await journal.put(`early ${n}`, text);
    // Room for some more lines, not for all of it a second time.
    disk.fill(3 * 1024 * 1024);
    await journal.put('compacts', text);
    await journal.put('after', 'small');
    disk.free();
    await journal.put('at last', 'small');
    await journal.close();
    journal = await Journal.open<string>(path);
    expect([...journal.entries.keys()]).toEqual([
      ...Array.from({ length: 8 }, (_, n) => `early ${n}`),
      'compacts',
      'after',
      'at last',
    ]);
    await journal.close();
  });

  test('queues refuse a message that they can not keep, keep what they took, and go on when there is space', async () => {
    const options = {
      dataDir: join(disk.path, 'messaging'),
      region: 'us-east-1',
      account: '000000000000',
      endpoint: 'http://x',
    };
    let fauxqs = await openFauxqs(options);
    let { sqs } = messaging(fauxqs, options.region, options.account);
    const { QueueUrl } = await sqs<{ QueueUrl: string }>('CreateQueue', { QueueName: 'orders' });
    const kept: string[] = [];
    const send = async (body: string): Promise<boolean> => {
      try {
        await sqs('SendMessage', { QueueUrl, MessageBody: body.padEnd(100_000, '.') });
        kept.push(body);
        return true;
      } catch (error) {
        expect(error).toMatchObject({ name: 'MessagesNotKept', code: 'ENOSPC' });
        return false;
      }
    };
    for (let n = 0; n < 5; n += 1) expect(await send(`before ${n}`)).toBe(true);
    disk.fill();
    const refused = await Promise.all(Array.from({ length: 40 }, (_, n) => send(`full ${n}`)));
    expect(refused).toContain(false);
    disk.free();
    expect(await send('after')).toBe(true);
    await fauxqs.close();
    fauxqs = await openFauxqs(options);
    ({ sqs } = messaging(fauxqs, options.region, options.account));
    const found: string[] = [];
    for (;;) {
      const input = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 };
      const { Messages = [] } = await sqs<{ Messages?: { Body: string }[] }>('ReceiveMessage', input);
      if (Messages.length === 0) break;
      found.push(...Messages.map(({ Body }) => Body.replaceAll('.', '')));
    }
    expect(found.sort()).toEqual([...kept].sort());
    await fauxqs.close();
  });
});
