/** The message store of a runtime, at its endpoint and as a target of its services. */
import { join } from 'node:path';
import { type RuntimeContext, serviceKey } from '../template/provisioner.ts';
import { type AskKey, type Messaging, messaging, snsService, sqsService } from './client.ts';
import { askKeyFor, authorize, publish, sendMessage } from './delivery.ts';
import { openFauxqs } from './fauxqs.ts';

const MESSAGING = serviceKey<Promise<Messaging>>('SNS and SQS');

/** The one message store of a runtime, opened when first asked for. */
export function localMessaging(context: RuntimeContext): Promise<Messaging> {
  if (!context.has(MESSAGING)) context.provide(MESSAGING, open(context));
  return context.service(MESSAGING);
}

async function open(context: RuntimeContext): Promise<Messaging> {
  const fauxqs = await openFauxqs({
    dataDir: join(context.dataDir, 'messaging'),
    region: context.region,
    account: context.account,
    endpoint: context.awsEndpoint,
  });
  const service = messaging(fauxqs, context.region, context.account);
  context.onStop('services', () => fauxqs.close());
  const ask: AskKey = (arn, actions, accessKeyId) => askKeyFor(arn, actions, { accessKeyId }, fauxqs, context);
  context.serve(sqsService(service, ask));
  context.serve(snsService(service, ask));
  context.target('sqs', async (delivery) => {
    authorize(delivery, 'sqs:SendMessage', fauxqs, context);
    await sendMessage(service, delivery);
  });
  context.target('sns', async (delivery) => {
    authorize(delivery, 'sns:Publish', fauxqs, context);
    await publish(service, delivery);
  });
  return service;
}
