/** What a mapping gives up on goes to its on-failure destination, in the document that Lambda sends. */
import { randomUUID } from 'node:crypto';
import type { RuntimeContext } from '../template/provisioner.ts';
import type { Discard } from './deliver.ts';
import type { StreamSettings } from './settings.ts';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

export interface DestinationOptions {
  readonly id: string;
  readonly settings: StreamSettings;
  readonly context: RuntimeContext;
}

/**
 * Resolves when the destination has the document; tries until then, or until the signal aborts (the records come again at the
 * next start). Without a destination the records are dropped, as on AWS, but not quietly.
 */
export async function sendDiscard(
  discard: Discard,
  shardId: string,
  signal: AbortSignal,
  options: DestinationOptions,
): Promise<void> {
  const { settings, context, id } = options;
  const about = { mapping: id, shard: shardId, condition: discard.condition, records: discard.records.length };
  context.warn('streams', 'records were discarded', { ...about, destination: settings.onFailure ?? 'none' });
  if (settings.onFailure === undefined) return;
  const document = discardDocument(discard, shardId, settings, context.clock.now());
  for (let wait = FIRST_RETRY_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
    try {
      await context.deliver({
        targetArn: settings.onFailure,
        body: JSON.stringify(document),
        by: { principal: 'lambda.amazonaws.com', sourceArn: settings.functionArn },
      });
      return;
    } catch (error) {
      context.warn('streams', 'the on-failure destination refused a document, trying again', {
        ...about,
        error: String(error),
      });
      await context.clock.sleep(wait, signal);
    }
  }
}

export function discardDocument(
  discard: Discard,
  shardId: string,
  settings: Pick<StreamSettings, 'functionArn' | 'sourceArn'>,
  now: number,
): Record<string, unknown> {
  const { records } = discard;
  const first = records[0];
  const last = records.at(-1);
  const qualified = /:function:[^:]+:[^:]+$/.test(settings.functionArn);
  const time = (at = 0) => `${new Date(at).toISOString().slice(0, 19)}Z`;
  return {
    requestContext: {
      requestId: discard.requestId ?? randomUUID(),
      functionArn: qualified ? settings.functionArn : `${settings.functionArn}:$LATEST`,
      condition: discard.condition,
      approximateInvokeCount: discard.invocations,
    },
    ...(discard.invocations > 0 && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(discard.functionError !== undefined && { functionError: discard.functionError }),
      },
    }),
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: time(first?.at),
      approximateArrivalOfLastRecord: time(last?.at),
      batchSize: records.length,
      streamArn: settings.sourceArn,
    },
  };
}
