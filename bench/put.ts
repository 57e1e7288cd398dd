// A bare conditional put to DynamoDB Local, by the SDK: what no design on it can be faster than.
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const TABLE = 'bare';

/** Makes a table with a stream, as the ledger's is; what it answers puts one item that holds `text` at the next position. */
export async function barePut(endpoint: string, text: string): Promise<() => Promise<void>> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'chain', AttributeType: 'S' },
        { AttributeName: 'position', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'chain', KeyType: 'HASH' },
        { AttributeName: 'position', KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  let position = 0;
  return async () => {
    const Item = { chain: { S: TABLE }, position: { N: String(position++) }, text: { S: text } };
    const ConditionExpression = 'attribute_not_exists(#position)';
    const ExpressionAttributeNames = { '#position': 'position' };
    await client.send(new PutItemCommand({ TableName: TABLE, Item, ConditionExpression, ExpressionAttributeNames }));
  };
}
