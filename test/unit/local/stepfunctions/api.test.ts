// The API of the local Step Functions.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Bench, bench, policy, ROLE, task, temporaryFolder } from './support.ts';

let it: Bench;
let arn: string;
beforeEach(async () => {
  it = await bench();
  it.functions.set('echo', (event) => event);
  arn = await it.machine({ StartAt: 'A', States: { A: task('echo') } });
});
afterEach(() => it.close());

const WAITING = { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 3600, End: true } } };

describe('StartExecution', () => {
  test('answers ARN and start, and the execution is described with input, output and dates', async () => {
    const started = await it.ask('StartExecution', { stateMachineArn: arn, name: 'first', input: '{ "n": 1 }' });
    const executionArn = `${arn.replace('stateMachine', 'execution')}:first`;
    expect(started).toEqual({ executionArn, startDate: expect.any(Number) });
    const described = await it.ended(executionArn);
    expect(described).toMatchObject({
      ...{ executionArn, stateMachineArn: arn, name: 'first', status: 'SUCCEEDED' },
      ...{ startDate: started.startDate, input: '{ "n": 1 }', output: '{"n":1}' },
    });
    expect(Number(described.stopDate)).toBeGreaterThanOrEqual(Number(started.startDate));
  });

  test('takes {} for no input, and makes a name for none', async () => {
    const { executionArn } = await it.ask<{ executionArn: string }>('StartExecution', { stateMachineArn: arn });
    expect(executionArn).toMatch(/:[0-9a-f-]{36}$/);
    expect(await it.ended(executionArn)).toMatchObject({ input: '{}', output: '{}' });
  });

  test('of the same name and input is the same execution while it runs, and refused with another input or afterwards', async () => {
    const stateMachineArn = await it.machine(WAITING, { StateMachineName: 'Waiting' });
    const request = { stateMachineArn, name: 'one', input: '{"n":1}' };
    const [first, second] = await Promise.all([it.ask('StartExecution', request), it.ask('StartExecution', request)]);
    expect(second).toEqual(first);
    expect(await it.ask('StartExecution', request)).toEqual(first);
    await expect(it.ask('StartExecution', { ...request, input: '{"n":2}' })).rejects.toMatchObject({
      code: 'ExecutionAlreadyExists',
    });
    await it.ask('StopExecution', { executionArn: first.executionArn });
    await expect(it.ask('StartExecution', request)).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  });

  test.each<[string, object]>([
    ['InvalidName', { name: 'has space' }],
    ['InvalidName', { name: 'a/b' }],
    ['InvalidName', { name: 'x'.repeat(81) }],
    ['InvalidName', { name: '' }],
    ['InvalidExecutionInput', { input: '{' }],
    ['InvalidExecutionInput', { input: JSON.stringify('x'.repeat(262_143)) }],
    ['InvalidArn', { stateMachineArn: 'arn:aws:lambda:us-east-1:000000000000:function:f' }],
    ['StateMachineDoesNotExist', { stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:None' }],
    ['ValidationException', { stateMachineArn: null }],
  ])('is refused with %s, and starts nothing', async (code, wrong) => {
    await expect(it.ask('StartExecution', { stateMachineArn: arn, ...wrong })).rejects.toMatchObject({ code });
    expect(await it.ask('ListExecutions', { stateMachineArn: arn })).toEqual({ executions: [] });
  });

  test('takes an input of exactly 262,144 bytes', async () => {
    const execution = await it.run(arn, 'x'.repeat(262_142));
    expect(execution.status).toBe('SUCCEEDED');
  });
});

describe('looking at executions', () => {
  test('lists them newest first, by status, page by page', async () => {
    for (const name of ['a', 'b', 'c']) await it.run(arn, {}, name);
    const names = async (more: object) => {
      type Page = { executions: { name: string }[]; nextToken?: string };
      const page = await it.ask<Page>('ListExecutions', { stateMachineArn: arn, ...more });
      return { names: page.executions.map(({ name }) => name), token: page.nextToken };
    };
    expect((await names({})).names).toEqual(['c', 'b', 'a']);
    const first = await names({ maxResults: 2 });
    expect(first.names).toEqual(['c', 'b']);
    expect(await names({ maxResults: 2, nextToken: first.token })).toEqual({ names: ['a'], token: undefined });
    expect((await names({ statusFilter: 'FAILED' })).names).toEqual([]);
    await expect(names({ nextToken: 'none' })).rejects.toMatchObject({ code: 'InvalidToken' });
    await expect(names({ statusFilter: 'DONE' })).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('says that there is none, or no such machine', async () => {
    const executionArn = `${arn.replace('stateMachine', 'execution')}:none`;
    await expect(it.ask('DescribeExecution', { executionArn })).rejects.toMatchObject({
      code: 'ExecutionDoesNotExist',
    });
    await expect(it.ask('StopExecution', { executionArn })).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
    await expect(it.ask('DescribeExecution', { executionArn: arn })).rejects.toMatchObject({ code: 'InvalidArn' });
  });

  test('describes and lists machines', async () => {
    const described = await it.ask('DescribeStateMachine', { stateMachineArn: arn });
    expect(described).toMatchObject({ stateMachineArn: arn, roleArn: ROLE, status: 'ACTIVE', type: 'STANDARD' });
    expect(JSON.parse(String(described.definition)).StartAt).toBe('A');
    const { stateMachines } = await it.ask<{ stateMachines: unknown[] }>('ListStateMachines', {});
    expect(stateMachines).toMatchObject([{ stateMachineArn: arn, type: 'STANDARD' }]);
  });

  test('refuses an operation that it does not have', async () => {
    await expect(it.ask('GetExecutionHistory', {})).rejects.toMatchObject({ code: 'NotImplemented' });
  });
});

describe('permissions', () => {
  test.each<[string, string]>([
    ['StartExecution', 'stateMachineArn'],
    ['ListExecutions', 'stateMachineArn'],
    ['DescribeStateMachine', 'stateMachineArn'],
    ['DescribeExecution', 'executionArn'],
    ['StopExecution', 'executionArn'],
  ])('%s is asked of IAM on its own resource', async (operation, member) => {
    const { executionArn } = await it.run(arn);
    const resource = String({ stateMachineArn: arn, executionArn }[member]);
    const key = (name: string, allowed: string) => {
      const role = it.access.roles.add(name, '/', policy([`states:${operation}`], allowed));
      return it.access.roles.credentials(role).accessKeyId;
    };
    await expect(it.ask(operation, { [member]: resource }, key('Other', `${resource}2`))).rejects.toThrow(
      `not authorized to perform: states:${operation} on resource: ${resource}`,
    );
    await it.ask(operation, { [member]: resource }, key('Right', resource));
  });
});

describe('StopExecution', () => {
  test('aborts what runs, with error and cause, and says when', async () => {
    const stateMachineArn = await it.machine(WAITING, { StateMachineName: 'Waiting' });
    const { executionArn } = await it.ask('StartExecution', { stateMachineArn });
    const { stopDate } = await it.ask('StopExecution', { executionArn, error: 'Why', cause: 'not' });
    const described = await it.ask('DescribeExecution', { executionArn });
    expect(described).toMatchObject({ status: 'ABORTED', error: 'Why', cause: 'not', stopDate });
  });

  test('begins no further attempt of a task that waits for its next', async () => {
    let calls = 0;
    const { promise: called, resolve } = Promise.withResolvers<void>();
    it.functions.set('bad', () => {
      calls++;
      resolve();
      throw new Error('again');
    });
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 60, MaxAttempts: 9 }];
    const definition = { StartAt: 'A', States: { A: task('bad', { Retry, End: true }) } };
    const stateMachineArn = await it.machine(definition, { StateMachineName: 'Trying' });
    const { executionArn } = await it.ask('StartExecution', { stateMachineArn });
    await called;
    await it.ask('StopExecution', { executionArn });
    await new Promise((done) => setTimeout(done, 50));
    expect(calls).toBe(1);
  });

  test('of what has ended changes nothing', async () => {
    const ended = await it.run(arn);
    expect(await it.ask('StopExecution', { executionArn: ended.executionArn })).toEqual({ stopDate: ended.stopDate });
    expect(await it.ask('DescribeExecution', { executionArn: ended.executionArn })).toEqual(ended);
  });
});

describe('what is reported of an end', () => {
  test('a metric of each way to end, and a line in the log group of a machine that logs', async () => {
    it.functions.set('bad', () => {
      throw new Error('no luck');
    });
    const LogGroupArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/x:*';
    const Destinations = [{ CloudWatchLogsLogGroup: { LogGroupArn } }];
    const failing = await it.machine(
      { StartAt: 'A', States: { A: task('bad') } },
      { StateMachineName: 'Bad', LoggingConfiguration: { Level: 'ERROR', Destinations } },
    );
    const execution = await it.run(failing);
    expect(Object.fromEntries(it.metrics)).toMatchObject({
      'AWS/States ExecutionsFailed': 1,
      'AWS/States ExecutionsSucceeded': 0,
      'AWS/States ExecutionsTimedOut': 0,
      'AWS/States ExecutionsAborted': 0,
    });
    const lines = readFileSync(join(it.dataDir, 'logs/aws/vendedlogs/states/x.log'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        type: 'ExecutionFailed',
        execution_arn: execution.executionArn,
        details: { error: 'Error', cause: execution.cause },
        event_timestamp: expect.any(String),
      },
    ]);
  });

  test('nothing of a success in a log group, and nothing at all at level OFF', async () => {
    const LogGroupArn = 'arn:aws:logs:us-east-1:000000000000:log-group:quiet';
    const Destinations = [{ CloudWatchLogsLogGroup: { LogGroupArn } }];
    await it.machine(WAITING, { StateMachineName: 'Off', LoggingConfiguration: { Level: 'OFF', Destinations } });
    expect(existsSync(join(it.dataDir, 'logs/quiet.log'))).toBe(false);
  });
});

describe('a restart', () => {
  /** What a process that was killed leaves: no hook runs, and only what was on disk is there. */
  async function generations(use: (start: () => Promise<Bench>) => Promise<void>): Promise<void> {
    const dataDir = temporaryFolder();
    const started: Bench[] = [];
    try {
      await use(async () => {
        const next = await bench({ dataDir });
        started.push(next);
        return next;
      });
      for (const one of started) await one.close();
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  }

  test('runs again from its beginning what was running, under the same name and start, and nothing that had ended', async () => {
    await generations(async (start) => {
      const calls: string[] = [];
      const first = await start();
      first.functions.set('see', (event) => event);
      first.functions.set('hang', () => new Promise((resolve) => setTimeout(resolve, 500)));
      const seen = { 'name.$': '$$.Execution.Name', 'at.$': '$$.Execution.StartTime' };
      const definition = {
        StartAt: 'A',
        States: { A: task('see', { Parameters: seen, Next: 'B' }), B: task('hang', { ResultPath: null, End: true }) },
      };
      const machine = await first.machine(definition);
      const ended = await first.run(machine, {}, 'ended');
      const hanging = await first.ask('StartExecution', { stateMachineArn: machine, name: 'hanging' });

      const second = await start();
      second.functions.set('see', (event: { name: string }) => {
        calls.push(event.name);
        return event;
      });
      second.functions.set('hang', () => null);
      await second.machine(definition);
      await second.runtime.start();
      const again = await second.ended(String(hanging.executionArn));
      expect(again).toMatchObject({ status: 'SUCCEEDED', startDate: hanging.startDate });
      const at = new Date(Number(hanging.startDate) * 1000).toISOString();
      expect(JSON.parse(String(again.output))).toEqual({ name: 'hanging', at });
      expect(calls).toEqual(['hanging']);
      expect(await second.ask('DescribeExecution', { executionArn: ended.executionArn })).toEqual(ended);
    });
  });

  test('after a stop runs again what the stop had to end, and what was accepted meanwhile', async () => {
    await generations(async (start) => {
      const first = await start();
      const machine = await first.machine(WAITING);
      const waiting = await first.ask('StartExecution', { stateMachineArn: machine, name: 'waiting' });
      const stopped = await first.runtime.context.clock.now();
      await first.runtime.stop();
      expect(first.runtime.context.clock.now() - stopped).toBeLessThan(60_000);

      const second = await start();
      second.functions.set('echo', (event) => event);
      await second.machine({ StartAt: 'A', States: { A: task('echo') } });
      await second.runtime.start();
      expect(await second.ended(String(waiting.executionArn))).toMatchObject({ status: 'SUCCEEDED' });
    });
  });

  test('ends what has no state machine any more, and says so', async () => {
    await generations(async (start) => {
      const first = await start();
      const machine = await first.machine(WAITING);
      const { executionArn } = await first.ask('StartExecution', { stateMachineArn: machine, name: 'waiting' });
      const second = await start();
      await second.machine(WAITING, { StateMachineName: 'Another' });
      await second.runtime.start();
      expect(await second.ended(String(executionArn))).toMatchObject({ status: 'ABORTED' });
      expect(second.shown.join()).toContain('no longer has its state machine');
    });
  });
});
