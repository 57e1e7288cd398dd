// The client of DynamoDB.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const CONNECT_TIMEOUT_MS = 1_000;

/** Far above what a write takes; an answer that isn't there by then is taken for lost and asked for again. */
const REQUEST_TIMEOUT_MS = 3_000;

/** Connections are kept open between invocations; more at a time than one environment ever has requests in flight. */
const SOCKETS = 64;

/**
 * A client for readers, which may leave retries to the SDK, and with `attempts: 1` for the ledger, which retries by
 * itself: it has one deadline for all attempts, and knows what a failed write may have left behind.
 * Endpoint, region and credentials come from the standard environment.
 */
export function dynamoClient({ attempts = 3 }: { attempts?: number } = {}): DynamoDBClient {
  const agent = { keepAlive: true, maxSockets: SOCKETS };
  return new DynamoDBClient({
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      httpsAgent: agent,
      httpAgent: agent,
    },
  });
}
