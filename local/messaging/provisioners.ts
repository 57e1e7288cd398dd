/** AWS::SQS::* and AWS::SNS::*. */
import { objects, onlyKnown, optionalString, string, strings } from '../template/properties.ts';
import type { Provisioner } from '../template/provisioner.ts';
import { attributeEntries, attributesOf } from './attributes.ts';
import { element, type Messaging, MessagingError } from './client.ts';
import { demandSubscription } from './delivery.ts';
import { localMessaging } from './open.ts';
import { subscribe } from './subscription.ts';

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
    const { sns, fauxqs } = await localMessaging(context);
    const suffix = String(properties.FifoTopic) === 'true' ? FIFO : '';
    const made = () => context.physicalName({ maxLength: TOPIC_NAME_LENGTH - suffix.length }) + suffix;
    const TopicName = optionalString(properties, 'TopicName') ?? made();
    const { FifoTopic, ...attributes } = attributesOf(properties, TOPIC_ATTRIBUTES);
    const fixed = FifoTopic === undefined ? {} : attributeEntries({ FifoTopic });
    const TopicArn = element(await sns('CreateTopic', { Name: TopicName, ...fixed }), 'TopicArn') as string;
    for (const [AttributeName, AttributeValue] of Object.entries(attributes)) {
      await sns('SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
    }
    for (const inline of objects(properties, 'Subscription')) {
      await subscribe(sns, { ...inline, TopicArn });
      context.onStart(() => demandSubscription(TopicArn, string(inline, 'Endpoint'), fauxqs, context));
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
    const { sns, fauxqs } = await localMessaging(context);
    const SubscriptionArn = await subscribe(sns, properties);
    const [topicArn, queueArn] = [string(properties, 'TopicArn'), string(properties, 'Endpoint')];
    context.onStart(() => demandSubscription(topicArn, queueArn, fauxqs, context));
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
