/** What services send to queues and topics, and whether they may. */
import { AccessDenied, refusal } from '../aws/iam/access.ts';
import { iamOf } from '../aws/iam/service.ts';
import { messageOf } from '../failure.ts';
import { askKeyOf, type KeyQuestion } from '../kms/ask.ts';
import { FUNCTIONS } from '../lambda/registry.ts';
import type { Delivery, Invoker, RuntimeContext } from '../template/provisioner.ts';
import { type Messaging, MessagingError } from './client.ts';
import type { Fauxqs } from './fauxqs.ts';

const FIFO = '.fifo';

const SEND_KEY_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** On AWS, SNS drops in silence what the queue's policy or key doesn't let it send; here the start fails and says so. */
export function demandSubscription(topicArn: string, queueArn: string, fauxqs: Fauxqs, context: RuntimeContext): void {
  const by = { principal: 'sns.amazonaws.com', sourceArn: topicArn };
  demandService(by, 'sqs:SendMessage', queueArn, context);
  try {
    askKeyFor(queueArn, SEND_KEY_ACTIONS, { by }, fauxqs, context);
  } catch (error) {
    // A key that is disabled now may be enabled again; on AWS too the deployment stands.
    if (error instanceof AccessDenied) throw error;
    context.warn('sns', `${topicArn} can't deliver to ${queueArn}`, { error: messageOf(error) });
  }
}

/** Asks for the key of a queue or topic, if it has one. */
export function askKeyFor(
  arn: string,
  actions: readonly string[],
  caller: KeyQuestion['caller'],
  fauxqs: Fauxqs,
  context: RuntimeContext,
): void {
  const key = fauxqs.keyOf(arn);
  if (key === undefined) return;
  const service = arn.split(':')[2] ?? '';
  const name = service === 'sqs' ? 'aws:sqs:arn' : 'aws:sns:topicArn';
  askKeyOf(context, { caller, key, actions, service, context: { [name]: arn } });
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
export function authorize({ by, targetArn }: Delivery, action: string, fauxqs: Fauxqs, context: RuntimeContext): void {
  if (by.principal !== 'lambda.amazonaws.com') {
    demandService(by, action, targetArn, context);
    askKeyFor(targetArn, SEND_KEY_ACTIONS, { by }, fauxqs, context);
    return;
  }
  const variables = context.service(FUNCTIONS).find(by.sourceArn).definition.variables();
  const accessKeyId = variables.AWS_ACCESS_KEY_ID ?? '';
  iamOf(context).demand(accessKeyId, { action, resource: targetArn });
  askKeyFor(targetArn, SEND_KEY_ACTIONS, { accessKeyId }, fauxqs, context);
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
