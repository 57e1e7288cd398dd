// Creates the table of the index.
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { INDEX_ROW } from '../../names/index.ts';

/** The index's table as the template declares its keys. */
export async function createIndexTable(client: DynamoDBClient, name: string): Promise<string> {
  const create = new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: INDEX_ROW.posting, KeyType: 'HASH' },
      { AttributeName: INDEX_ROW.newest, KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: INDEX_ROW.posting, AttributeType: 'S' },
      { AttributeName: INDEX_ROW.newest, AttributeType: 'S' },
    ],
  });
  await client.send(create);
  return name;
}
