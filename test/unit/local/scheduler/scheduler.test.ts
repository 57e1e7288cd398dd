// Running schedules in the local EventBridge Scheduler.
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { localMessaging } from '../../../../local/messaging/open.ts';
import { messagingProvisioners } from '../../../../local/messaging/provisioners.ts';
import { schedulerProvisioners } from '../../../../local/scheduler/provisioners.ts';
import { type Clock, InvokeRefused } from '../../../../local/template/provisioner.ts';
import { type Bench, bench, functionArn, policy, task, temporaryFolder } from '../stepfunctions/support.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:Test-Queue';

/** Every sleep ends at once and moves the time on, until the end of the time that the test gives. */
class LeapingClock implements Clock {
  readonly #end: number;
  #now = Date.parse('2026-01-01T00:00:00Z');

  constructor(minutes: number) {
    this.#end = this.#now + minutes * 60_000;
  }

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.#now + ms <= this.#end) {
      this.#now += Math.max(ms, 0);
      return;
    }
    await new Promise<void>((resolve) => {
      if (signal?.aborted) resolve();
      signal?.addEventListener('abort', () => resolve());
    });
  }
}

let it: Bench;
let dataDir: string;
beforeEach(async () => {
  dataDir = temporaryFolder();
  it = await open(130);
});
afterEach(async () => {
  await it.close();
  rmSync(dataDir, { recursive: true });
});

async function open(minutes: number): Promise<Bench> {
  const opened = await bench({ dataDir, clock: new LeapingClock(minutes) });
  opened.functions.set('echo', (event) => event);
  return opened;
}

async function schedule(on: Bench, target: object, more: object = {}): Promise<void> {
  const RoleArn = on.access.roles.add(
    'Scheduler',
    '/',
    policy(['states:StartExecution', 'lambda:InvokeFunction', 'sqs:SendMessage']),
  );
  const properties = {
    ...{ FlexibleTimeWindow: { Mode: 'OFF' }, ScheduleExpression: 'rate(1 hour)' },
    ...{ Target: { RoleArn, Input: '{}', ...target } },
    ...more,
  };
  await on.provision(schedulerProvisioners[1], properties, 'Schedule');
}

async function until<T>(read: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

type Listed = { executions: { executionArn: string; name: string }[] };
const executions = async (on: Bench, stateMachineArn: string) =>
  (await on.ask<Listed>('ListExecutions', { stateMachineArn })).executions;

const MACHINE = { StartAt: 'A', States: { A: task('echo') } };

async function letters(
  on: Bench,
): Promise<{ Body: string; MessageAttributes: Record<string, { StringValue: string }> }[]> {
  const { sqs } = await localMessaging(on.runtime.context);
  const { QueueUrl } = await sqs<{ QueueUrl: string }>('GetQueueUrl', { QueueName: 'Test-Queue' });
  const asked = { QueueUrl, MessageAttributeNames: ['All'], WaitTimeSeconds: 1 };
  return until(
    async () => (await sqs<{ Messages?: never[] }>('ReceiveMessage', asked)).Messages ?? [],
    (messages) => messages.length > 0,
  );
}

describe('a schedule', () => {
  test('starts an execution at each occasion, with the context attributes in its input', async () => {
    const machine = await it.machine(MACHINE);
    const Input =
      '{"at":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>","n":<aws.scheduler.attempt-number>}';
    await schedule(it, { Arn: machine, Input });
    await it.runtime.start();
    const started = await until(
      () => executions(it, machine),
      ({ length }) => length === 2,
    );
    const outputs = await Promise.all(
      started.map(async ({ executionArn }) => JSON.parse(String((await it.ended(executionArn)).output))),
    );
    expect(outputs).toEqual([
      { at: '2026-01-01T02:00:00Z', id: started[0]?.name, n: 1 },
      { at: '2026-01-01T01:00:00Z', id: started[1]?.name, n: 1 },
    ]);
    expect(started[0]?.name).toMatch(/^[0-9a-f]{16}$/);
  });

  test('invokes a function, and tries again while it is refused', async () => {
    let calls = 0;
    const taken: unknown[] = [];
    it.functions.set('busy', (event) => {
      if (++calls === 1) throw new InvokeRefused('TooManyRequestsException', 429, 'Rate Exceeded.');
      taken.push(event);
    });
    const Input = '{"attempt":<aws.scheduler.attempt-number>}';
    await schedule(it, { Arn: functionArn('busy'), Input }, { ScheduleExpression: 'at(2026-01-01T01:00:00)' });
    await it.runtime.start();
    await until(
      () => taken,
      ({ length }) => length > 0,
    );
    expect(taken).toEqual([{ attempt: 2 }]);
  });

  test('that is disabled does nothing', async () => {
    const machine = await it.machine(MACHINE);
    await schedule(it, { Arn: machine }, { State: 'DISABLED' });
    await it.runtime.start();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await executions(it, machine)).toEqual([]);
  });

  test('of a group that is not there is refused, and one of a group that is has it in its ARN', async () => {
    const machine = await it.machine(MACHINE);
    await expect(schedule(it, { Arn: machine }, { GroupName: 'Own' })).rejects.toThrow('GroupName Own');
    const group = await it.provision(schedulerProvisioners[0], { Name: 'Own' }, 'Group');
    expect(group).toMatchObject({ ref: 'Own', attributes: { Arn: expect.stringContaining(':schedule-group/Own') } });
    const Target = { Arn: machine, RoleArn: 'arn:aws:iam::000000000000:role/Scheduler', Input: '{}' };
    const properties = {
      FlexibleTimeWindow: { Mode: 'OFF' },
      ScheduleExpression: 'rate(1 hour)',
      GroupName: 'Own',
      Target,
    };
    const { attributes } = await it.provision(schedulerProvisioners[1], properties, 'Schedule');
    expect(attributes.Arn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule/Own/Test-Schedule');
  });
});

describe('what a target does not take', () => {
  test('goes to the dead-letter queue at once when the role may not start it', async () => {
    await it.provision(
      messagingProvisioners.find(({ kind }) => kind === 'AWS::SQS::Queue'),
      {},
      'Queue',
    );
    const machine = await it.machine(MACHINE);
    const RoleArn = it.access.roles.add('Poor', '/', policy(['sqs:SendMessage'], QUEUE));
    await schedule(it, { Arn: machine, RoleArn, DeadLetterConfig: { Arn: QUEUE } });
    await it.runtime.start();
    const [letter] = await letters(it);
    expect(JSON.parse(letter?.Body ?? '')).toEqual({ StateMachineArn: machine, Input: '{}' });
    expect(letter?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'AccessDeniedException' },
      RETRY_ATTEMPTS: { StringValue: '0' },
      SCHEDULED_TIME: { StringValue: '2026-01-01T01:00:00Z' },
      TARGET_ARN: { StringValue: machine },
    });
    expect(letter?.MessageAttributes.EXHAUSTED_RETRY_CONDITION).toBeUndefined();
    expect(await executions(it, machine)).toEqual([]);
  });

  test('goes there after its retries', async () => {
    await it.provision(
      messagingProvisioners.find(({ kind }) => kind === 'AWS::SQS::Queue'),
      {},
      'Queue',
    );
    let calls = 0;
    it.functions.set('busy', () => {
      calls++;
      throw new InvokeRefused('TooManyRequestsException', 429, 'Rate Exceeded.');
    });
    const more = { RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: QUEUE } };
    await schedule(it, { Arn: functionArn('busy'), ...more }, { ScheduleExpression: 'at(2026-01-01T01:00:00)' });
    await it.runtime.start();
    const [letter] = await letters(it);
    expect(letter?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'TooManyRequestsException' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
      RETRY_ATTEMPTS: { StringValue: '2' },
    });
    expect(calls).toBe(3);
  });

  test('is dropped, and said, without one', async () => {
    const machine = await it.machine(MACHINE);
    const RoleArn = it.access.roles.add('Poor', '/', policy(['sqs:SendMessage']));
    await schedule(it, { Arn: machine, RoleArn });
    await it.runtime.start();
    await until(
      () => it.shown.join(),
      (shown) => shown.includes('an invocation was dropped'),
    );
  });

  test('is tried again by the next start when this one ends before', async () => {
    it.functions.set('busy', () => {
      throw new InvokeRefused('TooManyRequestsException', 429, 'Rate Exceeded.');
    });
    const more = { ScheduleExpression: 'at(2026-01-01T02:10:00)' };
    await schedule(it, { Arn: functionArn('busy') }, more);
    await it.runtime.start();
    await until(
      () => it.runtime.context.clock.now(),
      (now) => now >= Date.parse('2026-01-01T02:10:00Z'),
    );
    await it.close();

    it = await open(0);
    const taken: unknown[] = [];
    it.functions.set('busy', (event) => taken.push(event));
    await schedule(it, { Arn: functionArn('busy') }, { ScheduleExpression: 'at(2026-01-01T02:10:00)' });
    await it.runtime.start();
    await until(
      () => taken,
      ({ length }) => length === 1,
    );
  });
});
