// A function that a queue calls.
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { QUEUE } from '../../names/queue.ts';
import type { Code } from './code.ts';
import type { EncryptionKey } from './encryption-key.ts';

export interface QueueConsumerProps {
  readonly code: Code;
  readonly queue: Queue;
  readonly key: EncryptionKey;
  readonly batchSize: number;
  readonly batchWindow: Duration;
  /** Batches at a time, from 2 on: each has messages of its own. */
  readonly concurrency: number;
}

/**
 * Lambda takes messages with the function's role; those that the function does not name as failed are deleted, and those that
 * it does it puts off itself (functions/stream/index/backoff.ts).
 */
export class QueueConsumer extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { code, queue, key, batchSize, batchWindow, concurrency }: QueueConsumerProps,
  ) {
    super(scope, id);
    code.configure(QUEUE.urlEnv, queue.queueUrl);
    code.allow({
      actions: [
        ...['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
          (action) => `sqs:${action}`,
        ),
      ],
      resources: [queue.queueArn],
    });
    key.grant(code, 'read', 'sqs');
    new EventSourceMapping(this, 'Mapping', {
      target: code.function,
      eventSourceArn: queue.queueArn,
      batchSize,
      maxBatchingWindow: batchWindow,
      maxConcurrency: concurrency,
      reportBatchItemFailures: true,
    }).node.addDependency(code);
  }
}
