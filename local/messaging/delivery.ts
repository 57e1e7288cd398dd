/** What services send to queues and topics, and whether they may. */
import { AccessDenied, refusal } from '../aws/iam/access.ts';
import { iamOf } from '../aws/iam/service.ts';
import { FUNCTIONS } from '../lambda/registry.ts';
import type { Delivery, Invoker, RuntimeContext } from '../template/provisioner.ts';
import { type Messaging, MessagingError } from './client.ts';

const FIFO = '.fifo';

/** On AWS, SNS drops in silence what the queue's policy doesn't let it send; here the start fails and says so. */
export function demandSubscription(topicArn: string, queueArn: string, context: RuntimeContext): void {
  demandService({ principal: 'sns.amazonaws.com', sourceArn: topicArn }, 'sqs:SendMessage', queueArn, context);
}

function demandService(
  { principal, sourceArn }: Invoker,
  action: string,
  resource: string,
  context: RuntimeContext,
): void {
  const caller = { kind: 'service', service: principal } as const;
  const conditions = { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': context.account };
  const required = { action, resource, conditions };
  const decision = iamOf(context).decide(caller, required);
  if (!decision.allowed)
    throw new AccessDenied(`${refusal(caller, required, decision)} (source ${sourceArn})`, required);
}

/** Services send under the target's policy; Lambda's destinations are sent to in the role of the function. */
export function authorize({ by, targetArn }: Delivery, action: string, context: RuntimeContext): void {
  if (by.principal !== 'lambda.amazonaws.com') {
    demandService(by, action, targetArn, context);
    return;
  }
  const variables = context.service(FUNCTIONS).find(by.sourceArn).definition.variables();
  iamOf(context).demand(variables.AWS_ACCESS_KEY_ID ?? '', { action, resource: targetArn });
}

export async function sendMessage({ sqs, fauxqs }: Messaging, delivery: Delivery): Promise<void> {
  const { targetArn, body, attributes = {}, groupId } = delivery;
  if (!fauxqs.hasQueue(targetArn))
    throw new MessagingError('QueueDoesNotExist', 400, `There is no queue ${targetArn}.`);
  const QueueName = targetArn.split(':').at(-1) as string;
  const { QueueUrl } = await sqs<{ QueueUrl: string }>('GetQueueUrl', { QueueName });
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  const fifo = QueueName.endsWith(FIFO) ? { MessageGroupId: groupId ?? 'default' } : {};
  await sqs('SendMessage', { QueueUrl, MessageBody: body, MessageAttributes, ...fifo });
}

export async function publish({ sns, fauxqs }: Messaging, delivery: Delivery): Promise<void> {
  const { targetArn, body, attributes = {}, groupId } = delivery;
  if (!fauxqs.hasTopic(targetArn)) throw new MessagingError('NotFound', 404, `There is no topic ${targetArn}.`);
  const pairs = Object.entries(attributes).flatMap(([name, value], index) => [
    [`MessageAttributes.entry.${index + 1}.Name`, name],
    [`MessageAttributes.entry.${index + 1}.Value.DataType`, 'String'],
    [`MessageAttributes.entry.${index + 1}.Value.StringValue`, value],
  ]);
  const fifo = targetArn.endsWith(FIFO) ? { MessageGroupId: groupId ?? 'default' } : {};
  await sns('Publish', {
    TopicArn: targetArn,
    Message: body,
    ...(Object.fromEntries(pairs) as Record<string, string>),
    ...fifo,
  });
}
