// Which permissions a request to DynamoDB needs.
import { describe, expect, test } from '@jest/globals';
import { dynamoDbActions, UnreadableRequest } from '../../../../local/dynamodb/actions.ts';

const PREFIX = 'arn:aws:dynamodb:us-east-1:000000000000:';
const asked = (operation: string, input: { [name: string]: unknown }) =>
  dynamoDbActions(operation, input, PREFIX).map(({ action, resource }) => [action, resource.replace(PREFIX, '')]);

describe('the permissions that a request needs', () => {
  test.each<[string, { [name: string]: unknown }, string[][]]>([
    ['PutItem', { TableName: 'T' }, [['dynamodb:PutItem', 'table/T']]],
    ['GetItem', { TableName: `${PREFIX}table/T` }, [['dynamodb:GetItem', 'table/T']]],
    ['Query', { TableName: 'T', IndexName: 'I' }, [['dynamodb:Query', 'table/T/index/I']]],
    ['ListTables', {}, [['dynamodb:ListTables', '*']]],
    ['DescribeStream', { StreamArn: `${PREFIX}table/T/stream/L` }, [['dynamodb:DescribeStream', 'table/T/stream/L']]],
    ['GetRecords', { ShardIterator: `${PREFIX}table/T/stream/L|1|abc` }, [['dynamodb:GetRecords', 'table/T/stream/L']]],
    [
      'BatchWriteItem',
      { RequestItems: { A: [], B: [] } },
      [
        ['dynamodb:BatchWriteItem', 'table/A'],
        ['dynamodb:BatchWriteItem', 'table/B'],
      ],
    ],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'A' } },
          { Update: { TableName: 'B' } },
          { Delete: { TableName: 'A' } },
          { ConditionCheck: { TableName: 'C' } },
        ],
      },
      [
        ['dynamodb:PutItem', 'table/A'],
        ['dynamodb:UpdateItem', 'table/B'],
        ['dynamodb:DeleteItem', 'table/A'],
        ['dynamodb:ConditionCheckItem', 'table/C'],
      ],
    ],
    ['TransactGetItems', { TransactItems: [{ Get: { TableName: 'A' } }] }, [['dynamodb:GetItem', 'table/A']]],
    [
      'ExecuteStatement',
      { Statement: ' select * from "A"."I" where x=1' },
      [['dynamodb:PartiQLSelect', 'table/A/index/I']],
    ],
    [
      'ExecuteStatement',
      { Statement: "INSERT INTO \"A\" VALUE {'k':'delete from B'}" },
      [['dynamodb:PartiQLInsert', 'table/A']],
    ],
    [
      'BatchExecuteStatement',
      { Statements: [{ Statement: 'UPDATE A SET x=1 WHERE k=1' }] },
      [['dynamodb:PartiQLUpdate', 'table/A']],
    ],
    [
      'ExecuteTransaction',
      { TransactStatements: [{ Statement: 'DELETE FROM A WHERE k=1' }] },
      [['dynamodb:PartiQLDelete', 'table/A']],
    ],
  ])('%s %j', (operation, input, expected) => {
    expect(asked(operation, input)).toEqual(expected);
  });

  test.each<[string, { [name: string]: unknown }]>([
    ['TransactWriteItems', { TransactItems: [{}] }],
    ['TransactWriteItems', { TransactItems: [{ Truncate: { TableName: 'A' } }] }],
    ['ExecuteStatement', { Statement: 'DROP TABLE A' }],
    ['ExecuteStatement', {}],
  ])('%s %j is refused rather than let through without a question', (operation, input) => {
    expect(() => asked(operation, input)).toThrow(UnreadableRequest);
  });
});
