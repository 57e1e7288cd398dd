/** AWS::SQS::* and AWS::SNS::*. */
import { join } from 'node:path';
import { AccessDenied, refusal } from '../aws/iam/access.ts';
import { iamOf } from '../aws/iam/service.ts';
import { FUNCTIONS } from '../lambda/registry.ts';
import { objects, onlyKnown, optionalString, string, strings } from '../template/properties.ts';
import {
  type Delivery,
  type Invoker,
  type Properties,
  type Provisioner,
  type RuntimeContext,
  serviceKey,
} from '../template/provisioner.ts';
import { element, type Messaging, MessagingError, messaging, snsService, sqsService } from './client.ts';
import { openFauxqs } from './fauxqs.ts';

export const MESSAGING = serviceKey<Promise<Messaging>>('SNS and SQS');

const QUEUE_NAME_LENGTH = 80;
const TOPIC_NAME_LENGTH = 256;
const FIFO = '.fifo';

const QUEUE_ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DelaySeconds',
  'FifoQueue',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
];

const TOPIC_ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DisplayName',
  'FifoTopic',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
];
const SUBSCRIPTION_ATTRIBUTES = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
];

const queue: Provisioner = {
  kind: 'AWS::SQS::Queue',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, [...QUEUE_ATTRIBUTES, 'QueueName']);
    const { sqs } = await localMessaging(context);
    const suffix = String(properties.FifoQueue) === 'true' ? FIFO : '';
    const made = () => context.physicalName({ maxLength: QUEUE_NAME_LENGTH - suffix.length }) + suffix;
    const QueueName = optionalString(properties, 'QueueName') ?? made();
    const Attributes = attributesOf(properties, QUEUE_ATTRIBUTES);
    const QueueUrl = await ensureQueue(sqs, QueueName, Attributes);
    const Arn = `arn:aws:sqs:${context.region}:${context.account}:${QueueName}`;
    return { ref: QueueUrl, attributes: { Arn, QueueName, QueueUrl } };
  },
};

const queuePolicy: Provisioner = {
  kind: 'AWS::SQS::QueuePolicy',
  provision: async (logicalId, properties, context) => {
    onlyKnown(properties, ['PolicyDocument', 'Queues']);
    const { sqs } = await localMessaging(context);
    const Policy = JSON.stringify(properties.PolicyDocument);
    for (const QueueUrl of strings(properties, 'Queues'))
      await sqs('SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    return { ref: logicalId, attributes: { Id: logicalId } };
  },
};

const topic: Provisioner = {
  kind: 'AWS::SNS::Topic',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, [...TOPIC_ATTRIBUTES, 'Subscription', 'TopicName']);
    const { sns } = await localMessaging(context);
    const suffix = String(properties.FifoTopic) === 'true' ? FIFO : '';
    const made = () => context.physicalName({ maxLength: TOPIC_NAME_LENGTH - suffix.length }) + suffix;
    const TopicName = optionalString(properties, 'TopicName') ?? made();
    const { FifoTopic, ...attributes } = attributesOf(properties, TOPIC_ATTRIBUTES);
    const fixed = FifoTopic === undefined ? {} : entries({ FifoTopic });
    const TopicArn = element(await sns('CreateTopic', { Name: TopicName, ...fixed }), 'TopicArn') as string;
    for (const [AttributeName, AttributeValue] of Object.entries(attributes)) {
      await sns('SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
    }
    for (const inline of objects(properties, 'Subscription')) {
      await subscribe(sns, { ...inline, TopicArn });
      context.onStart(() => demandDelivery(TopicArn, string(inline, 'Endpoint'), context));
    }
    return { ref: TopicArn, attributes: { TopicArn, TopicName } };
  },
};

const topicPolicy: Provisioner = {
  kind: 'AWS::SNS::TopicPolicy',
  provision: async (logicalId, properties, context) => {
    onlyKnown(properties, ['PolicyDocument', 'Topics']);
    const { sns } = await localMessaging(context);
    const AttributeValue = JSON.stringify(properties.PolicyDocument);
    for (const TopicArn of strings(properties, 'Topics')) {
      await sns('SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
    }
    return { ref: logicalId, attributes: { Id: logicalId } };
  },
};

const subscription: Provisioner = {
  kind: 'AWS::SNS::Subscription',
  provision: async (_logicalId, properties, context) => {
    const { sns } = await localMessaging(context);
    const SubscriptionArn = await subscribe(sns, properties);
    context.onStart(() => demandDelivery(string(properties, 'TopicArn'), string(properties, 'Endpoint'), context));
    return { ref: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
  },
};

export const messagingProvisioners: readonly Provisioner[] = [queue, queuePolicy, topic, topicPolicy, subscription];

async function ensureQueue(
  sqs: Messaging['sqs'],
  QueueName: string,
  Attributes: Record<string, string>,
): Promise<string> {
  try {
    const { QueueUrl } = await sqs<{ QueueUrl: string }>('GetQueueUrl', { QueueName });
    await sqs('SetQueueAttributes', { QueueUrl, Attributes: { RedrivePolicy: '', ...Attributes } });
    return QueueUrl;
  } catch (error) {
    if (!(error instanceof MessagingError && /NonExistentQueue|QueueDoesNotExist/.test(error.code))) throw error;
    return (await sqs<{ QueueUrl: string }>('CreateQueue', { QueueName, Attributes })).QueueUrl;
  }
}

/** Only queues can be subscribed on this machine. */
async function subscribe(sns: Messaging['sns'], properties: Properties): Promise<string> {
  onlyKnown(properties, [...SUBSCRIPTION_ATTRIBUTES, 'Endpoint', 'Protocol', 'Region', 'TopicArn']);
  const [TopicArn, Protocol, Endpoint] = ['TopicArn', 'Protocol', 'Endpoint'].map((name) =>
    string(properties, name),
  ) as [string, string, string];
  if (Protocol !== 'sqs') throw new Error(`the local runtime does not deliver to Protocol ${Protocol}, only to sqs`);
  const wanted = attributesOf(properties, SUBSCRIPTION_ATTRIBUTES);
  let arn: string | undefined;
  try {
    arn = element(await sns('Subscribe', { TopicArn, Protocol, Endpoint, ...entries(wanted) }), 'SubscriptionArn');
  } catch (error) {
    // An earlier start subscribed it with other attributes.
    if (!(error instanceof MessagingError && error.code === 'InvalidParameter')) throw error;
    arn = await subscribed(sns, TopicArn, Endpoint);
    if (arn === undefined) throw error;
    for (const AttributeName of SUBSCRIPTION_ATTRIBUTES) {
      const AttributeValue = wanted[AttributeName] ?? '';
      await sns('SetSubscriptionAttributes', { SubscriptionArn: arn, AttributeName, AttributeValue });
    }
  }
  return arn as string;
}

async function subscribed(sns: Messaging['sns'], TopicArn: string, endpoint: string): Promise<string | undefined> {
  let NextToken: string | undefined;
  do {
    const answer = await sns('ListSubscriptionsByTopic', {
      TopicArn,
      ...(NextToken === undefined ? {} : { NextToken }),
    });
    for (const member of answer.split('<member>').slice(1)) {
      if (element(member, 'Endpoint') === endpoint) return element(member, 'SubscriptionArn');
    }
    NextToken = element(answer, 'NextToken');
  } while (NextToken);
  return undefined;
}

/** On AWS, SNS drops in silence what the queue's policy doesn't let it send; here the start fails and says so. */
function demandDelivery(topicArn: string, queueArn: string, context: RuntimeContext): void {
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

/** CloudFormation's values as the API's strings. */
function attributesOf(properties: Properties, names: readonly string[]): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of names) {
    const value = properties[name];
    if (value === undefined) continue;
    attributes[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return attributes;
}

function entries(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(attributes).flatMap(([key, value], index) => [
    [`Attributes.entry.${index + 1}.key`, key],
    [`Attributes.entry.${index + 1}.value`, value],
  ]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

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
  context.serve(sqsService(service));
  context.serve(snsService(service));
  context.target('sqs', async (delivery) => {
    authorize(delivery, 'sqs:SendMessage', context);
    await sendMessage(service, delivery);
  });
  context.target('sns', async (delivery) => {
    authorize(delivery, 'sns:Publish', context);
    await publish(service, delivery);
  });
  return service;
}

/** Services send under the target's policy; Lambda's destinations are sent to in the role of the function. */
function authorize({ by, targetArn }: Delivery, action: string, context: RuntimeContext): void {
  if (by.principal !== 'lambda.amazonaws.com') {
    demandService(by, action, targetArn, context);
    return;
  }
  const variables = context.service(FUNCTIONS).find(by.sourceArn).definition.variables();
  iamOf(context).demand(variables.AWS_ACCESS_KEY_ID ?? '', { action, resource: targetArn });
}

async function sendMessage({ sqs, fauxqs }: Messaging, delivery: Delivery): Promise<void> {
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

async function publish({ sns, fauxqs }: Messaging, delivery: Delivery): Promise<void> {
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
