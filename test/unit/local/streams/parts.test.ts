// Progress, checkpoints and records of local streams.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Checkpoints } from '../../../../local/streams/checkpoints.ts';
import { Progress } from '../../../../local/streams/progress.ts';
import { streamRecord } from '../../../../local/streams/record.ts';
import { queueSettings, streamSettings } from '../../../../local/streams/settings.ts';

const PLACE = { region: 'us-east-1', account: '000000000000' };

describe('progress', () => {
  test('stands before the oldest unfinished record, whatever the order in which the others finish', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(12).keys()], { minLength: 12 }), (order) => {
        const progress = new Progress();
        for (let n = 0; n < 12; n++) progress.add(String(n));
        const finished = new Set<number>();
        let checkpoint = -1;
        for (const n of order) {
          finished.add(n);
          checkpoint = Number(progress.finish([String(n)]) ?? checkpoint);
          let expected = -1;
          while (finished.has(expected + 1)) expected++;
          expect(checkpoint).toBe(expected);
        }
        expect(progress.size).toBe(0);
      }),
    );
  });
});

describe('checkpoints', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
  });
  const path = () => {
    const folder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
    folders.push(folder);
    return join(folder, 'inner', 'mapping.json');
  };
  const quiet = (reason: string) => {
    throw new Error(reason);
  };

  test('are on disk when set has resolved, and read back', async () => {
    const file = path();
    const first = await Checkpoints.open(file, 'arn:stream', quiet);
    expect(first.isNew).toBe(true);
    await Promise.all(Array.from({ length: 50 }, (_, n) => first.set(`shard-${n % 3}`, { after: String(n) })));
    await first.set('shard-0', { after: '48', finished: true });
    const second = await Checkpoints.open(file, 'arn:stream', quiet);
    expect(second.isNew).toBe(false);
    expect(['shard-0', 'shard-1', 'shard-2', 'shard-3'].map((id) => second.get(id))).toEqual([
      { after: '48', finished: true },
      { after: '49' },
      { after: '47' },
      undefined,
    ]);
    await second.keepOnly(new Set(['shard-1']));
    expect(Object.keys((JSON.parse(readFileSync(file, 'utf8')) as { shards: object }).shards)).toEqual(['shard-1']);
  });

  test('of another stream are not believed, and an unreadable file is no new mapping', async () => {
    const file = path();
    await (await Checkpoints.open(file, 'arn:old', quiet)).set('shard', { after: '1' });
    expect((await Checkpoints.open(file, 'arn:new', quiet)).isNew).toBe(true);
    writeFileSync(file, '{');
    const warnings: string[] = [];
    const reopened = await Checkpoints.open(file, 'arn:old', (reason) => warnings.push(reason));
    expect([reopened.isNew, warnings.length]).toEqual([false, 1]);
  });
});

describe('a record', () => {
  const wire = {
    eventID: '8512d7d0-0b92-464c-8634-0d8d166aebfb',
    eventName: 'INSERT',
    eventVersion: '1.1',
    dynamodb: {
      ApproximateCreationDateTime: 60,
      Keys: { k: { S: 'x' } },
      SequenceNumber: '1',
      SizeBytes: 1,
      StreamViewType: 'KEYS_ONLY',
    },
  };
  const source = { arn: 'arn:stream', region: 'us-east-1', partitionKey: 'k' };

  test('ages from its writing, but not while the runtime was off', () => {
    expect(streamRecord(wire, source, 500_000, 0).at).toBe(120_000);
    expect(streamRecord(wire, source, 80_000, 0).at).toBe(80_000);
    expect(streamRecord(wire, source, 500_000, 400_000).at).toBe(400_000);
  });
});

describe('the settings of a mapping', () => {
  const STREAM = {
    EventSourceArn: 'arn:aws:dynamodb:x:y:table/T/stream/L',
    FunctionName: 'f',
    StartingPosition: 'TRIM_HORIZON',
  };
  const QUEUE = { EventSourceArn: 'arn:aws:sqs:x:y:q', FunctionName: 'f' };

  test("have Lambda's defaults", () => {
    expect(streamSettings(STREAM, PLACE)).toMatchObject({
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      enabled: true,
      batchSize: 100,
      windowMs: 0,
      lanes: 1,
      bisect: false,
      maximumRetries: Number.POSITIVE_INFINITY,
      maximumAgeMs: Number.POSITIVE_INFINITY,
      reportsItemFailures: false,
      onFailure: undefined,
    });
    expect(queueSettings(QUEUE, PLACE)).toMatchObject({ batchSize: 10, windowMs: 0 });
  });

  test.each<[{ [name: string]: unknown }, RegExp]>([
    [{ StartingPosition: 'AT_TIMESTAMP' }, /StartingPosition AT_TIMESTAMP/],
    [{ BatchSize: 10_001 }, /BatchSize must be a whole number from 1 to 10000/],
    [{ ParallelizationFactor: 11 }, /ParallelizationFactor/],
    [{ MaximumBatchingWindowInSeconds: 301 }, /MaximumBatchingWindowInSeconds/],
    [{ MaximumRetryAttempts: -2 }, /MaximumRetryAttempts/],
    [{ TumblingWindowInSeconds: 10 }, /does not implement TumblingWindowInSeconds/],
    [{ FunctionResponseTypes: ['Other'] }, /ReportBatchItemFailures/],
    [{ FilterCriteria: { Filters: [{ Pattern: '{"a":"b"}' }] } }, /Event pattern is not valid/],
    [{ DestinationConfig: { OnFailure: { Destination: 'arn:aws:kafka:x:y:z' } } }, /only queues, topics and buckets/],
  ])('refuse %j', (change, reason) => {
    expect(() => streamSettings({ ...STREAM, ...change }, PLACE)).toThrow(reason);
  });

  test('need a window for a batch that one receive does not fill', () => {
    expect(() => queueSettings({ ...QUEUE, BatchSize: 11 }, PLACE)).toThrow(/MaximumBatchingWindowInSeconds/);
    expect(queueSettings({ ...QUEUE, BatchSize: 11, MaximumBatchingWindowInSeconds: 1 }, PLACE).batchSize).toBe(11);
  });
});
