// When a message that failed comes again.
import { describe, expect, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import type { Postponed, Visibility } from '../../../adapters/sqs/visibility.ts';
import { retryDelay, withBackoff } from '../../../functions/stream/index/backoff.ts';
import { QUEUE } from '../../../names/queue.ts';

class Remembering implements Visibility {
  readonly postponed: Postponed[] = [];
  async postpone(messages: readonly Postponed[]): Promise<number> {
    this.postponed.push(...messages);
    return 0;
  }
}

const event = (...receives: number[]): SQSEvent =>
  ({
    Records: receives.map((count, i) => ({
      ...{ messageId: `m${i}`, receiptHandle: `r${i}`, body: '{}' },
      attributes: { ApproximateReceiveCount: String(count) },
    })),
  }) as SQSEvent;

const forever = () => 60_000;

describe('a message that failed', () => {
  test('comes again in seconds, then ever later, and in the end every quarter of an hour', () => {
    expect([1, 2, 3, 4, 8, 9, 12].map((receives) => retryDelay(receives, 0.999_999))).toEqual([
      ...[5, 10, 20, 40, 640, 900, 900],
    ]);
    expect([1, 2, 12].map((receives) => retryDelay(receives, 0))).toEqual([3, 5, 450]);
  });

  test('is tried for a good hour before it is put aside', () => {
    const delays = (chance: number) =>
      Array.from({ length: QUEUE.maxReceiveCount - 1 }, (_, i) => retryDelay(i + 1, chance)).reduce((a, b) => a + b);
    expect(delays(0.5)).toBeGreaterThan(2_000);
    expect(delays(0.999_999)).toBeLessThan(2 * 3_600);
    expect(delays(0.999_999)).toBeGreaterThan(3_000);
  });

  test('is put off by how often it was received, and one that was taken is not', async () => {
    const visibility = new Remembering();
    const consume = async () => ({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }] });
    const answer = await withBackoff('x', consume, visibility, () => 0.999_999)(event(1, 1, 3), forever);
    expect(answer.batchItemFailures).toHaveLength(2);
    expect(visibility.postponed).toEqual([
      { receiptHandle: 'r1', seconds: 5 },
      { receiptHandle: 'r2', seconds: 20 },
    ]);
  });

  test('is put off when the whole run fails, and the run still fails', async () => {
    const visibility = new Remembering();
    const consume = async () => Promise.reject(new Error('down'));
    await expect(withBackoff('x', consume, visibility, () => 0)(event(1, 2), forever)).rejects.toThrow('down');
    expect(visibility.postponed.map(({ receiptHandle }) => receiptHandle)).toEqual(['r0', 'r1']);
  });
});
