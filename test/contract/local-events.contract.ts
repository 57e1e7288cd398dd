// The local EventBridge, asked by AWS's client.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../local/clock.ts';
import { eventsProvisioners } from '../../local/events/provisioners.ts';
import { messagingProvisioners } from '../../local/messaging/provisioners.ts';
import { InvokeRefused } from '../../local/template/provisioner.ts';
import { CLIENT, eventually, type Harness, type Invoke, startHarness, temporaryFolder } from './local-harness.ts';

const kind = (name: string) =>
  [...eventsProvisioners, ...messagingProvisioners].find((provisioner) => provisioner.kind === `AWS::${name}`);
const HARNESS = fileURLToPath(new URL('local-harness.ts', import.meta.url));
const PROVISIONERS = fileURLToPath(new URL('../../local/events/provisioners.ts', import.meta.url));
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:observe';

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

function folder(): string {
  const { path, remove } = temporaryFolder();
  cleanup.push(remove);
  return path;
}

interface Declared {
  readonly rule?: { [name: string]: unknown };
  readonly target?: { [name: string]: unknown };
  /** Whether the dead-letter queue lets the rule send to it. */
  readonly allowLetters?: boolean;
}

async function declare(harness: Harness, { rule, target, allowLetters = true }: Declared = {}) {
  const bus = await harness.provision(kind('Events::EventBus'), { Name: 'applications' }, 'Bus');
  const dead = await harness.provision(kind('SQS::Queue'), {}, 'Dead');
  const declared = await harness.provision(
    kind('Events::Rule'),
    {
      EventBusName: bus.ref,
      EventPattern: { source: [{ prefix: '' }] },
      Targets: [{ Id: 'Observe', Arn: FUNCTION, DeadLetterConfig: { Arn: dead.attributes.Arn }, ...target }],
      ...rule,
    },
    'Rule',
  );
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: '*',
    Condition: { ArnEquals: { 'aws:SourceArn': declared.attributes.Arn } },
  };
  const PolicyDocument = { Version: '2012-10-17', Statement: allowLetters ? [statement] : [] };
  await harness.provision(kind('SQS::QueuePolicy'), { Queues: [dead.ref], PolicyDocument }, 'Policy');
  return { bus, dead, ruleArn: String(declared.attributes.Arn) };
}

async function started(invoke: Invoke, declared?: Declared, dir = folder()) {
  const harness = await startHarness(dir, invoke);
  cleanup.push(() => harness.stop());
  const parts = await declare(harness, declared);
  await harness.start();
  const client = new EventBridgeClient({ ...CLIENT, endpoint: harness.endpoint });
  const sqs = new SQSClient({ ...CLIENT, endpoint: harness.endpoint });
  return {
    ...harness,
    ...parts,
    client,
    put: (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries })),
    letters: async () => {
      const input = { QueueUrl: parts.dead.ref, WaitTimeSeconds: 1, MessageAttributeNames: ['All'] };
      return (await sqs.send(new ReceiveMessageCommand(input))).Messages ?? [];
    },
  };
}

const entry = (n: number, extra: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  EventBusName: 'applications',
  Source: 'shop.orders',
  DetailType: 'Order placed',
  Detail: JSON.stringify({ n }),
  ...extra,
});

describe('PutEvents', () => {
  test('delivers the envelope to the function, in the name of the rule', async () => {
    const events: unknown[] = [];
    const { put } = await started((arn, payload) => void events.push([arn, JSON.parse(payload)]));
    const Time = new Date('2026-01-02T03:04:05.678Z');
    const { FailedEntryCount, Entries } = await put(entry(1, { Time, Resources: ['arn:x'] }));
    expect(FailedEntryCount).toBe(0);
    await eventually(
      () => events.length,
      (count) => count === 1,
    );
    expect(events[0]).toEqual([
      FUNCTION,
      {
        version: '0',
        id: Entries?.[0]?.EventId,
        'detail-type': 'Order placed',
        source: 'shop.orders',
        account: '000000000000',
        time: '2026-01-02T03:04:05Z',
        region: 'us-east-1',
        resources: ['arn:x'],
        detail: { n: 1 },
      },
    ]);
  });

  test('refuses entries one by one, and accepts the others', async () => {
    const seen: unknown[] = [];
    const { put } = await started(
      (_arn, payload) => void seen.push((JSON.parse(payload) as { detail: unknown }).detail),
    );
    const { FailedEntryCount, Entries } = await put(
      entry(1, { Source: 'aws.ec2' }),
      entry(2, { Detail: '{"n":' }),
      entry(3, { Detail: '[3]' }),
      entry(4, { DetailType: undefined }),
      entry(5, { EventBusName: 'absent' }),
      entry(6),
    );
    expect(FailedEntryCount).toBe(5);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'NotAuthorizedForSourceException',
      'MalformedDetail',
      'MalformedDetail',
      'InvalidArgument',
      'ResourceNotFoundException',
      undefined,
    ]);
    await eventually(
      () => seen.length,
      (count) => count > 0,
    );
    expect(seen).toEqual([{ n: 6 }]);
  });

  test('refuses more than ten entries, and more than 1 MB, as a whole', async () => {
    const { put } = await started(() => null);
    await expect(put(...Array.from({ length: 11 }, (_, n) => entry(n)))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const Detail = JSON.stringify({ text: 'x'.repeat(530_000) });
    await expect(put(entry(1, { Detail }), entry(2, { Detail }))).rejects.toThrow(/over the limit/);
    await expect(put(entry(1, { Detail }))).resolves.toMatchObject({ FailedEntryCount: 0 });
  });

  test('knows its rules, tests patterns, and refuses other operations', async () => {
    const { client, ruleArn } = await started(() => null);
    const { Rules } = await client.send(new ListRulesCommand({ EventBusName: 'applications' }));
    expect(Rules).toMatchObject([{ Arn: ruleArn, State: 'ENABLED', EventPattern: '{"source":[{"prefix":""}]}' }]);
    const EventPattern = '{"detail":{"n":[{"numeric":[">",1]}]}}';
    const tried = (n: number) =>
      client.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify({ detail: { n } }) }));
    expect([(await tried(1)).Result, (await tried(2)).Result]).toEqual([false, true]);
  });
});

describe('targets', () => {
  test('that refuse for good send the event to the dead-letter queue at once, with the reason', async () => {
    const { put, letters, ruleArn } = await started(() => {
      throw new InvokeRefused('AccessDeniedException', 403, 'no permission');
    });
    const { Entries } = await put(entry(1));
    const [letter] = await eventually(letters, (found) => found.length > 0);
    expect(JSON.parse(letter?.Body ?? '')).toMatchObject({ id: Entries?.[0]?.EventId, detail: { n: 1 } });
    const attributes = Object.fromEntries(
      Object.entries(letter?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
    );
    expect(attributes).toEqual({
      RULE_ARN: ruleArn,
      TARGET_ARN: FUNCTION,
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: 'no permission',
      RETRY_ATTEMPTS: '0',
    });
  });

  test('that fail are tried again, then given up by the retry policy', async () => {
    let attempts = 0;
    const fail: Invoke = () => {
      attempts++;
      throw new InvokeRefused('TooManyRequestsException', 429, 'busy');
    };
    const { put, letters } = await started(fail, { target: { RetryPolicy: { MaximumRetryAttempts: 1 } } });
    await put(entry(1));
    const [letter] = await eventually(letters, (found) => found.length > 0);
    expect(attempts).toBe(2);
    expect(letter?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'THROTTLING' },
      RETRY_ATTEMPTS: { StringValue: '1' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
    });
  });

  test('get what the input transformer makes of the event', async () => {
    const inputs: string[] = [];
    const InputTransformer = {
      InputPathsMap: { n: '$.detail.n', kind: '$.detail-type' },
      InputTemplate: '{"number": <n>, "text": "<kind> by <aws.events.rule-name>"}',
    };
    const { put } = await started((_arn, payload) => void inputs.push(payload), { target: { InputTransformer } });
    await put(entry(7));
    await eventually(
      () => inputs.length,
      (count) => count === 1,
    );
    expect(JSON.parse(inputs[0] ?? '')).toEqual({ number: 7, text: 'Order placed by Test-Rule' });
  });

  test('get nothing that their rule does not match', async () => {
    const seen: unknown[] = [];
    const { put } = await started(
      (_arn, payload) => void seen.push((JSON.parse(payload) as { detail: unknown }).detail),
      {
        rule: { EventPattern: { detail: { n: [{ 'anything-but': [1] }] } } },
      },
    );
    await put(entry(1), entry(2));
    await eventually(
      () => seen.length,
      (count) => count > 0,
    );
    expect(seen).toEqual([{ n: 2 }]);
  });

  test('on schedules are invoked when their time comes', async () => {
    const events: { 'detail-type'?: string; resources?: string[] }[] = [];
    const harness = await startHarness(folder(), (_arn, payload) => void events.push(JSON.parse(payload) as object));
    cleanup.push(() => harness.stop());
    // The clock jumps over the minute as soon as somebody sleeps for it.
    let skipped = 0;
    const clock = {
      now: () => Date.now() + skipped,
      sleep: async (ms: number, signal?: AbortSignal) => {
        if (skipped === 0) skipped += ms;
        else await systemClock.sleep(ms, signal);
      },
    };
    Object.assign(harness.context, { clock });
    const Targets = [{ Id: 'Observe', Arn: FUNCTION }];
    const rule = await harness.provision(
      kind('Events::Rule'),
      { ScheduleExpression: 'rate(1 minute)', Targets },
      'Minute',
    );
    await harness.start();
    await eventually(
      () => events.length,
      (count) => count > 0,
    );
    expect(events[0]).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: [rule.attributes.Arn],
    });
  });
});

describe('after SIGKILL', () => {
  const ACCEPTER = `
    import { startHarness } from ${JSON.stringify(HARNESS)};
    import { eventsProvisioners } from ${JSON.stringify(PROVISIONERS)};
    import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
    const harness = await startHarness(process.argv[1], () => new Promise(() => {}));
    const [bus, rule] = eventsProvisioners;
    await harness.provision(bus, { Name: 'applications' }, 'Bus');
    const Targets = [{ Id: 'Observe', Arn: ${JSON.stringify(FUNCTION)} }];
    await harness.provision(rule, { EventBusName: 'applications', EventPattern: { source: [{ prefix: '' }] }, Targets }, 'Rule');
    await harness.start();
    const client = new EventBridgeClient({ endpoint: harness.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    for (let n = 0; ; n++) {
      const { Entries } = await client.send(new PutEventsCommand({ Entries: [{ EventBusName: 'applications', Source: 's', DetailType: 't', Detail: JSON.stringify({ n }) }] }));
      console.log(Entries[0].EventId);
    }`;

  test('every accepted event still reaches its target', async () => {
    const dir = folder();
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', ACCEPTER, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    await eventually(
      () => said.split('\n').length,
      (count) => count > 100,
    );
    child.kill('SIGKILL');
    await ended;
    const accepted = said.slice(0, said.lastIndexOf('\n')).split('\n');

    const delivered = new Set<string>();
    const running = await started(
      (_arn, payload) => void delivered.add((JSON.parse(payload) as { id: string }).id),
      {},
      dir,
    );
    await eventually(
      () => accepted.filter((id) => !delivered.has(id)),
      (missing) => missing.length === 0,
    );
    await running.put(entry(1));
    await eventually(
      () => delivered.size,
      (count) => count > accepted.length,
    );
  });

  test('an event that its dead-letter queue does not take is kept for the next start', async () => {
    const dir = folder();
    const refuse: Invoke = () => {
      throw new InvokeRefused('ResourceNotFoundException', 404, 'gone');
    };
    const first = await startHarness(dir, refuse);
    await declare(first, { allowLetters: false });
    await first.start();
    const client = new EventBridgeClient({ ...CLIENT, endpoint: first.endpoint });
    await client.send(new PutEventsCommand({ Entries: [entry(1)] }));
    await eventually(
      () => first.warnings.join(),
      (said) => /dead-letter queue refused/.test(said),
    );
    await first.stop();
    const { letters } = await started(refuse, {}, dir);
    const [letter] = await eventually(letters, (found) => found.length > 0);
    expect(JSON.parse(letter?.Body ?? '')).toMatchObject({ detail: { n: 1 } });
  });
});
