// The batch of the stream that is announced on the topic.
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { toLedgerChange } from '../../../adapters/dynamodb/stream.ts';
import { log } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { METRICS } from '../../../names/metrics.ts';
import type { Topic } from '../../../services/relay/port.ts';
import { relay } from '../../../services/relay/relay.ts';

/** The ledger's stream to the topic (docs/archive.md, "The relay"). */
export function relayStream(topic: Topic) {
  return async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const outcome = await relay(event.Records.map(toLedgerChange), topic);
    const { blocks, entries, skipped, failedFrom, error } = outcome;
    if (entries > 0) emitMetric(METRICS.entriesRelayed, entries);
    if (skipped > 0) log.warn('inserts that are no blocks were not relayed', { function: 'relay', skipped });
    if (failedFrom === undefined) return { batchItemFailures: [] };
    log.error('not all blocks were relayed', { function: 'relay', blocks, failedFrom, error });
    return { batchItemFailures: [{ itemIdentifier: failedFrom }] };
  };
}
