// Local streams and queues that invoke functions.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { dynamoDbProvisioners } from '../../local/dynamodb/provisioners.ts';
import { messagingProvisioners } from '../../local/messaging/provisioners.ts';
import { streamsProvisioners } from '../../local/streams/provisioners.ts';
import { CLIENT, eventually, type Harness, type Invoke, startHarness, temporaryFolder } from './local-harness.ts';

const TABLE = {
  KeySchema: [
    { AttributeName: 'chain', KeyType: 'HASH' },
    { AttributeName: 'position', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'chain', AttributeType: 'S' },
    { AttributeName: 'position', AttributeType: 'N' },
  ],
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
};

interface Record {
  readonly eventName: string;
  readonly eventSourceARN: string;
  readonly userIdentity?: unknown;
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly Keys: { readonly chain: { readonly S: string }; readonly position: { readonly N: string } };
    readonly [name: string]: unknown;
  };
}

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

function folder(): string {
  const { path, remove } = temporaryFolder();
  cleanup.push(remove);
  return path;
}

const records = (payload: string) => (JSON.parse(payload) as { Records: Record[] }).Records;
const place = ({ dynamodb: { Keys } }: Record) => `${Keys.chain.S}/${Keys.position.N}`;
const positions = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `${prefix}/${from + index}`);

interface Running extends Harness {
  readonly table: string;
  readonly deadLetters: string;
  readonly streamArn: string;
  put(
    chain: string,
    position: number,
    extra?: { [name: string]: { S: string } | { N: string } | { B: Uint8Array } },
  ): Promise<void>;
  letters(): Promise<string[]>;
}

async function run(dir: string, mapping: { [name: string]: unknown }, invoke: Invoke): Promise<Running> {
  const harness = await startHarness(dir, invoke);
  const table = await harness.provision(dynamoDbProvisioners[0], TABLE, 'Table');
  const queue = await harness.provision(
    messagingProvisioners.find(({ kind }) => kind === 'AWS::SQS::Queue'),
    {},
    'Discarded',
  );
  const db = new DynamoDBClient({ ...CLIENT, endpoint: harness.endpoint });
  const sqs = new SQSClient({ ...CLIENT, endpoint: harness.endpoint });
  const properties = {
    EventSourceArn: table.attributes.StreamArn,
    FunctionName: 'consumer',
    StartingPosition: 'TRIM_HORIZON',
    DestinationConfig: { OnFailure: { Destination: queue.attributes.Arn } },
    ...mapping,
  };
  await harness.provision(streamsProvisioners[0], properties, 'Mapping');
  return {
    ...harness,
    table: table.ref,
    streamArn: String(table.attributes.StreamArn),
    deadLetters: queue.ref,
    put: async (chain, position, extra = {}) => {
      const Item = { chain: { S: chain }, position: { N: String(position) }, ...extra };
      await db.send(new PutItemCommand({ TableName: table.ref, Item }));
    },
    letters: async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queue.ref, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      return Messages.map(({ Body = '' }) => Body);
    },
  };
}

async function started(dir: string, mapping: { [name: string]: unknown }, invoke: Invoke): Promise<Running> {
  const running = await run(dir, mapping, invoke);
  cleanup.push(() => running.stop());
  await running.start();
  return running;
}

describe('a stream mapping', () => {
  test('hands over records in order, in the shape that Lambda gives them', async () => {
    const seen: Record[] = [];
    const running = await started(folder(), { BatchSize: 3 }, (_arn, payload) => {
      expect(records(payload).length).toBeLessThanOrEqual(3);
      seen.push(...records(payload));
    });
    for (let n = 0; n < 20; n++) await running.put('a#0', n, { body: { B: new Uint8Array([0, 255]) } });
    await eventually(
      () => seen.length,
      (count) => count === 20,
    );
    expect(seen.map(place)).toEqual(positions('a#0', 0, 20));
    expect(seen[0]).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { chain: { S: 'a#0' }, position: { N: '0' } },
        NewImage: { chain: { S: 'a#0' }, position: { N: '0' }, body: { B: 'AP8=' } },
        SequenceNumber: expect.stringMatching(/^\d+$/),
        SizeBytes: expect.any(Number),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: running.streamArn,
    });
  });

  test('tells an update, a deletion, and a deletion by time to live apart', async () => {
    const seen: Record[] = [];
    const running = await started(folder(), {}, (_arn, payload) => void seen.push(...records(payload)));
    const db = new DynamoDBClient({ ...CLIENT, endpoint: running.endpoint });
    const Key = { chain: { S: 'a' }, position: { N: '1' } };
    await running.put('a', 1);
    const change = { UpdateExpression: 'SET x = :x', ExpressionAttributeValues: { ':x': { S: '1' } } };
    await db.send(new UpdateItemCommand({ TableName: running.table, Key, ...change }));
    await db.send(new DeleteItemCommand({ TableName: running.table, Key }));
    await running.put('a', 2, { expiresAt: { N: '1600000000' } });
    // The emulator's clock of a time to live of more than five years ago: DynamoDB ignores it; a minute ago it deletes.
    await running.put('a', 3, { expiresAt: { N: String(Math.floor(Date.now() / 1000) - 60) } });
    await eventually(
      () => seen.filter(({ userIdentity }) => userIdentity).length,
      (count) => count > 0,
    );
    const expired = seen.find(({ userIdentity }) => userIdentity);
    expect(expired).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: { OldImage: { chain: { S: 'a' } } },
    });
    expect(seen.slice(0, 3).map(({ eventName, userIdentity }) => [eventName, userIdentity])).toEqual([
      ['INSERT', undefined],
      ['MODIFY', undefined],
      ['REMOVE', undefined],
    ]);
    expect(Object.keys(seen[1]?.dynamodb ?? {})).toEqual(expect.arrayContaining(['NewImage', 'OldImage']));
  });

  test('goes on after a restart where the function was, and delivers nothing twice after a clean stop', async () => {
    const dir = folder();
    const seen: string[] = [];
    const invoke: Invoke = (_arn, payload) => void seen.push(...records(payload).map(place));
    const first = await run(dir, {}, invoke);
    await first.start();
    for (let n = 0; n < 5; n++) await first.put('a', n);
    await eventually(
      () => seen.length,
      (count) => count === 5,
    );
    await first.stop();
    const second = await started(dir, {}, invoke);
    await second.put('a', 5);
    await eventually(
      () => seen.length,
      (count) => count > 5,
    );
    expect(seen).toEqual(positions('a', 0, 6));
  });

  test('reads from the oldest record again when its checkpoint is unreadable, and says so', async () => {
    const dir = folder();
    const seen: string[] = [];
    const invoke: Invoke = (_arn, payload) => void seen.push(...records(payload).map(place));
    const first = await run(dir, {}, invoke);
    await first.start();
    for (let n = 0; n < 3; n++) await first.put('a', n);
    await eventually(
      () => seen.length,
      (count) => count === 3,
    );
    await first.stop();
    const [file = ''] = readdirSync(join(dir, 'streams'));
    const path = join(dir, 'streams', file);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ streamArn: first.streamArn });
    writeFileSync(path, '{"str');
    const second = await started(dir, {}, invoke);
    await eventually(
      () => seen.length,
      (count) => count === 6,
    );
    expect(seen).toEqual([...positions('a', 0, 3), ...positions('a', 0, 3)]);
    expect(second.warnings.join()).toMatch(/checkpoint file is unreadable/);
  });

  test('from LATEST skips what was there when the mapping was made, and only that, over a restart', async () => {
    const dir = folder();
    const seen: string[] = [];
    const invoke: Invoke = (_arn, payload) => void seen.push(...records(payload).map(place));
    const first = await run(dir, { StartingPosition: 'LATEST' }, invoke);
    await first.put('a', 0);
    await first.start();
    await first.stop();
    const between = await run(dir, { StartingPosition: 'LATEST', Enabled: false }, invoke);
    await between.start();
    await between.put('a', 1);
    await between.stop();
    const third = await started(dir, { StartingPosition: 'LATEST' }, invoke);
    await third.put('a', 2);
    await eventually(
      () => seen.length,
      (count) => count === 2,
    );
    expect(seen).toEqual(['a/1', 'a/2']);
  });

  test('takes a partial batch response: what comes before the lowest failure is done, the rest comes again', async () => {
    const batches: string[][] = [];
    const running = await run(folder(), { FunctionResponseTypes: ['ReportBatchItemFailures'] }, (_arn, payload) => {
      const batch = records(payload);
      batches.push(batch.map(place));
      if (batches.length > 1) return { batchItemFailures: [] };
      const failed = [batch[3], batch[1]].map((record) => ({ itemIdentifier: record?.dynamodb.SequenceNumber }));
      return { batchItemFailures: failed };
    });
    cleanup.push(() => running.stop());
    for (let n = 0; n < 5; n++) await running.put('a', n);
    await running.start();
    await eventually(
      () => batches.length,
      (count) => count === 2,
    );
    expect(batches).toEqual([positions('a', 0, 5), positions('a', 1, 5)]);
  });

  test('bisects down to the one bad record, discards it to the queue, and delivers the others in order', async () => {
    const taken: string[] = [];
    const running = await run(
      folder(),
      { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 },
      (_arn, payload) => {
        const batch = records(payload).map(place);
        if (batch.includes('a/2')) throw new Error('bad record');
        taken.push(...batch);
      },
    );
    cleanup.push(() => running.stop());
    for (let n = 0; n < 4; n++) await running.put('a', n);
    await running.start();
    await eventually(
      () => taken.length,
      (count) => count === 3,
    );
    expect(taken).toEqual(['a/0', 'a/1', 'a/3']);
    const [letter = '{}'] = await eventually(
      () => running.letters(),
      (letters) => letters.length > 0,
    );
    expect(JSON.parse(letter)).toEqual({
      requestContext: {
        requestId: 'request',
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:consumer:$LATEST',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      DDBStreamBatchInfo: {
        shardId: expect.stringMatching(/^shardId-/),
        startSequenceNumber: '000000000000000000003',
        endSequenceNumber: '000000000000000000003',
        approximateArrivalOfFirstRecord: expect.stringMatching(/^[-\dT:]{19}Z$/),
        approximateArrivalOfLastRecord: expect.stringMatching(/^[-\dT:]{19}Z$/),
        batchSize: 1,
        streamArn: running.streamArn,
      },
    });
  });

  test('filters, and gathers a batch for the length of its window', async () => {
    const batches: string[][] = [];
    const filter = {
      FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"Keys":{"chain":{"S":[{"prefix":"keep"}]}}}}' }] },
    };
    const running = await started(folder(), { ...filter, MaximumBatchingWindowInSeconds: 1 }, (_arn, payload) => {
      batches.push(records(payload).map(place));
    });
    for (let n = 0; n < 6; n++) await running.put(n % 2 ? 'drop' : 'keep', n);
    await eventually(
      () => batches.length,
      (count) => count > 0,
    );
    expect(batches).toEqual([['keep/0', 'keep/2', 'keep/4']]);
  });

  test('runs lanes side by side, each partition key in order, and holds the checkpoint before the slowest', async () => {
    const dir = folder();
    const seen: string[] = [];
    let blocked = true;
    const invoke: Invoke = async (_arn, payload) => {
      const batch = records(payload).map(place);
      if (blocked && batch.some((at) => at.startsWith('slow'))) throw new Error('not yet');
      seen.push(...batch);
    };
    const first = await run(dir, { ParallelizationFactor: 10, BatchSize: 1 }, invoke);
    await first.put('slow', 0);
    for (let n = 0; n < 30; n++) for (const chain of ['b', 'c', 'd']) await first.put(chain, n);
    await first.start();
    const quick = (chain: string) => seen.filter((at) => at.startsWith(chain));
    await eventually(
      () => seen.length,
      (count) => count >= 30,
    );
    await first.stop();
    blocked = false;
    const before = seen.length;
    await started(dir, { ParallelizationFactor: 10, BatchSize: 1 }, invoke);
    await eventually(
      () => seen.length,
      (count) => count >= before + 91,
    );
    // Everything after the slow record came again: nothing was skipped, and each key stayed in order.
    expect(seen.slice(before).filter((at) => at === 'slow/0')).toHaveLength(1);
    expect(quick('b').slice(-30)).toEqual(positions('b', 0, 30));
    expect(quick('d').slice(-30)).toEqual(positions('d', 0, 30));
  });
});

describe('a queue mapping', () => {
  const QUEUE = messagingProvisioners.find(({ kind }) => kind === 'AWS::SQS::Queue');

  async function queueRun(properties: { [name: string]: unknown }, invoke: Invoke, visibility = 1) {
    const harness = await startHarness(folder(), invoke);
    cleanup.push(() => harness.stop());
    const dead = await harness.provision(QUEUE, {}, 'Dead');
    const queue = await harness.provision(
      QUEUE,
      {
        VisibilityTimeout: visibility,
        RedrivePolicy: { deadLetterTargetArn: dead.attributes.Arn, maxReceiveCount: 2 },
      },
      'Queue',
    );
    const mapping = { EventSourceArn: queue.attributes.Arn, FunctionName: 'consumer', ...properties };
    await harness.provision(streamsProvisioners[0], mapping, 'Mapping');
    await harness.start();
    const sqs = new SQSClient({ ...CLIENT, endpoint: harness.endpoint });
    const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl: queue.ref, MessageBody }));
    const receive = async (QueueUrl: string) => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      return Messages.map(({ Body }) => Body);
    };
    return { ...harness, queue, dead, send, receive };
  }

  test('deletes what was taken, and sends what fails twice to the dead-letter queue', async () => {
    const seen: string[] = [];
    const running = await queueRun({ FunctionResponseTypes: ['ReportBatchItemFailures'] }, (_arn, payload) => {
      const { Records } = JSON.parse(payload) as {
        Records: { messageId: string; body: string; eventSource: string }[];
      };
      seen.push(...Records.map(({ body }) => body));
      expect(Records[0]?.eventSource).toBe('aws:sqs');
      return {
        batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
          itemIdentifier: messageId,
        })),
      };
    });
    for (const body of ['good', 'bad', 'fine']) await running.send(body);
    expect(
      await eventually(
        () => running.receive(running.dead.ref),
        (bodies) => bodies.length > 0,
      ),
    ).toEqual(['bad']);
    expect(seen.filter((body) => body === 'bad')).toHaveLength(2);
    expect(seen.filter((body) => body === 'good')).toHaveLength(1);
    expect(await running.receive(running.queue.ref)).toEqual([]);
  });

  test('gathers more than SQS hands out at once for the length of its window, in as many batches as it may', async () => {
    const batches: string[][] = [];
    let at = 0;
    let most = 0;
    const properties = {
      BatchSize: 10_000,
      MaximumBatchingWindowInSeconds: 3,
      ScalingConfig: { MaximumConcurrency: 2 },
    };
    const running = await queueRun(
      properties,
      async (_arn, payload) => {
        most = Math.max(most, ++at);
        batches.push((JSON.parse(payload) as { Records: { body: string }[] }).Records.map(({ body }) => body));
        await new Promise((resolve) => setTimeout(resolve, 50));
        at--;
      },
      30,
    );
    await Promise.all(Array.from({ length: 60 }, (_, i) => running.send(String(i))));
    const taken = await eventually(
      () => batches.flat(),
      (bodies) => bodies.length >= 60,
    );
    expect(taken.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 60 }, (_, i) => String(i)));
    expect(Math.max(...batches.map(({ length }) => length))).toBeGreaterThan(10);
    expect(most).toBeLessThanOrEqual(2);
  });

  test('keeps a batch whose invocation failed', async () => {
    let calls = 0;
    const running = await queueRun({}, () => {
      calls++;
      if (calls === 1) throw new Error('once');
    });
    await running.send('again');
    await eventually(
      () => calls,
      (count) => count === 2,
    );
    expect(await running.receive(running.dead.ref)).toEqual([]);
  });
});
