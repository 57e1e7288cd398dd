// Invoking functions in the local Lambda.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { InvokeResult } from '../../../../local/template/provisioner.ts';
import { type Bench, bench } from './support.ts';

let it: Bench;
beforeAll(async () => {
  it = await bench();
});
afterAll(() => it.close());

const parsed = (result: InvokeResult) => JSON.parse(result.payload) as Record<string, unknown>;

describe('a synchronous invocation', () => {
  test('gives the event, a context, and only the declared variables', async () => {
    const arn = it.add(
      'echo',
      `export const handler = async (event, context) => ({
        event, env: process.env, name: context.functionName, arn: context.invokedFunctionArn, id: context.awsRequestId,
        memory: context.memoryLimitInMB, left: context.getRemainingTimeInMillis(), group: context.logGroupName });`,
      { variables: { ONLY: 'this' }, timeoutMs: 8_000 },
    );
    const result = await it.functions.invoke(arn, '{"a":1}');
    const value = parsed(result);
    expect(value).toMatchObject({
      event: { a: 1 },
      env: { ONLY: 'this' },
      name: 'echo',
      arn,
      id: result.requestId,
      memory: '256',
      group: '/aws/lambda/echo',
    });
    expect(Object.keys(value.env as object)).toEqual(['ONLY']);
    expect(value.left).toBeGreaterThan(5_000);
    expect(value.left).toBeLessThanOrEqual(8_000);
    expect(result.functionError).toBeUndefined();
  });

  test('finds a function by its name too', async () => {
    it.add('named', 'export const handler = async () => undefined;');
    expect((await it.functions.invoke('named', 'null')).payload).toBe('null');
    await expect(it.functions.invoke('nobody', 'null')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('answers what a handler throws in Lambda’s shape', async () => {
    const arn = it.add('throws', `export const handler = async () => { throw new RangeError('too far'); };`);
    const result = await it.functions.invoke(arn, '{}');
    expect(result).toMatchObject({ statusCode: 200, functionError: 'Unhandled' });
    const error = parsed(result);
    expect(error).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
    expect((error.trace as string[])[0]).toBe('RangeError: too far');
  });

  test('many run in one environment at once, and share its memory', async () => {
    const arn = it.add(
      'shared',
      `let inside = 0, most = 0, release; const full = new Promise((r) => { release = r; });
       export const handler = async () => { most = Math.max(most, ++inside); if (inside === 8) release(); await full; return most; };`,
    );
    const results = await Promise.all(Array.from({ length: 8 }, () => it.functions.invoke(arn, '{}')));
    expect(results.map(({ payload }) => payload)).toEqual(Array(8).fill('8'));
  });
});

describe('an environment that fails', () => {
  test('a timeout fails the one invocation and replaces the environment, what runs beside it finishes', async () => {
    const arn = it.add(
      'slow',
      `const born = Math.random(); let waiting;
       export const handler = async ({ mode }) => {
         if (mode === 'hang') return new Promise(() => {});
         if (mode === 'beside') return new Promise((resolve) => setTimeout(() => resolve(born), 900));
         return born; };`,
      { timeoutMs: 1_000 },
    );
    const first = await it.functions.invoke(arn, '{}');
    const hanging = it.functions.invoke(arn, '{"mode":"hang"}');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const beside = it.functions.invoke(arn, '{"mode":"beside"}');
    const timedOut = await hanging;
    expect(timedOut.functionError).toBe('Unhandled');
    expect(parsed(timedOut)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${timedOut.requestId} Error: Task timed out after 1.00 seconds`,
    });
    const next = await it.functions.invoke(arn, '{}');
    expect(next.payload).not.toBe(first.payload);
    expect((await beside).payload).toBe(first.payload);
  });

  test('a handler that blocks its thread is killed as well', async () => {
    const arn = it.add('blocks', `export const handler = async ({ spin }) => { while (spin) {} return 'well'; };`, {
      timeoutMs: 500,
    });
    expect(parsed(await it.functions.invoke(arn, '{"spin":true}'))).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect((await it.functions.invoke(arn, '{}')).payload).toBe('"well"');
  });

  test('process.exit is a crash, and the next invocation gets a new environment', async () => {
    const arn = it.add('exits', `export const handler = async ({ die }) => { if (die) process.exit(7); return 1; };`);
    const crashed = await it.functions.invoke(arn, '{"die":true}');
    expect(parsed(crashed)).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${crashed.requestId} Error: Runtime exited with error: exit status 7`,
    });
    expect((await it.functions.invoke(arn, '{}')).payload).toBe('1');
  });

  test('a rejection that nobody handles ends the environment with its reason', async () => {
    const arn = it.add(
      'rejects',
      `export const handler = () => { Promise.reject(new Error('adrift')); return new Promise(() => {}); };`,
    );
    expect(parsed(await it.functions.invoke(arn, '{}'))).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'adrift',
    });
  });

  test.each([
    ['throws while it loads', `throw new TypeError('no config'); export const handler = 1;`, 'TypeError', 'no config'],
    [
      'has no handler',
      'export const other = 1;',
      'Runtime.HandlerNotFound',
      'index.handler is undefined or not exported',
    ],
  ])('code that %s fails every invocation with that error', async (what, source, errorType, errorMessage) => {
    const arn = it.add(`init ${what}`, source);
    for (const _ of [1, 2]) {
      expect(parsed(await it.functions.invoke(arn, '{}'))).toMatchObject({ errorType, errorMessage });
    }
  });

  test('a bundle that imports what is not in it fails as on AWS, though the package is installed here', async () => {
    const arn = it.add(
      'imports',
      `import * as jose from 'jose'; export const handler = async () => Object.keys(jose).length;`,
    );
    expect(parsed(await it.functions.invoke(arn, '{}'))).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
  });

  test('a handler with a callback is refused from Node.js 24 on', async () => {
    const source = 'export const handler = (event, context, callback) => callback(null, 1);';
    expect(parsed(await it.functions.invoke(it.add('callback', source), '{}'))).toMatchObject({
      errorType: 'Runtime.CallbackHandlerDeprecated',
    });
  });
});

describe('limits', () => {
  test('an answer over 6 MB is an error, one of exactly the limit passes', async () => {
    const arn = it.add('large', `export const handler = async ({ n }) => 'x'.repeat(n);`);
    expect((await it.functions.invoke(arn, '{"n":6291554}')).functionError).toBeUndefined();
    expect(parsed(await it.functions.invoke(arn, '{"n":6291555}'))).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
  });

  test('an event over the limit is refused before any code runs', async () => {
    const arn = it.add('taker', 'export const handler = async () => 1;');
    const event = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
    await expect(it.functions.invoke(arn, event(6_291_557))).rejects.toMatchObject({
      code: 'RequestTooLargeException',
    });
    await expect(it.functions.invoke(arn, event(1_048_577), { async: true })).rejects.toMatchObject({
      statusCode: 413,
    });
    expect((await it.functions.invoke(arn, event(1_048_577))).payload).toBe('1');
  });

  test('reserved concurrency throttles', async () => {
    const arn = it.add(
      'reserved',
      'export const handler = async ({ ms }) => new Promise((resolve) => setTimeout(() => resolve(1), ms));',
      { reservedConcurrency: 1 },
    );
    const running = it.functions.invoke(arn, '{"ms":500}');
    await expect(it.functions.invoke(arn, '{"ms":0}')).rejects.toMatchObject({ code: 'TooManyRequestsException' });
    expect((await running).payload).toBe('1');
    expect((await it.functions.invoke(arn, '{"ms":0}')).payload).toBe('1');
  });
});

describe('permission', () => {
  test('a service may invoke only what the template permits, for the source that it names', async () => {
    const arn = it.add('guarded', 'export const handler = async () => 1;');
    const by = { principal: 'events.amazonaws.com', sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/orders' };
    await expect(it.functions.invoke(arn, '{}', { by })).rejects.toMatchObject({ code: 'AccessDeniedException' });
    it.functions.permit('guarded', {
      principal: 'events.amazonaws.com',
      action: 'lambda:InvokeFunction',
      sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/*',
    });
    expect((await it.functions.invoke(arn, '{}', { by })).payload).toBe('1');
    const other = { ...by, sourceArn: 'arn:aws:events:us-east-1:000000000000:event-bus/orders' };
    await expect(it.functions.invoke(arn, '{}', { by: other })).rejects.toMatchObject({ statusCode: 403 });
  });
});

test('console and standard output become lines of the log', async () => {
  const arn = it.add(
    'talks',
    `export const handler = async () => { console.warn('careful %d', 3); process.stdout.write('{"raw":true}\\n'); };`,
  );
  const before = it.output.length;
  const { requestId } = await it.functions.invoke(arn, '{}');
  const lines = it.output.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines[0]).toMatchObject({ level: 'WARN', message: 'careful 3', requestId });
  expect(lines[1]).toEqual({ raw: true });
});
