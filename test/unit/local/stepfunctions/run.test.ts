// Running executions in the local Step Functions.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { InvokeRefused } from '../../../../local/template/provisioner.ts';
import { type Bench, bench, functionArn, LAMBDA, policy, task } from './support.ts';

let it: Bench;
beforeEach(async () => {
  it = await bench();
});
afterEach(() => it.close());

/** Names an error as a function's code would. */
class Trouble extends Error {
  override readonly name = 'Trouble';
}

const flow = (states: object, more: object = {}) => ({ StartAt: 'A', States: states, ...more });

async function output(definition: object, input: unknown = {}): Promise<unknown> {
  const execution = await it.run(await it.machine(definition), input);
  expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  return JSON.parse(String(execution.output));
}

async function failure(definition: object, input: unknown = {}): Promise<Record<string, unknown>> {
  const execution = await it.run(await it.machine(definition), input);
  expect(execution).toMatchObject({ status: 'FAILED' });
  return execution;
}

describe('a task', () => {
  test('invokes a function by its ARN with the input, and passes on what it returned', async () => {
    it.functions.set('double', ({ n }: { n: number }) => ({ n: 2 * n }));
    expect(await output(flow({ A: task('double') }), { n: 4 })).toEqual({ n: 8 });
  });

  test('invokes by lambda:invoke, whose result holds payload, status and version', async () => {
    it.functions.set('double', ({ n }: { n: number }) => 2 * n);
    const Parameters = { FunctionName: functionArn('double'), 'Payload.$': '$' };
    const state = { Type: 'Task', Resource: LAMBDA, Parameters, ResultPath: '$.answer', End: true };
    const answer = { ExecutedVersion: '$LATEST', Payload: 8, StatusCode: 200 };
    expect(await output(flow({ A: state }), { n: 4 })).toEqual({ n: 4, answer });
  });

  test('selects from its result, and puts it where ResultPath and OutputPath say', async () => {
    it.functions.set('give', () => ({ keep: 1, drop: 2 }));
    const fields = { ResultSelector: { 'kept.$': '$.keep' }, ResultPath: '$.a.b', OutputPath: '$.a' };
    expect(await output(flow({ A: task('give', { ...fields, End: true }) }), { x: 1 })).toEqual({ b: { kept: 1 } });
  });

  test('with the whole as ResultPath answers the result alone', async () => {
    it.functions.set('give', () => 7);
    expect(await output(flow({ A: task('give', { ResultPath: '$', End: true }) }), { x: 1 })).toBe(7);
  });

  test('takes as long as it takes, where it sets no time-out of its own, and States.Timeout where it does', async () => {
    it.functions.set('slow', () => new Promise((resolve) => setTimeout(resolve, 1_500, 'done')));
    expect(await output(flow({ A: task('slow') }))).toBe('done');
    const failed = await failure(flow({ A: task('slow', { TimeoutSeconds: 1, End: true }) }));
    expect(failed.error).toBe('States.Timeout');
  });

  test('starts another machine', async () => {
    it.functions.set('see', ({ n }: { n: number }) => n);
    const other = await it.machine(flow({ A: task('see') }), { StateMachineName: 'Other' });
    const Parameters = { StateMachineArn: other, 'Input.$': '$', Name: 'child' };
    const state = { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution', Parameters, End: true };
    const started = await output(flow({ A: state }), { n: 3 });
    const child = `${other.replace('stateMachine', 'execution')}:child`;
    expect(started).toMatchObject({ ExecutionArn: child });
    expect((await it.ended(child)).output).toBe('3');
    expect((await failure(flow({ A: state }), { n: 4 })).error).toBe('StepFunctions.ExecutionAlreadyExistsException');
  });
});

describe('a failing task', () => {
  test('fails the execution under the name and with the payload of the function error', async () => {
    it.functions.set('bad', () => {
      throw new Trouble('no luck');
    });
    const failed = await failure(flow({ A: task('bad') }));
    expect(failed.error).toBe('Trouble');
    expect(JSON.parse(String(failed.cause))).toEqual({ errorType: 'Trouble', errorMessage: 'no luck', trace: [] });
  });

  test('is retried by the error name, and then succeeds', async () => {
    let calls = 0;
    it.functions.set('busy', () => {
      if (++calls < 3) throw new InvokeRefused('TooManyRequestsException', 429, 'Rate Exceeded.');
      return calls;
    });
    const Retry = [
      { ErrorEquals: ['Lambda.ServiceException'], MaxAttempts: 0 },
      { ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 1, BackoffRate: 1, JitterStrategy: 'FULL' },
    ];
    expect(await output(flow({ A: task('busy', { Retry, End: true }) }))).toBe(3);
  });

  test('is not retried for an error that no retrier names, nor past its attempts', async () => {
    let calls = 0;
    it.functions.set('bad', () => {
      calls++;
      throw new Trouble();
    });
    const Retry = [{ ErrorEquals: ['Other'] }];
    expect((await failure(flow({ A: task('bad', { Retry, End: true }) }))).error).toBe('Trouble');
    expect(calls).toBe(1);
    const once = [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 1, MaxAttempts: 1 }];
    expect((await failure(flow({ A: task('bad', { Retry: once, End: true }) }))).error).toBe('Trouble');
    expect(calls).toBe(3);
  });

  test('is caught, and the catcher gets the error beside the input', async () => {
    it.functions.set('bad', () => {
      throw new Trouble('no luck');
    });
    const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failed', Next: 'B' }];
    const states = { A: task('bad', { Catch, End: true }), B: { Type: 'Succeed' } };
    expect(await output(flow(states), { n: 1 })).toEqual({
      n: 1,
      failed: { Error: 'Trouble', Cause: expect.stringContaining('no luck') },
    });
  });

  test('is refused what its role may not do, as Lambda.AWSLambdaException', async () => {
    const RoleArn = it.access.roles.add('Poor', '/', policy(['lambda:InvokeFunction'], functionArn('other')));
    it.functions.set('locked', () => 'reached');
    const execution = await it.run(await it.machine(flow({ A: task('locked') }), { RoleArn }));
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' });
    expect(execution.cause).toMatch(
      /assumed-role\/Poor.* not authorized to perform: lambda:InvokeFunction.*Error Code: AccessDeniedException/,
    );
  });

  test('that answers more than 262,144 bytes fails with States.DataLimitExceeded, whatever catches States.ALL', async () => {
    it.functions.set('large', ({ size }: { size: number }) => 'x'.repeat(size - 2));
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'B' }];
    const states = { A: task('large', { Catch, End: true }), B: { Type: 'Succeed' } };
    expect(await output(flow(states), { size: 262_144 })).toHaveLength(262_142);
    expect((await failure(flow(states), { size: 262_145 })).error).toBe('States.DataLimitExceeded');
  });

  test('a state that names States.DataLimitExceeded catches it', async () => {
    it.functions.set('large', () => 'x'.repeat(300_000));
    const Catch = [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'B', ResultPath: '$.failed' }];
    const states = { A: task('large', { Catch, End: true }), B: { Type: 'Pass', Result: 'smaller', End: true } };
    expect(await output(flow(states))).toBe('smaller');
  });

  test('what grows too large between tasks fails, too', async () => {
    it.functions.set('half', () => 'x'.repeat(150_000));
    const states = {
      A: task('half', { ResultPath: '$.a', Next: 'B' }),
      B: task('half', { ResultPath: '$.b', End: true }),
    };
    expect((await failure(flow(states))).error).toBe('States.DataLimitExceeded');
  });
});

describe('a Map state', () => {
  const map = (more: object, inner: object = { B: task('work') }) => ({
    ...{ Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'B', States: inner } },
    ...{ End: true, ...more },
  });

  test('runs no more at once than MaxConcurrency, and answers in order', async () => {
    let running = 0;
    let most = 0;
    it.functions.set('work', async ({ n }: { n: number }) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 10 - n));
      running--;
      return n * n;
    });
    const items = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => ({ n }));
    const squares = items.map(({ n }) => n * n);
    expect(await output(flow({ A: map({ ItemsPath: '$.items', MaxConcurrency: 3 }) }), { items })).toEqual(squares);
    expect(most).toBe(3);
    expect(await output(flow({ A: map({}) }), [])).toEqual([]);
  });

  test('runs distributed as it runs inline: with the same bound, in the same order', async () => {
    let running = 0;
    let most = 0;
    it.functions.set('work', async (n: number) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return n * n;
    });
    const config = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };
    const ItemProcessor = { ProcessorConfig: config, StartAt: 'B', States: { B: task('work') } };
    const distributed = map({ ItemProcessor, MaxConcurrency: 2, Label: 'Work', ToleratedFailurePercentage: 100 });
    expect(await output(flow({ A: distributed }), [1, 2, 3, 4])).toEqual([1, 4, 9, 16]);
    expect(most).toBe(2);
  });

  test('selects each input from the item and what is around it, with the execution that it is part of', async () => {
    it.functions.set('work', (event) => event);
    const ItemSelector = {
      'item.$': '$$.Map.Item.Value',
      'at.$': '$$.Map.Item.Index',
      'shared.$': '$.shared',
      'text.$': "States.Format('{}/{}', $$.Execution.Name, $.shared)",
    };
    const inner = {
      B: task('work', { Parameters: { 'own.$': '$', 'whole.$': '$$.Execution.Input.shared' }, End: true }),
    };
    const definition = flow({ A: map({ ItemsPath: '$.items', ItemSelector }, inner) });
    const execution = await it.run(await it.machine(definition), { items: ['a', null], shared: 's' }, 'named');
    expect(JSON.parse(String(execution.output))).toEqual([
      { own: { item: 'a', at: 0, shared: 's', text: 'named/s' }, whole: 's' },
      { own: { item: null, at: 1, shared: 's', text: 'named/s' }, whole: 's' },
    ]);
  });

  test('begins nothing more once an item has failed, and can be caught', async () => {
    const begun: number[] = [];
    it.functions.set('work', async (n: number) => {
      begun.push(n);
      if (n === 1) throw new Trouble();
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    it.functions.set('late', () => new Promise((resolve) => setTimeout(resolve, 100)));
    const Catch = [{ ErrorEquals: ['Trouble'], Next: 'Late' }];
    await output(flow({ A: map({ MaxConcurrency: 2, Catch }), Late: task('late') }), [0, 1, 2, 3, 4, 5]);
    expect(begun).toEqual([0, 1]);
  });

  test('of what is no list fails with States.Runtime', async () => {
    expect((await failure(flow({ A: map({ ItemsPath: '$.items' }) }), { items: 'text' })).error).toBe('States.Runtime');
  });
});

test('Parallel branches run side by side on the same input, and a nested Map inside one', async () => {
  it.functions.set('add', ({ n }: { n: number }) => n + 1);
  const Iterator = { StartAt: 'D', States: { D: task('add') } };
  const Branches = [
    { StartAt: 'B', States: { B: task('add') } },
    { StartAt: 'C', States: { C: { Type: 'Map', ItemsPath: '$.list', Iterator, End: true } } },
  ];
  const input = { n: 1, list: [{ n: 10 }, { n: 20 }] };
  expect(await output(flow({ A: { Type: 'Parallel', Branches, End: true } }), input)).toEqual([2, [11, 21]]);
});

test('a loop goes on until its task says that it is done', async () => {
  it.functions.set('step', ({ at = 0 }: { at?: number }) => ({ at: at + 1, done: at === 24 }));
  const Choices = [{ Variable: '$.done', BooleanEquals: true, Next: 'C' }];
  const states = {
    A: task('step', { Next: 'B' }),
    B: { Type: 'Choice', Choices, Default: 'A' },
    C: { Type: 'Succeed' },
  };
  expect(await output(flow(states))).toEqual({ at: 25, done: true });
});

describe('a Choice state', () => {
  const choose = (rule: object) =>
    flow({
      A: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
      Yes: { Type: 'Pass', Result: true, End: true },
      No: { Type: 'Pass', Result: false, End: true },
    });

  test.each<[object, unknown, boolean]>([
    [{ Variable: '$.next', IsPresent: false }, {}, true],
    [{ Variable: '$.next', IsPresent: false }, { next: 1 }, false],
    [{ Variable: '$.next', IsPresent: true }, { next: null }, true],
    [
      {
        And: [
          { Variable: '$.n', NumericGreaterThan: 1 },
          { Variable: '$.x', IsPresent: false },
        ],
      },
      { n: 2 },
      true,
    ],
    [{ Not: { Variable: '$.n', IsNull: false } }, { n: null }, true],
  ])('%j of %j is %s', async (rule, input, expected) => {
    expect(await output(choose(rule), input)).toBe(expected);
  });

  test('without a match and a default fails', async () => {
    const Choices = [{ Variable: '$.n', NumericEquals: 1, Next: 'B' }];
    const states = { A: { Type: 'Choice', Choices }, B: { Type: 'Succeed' } };
    expect((await failure(flow(states), { n: 2 })).error).toBe('States.NoChoiceMatched');
  });
});

test('a Fail state gives its error and cause; Wait waits; Pass shapes', async () => {
  const states = {
    A: { Type: 'Pass', Parameters: { 'list.$': 'States.Array($.a, 2)' }, Next: 'B' },
    B: { Type: 'Wait', Seconds: 1, Next: 'C' },
    C: { Type: 'Fail', ErrorPath: '$.list[0]', Cause: 'because' },
  };
  const failed = await failure(flow(states), { a: 'Chosen' });
  expect(failed).toMatchObject({ error: 'Chosen', cause: 'because' });
  expect(Number(failed.stopDate) - Number(failed.startDate)).toBeGreaterThanOrEqual(1);
});

test('a machine that runs over its time is TIMED_OUT', async () => {
  const execution = await it.run(
    await it.machine(flow({ A: { Type: 'Wait', Seconds: 60, End: true } }, { TimeoutSeconds: 1 })),
  );
  expect(execution).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
});
