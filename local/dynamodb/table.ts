/** Brings one table of the emulator in line with its declaration, keeping what it holds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { flag, object, objects, onlyKnown, optionalString, string } from '../template/properties.ts';
import type { Properties } from '../template/provisioner.ts';
import { type DynamoDbClient, DynamoDbError } from './client.ts';

/**
 * What each property of the template means here. Not carried over, because one machine has nothing to do for them: SSE (the file
 * is as protected as the disk), point-in-time recovery (copy the data directory), throughput and contributor insights.
 */
const KNOWN = [
  'AttributeDefinitions',
  'BillingMode',
  'ContributorInsightsSpecification',
  'DeletionProtectionEnabled',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'OnDemandThroughput',
  'PointInTimeRecoverySpecification',
  'ProvisionedThroughput',
  'ResourcePolicy',
  'SSESpecification',
  'StreamSpecification',
  'TableClass',
  'TableName',
  'TimeToLiveSpecification',
  'WarmThroughput',
];

const INDEX_KEYS = ['IndexName', 'KeySchema', 'Projection', 'ProvisionedThroughput'] as const;
const POLL_MS = 50;

interface Index {
  readonly IndexName: string;
}

interface TableDescription {
  readonly TableStatus: string;
  readonly KeySchema: unknown;
  readonly DeletionProtectionEnabled?: boolean;
  readonly GlobalSecondaryIndexes?: readonly Index[];
  readonly StreamSpecification?: { readonly StreamEnabled: boolean; readonly StreamViewType: string };
  readonly LatestStreamArn?: string;
  readonly TableArn: string;
}

export interface TableResult {
  readonly arn: string;
  readonly streamArn?: string;
}

export async function ensureTable(client: DynamoDbClient, name: string, properties: Properties): Promise<TableResult> {
  onlyKnown(properties, KNOWN);
  const existing = await describe(client, name);
  if (existing) await align(client, name, properties, existing);
  else await client.call('CreateTable', createInput(name, properties));
  const table = await active(client, name);
  await alignTimeToLive(client, name, properties);
  const streamArn = viewType(properties) === undefined ? undefined : table.LatestStreamArn;
  return { arn: table.TableArn, ...(streamArn === undefined ? {} : { streamArn }) };
}

async function describe(client: DynamoDbClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.call<{ Table: TableDescription }>('DescribeTable', { TableName: name })).Table;
  } catch (error) {
    if (error instanceof DynamoDbError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function active(client: DynamoDbClient, name: string): Promise<TableDescription> {
  for (;;) {
    const table = await describe(client, name);
    if (table?.TableStatus === 'ACTIVE') return table;
    await sleep(POLL_MS);
  }
}

function createInput(name: string, properties: Properties): Record<string, unknown> {
  const stream = viewType(properties);
  const indexes = (key: string) => {
    const declared = objects(properties, key).map(indexInput);
    return declared.length > 0 ? { [key]: declared } : {};
  };
  return {
    TableName: name,
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    DeletionProtectionEnabled: flag(properties, 'DeletionProtectionEnabled'),
    ...indexes('GlobalSecondaryIndexes'),
    ...indexes('LocalSecondaryIndexes'),
    ...(stream === undefined ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
  };
}

function indexInput(index: Properties): Record<string, unknown> {
  onlyKnown(
    index,
    [...INDEX_KEYS, 'ContributorInsightsSpecification', 'OnDemandThroughput', 'WarmThroughput'],
    'index ',
  );
  return { IndexName: index.IndexName, KeySchema: index.KeySchema, Projection: index.Projection };
}

function viewType(properties: Properties): string | undefined {
  const stream = object(properties, 'StreamSpecification');
  onlyKnown(stream, ['StreamViewType'], 'StreamSpecification.');
  return optionalString(stream, 'StreamViewType');
}

async function align(
  client: DynamoDbClient,
  name: string,
  properties: Properties,
  table: TableDescription,
): Promise<void> {
  if (JSON.stringify(sortedKeys(table.KeySchema)) !== JSON.stringify(sortedKeys(properties.KeySchema))) {
    throw new Error(
      `KeySchema of ${name} differs from the table in the data directory, which would have to be replaced`,
    );
  }
  const update = async (change: Record<string, unknown>) => {
    await client.call('UpdateTable', { TableName: name, ...change });
    await active(client, name);
  };
  const protectedNow = flag(properties, 'DeletionProtectionEnabled');
  if ((table.DeletionProtectionEnabled ?? false) !== protectedNow)
    await update({ DeletionProtectionEnabled: protectedNow });
  const stream = viewType(properties);
  const current = table.StreamSpecification?.StreamEnabled ? table.StreamSpecification.StreamViewType : undefined;
  if (current !== stream) {
    if (current !== undefined) await update({ StreamSpecification: { StreamEnabled: false } });
    if (stream !== undefined) await update({ StreamSpecification: { StreamEnabled: true, StreamViewType: stream } });
  }
  const present = new Set(table.GlobalSecondaryIndexes?.map((index) => index.IndexName));
  for (const index of objects(properties, 'GlobalSecondaryIndexes')) {
    if (present.has(string(index, 'IndexName'))) continue;
    const { AttributeDefinitions } = properties;
    await update({ AttributeDefinitions, GlobalSecondaryIndexUpdates: [{ Create: indexInput(index) }] });
  }
}

function sortedKeys(schema: unknown): string[] {
  const keys = Array.isArray(schema) ? (schema as Record<string, string>[]) : [];
  return keys.map((key) => `${key.KeyType} ${key.AttributeName}`).sort();
}

async function alignTimeToLive(client: DynamoDbClient, name: string, properties: Properties): Promise<void> {
  const declared = object(properties, 'TimeToLiveSpecification');
  const wanted = flag(declared, 'Enabled') ? optionalString(declared, 'AttributeName') : undefined;
  const { TimeToLiveDescription: now = {} } = await client.call<{
    TimeToLiveDescription?: { TimeToLiveStatus?: string; AttributeName?: string };
  }>('DescribeTimeToLive', { TableName: name });
  const enabled = now.TimeToLiveStatus === 'ENABLED' ? now.AttributeName : undefined;
  const set = (AttributeName: string, Enabled: boolean) =>
    client.call('UpdateTimeToLive', { TableName: name, TimeToLiveSpecification: { AttributeName, Enabled } });
  if (enabled === wanted) return;
  if (enabled !== undefined) await set(enabled, false);
  if (wanted !== undefined) await set(wanted, true);
}
