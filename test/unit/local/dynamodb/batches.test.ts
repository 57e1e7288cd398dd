// Batches of writes as transactions of the emulator.
import { describe, expect, test } from '@jest/globals';
import { batchAnswer, transactionOf } from '../../../../local/dynamodb/batches.ts';

const put = { PutRequest: { Item: { id: { S: '1' } } } };

const transaction = (input: unknown) => transactionOf(Buffer.from(JSON.stringify(input)))?.toString();

describe('a batch', () => {
  test('is one transaction over all of its tables', () => {
    const RequestItems = { One: [put], Two: [{ DeleteRequest: { Key: { id: { S: '2' } } } }] };
    expect(JSON.parse(transaction({ RequestItems }) ?? '')).toEqual({
      TransactItems: [
        { Put: { TableName: 'One', Item: { id: { S: '1' } } } },
        { Delete: { TableName: 'Two', Key: { id: { S: '2' } } } },
      ],
    });
  });

  test.each<[string, object]>([
    ['asks what it consumed', { RequestItems: { One: [put] }, ReturnConsumedCapacity: 'TOTAL' }],
    ['asks for collections', { RequestItems: { One: [put] }, ReturnItemCollectionMetrics: 'SIZE' }],
    [
      'has more items than a batch may have, of one table or of several',
      { RequestItems: { One: Array.from({ length: 13 }, () => put), Two: Array.from({ length: 13 }, () => put) } },
    ],
    ['has no items', { RequestItems: {} }],
    ['has an empty list of one table', { RequestItems: { One: [put], Two: [] } }],
    ['has an empty list alone', { RequestItems: { One: [] } }],
    ['has no tables', {}],
    ['has no list', { RequestItems: { One: put } }],
    ['has a request of no kind', { RequestItems: { One: [{}] } }],
    ['has a request of two kinds', { RequestItems: { One: [{ ...put, DeleteRequest: { Key: {} } }] } }],
    ['has a request that is none', { RequestItems: { One: [put, null] } }],
    ['has a put without an item', { RequestItems: { One: [{ PutRequest: {} }] } }],
    [
      'would say more in a transaction',
      { RequestItems: { One: [{ PutRequest: { Item: {}, ConditionExpression: 'a' } }] } },
    ],
    [
      'is larger than a transaction',
      { RequestItems: { One: [{ PutRequest: { Item: { a: { S: 'x'.repeat(4e6) } } } }] } },
    ],
  ])('that %s is left to the emulator', (_, input) => {
    expect(transaction(input)).toBeUndefined();
  });
});

describe('the answer', () => {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-crc32': '1', 'content-length': '2' };
  const body = Buffer.from('{}');

  test('has no item that was not processed, and its own length', () => {
    const answer = batchAnswer({ status: 200, headers, body });
    expect(answer?.body.toString()).toBe('{"UnprocessedItems":{}}');
    expect(answer?.headers).toEqual({ 'content-type': headers['content-type'], 'content-length': '23' });
  });

  test('to a failure is the failure, and a refusal is asked for again', () => {
    expect(batchAnswer({ status: 500, headers, body })).toEqual({ status: 500, headers, body });
    expect(batchAnswer({ status: 400, headers, body })).toBeUndefined();
  });
});
