/** Puts off when messages that were received come again (SQS, ChangeMessageVisibility). */
import { ChangeMessageVisibilityBatchCommand, SQSClient } from '@aws-sdk/client-sqs';

const CONNECT_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;

/** SQS takes as many in one call. */
const BATCH = 10;

export interface Postponed {
  readonly receiptHandle: string;
  /** From now on; 0 to 43,200. */
  readonly seconds: number;
}

export interface Visibility {
  /** Answers how many could not be put off; those come again when the queue's own visibility timeout has passed. */
  postpone(messages: readonly Postponed[]): Promise<number>;
}

/** Endpoint, region and credentials come from the standard environment. */
export function sqsClient(): SQSClient {
  return new SQSClient({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}

export class SqsVisibility implements Visibility {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async postpone(messages: readonly Postponed[]): Promise<number> {
    let failed = 0;
    for (let from = 0; from < messages.length; from += BATCH) {
      const batch = messages.slice(from, from + BATCH);
      const Entries = batch.map(({ receiptHandle, seconds }, index) => ({
        ...{ Id: String(index), ReceiptHandle: receiptHandle, VisibilityTimeout: seconds },
      }));
      try {
        const { Failed = [] } = await this.#client.send(
          new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#queueUrl, Entries }),
        );
        failed += Failed.length;
      } catch {
        failed += batch.length;
      }
    }
    return failed;
  }
}
