/** What a mapping gives up on goes to its on-failure destination, in the document that Lambda sends. */
import { randomUUID } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { FUNCTIONS } from '../lambda/registry.ts';
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
      await send(settings.onFailure, document, discard, shardId, options);
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

/** Queues and topics get the document alone; a bucket also gets the records. */
async function send(
  destination: string,
  document: Readonly<Record<string, unknown>>,
  { records }: Discard,
  shardId: string,
  { settings, context, id }: DestinationOptions,
): Promise<void> {
  const by = { principal: 'lambda.amazonaws.com', sourceArn: settings.functionArn };
  if (destination.split(':')[2] !== 's3') {
    return context.deliver({ targetArn: destination, body: JSON.stringify(document), by });
  }
  const payload = JSON.stringify({ Records: records.map((record) => record.event) });
  const now = new Date(context.clock.now()).toISOString();
  const day = now.slice(0, 10);
  const { accessKeyId = '', secretAccessKey = '' } = credentialsOf(settings.functionArn, context);
  const client = new S3Client({
    endpoint: context.awsEndpoint,
    region: context.region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  try {
    await client.send(
      new PutObjectCommand({
        Bucket: destination.split(':').at(-1),
        Key: `aws/lambda/${id}/${shardId}/${day.replaceAll('-', '/')}/${now.slice(0, 19).replaceAll(':', '.')}-${randomUUID()}`,
        Body: JSON.stringify({ ...document, payload }),
        ContentType: 'application/json',
      }),
    );
  } finally {
    client.destroy();
  }
}

/** Destinations are written to in the role of the function. */
function credentialsOf(functionArn: string, context: RuntimeContext) {
  const variables = context.service(FUNCTIONS).find(functionArn).definition.variables();
  return { accessKeyId: variables.AWS_ACCESS_KEY_ID, secretAccessKey: variables.AWS_SECRET_ACCESS_KEY };
}

function discardDocument(
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
