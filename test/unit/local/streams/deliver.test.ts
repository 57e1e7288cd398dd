// Batches of stream records.
import { describe, expect, test } from '@jest/globals';
import { type Delivering, type Discard, deliver, failedItems } from '../../../../local/streams/deliver.ts';
import type { StreamRecord } from '../../../../local/streams/record.ts';
import { InvokeRefused, type InvokeResult } from '../../../../local/template/provisioner.ts';

const record = (n: number, at = 0): StreamRecord => ({
  sequenceNumber: String(n),
  partition: 'p',
  event: n,
  bytes: 1,
  at,
});
const batch = (count: number) => Array.from({ length: count }, (_, n) => record(n));

const ok = (value: unknown = null): InvokeResult => ({
  statusCode: 200,
  payload: JSON.stringify(value),
  requestId: 'r',
});
const failure: InvokeResult = { ...ok(), functionError: 'Unhandled' };
const report = (...items: unknown[]) => ok({ batchItemFailures: items.map((itemIdentifier) => ({ itemIdentifier })) });

/** Time passes only when somebody sleeps; a record that is finished twice, or out of order, fails the test. */
class Shard implements Delivering {
  readonly settings: Delivering['settings'];
  readonly signal: AbortSignal;
  readonly invoked: number[][] = [];
  readonly slept: number[] = [];
  readonly discarded: Discard[] = [];
  readonly done: number[] = [];
  readonly reasons: string[] = [];
  readonly #answer: (records: number[], call: number) => InvokeResult;
  #now = 0;
  readonly clock = {
    now: () => this.#now,
    sleep: async (ms: number) => {
      this.slept.push(ms);
      this.#now += ms;
    },
  };

  constructor(
    answer: (records: number[], call: number) => InvokeResult,
    settings: Partial<Delivering['settings']> = {},
    signal = new AbortController().signal,
  ) {
    this.#answer = answer;
    this.signal = signal;
    const forever = Number.POSITIVE_INFINITY;
    this.settings = {
      bisect: false,
      maximumRetries: forever,
      maximumAgeMs: forever,
      reportsItemFailures: true,
      ...settings,
    };
  }

  async invoke(payload: string): Promise<InvokeResult> {
    const { Records } = JSON.parse(payload) as { Records: number[] };
    this.invoked.push(Records);
    return this.#answer(Records, this.invoked.length);
  }

  async finished(records: readonly StreamRecord[]): Promise<void> {
    for (const { sequenceNumber } of records) {
      if (Number(sequenceNumber) !== this.done.length) throw new Error(`${sequenceNumber} finished after ${this.done}`);
      this.done.push(Number(sequenceNumber));
    }
  }

  async discard(discard: Discard): Promise<void> {
    this.discarded.push(discard);
  }

  failed(reason: string): void {
    this.reasons.push(reason);
  }
}

const gone = ({ discarded }: Shard) =>
  discarded.map(({ records, condition, invocations }) => [records.map(({ event }) => event), condition, invocations]);

describe('a batch of stream records', () => {
  test('is retried whole, with growing pauses, until it is taken', async () => {
    const shard = new Shard((_records, call) => (call < 4 ? failure : ok()));
    await deliver(batch(2), shard);
    expect(shard.invoked).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    expect(shard.slept).toEqual([500, 1000, 2000]);
    expect(shard.reasons).toHaveLength(3);
    expect(shard.done).toEqual([0, 1]);
  });

  test('is discarded after its retries, all of it', async () => {
    const shard = new Shard(() => failure, { maximumRetries: 2 });
    await deliver(batch(2), shard);
    expect(shard.invoked).toHaveLength(3);
    expect(gone(shard)).toEqual([[[0, 1], 'RetryAttemptsExhausted', 3]]);
    expect(shard.done).toEqual([0, 1]);
  });

  test('is bisected without spending retries, in order, to the bad record', async () => {
    const shard = new Shard((records) => (records.includes(5) ? failure : ok()), { bisect: true, maximumRetries: 0 });
    await deliver(batch(8), shard);
    expect(gone(shard)).toEqual([[[5], 'RetryAttemptsExhausted', 1]]);
    expect(shard.invoked).toEqual([[0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5], [6, 7]]);
    expect(shard.done).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('goes on at the lowest record that the function reported', async () => {
    const shard = new Shard((_records, call) => (call === 1 ? report('3', '1', '2') : ok({ batchItemFailures: [] })));
    await deliver(batch(5), shard);
    expect(shard.invoked).toEqual([
      [0, 1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
  });

  test('counts retries anew once it begins with another record', async () => {
    const shard = new Shard(() => report('1'), { maximumRetries: 1 });
    await deliver(batch(3), shard);
    expect(shard.invoked).toEqual([
      [0, 1, 2],
      [1, 2],
    ]);
    expect(gone(shard)).toEqual([[[1, 2], 'RetryAttemptsExhausted', 2]]);
  });

  test('fails whole when the report names a record that is not in it', async () => {
    const shard = new Shard((_records, call) => (call === 1 ? report('2', 'absent') : ok()));
    await deliver(batch(3), shard);
    expect(shard.invoked).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  test('does not read a report that was not asked for', async () => {
    const shard = new Shard(() => report('0'), { reportsItemFailures: false });
    await deliver(batch(2), shard);
    expect(shard.done).toEqual([0, 1]);
  });

  test('is tried again for ever while the function is throttled, without spending retries', async () => {
    const shard = new Shard(
      (_records, call) => {
        if (call < 20) throw new InvokeRefused('TooManyRequestsException', 429, 'busy');
        return ok();
      },
      { maximumRetries: 0 },
    );
    await deliver(batch(1), shard);
    expect(shard.invoked).toHaveLength(20);
    expect(Math.max(...shard.slept)).toBe(60_000);
    expect(gone(shard)).toEqual([]);
  });

  test('loses its records one by one to their age, never the young ones', async () => {
    const shard = new Shard((records) => (records.includes(0) ? failure : ok()), { maximumAgeMs: 1_200 });
    await deliver([record(0, 0), record(1, 1_000)], shard);
    expect(gone(shard)).toEqual([[[0], 'RecordAgeExceeded', 2]]);
    expect(shard.invoked.at(-1)).toEqual([1]);
  });

  test('is left where it is when the runtime stops', async () => {
    const abort = new AbortController();
    const shard = new Shard(
      () => {
        abort.abort();
        return failure;
      },
      { maximumRetries: 5 },
      abort.signal,
    );
    await deliver(batch(2), shard);
    expect(shard.invoked).toHaveLength(1);
    expect(shard.done).toEqual([]);
  });
});

describe('a batch response', () => {
  test.each<[string, string[] | 'malformed']>([
    ['', []],
    ['null', []],
    ['{}', []],
    ['{"batchItemFailures":null}', []],
    ['{"batchItemFailures":[]}', []],
    ['{"batchItemFailures":[{"itemIdentifier":"1"}]}', ['1']],
    ['{"batchItemFailures":[{"itemIdentifier":""}]}', 'malformed'],
    ['{"batchItemFailures":[{"itemIdentifier":null}]}', 'malformed'],
    ['{"batchItemFailures":[{"itemidentifier":"1"}]}', 'malformed'],
    ['{"batchItemFailures":[null]}', 'malformed'],
    ['{"batchItemFailures":"1"}', 'malformed'],
    ['{"failures":[]}', 'malformed'],
    ['"fine"', 'malformed'],
    ['[]', 'malformed'],
  ])('%s is %j', (payload, expected) => {
    expect(failedItems(payload)).toEqual(expected);
  });
});
