// What failed calls of DynamoDB mean.
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { refusal } from '../../../adapters/dynamodb/cancellation.ts';
import { storeFailure } from '../../../adapters/dynamodb/failure.ts';
import { blockToItem, requestToItem } from '../../../adapters/dynamodb/item.ts';
import type { Block } from '../../../core/block/block.ts';
import { type Commit, type RequestRecord, StoreUnavailable } from '../../../services/append/port.ts';

const bytes = (fill: number) => new Uint8Array(32).fill(fill);
const block: Block = {
  chain: 'acme#0',
  position: 0,
  count: 1,
  v: 1,
  payload: bytes(1),
  previousLink: bytes(2),
  link: bytes(3),
  recordedAt: 1,
  requests: [],
};
const record: RequestRecord = { request: 'acme#k', digest: bytes(4), runs: [], recordedAt: 1 };
const commit: Commit = { token: 't', blocks: [block], requests: [record] };

const canceled = (reasons: TransactionCanceledException['CancellationReasons'], attempts = 1) =>
  new TransactionCanceledException({
    message: 'canceled',
    $metadata: { httpStatusCode: 400, attempts },
    ...(reasons ? { CancellationReasons: reasons } : {}),
  });
const thrownBy = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('a cancelled transaction', () => {
  test('tells the items in the way, each as what it is', () => {
    const Items = [blockToItem(block, 9), requestToItem(record, 9)];
    const error = canceled(Items.map((Item) => ({ Code: 'ConditionalCheckFailed', Item })));
    expect(refusal(commit, error)).toEqual({ kind: 'refused', blocks: [block], requests: [record] });
  });

  test('a condition decides over a conflict beside it', () => {
    const error = canceled([
      { Code: 'TransactionConflict' },
      { Code: 'ConditionalCheckFailed', Item: requestToItem(record, 9) },
    ]);
    expect(refusal(commit, error)).toEqual({ kind: 'refused', blocks: [], requests: [record] });
  });

  const passing: [string, string[], string][] = [
    ['a conflict', ['TransactionConflict', 'None'], 'conflict'],
    ['throttling', ['None', 'ThrottlingError'], 'throttled'],
    ['exceeded throughput', ['ProvisionedThroughputExceeded', 'None'], 'throttled'],
    ['throttling beside a conflict', ['TransactionConflict', 'ThrottlingError'], 'throttled'],
    ['no reasons', [], 'conflict'],
    ['a condition whose item is not told', ['ConditionalCheckFailed', 'None'], 'conflict'],
  ];
  test.each(passing)('%s passes', (_name, codes, code) => {
    const once = thrownBy(() => refusal(commit, canceled(codes.map((Code) => ({ Code })))));
    expect(once).toBeInstanceOf(StoreUnavailable);
    expect(once).toMatchObject({ code, ambiguous: false });
    // An earlier attempt of the SDK may have been the one that wrote.
    const again = thrownBy(() =>
      refusal(
        commit,
        canceled(
          codes.map((Code) => ({ Code })),
          2,
        ),
      ),
    );
    expect(again).toMatchObject({ code, ambiguous: true });
  });

  test.each(['ValidationError', 'ItemCollectionSizeLimitExceeded', 'AccessDenied'])('%s does not pass', (Code) => {
    const error = canceled([{ Code: 'ThrottlingError' }, { Code }]);
    expect(thrownBy(() => refusal(commit, error))).toBe(error);
  });

  test('a lost put tells the winner', () => {
    const error = new ConditionalCheckFailedException({ message: '', $metadata: {}, Item: blockToItem(block, 9) });
    expect(refusal(commit, error)).toEqual({ kind: 'refused', blocks: [block], requests: [] });
  });
});

describe('a failed call', () => {
  const failures: [string, object, string, boolean][] = [
    [
      'throttled once',
      { name: 'ThrottlingException', $metadata: { httpStatusCode: 400, attempts: 1 } },
      'throttled',
      false,
    ],
    [
      'throttled at last',
      { name: 'ThrottlingException', $metadata: { httpStatusCode: 400, attempts: 3 } },
      'throttled',
      true,
    ],
    [
      'account limit',
      { name: 'RequestLimitExceeded', $metadata: { httpStatusCode: 400, attempts: 1 } },
      'throttled',
      false,
    ],
    [
      'conflict',
      { name: 'TransactionConflictException', $metadata: { httpStatusCode: 400, attempts: 1 } },
      'conflict',
      false,
    ],
    [
      'in progress',
      { name: 'TransactionInProgressException', $metadata: { httpStatusCode: 400, attempts: 1 } },
      'conflict',
      true,
    ],
    ['server error', { name: 'InternalServerError', $metadata: { httpStatusCode: 500, attempts: 1 } }, 'outage', true],
    ['bad gateway', { name: 'Unknown', $metadata: { httpStatusCode: 502, attempts: 1 } }, 'outage', true],
    ['timeout', { name: 'TimeoutError', $metadata: { attempts: 1 } }, 'outage', true],
    ['reset', { code: 'ECONNRESET', $metadata: { attempts: 1 } }, 'outage', true],
    ['refused', { code: 'ECONNREFUSED', $metadata: { attempts: 1 } }, 'outage', false],
    ['refused at last', { code: 'ECONNREFUSED', $metadata: { attempts: 2 } }, 'outage', true],
    ['garbled answer', { name: 'SyntaxError', $response: {}, $metadata: { attempts: 1 } }, 'outage', true],
  ];
  test.each(failures)('%s', (_name, fields, code, ambiguous) => {
    const error = Object.assign(new Error('injected'), fields);
    const failure = storeFailure(error);
    expect(failure).toBeInstanceOf(StoreUnavailable);
    expect(failure).toMatchObject({ code, ambiguous, cause: error });
  });

  test.each([
    'AccessDeniedException',
    'ResourceNotFoundException',
    'ValidationException',
    'IdempotentParameterMismatchException',
  ])('%s stays what it is', (name) => {
    const error = Object.assign(new Error('injected'), { name, $metadata: { httpStatusCode: 400, attempts: 1 } });
    expect(storeFailure(error)).toBe(error);
  });

  test('a defect stays what it is', () => {
    const error = new TypeError('undefined is not a function');
    expect(storeFailure(error)).toBe(error);
  });
});
