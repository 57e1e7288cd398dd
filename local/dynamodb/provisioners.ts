/** AWS::DynamoDB::Table on DynamoDB Local, which starts with the first table and stops with the runtime. */
import { join } from 'node:path';
import { askKeyOf } from '../kms/ask.ts';
import { SPACE } from '../space.ts';
import { flag, object, optionalString } from '../template/properties.ts';
import { type Provisioner, type RuntimeContext, serviceKey } from '../template/provisioner.ts';
import type { DynamoDbClient } from './client.ts';
import { Database } from './database.ts';
import { arnBorder } from './region.ts';
import { dynamoDbService } from './service.ts';
import { ensureTable } from './table.ts';

/** The emulator, for the parts that read streams. */
export interface LocalDynamoDb {
  readonly client: DynamoDbClient;
  /** Calls back after every write through the endpoint; answers how to stop that. */
  onWrite(listener: () => void): () => void;
  /** Resource policies by table ARN; the endpoint evaluates them. */
  readonly policies: Map<string, unknown>;
  /** Customer managed keys by table ARN; the endpoint asks for them in the caller's name. */
  readonly keys: Map<string, string>;
}

const DYNAMODB = serviceKey<Promise<LocalDynamoDb>>('DynamoDB');

const TABLE_NAME_LENGTH = 255;

const table: Provisioner = {
  kind: 'AWS::DynamoDB::Table',
  provision: async (_logicalId, properties, context) => {
    const { client, policies, keys } = await localDynamoDb(context);
    const name = optionalString(properties, 'TableName') ?? context.physicalName({ maxLength: TABLE_NAME_LENGTH });
    const { arn, streamArn } = arnBorder(context.region, context.account).outward(
      await ensureTable(client, name, properties),
    );
    const encryption = object(properties, 'SSESpecification');
    const key = flag(encryption, 'SSEEnabled') ? optionalString(encryption, 'KMSMasterKeyId') : undefined;
    if (key !== undefined) keys.set(arn, key);
    const policy = object(properties, 'ResourcePolicy').PolicyDocument;
    if (policy !== undefined) policies.set(arn, policy);
    return { ref: name, attributes: { Arn: arn, ...(streamArn === undefined ? {} : { StreamArn: streamArn }) } };
  },
};

export const dynamoDbProvisioners: readonly Provisioner[] = [table];

/** The one emulator of a runtime, started when first asked for. */
export function localDynamoDb(context: RuntimeContext): Promise<LocalDynamoDb> {
  if (!context.has(DYNAMODB)) context.provide(DYNAMODB, start(context));
  return context.service(DYNAMODB);
}

async function start(context: RuntimeContext): Promise<LocalDynamoDb> {
  const database = await Database.open({
    dir: join(context.dataDir, 'dynamodb'),
    clock: context.clock,
    space: context.service(SPACE),
    warn: (message, fields) => context.warn('dynamodb', message, fields),
  });
  const policies = new Map<string, unknown>();
  const keys = new Map<string, string>();
  const listeners = new Set<() => void>();
  context.onStop('services', () => database.stop());
  context.serve(
    dynamoDbService({
      send: (operation, headers, body) => database.send(operation, headers, body),
      region: context.region,
      account: context.account,
      policies,
      askKey: (tableArn, accessKeyId) => askTableKey(tableArn, keys.get(tableArn), accessKeyId, context),
      wrote: () => {
        for (const listener of listeners) listener();
      },
    }),
  );
  return {
    client: database.client,
    policies,
    keys,
    onWrite: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** DynamoDB unwraps the table's own key with the permissions of whoever calls, for reads as for writes. */
function askTableKey(tableArn: string, key: string | undefined, accessKeyId: string, context: RuntimeContext): void {
  if (key === undefined) return;
  askKeyOf(context, {
    ...{ caller: { accessKeyId }, key, actions: ['kms:Decrypt'], service: 'dynamodb' },
    context: {
      'aws:dynamodb:tableName': tableArn.slice(tableArn.indexOf('/') + 1),
      'aws:dynamodb:subscriberId': context.account,
    },
  });
}
