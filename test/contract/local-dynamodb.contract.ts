// The local DynamoDB: its process, what it keeps, tables of the template.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parsePolicy } from '../../local/aws/iam/document.ts';
import { IAM } from '../../local/aws/iam/service.ts';
import { dynamoDbProvisioners } from '../../local/dynamodb/provisioners.ts';
import { DATABASE_FILE } from '../../local/dynamodb/retention.ts';
import { type DynamoDb, startDynamoDb } from '../../local/dynamodb/start.ts';
import { keysOf, kmsProvisioners } from '../../local/kms/provisioners.ts';
import { CLIENT, eventually, type Harness, startHarness, temporaryFolder } from './local-harness.ts';

const START = fileURLToPath(new URL('../../local/dynamodb/start.ts', import.meta.url));
const SCHEMA = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
};
const TABLE = {
  TableName: 'Items',
  ...SCHEMA,
  BillingMode: 'PAY_PER_REQUEST' as const,
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const },
};
const HOUR = 3_600_000;

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

function folder(): string {
  const { path, remove } = temporaryFolder();
  cleanup.push(remove);
  return path;
}

async function started(dir?: string): Promise<DynamoDb> {
  const db = await startDynamoDb(dir === undefined ? {} : { dir });
  cleanup.push(() => db.stop());
  return db;
}

const client = (endpoint: string) => new DynamoDBClient({ ...CLIENT, endpoint });

async function streamIds(endpoint: string): Promise<string[]> {
  const { Table } = await client(endpoint).send(new DescribeTableCommand({ TableName: 'Items' }));
  const streams = new DynamoDBStreamsClient({ ...CLIENT, endpoint });
  const StreamArn = Table?.LatestStreamArn;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ids: string[] = [];
  for (const { ShardId } of StreamDescription?.Shards ?? []) {
    let { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    while (ShardIterator) {
      const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator }));
      ids.push(...Records.map((record) => record.dynamodb?.Keys?.id?.S ?? ''));
      ShardIterator = Records.length > 0 ? NextShardIterator : undefined;
    }
  }
  return ids;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the process', () => {
  test('answers on 127.0.0.1 and on no other address of this machine', async () => {
    const { port } = await started();
    const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    const others = interfaces
      .filter(({ family, internal }) => !internal && family === 'IPv4')
      .map(({ address }) => address);
    // All of 127/8 is this machine on Linux, so a listener on every interface would hold this one.
    if (process.platform === 'linux') others.push('127.0.0.2');
    for (const address of others) {
      const free = await new Promise((resolve) => {
        const server = createServer()
          .once('error', () => resolve(false))
          .listen(port, address, () => server.close(() => resolve(true)));
      });
      expect([address, free]).toEqual([address, true]);
    }
    await expect(client(`http://127.0.0.1:${port}`).send(new CreateTableCommand(TABLE))).resolves.toBeDefined();
  });

  test('ends when its parent is killed with SIGKILL', async () => {
    const script = `import { startDynamoDb } from ${JSON.stringify(START)}; console.log((await startDynamoDb()).pid); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (text) => resolve(Number(String(text)))),
    );
    expect(alive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await eventually(
      () => alive(pid),
      (is) => !is,
    );
  });

  test.each([
    ['missing', undefined, /^Java is missing: .* install Java 17 or newer/],
    ['too old', 'openjdk version "11.0.2" 2019-01-15', /^Java is too old: .* version 11; install Java 17 or newer/],
  ])('says in one sentence that Java is %s', async (_name, version, sentence) => {
    const bin = join(folder(), 'bin');
    mkdirSync(bin);
    if (version) {
      writeFileSync(join(bin, 'java'), `#!/bin/sh\necho '${version}' >&2\nexit 1\n`);
      chmodSync(join(bin, 'java'), 0o755);
    }
    const script = `import { startDynamoDb } from ${JSON.stringify(START)}; await startDynamoDb().catch((error) => console.log(error.message));`;
    const said = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
      env: { PATH: version ? `${bin}:/bin:/usr/bin` : bin },
      encoding: 'utf8',
    });
    expect(said.trim()).toMatch(sentence);
    expect(said.trim().split('\n')).toHaveLength(1);
  });
});

describe('what was acknowledged', () => {
  test('is in the table and in the stream after SIGKILL in the middle of writes', async () => {
    const dir = folder();
    const first = await startDynamoDb({ dir });
    const writer = client(first.endpoint);
    await writer.send(new CreateTableCommand(TABLE));
    const acknowledged: string[] = [];
    let killed = false;
    const write = async (lane: number) => {
      for (let n = 0; !killed; n++) {
        const id = `${lane}.${n}`;
        try {
          await writer.send(
            new PutItemCommand({ TableName: 'Items', Item: { id: { S: id }, body: { B: new Uint8Array(2000) } } }),
          );
          acknowledged.push(id);
        } catch {
          return;
        }
      }
    };
    const lanes = Array.from({ length: 8 }, (_, lane) => write(lane));
    await eventually(
      () => acknowledged.length,
      (count) => count > 400,
    );
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    killed = true;
    await Promise.all(lanes);

    const { endpoint } = await started(dir);
    const stored = new Set<string>();
    let ExclusiveStartKey: Record<string, { S: string }> | undefined;
    do {
      const page = await client(endpoint).send(new ScanCommand({ TableName: 'Items', ExclusiveStartKey }));
      for (const item of page.Items ?? []) stored.add(item.id?.S ?? '');
      ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
    } while (ExclusiveStartKey);
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    const streamed = await streamIds(endpoint);
    expect(new Set(streamed)).toEqual(stored);
    expect(streamed).toHaveLength(stored.size);
  });

  test('is there for a start that follows SIGKILL of the whole runtime at once, while the first Java is still ending', async () => {
    const dir = folder();
    const script = `
      import { startDynamoDb } from ${JSON.stringify(START)};
      import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
      const { endpoint } = await startDynamoDb({ dir: process.argv[1] });
      const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
      await client.send(new CreateTableCommand(${JSON.stringify(TABLE)}));
      const write = async (lane) => {
        for (let n = 0; ; n++) {
          const id = lane + '.' + n;
          await client.send(new PutItemCommand({ TableName: 'Items', Item: { id: { S: id }, body: { B: new Uint8Array(20000) } } }));
          console.log(id);
        }
      };
      for (let lane = 0; lane < 8; lane++) void write(lane);`;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    parent.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await eventually(
      () => said.length,
      (length) => length > 1000,
    );
    const killed = new Promise((resolve) => parent.once('close', resolve));
    parent.kill('SIGKILL');
    const { endpoint } = await started(dir);
    await killed;
    const acknowledged = said.slice(0, said.lastIndexOf('\n')).split('\n');
    const streamed = await streamIds(endpoint);
    expect(acknowledged.filter((id) => !streamed.includes(id))).toEqual([]);
    expect(new Set(streamed).size).toBe(streamed.length);
    const absent = acknowledged.map((id) =>
      client(endpoint).send(new GetItemCommand({ TableName: 'Items', Key: { id: { S: id } } })),
    );
    expect((await Promise.all(absent)).filter(({ Item }) => Item === undefined)).toEqual([]);
  });

  test('is in the stream after the machine was off for three days', async () => {
    const dir = folder();
    const first = await startDynamoDb({ dir });
    await client(first.endpoint).send(new CreateTableCommand(TABLE));
    for (const id of ['a', 'b'])
      await client(first.endpoint).send(new PutItemCommand({ TableName: 'Items', Item: { id: { S: id } } }));
    await first.stop();
    age(dir, 72 * HOUR);
    const then = new Date(Date.now() - 72 * HOUR);
    utimesSync(join(dir, DATABASE_FILE), then, then);

    const { endpoint } = await started(dir);
    await client(endpoint).send(new PutItemCommand({ TableName: 'Items', Item: { id: { S: 'c' } } }));
    expect(await streamIds(endpoint)).toEqual(['a', 'b', 'c']);
  });

  test('keeps sequence numbers rising when every record is old', async () => {
    const dir = folder();
    const first = await startDynamoDb({ dir });
    await client(first.endpoint).send(new CreateTableCommand(TABLE));
    for (const id of ['a', 'b'])
      await client(first.endpoint).send(new PutItemCommand({ TableName: 'Items', Item: { id: { S: id } } }));
    await first.stop();
    // The file was written to a moment ago (another table, say), so nothing is moved but the last record, which holds the count.
    age(dir, 72 * HOUR);
    const second = await startDynamoDb({ dir });
    await client(second.endpoint).send(new DescribeTableCommand({ TableName: 'Items' }));
    await second.stop();
    const database = new DatabaseSync(join(dir, DATABASE_FILE));
    expect(database.prepare('SELECT SequenceNumber FROM us').all()).toEqual([{ SequenceNumber: 2 }]);
    database.close();
  });
});

/** Makes all stream records older. */
function age(dir: string, by: number): void {
  const database = new DatabaseSync(join(dir, DATABASE_FILE));
  database.prepare('UPDATE us SET CreationDateTime = CreationDateTime - ?').run(by);
  database.close();
}

describe('a table of the template', () => {
  const properties = {
    ...SCHEMA,
    BillingMode: 'PAY_PER_REQUEST',
    DeletionProtectionEnabled: true,
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    ResourcePolicy: { PolicyDocument: { Version: '2012-10-17', Statement: [] } },
  };

  async function runtime(dir: string): Promise<Harness> {
    const harness = await startHarness(dir);
    cleanup.push(() => harness.stop());
    return harness;
  }

  test('is created once, kept over a restart, and speaks of its region in every answer', async () => {
    const dir = folder();
    const first = await startHarness(dir);
    const made = await first.provision(dynamoDbProvisioners[0], properties);
    expect(made.attributes.Arn).toBe('arn:aws:dynamodb:us-east-1:000000000000:table/Test-Thing');
    await client(first.endpoint).send(new PutItemCommand({ TableName: made.ref, Item: { id: { S: 'kept' } } }));
    await first.stop();

    const second = await runtime(dir);
    expect(await second.provision(dynamoDbProvisioners[0], properties)).toEqual(made);
    const db = client(second.endpoint);
    const byArn = await db.send(
      new GetItemCommand({ TableName: String(made.attributes.Arn), Key: { id: { S: 'kept' } } }),
    );
    expect(byArn.Item).toEqual({ id: { S: 'kept' } });
    const { Table } = await db.send(new DescribeTableCommand({ TableName: made.ref }));
    expect(Table).toMatchObject({ TableArn: made.attributes.Arn, LatestStreamArn: made.attributes.StreamArn });
    const streams = new DynamoDBStreamsClient({ ...CLIENT, endpoint: second.endpoint });
    const StreamArn = String(made.attributes.StreamArn);
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    expect(ShardIterator).toContain(StreamArn);
    const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records?.map(({ awsRegion, dynamodb }) => [awsRegion, dynamodb?.Keys])).toEqual([
      ['us-east-1', { id: { S: 'kept' } }],
    ]);
  });

  test('is protected from deletion, and refuses to become another table', async () => {
    const harness = await runtime(folder());
    const { ref } = await harness.provision(dynamoDbProvisioners[0], properties);
    await expect(client(harness.endpoint).send(new DeleteTableCommand({ TableName: ref }))).rejects.toThrow(
      /protected against deletion/,
    );
    const other = { ...properties, KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }] };
    await expect(harness.provision(dynamoDbProvisioners[0], other)).rejects.toThrow(
      /KeySchema .* would have to be replaced/,
    );
    await expect(
      harness.provision(dynamoDbProvisioners[0], { ...properties, KinesisStreamSpecification: {} }),
    ).rejects.toThrow(/does not implement KinesisStreamSpecification/);
  });

  test('expires items by their time to live, as the service itself', async () => {
    const harness = await runtime(folder());
    const { ref } = await harness.provision(dynamoDbProvisioners[0], properties);
    const db = client(harness.endpoint);
    const past = String(Math.floor(Date.now() / 1000) - 60);
    await db.send(new PutItemCommand({ TableName: ref, Item: { id: { S: 'old' }, expiresAt: { N: past } } }));
    await eventually(
      () => db.send(new GetItemCommand({ TableName: ref, Key: { id: { S: 'old' } } })),
      ({ Item }) => Item === undefined,
    );
  });

  test('takes a batch and answers errors as the emulator words them', async () => {
    const harness = await runtime(folder());
    const { ref } = await harness.provision(dynamoDbProvisioners[0], properties);
    const db = client(harness.endpoint);
    const RequestItems = { [ref]: [{ PutRequest: { Item: { id: { S: '1' } } } }] };
    await expect(db.send(new BatchWriteItemCommand({ RequestItems }))).resolves.toMatchObject({ UnprocessedItems: {} });
    const put = new PutItemCommand({
      TableName: ref,
      Item: { id: { S: '1' } },
      ConditionExpression: 'attribute_not_exists(id)',
    });
    await expect(db.send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    await expect(db.send(new DescribeTableCommand({ TableName: 'absent' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('takes a batch of puts and deletions with a stream record each, committed at once', async () => {
    const dir = folder();
    const harness = await runtime(dir);
    const made = await harness.provision(dynamoDbProvisioners[0], properties);
    const db = client(harness.endpoint);
    const put = (id: string) => ({ PutRequest: { Item: { id: { S: id } } } });
    const batch = (...requests: object[]) =>
      db.send(new BatchWriteItemCommand({ RequestItems: { [made.ref]: requests } }));
    // Two at once take turns.
    const some = (from: number) => Array.from({ length: 12 }, (_, i) => put(`${from + i}`));
    await Promise.all([batch(...some(0)), batch(...some(12))]);
    const answer = await batch(put('24'), { DeleteRequest: { Key: { id: { S: '0' } } } });
    expect(answer.UnprocessedItems).toEqual({});
    const { Items = [] } = await db.send(new ScanCommand({ TableName: made.ref }));
    expect(Items.map(({ id }) => Number(id?.S)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 24 }, (_, i) => i + 1),
    );
    expect(await recordsOf(harness.endpoint, String(made.attributes.StreamArn))).toEqual([
      ...Array<string>(25).fill('INSERT'),
      'REMOVE',
    ]);
    // One of the emulator's own tokens a batch: each was one transaction.
    const tokens = new DatabaseSync(join(dir, 'dynamodb', DATABASE_FILE), { readOnly: true });
    expect(tokens.prepare('SELECT COUNT(*) AS count FROM tr').get()).toEqual({ count: 3 });
    tokens.close();
  });

  test('answers a batch that it refuses, or is asked to measure, as a batch', async () => {
    const harness = await runtime(folder());
    const { ref } = await harness.provision(dynamoDbProvisioners[0], properties);
    const db = client(harness.endpoint);
    const put = { PutRequest: { Item: { id: { S: '1' } } } };
    const RequestItems = { [ref]: [put, put] };
    await expect(db.send(new BatchWriteItemCommand({ RequestItems }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Provided list of item keys contains duplicates',
    });
    const keyless = { PutRequest: { Item: { other: { S: '1' } } } };
    await expect(db.send(new BatchWriteItemCommand({ RequestItems: { [ref]: [put, keyless] } }))).rejects.toThrow(
      /One of the required keys was not given a value/,
    );
    await expect(db.send(new BatchWriteItemCommand({ RequestItems: { absent: [put] } }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect((await db.send(new ScanCommand({ TableName: ref }))).Items).toEqual([]);
    const measured = { RequestItems: { [ref]: [put] }, ReturnConsumedCapacity: 'TOTAL' as const };
    const { ConsumedCapacity } = await db.send(new BatchWriteItemCommand(measured));
    expect(ConsumedCapacity).toEqual([{ TableName: ref, CapacityUnits: 1 }]);
  });

  async function recordsOf(endpoint: string, StreamArn: string): Promise<(string | undefined)[]> {
    const streams = new DynamoDBStreamsClient({ ...CLIENT, endpoint });
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
    return Records.map(({ eventName }) => eventName);
  }

  test('under a key asks for it at every call, in the name of whoever calls', async () => {
    const harness = await runtime(folder());
    const kmsKey = kmsProvisioners.find(({ kind }) => kind === 'AWS::KMS::Key');
    const key = await harness.provision(kmsKey, {}, 'Key');
    const SSESpecification = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: String(key.attributes.Arn) };
    const { ref, attributes } = await harness.provision(dynamoDbProvisioners[0], { ...properties, SSESpecification });
    const db = client(harness.endpoint);
    const put = (id: string, from = db) => from.send(new PutItemCommand({ TableName: ref, Item: { id: { S: id } } }));
    const get = () => db.send(new GetItemCommand({ TableName: ref, Key: { id: { S: 'kept' } } }));
    await put('kept');

    // A role that may write the table and not use the key, and one that may use it through DynamoDB only.
    const access = harness.context.service(IAM);
    const statements = (...own: object[]) => parsePolicy({ Version: '2012-10-17', Statement: own }, 'identity');
    const write = { Effect: 'Allow', Action: 'dynamodb:*', Resource: attributes.Arn };
    const use = (service: string) => ({
      ...{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: key.attributes.Arn },
      Condition: {
        StringEquals: {
          'kms:ViaService': `${service}.us-east-1.amazonaws.com`,
          'kms:EncryptionContext:aws:dynamodb:tableName': ref,
        },
      },
    });
    const as = (name: string, ...own: object[]) => {
      const credentials = access.roles.credentials(access.roles.add(name, '/', statements(...own)));
      return new DynamoDBClient({ ...CLIENT, credentials, endpoint: harness.endpoint });
    };
    const denied = { name: 'AccessDeniedException', message: expect.stringContaining('KMS key access denied error') };
    await expect(put('a', as('keyless', write))).rejects.toMatchObject(denied);
    await expect(put('a', as('elsewhere', write, use('sqs')))).rejects.toMatchObject(denied);
    await put('by role', as('user', write, use('dynamodb')));

    const keys = keysOf(harness.context);
    for (const state of ['Disabled', 'PendingDeletion'] as const) {
      keys.save({ ...keys.find(key.ref), state });
      await expect(put('refused')).rejects.toMatchObject(denied);
      await expect(get()).rejects.toMatchObject(denied);
      await expect(db.send(new DescribeTableCommand({ TableName: ref }))).resolves.toBeDefined();
    }
    keys.save({ ...keys.find(key.ref), state: 'Enabled' });
    expect((await get()).Item).toEqual({ id: { S: 'kept' } });
    expect((await db.send(new ScanCommand({ TableName: ref }))).Count).toBe(2);
  });
});
