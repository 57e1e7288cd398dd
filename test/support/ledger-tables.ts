// Creates the tables of the ledger.
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CHAIN } from '../../names/archive.ts';
import { BLOCK, LEDGER, REQUEST } from '../../names/ledger.ts';

export interface LedgerTables {
  readonly ledgerTable: string;
  readonly requestsTable: string;
  readonly chainsTable: string;
}

/** The ledger's tables as the template declares their keys, under a name of their own: one DynamoDB serves many tests. */
export async function createLedgerTables(client: DynamoDBClient, name: string): Promise<LedgerTables> {
  const tables = { ledgerTable: `${name}-ledger`, requestsTable: `${name}-requests`, chainsTable: `${name}-chains` };
  await Promise.all([
    createTable(client, tables.ledgerTable, BLOCK.chain, BLOCK.position, BEGINNINGS),
    createTable(client, tables.requestsTable, REQUEST.request),
    createTable(client, tables.chainsTable, CHAIN.chain),
  ]);
  return tables;
}

const BEGINNINGS = {
  IndexName: LEDGER.beginningsIndex,
  KeySchema: [
    { AttributeName: BLOCK.begins, KeyType: 'HASH' as const },
    { AttributeName: BLOCK.chain, KeyType: 'RANGE' as const },
  ],
  Projection: { ProjectionType: 'KEYS_ONLY' as const },
};

async function createTable(
  client: DynamoDBClient,
  table: string,
  hash: string,
  range?: string,
  index?: typeof BEGINNINGS,
): Promise<void> {
  const create = new CreateTableCommand({
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: hash, KeyType: 'HASH' },
      ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
    ],
    AttributeDefinitions: [
      { AttributeName: hash, AttributeType: 'S' },
      ...(range === undefined ? [] : [{ AttributeName: range, AttributeType: 'N' as const }]),
      ...(index === undefined ? [] : [{ AttributeName: BLOCK.begins, AttributeType: 'S' as const }]),
    ],
    ...(index === undefined ? {} : { GlobalSecondaryIndexes: [index] }),
  });
  await client.send(create);
}
