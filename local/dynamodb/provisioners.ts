/** AWS::DynamoDB::Table on DynamoDB Local, which starts with the first table and stops with the runtime. */
import { join } from 'node:path';
import { object, optionalString } from '../template/properties.ts';
import { type Provisioner, type RuntimeContext, serviceKey } from '../template/provisioner.ts';
import { type DynamoDbClient, dynamoDbClient } from './client.ts';
import { arnBorder } from './region.ts';
import { dynamoDbService } from './service.ts';
import { startDynamoDb } from './start.ts';
import { ensureTable } from './table.ts';

/** The emulator, for the parts that read streams. */
export interface LocalDynamoDb {
  readonly client: DynamoDbClient;
  /** Calls back after every write through the endpoint; answers how to stop that. */
  onWrite(listener: () => void): () => void;
  /** Resource policies by table ARN; the endpoint evaluates them. */
  readonly policies: Map<string, unknown>;
}

const DYNAMODB = serviceKey<Promise<LocalDynamoDb>>('DynamoDB');

const TABLE_NAME_LENGTH = 255;

const table: Provisioner = {
  kind: 'AWS::DynamoDB::Table',
  provision: async (_logicalId, properties, context) => {
    const { client, policies } = await localDynamoDb(context);
    const name = optionalString(properties, 'TableName') ?? context.physicalName({ maxLength: TABLE_NAME_LENGTH });
    const { arn, streamArn } = arnBorder(context.region, context.account).outward(
      await ensureTable(client, name, properties),
    );
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
  const process = await startDynamoDb({ dir: join(context.dataDir, 'dynamodb') });
  const client = dynamoDbClient(process.endpoint);
  const policies = new Map<string, unknown>();
  const listeners = new Set<() => void>();
  let stopping = false;
  void process.ended.then((said) => {
    if (!stopping) context.warn('dynamodb', 'DynamoDB Local ended; every request to it fails from now on.', { said });
  });
  context.onStop('services', async () => {
    stopping = true;
    client.close();
    await process.stop();
  });
  context.serve(
    dynamoDbService({
      client,
      region: context.region,
      account: context.account,
      policies,
      wrote: () => {
        for (const listener of listeners) listener();
      },
    }),
  );
  return {
    client,
    policies,
    onWrite: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
