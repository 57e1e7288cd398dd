// Resource policies of the local database's tables.
import { expect, test } from '@jest/globals';
import { dynamoDbActions } from '../../../../local/dynamodb/actions.ts';
import { policyOperation } from '../../../../local/dynamodb/policies.ts';

const PREFIX = 'arn:aws:dynamodb:us-east-1:000000000000:';
const ResourceArn = `${PREFIX}table/Items`;
const POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'dynamodb:DeleteTable', Resource: '*' }],
};

test('a table’s policy is put, read and deleted', () => {
  const policies = new Map<string, unknown>();
  const ask = (operation: string, more: object = {}) => policyOperation(operation, { ResourceArn, ...more }, policies);
  expect(ask('GetResourcePolicy')).toMatchObject({
    status: 400,
    body: { __type: expect.stringMatching(/#PolicyNotFoundException$/) },
  });
  expect(ask('PutResourcePolicy', { Policy: JSON.stringify(POLICY) })?.status).toBe(200);
  expect(policies.get(ResourceArn)).toEqual(POLICY);
  expect(JSON.parse(String(ask('GetResourcePolicy')?.body.Policy))).toEqual(POLICY);
  expect(ask('DeleteResourcePolicy')?.status).toBe(200);
  expect(policies.size).toBe(0);
  expect(ask('DescribeTable')).toBeUndefined();
});

test.each([
  ['no JSON', '{'],
  ['no policy', '{"Statement":[{"Effect":"Perhaps"}]}'],
  ['over 20 KB', JSON.stringify({ ...POLICY, Id: 'x'.repeat(20 * 1024) })],
  ['none', undefined],
])('a policy that is %s is refused, and the one that is there stays', (_, Policy) => {
  const policies = new Map<string, unknown>([[ResourceArn, POLICY]]);
  expect(policyOperation('PutResourcePolicy', { ResourceArn, Policy }, policies)).toMatchObject({
    status: 400,
    body: { __type: expect.stringMatching(/#ValidationException$/) },
  });
  expect(policies.get(ResourceArn)).toBe(POLICY);
});

test('a policy is asked for on the table that it is of, and a restore on both tables', () => {
  for (const operation of ['PutResourcePolicy', 'DeleteResourcePolicy', 'GetResourcePolicy'])
    expect(dynamoDbActions(operation, { ResourceArn }, PREFIX)).toEqual([
      { action: `dynamodb:${operation}`, resource: ResourceArn },
    ]);
  const restore = { SourceTableName: 'Items', TargetTableName: 'Copy' };
  expect(dynamoDbActions('RestoreTableToPointInTime', restore, PREFIX).map(({ resource }) => resource)).toEqual([
    ...[ResourceArn, `${PREFIX}table/Copy`],
  ]);
});
