/** Consumers of queues: what failed comes again in seconds at first, then ever later. */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { log } from '../../../adapters/log.ts';
import type { Visibility } from '../../../adapters/sqs/visibility.ts';
import { QUEUE } from '../../../names/queue.ts';

export type Consume = (event: SQSEvent, timeLeft: () => number) => Promise<SQSBatchResponse>;

/**
 * Seconds until a message that was received `receives` times comes again: doubling, and a half of it left to chance, so that
 * what failed together does not come back together. `chance` is from 0 to below 1.
 */
export function retryDelay(receives: number, chance: number): number {
  const { firstDelaySeconds, mostDelaySeconds } = QUEUE;
  const doubled = Math.min(firstDelaySeconds * 2 ** Math.max(0, receives - 1), mostDelaySeconds);
  return Math.ceil(doubled / 2 + (doubled / 2) * chance);
}

/**
 * Without it, a message that failed waits for the queue's visibility timeout, which has to be six times the function's own:
 * minutes, for a fault that was over in a moment. A run that is killed leaves its messages to that timeout.
 */
export function withBackoff(name: string, consume: Consume, visibility: Visibility, chance = Math.random): Consume {
  const postpone = async (records: readonly SQSRecord[]): Promise<void> => {
    const delayed = records.map(({ receiptHandle, attributes }) => ({
      receiptHandle,
      seconds: retryDelay(Number(attributes.ApproximateReceiveCount) || 1, chance()),
    }));
    const left = await visibility.postpone(delayed);
    if (left > 0) log.warn('messages wait for the visibility timeout', { function: name, messages: left });
  };
  return async (event, timeLeft) => {
    let answer: SQSBatchResponse;
    try {
      answer = await consume(event, timeLeft);
    } catch (error) {
      await postpone(event.Records);
      throw error;
    }
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    await postpone(event.Records.filter(({ messageId }) => failed.has(messageId)));
    return answer;
  };
}
