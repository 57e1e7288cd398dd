// A function that the ledger's stream calls.
import { EventSourceMapping, type IEventSourceDlq, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Code } from './code.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { Ledger } from './ledger.ts';
import { deadLetterQueue } from './queue.ts';

export interface StreamConsumerProps {
  readonly code: Code;
  readonly ledger: Ledger;
  readonly key: EncryptionKey;
  readonly batchSize: number;
  readonly batchWindow: Duration;
  /** Batches of one shard at a time; blocks of one chain stay in order whatever it is. */
  readonly parallelization: number;
  /** How old a record may get before it is put aside; until then it is tried again, without end. */
  readonly maxRecordAge: Duration;
  /** Lambda's event filter patterns; without any, every record. */
  readonly filters?: readonly Readonly<Record<string, unknown>>[];
}

/**
 * One of the two readers that a stream's shard has. It starts at the oldest record, so a deployment skips nothing; a batch that
 * fails is split down to the record that fails, and everything before it is not done again.
 */
export class StreamConsumer extends Construct {
  /** Where (shard and sequence numbers) discarded records stood; the records themselves are in the ledger. */
  readonly discarded: Queue;

  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    this.discarded = deadLetterQueue(this, 'Discarded', props.key);
    props.ledger.grantStream(props.code);
    new EventSourceMapping(this, 'Mapping', {
      target: props.code.function,
      eventSourceArn: props.ledger.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: props.batchSize,
      maxBatchingWindow: props.batchWindow,
      parallelizationFactor: props.parallelization,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: -1,
      maxRecordAge: props.maxRecordAge,
      onFailure: destination(this.discarded, props.code, props.key),
      ...(props.filters === undefined
        ? {}
        : { filters: props.filters.map((pattern) => ({ pattern: JSON.stringify(pattern) })) }),
    }).node.addDependency(props.code);
  }
}

/** Lambda sends with the function's role. */
function destination(queue: Queue, code: Code, key: EncryptionKey): IEventSourceDlq {
  return {
    bind: () => {
      code.allow({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] });
      key.grant(code, 'write', 'sqs');
      return { destination: queue.queueArn };
    },
  };
}
