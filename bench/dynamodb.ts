// A DynamoDB Local in memory for the benchmarks.
import { startDynamoDb } from '../local/dynamodb/start.ts';

/** An emulator in memory, which the SDK's clients made from now on find in the standard environment. */
export async function startBenchDynamoDb(): ReturnType<typeof startDynamoDb> {
  const dynamo = await startDynamoDb();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  });
  return dynamo;
}
