// Encrypted queues, and those for what failed.
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { QUEUE } from '../../names/queue.ts';
import { acknowledge } from './acknowledge.ts';
import type { EncryptionKey } from './encryption-key.ts';

/** SQS keeps a message no longer; whoever is on call has two weeks. */
const RETENTION = Duration.days(14);

export function encryptedQueue(
  scope: Construct,
  id: string,
  key: EncryptionKey,
  deadLetters?: Queue,
  /** How long a message is hidden while somebody works on it. */
  visibilityTimeout?: Duration,
): Queue {
  return new Queue(scope, id, {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: key.key,
    // One KMS call in five minutes and principal instead of one a message.
    dataKeyReuse: Duration.minutes(5),
    enforceSSL: true,
    retentionPeriod: RETENTION,
    ...(visibilityTimeout === undefined ? {} : { visibilityTimeout }),
    ...(deadLetters === undefined
      ? {}
      : { deadLetterQueue: { queue: deadLetters, maxReceiveCount: QUEUE.maxReceiveCount } }),
  });
}

/** For what failed elsewhere: the end of the line, so it has no dead-letter queue itself. */
export function deadLetterQueue(scope: Construct, id: string, key: EncryptionKey): Queue {
  const queue = encryptedQueue(scope, id, key);
  acknowledge(queue, 'AwsSolutions-SQS3', 'This is a dead-letter queue, filled by a service and not by redrive.');
  return queue;
}
