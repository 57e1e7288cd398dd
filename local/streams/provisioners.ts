/** AWS::Lambda::EventSourceMapping, from DynamoDB streams and SQS queues. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { localDynamoDb } from '../dynamodb/provisioners.ts';
import { keyIsNotAsked } from '../kms/ask.ts';
import { localMessaging } from '../messaging/open.ts';
import { string } from '../template/properties.ts';
import type { Provisioner, Resource } from '../template/provisioner.ts';
import { StreamMapping } from './mapping.ts';
import { QueueMapping } from './queue-mapping.ts';
import { queueSettings, streamSettings } from './settings.ts';

interface Mapping {
  start(): Promise<void>;
  stop(): Promise<void>;
}

const eventSourceMapping: Provisioner = {
  kind: 'AWS::Lambda::EventSourceMapping',
  provision: async (_logicalId, properties, context) => {
    const id = mappingId(context.resource);
    // Whatever their sources are under: Lambda reads them with the function's role.
    keyIsNotAsked(context, 'event source mappings', properties.EventSourceArn);
    const source = string(properties, 'EventSourceArn');
    const service = source.split(':')[2];
    let mapping: Mapping;
    let enabled: boolean;
    if (service === 'dynamodb') {
      const settings = streamSettings(properties, context);
      const checkpointPath = join(context.dataDir, 'streams', `${id}.json`);
      mapping = new StreamMapping({ id, checkpointPath, settings, context, dynamoDb: await localDynamoDb(context) });
      enabled = settings.enabled;
    } else if (service === 'sqs') {
      const settings = queueSettings(properties, context);
      mapping = new QueueMapping({ id, settings, context, messaging: await localMessaging(context) });
      enabled = settings.enabled;
    } else throw new Error(`the local runtime has no event source mapping from ${service} (EventSourceArn ${source})`);
    if (enabled) {
      context.onStart(() => mapping.start());
      context.onStop('sources', () => mapping.stop());
    }
    const arn = `arn:aws:lambda:${context.region}:${context.account}:event-source-mapping:${id}`;
    return { ref: id, attributes: { Id: id, EventSourceMappingArn: arn } };
  },
};

export const streamsProvisioners: readonly Provisioner[] = [eventSourceMapping];

/** A UUID that is the same at every start, since the checkpoint's file is named by it. */
function mappingId({ stack, logicalId }: Resource): string {
  const hex = createHash('sha256').update(`${stack}/${logicalId}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
