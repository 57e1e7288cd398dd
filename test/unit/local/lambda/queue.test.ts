// Asynchronous invocations in the local Lambda.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../../local/clock.ts';
import type { Clock, Delivery } from '../../../../local/template/provisioner.ts';
import { type Bench, bench } from './support.ts';

/** Sleeps end at once and move the time on, so that minutes of retries take none, and are remembered. */
class LeapingClock implements Clock {
  readonly slept: number[] = [];
  #now = 1_700_000_000_000;

  now(): number {
    return this.#now;
  }

  async sleep(ms: number): Promise<void> {
    if (ms <= 0) return;
    this.slept.push(ms);
    this.#now += ms;
  }
}

const DESTINATION = 'arn:aws:sqs:us-east-1:000000000000:failed';
let it: Bench;
let clock: LeapingClock;
let delivered: Delivery[];
let arrived: () => void;
let arrival: Promise<void>;

beforeEach(async () => {
  clock = new LeapingClock();
  it = await bench({ clock });
  delivered = [];
  ({ promise: arrival, resolve: arrived } = Promise.withResolvers<void>());
  it.runtime.context.target('sqs', async (message) => {
    delivered.push(message);
    arrived();
  });
});
afterEach(() => it.close());

const failing = `export const handler = async (event) => { throw new Error('no ' + event.n); };`;

describe('an asynchronous invocation', () => {
  test('is accepted with 202, runs, and leaves nothing behind', async () => {
    const arn = it.add('ok', `export const handler = async (event) => console.log('ran ' + event.n);`);
    const result = await it.functions.invoke(arn, '{"n":1}', { async: true });
    expect(result).toMatchObject({ statusCode: 202, payload: '' });
    await until(() => it.output.some((line) => line.includes('ran 1')));
  });

  test('that keeps failing is tried three times, a minute and two apart, and its record goes to the destination', async () => {
    const arn = it.add('bad', failing);
    it.functions.configure('bad', { onFailure: DESTINATION });
    const { requestId } = await it.functions.invoke(arn, '{"n":7}', { async: true });
    await arrival;
    expect(clock.slept).toEqual([60_000, 120_000]);
    expect(delivered).toHaveLength(1);
    expect(delivered[0]?.targetArn).toBe(DESTINATION);
    expect(JSON.parse(delivered[0]?.body ?? '')).toMatchObject({
      version: '1.0',
      requestContext: {
        requestId,
        functionArn: `${arn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { n: 7 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'Error', errorMessage: 'no 7' },
    });
  });

  test('honours MaximumRetryAttempts', async () => {
    const arn = it.add('once', failing);
    it.functions.configure('once', { onFailure: DESTINATION, retries: 0 });
    await it.functions.invoke(arn, '{"n":1}', { async: true });
    await arrival;
    expect(clock.slept).toEqual([]);
    expect(JSON.parse(delivered[0]?.body ?? '').requestContext.approximateInvokeCount).toBe(1);
  });

  test('that grows too old is given up with EventAgeExceeded', async () => {
    const arn = it.add('old', failing);
    it.functions.configure('old', { onFailure: DESTINATION, eventAgeSeconds: 100 });
    await it.functions.invoke(arn, '{"n":1}', { async: true });
    await arrival;
    expect(JSON.parse(delivered[0]?.body ?? '').requestContext).toMatchObject({
      condition: 'EventAgeExceeded',
      approximateInvokeCount: 2,
    });
  });

  test('waits while its function is throttled, longer each time, and runs in the end', async () => {
    let release = 3;
    const arn = it.add('busy', `export const handler = async () => console.log('ran at last');`, {
      reservedConcurrency: 1,
    });
    const lambda = it.functions.find(arn);
    const invoke = lambda.invoke.bind(lambda);
    lambda.invoke = (requestId, payload) =>
      release-- > 0 ? Promise.resolve().then(() => lambda.throttle(requestId)) : invoke(requestId, payload);
    await it.functions.invoke(arn, '{}', { async: true });
    await until(() => it.output.some((line) => line.includes('ran at last')));
    expect(clock.slept).toEqual([1_000, 2_000, 4_000]);
  });

  test('a destination that does not take the record is asked again, and the handler is not run again', async () => {
    const arn = it.add('bad', failing);
    it.functions.configure('bad', { onFailure: 'arn:aws:sns:us-east-1:000000000000:flaky', retries: 0 });
    let refusals = 2;
    it.runtime.context.target('sns', async (message) => {
      if (refusals-- > 0) throw new Error('not now');
      delivered.push(message);
      arrived();
    });
    await it.functions.invoke(arn, '{"n":1}', { async: true });
    await arrival;
    expect(JSON.parse(delivered[0]?.body ?? '').requestContext.approximateInvokeCount).toBe(1);
    expect(it.shown.filter((line) => line.includes('did not take'))).toHaveLength(2);
  });

  test('without a destination, what is given up is at least said', async () => {
    const arn = it.add('bad', failing);
    it.functions.configure('bad', { retries: 0 });
    await it.functions.invoke(arn, '{"n":1}', { async: true });
    await until(() => it.shown.some((line) => line.includes('no on-failure destination')));
  });
});

describe('a restart', () => {
  test('runs what was accepted and not run, also when the last line was cut off', async () => {
    const folder = join(import.meta.dirname, '../../../../.local/test');
    mkdirSync(folder, { recursive: true });
    const dataDir = mkdtempSync(join(folder, 'queue-'));
    try {
      const first = await bench({ clock: systemClock, dataDir });
      const source = `export const handler = async (event) => { if (event.fail) throw new Error('again'); console.log('ran ' + event.n); };`;
      // Waits a minute after its first failure: what a killed runtime leaves in the journal.
      const arn = first.add('later', source);
      await first.functions.invoke(arn, '{"n":1,"fail":true}', { async: true });
      await until(() => first.functions.find(arn).running === 0 && first.runtime.context.clock.now() > 0);
      await first.close();
      appendFileSync(join(dataDir, 'lambda', 'async.ndjson'), '{"put":"cut-off","value":{"functionAr');

      const second = await bench({ clock: new LeapingClock(), dataDir });
      second.add('later', `export const handler = async (event) => console.log('ran ' + event.n);`);
      second.functions.resume();
      await until(() => second.output.some((line) => line.includes('ran 1')));
      await second.close();

      const third = await bench({ clock: new LeapingClock(), dataDir });
      third.add('later', `export const handler = async (event) => console.log('ran ' + event.n);`);
      third.functions.resume();
      await third.close();
      expect(third.output).toEqual([]);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
