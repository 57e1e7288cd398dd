/**
 * Which IAM actions on which resources a DynamoDB request asks for. Batches and transactions ask for several: a transaction
 * needs the permission of each write it holds, so a policy that denies DeleteItem also denies it inside a transaction.
 */
import type { RequiredAction } from '../aws/service.ts';

/** The request is not one whose permissions can be told; the message is for the caller. */
export class UnreadableRequest extends Error {
  override readonly name = 'UnreadableRequest';
}

type Input = Readonly<Record<string, unknown>>;

const TRANSACT_WRITES: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** `prefix` is `arn:aws:dynamodb:REGION:ACCOUNT:`. */
export function dynamoDbActions(operation: string, input: Input, prefix: string): RequiredAction[] {
  const table = (name: unknown) => tableArn(prefix, name);
  switch (operation) {
    case 'TransactWriteItems':
      return list(input.TransactItems).map((item) => {
        const [[kind, part] = ['', undefined]] = Object.entries(item);
        const action = TRANSACT_WRITES[kind];
        if (!action) throw new UnreadableRequest(`A transaction can't hold ${kind || 'an empty item'}.`);
        return { action: `dynamodb:${action}`, resource: table((part as Input | undefined)?.TableName) };
      });
    case 'TransactGetItems':
      return list(input.TransactItems).map((item) => ({
        action: 'dynamodb:GetItem',
        resource: table((item.Get as Input | undefined)?.TableName),
      }));
    case 'BatchWriteItem':
    case 'BatchGetItem':
      return Object.keys((input.RequestItems as Input | undefined) ?? {}).map((name) => ({
        action: `dynamodb:${operation}`,
        resource: table(name),
      }));
    case 'ExecuteStatement':
      return [statementAction(input.Statement, prefix)];
    case 'BatchExecuteStatement':
      return list(input.Statements).map((part) => statementAction(part.Statement, prefix));
    case 'ExecuteTransaction':
      return list(input.TransactStatements).map((part) => statementAction(part.Statement, prefix));
    case 'ListTables':
    case 'ListStreams':
    case 'DescribeLimits':
    case 'DescribeEndpoints':
      return [{ action: `dynamodb:${operation}`, resource: '*' }];
    case 'RestoreTableToPointInTime':
      return [
        { action: `dynamodb:${operation}`, resource: table(input.SourceTableArn ?? input.SourceTableName) },
        { action: `dynamodb:${operation}`, resource: table(input.TargetTableName) },
      ];
    case 'DescribeStream':
    case 'GetShardIterator':
      return [{ action: `dynamodb:${operation}`, resource: String(input.StreamArn ?? '*') }];
    case 'GetRecords':
      return [{ action: 'dynamodb:GetRecords', resource: String(input.ShardIterator ?? '*').split('|')[0] as string }];
    case 'PutResourcePolicy':
    case 'DeleteResourcePolicy':
    case 'GetResourcePolicy':
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsOfResource':
      return [{ action: `dynamodb:${operation}`, resource: String(input.ResourceArn ?? '*') }];
    default: {
      const index = typeof input.IndexName === 'string' ? `/index/${input.IndexName}` : '';
      return [{ action: `dynamodb:${operation}`, resource: table(input.TableName) + index }];
    }
  }
}

/** PartiQL has actions of its own (PartiQLSelect, …), named by the statement's verb. */
function statementAction(statement: unknown, prefix: string): RequiredAction {
  const text = String(statement ?? '');
  const verb = /^\s*(?:EXISTS\s*\(\s*)?(SELECT|INSERT|UPDATE|DELETE)\b/i.exec(text)?.[1]?.toUpperCase();
  const clause = { SELECT: 'FROM', INSERT: 'INTO', UPDATE: 'UPDATE', DELETE: 'FROM' }[verb ?? ''];
  const name = clause && new RegExp(`\\b${clause}\\s+("([^"]+)"|[\\w.-]+)(?:\\."([^"]+)")?`, 'i').exec(text);
  if (!verb || !name)
    throw new UnreadableRequest('The PartiQL statement names no table that its permissions could be asked for.');
  const action = `dynamodb:PartiQL${verb[0]}${verb.slice(1).toLowerCase()}`;
  const index = name[3] ? `/index/${name[3]}` : '';
  return { action, resource: tableArn(prefix, name[2] ?? name[1]) + index };
}

function tableArn(prefix: string, name: unknown): string {
  const text = String(name ?? '*');
  return text.startsWith('arn:') ? text : `${prefix}table/${text}`;
}

function list(value: unknown): Input[] {
  return Array.isArray(value) ? (value as Input[]) : [];
}
