/** Which metrics of AWS there are on this machine: counted as things happen, or asked for when an alarm wants to know. */
import { localMessaging } from '../messaging/open.ts';
import { type RuntimeContext, serviceKey } from '../template/provisioner.ts';

type Gauge = (dimensions: Readonly<Record<string, string>>) => Promise<number | undefined>;

/** By namespace and name with a space between. */
export const GAUGES = serviceKey<ReadonlyMap<string, Gauge>>('gauges');

const DEAD_LETTERS = 'AWS/SQS ApproximateNumberOfMessagesVisible';

const COUNTED: readonly string[] = [
  ...['Invocations', 'Errors', 'Throttles', 'Duration', 'IteratorAge'].map((name) => `AWS/Lambda ${name}`),
  ...['Count', '4xx', '5xx', 'Latency'].map((name) => `AWS/ApiGateway ${name}`),
  // Nothing is throttled here, so that one stays silent.
  ...['Succeeded', 'Failed', 'TimedOut', 'Aborted'].map((end) => `AWS/States Executions${end}`),
  ...['ExecutionTime', 'ExecutionThrottled'].map((name) => `AWS/States ${name}`),
];

export function isMeasured(namespace: string, name: string): boolean {
  const metric = `${namespace} ${name}`;
  return !namespace.startsWith('AWS/') || metric === DEAD_LETTERS || COUNTED.includes(metric);
}

export function gauges(context: RuntimeContext): ReadonlyMap<string, Gauge> {
  return new Map([[DEAD_LETTERS, (dimensions) => visibleMessages(dimensions.QueueName ?? '', context)]]);
}

async function visibleMessages(queueName: string, context: RuntimeContext): Promise<number | undefined> {
  const { sqs } = await localMessaging(context);
  const { QueueUrl } = await sqs<{ QueueUrl: string }>('GetQueueUrl', { QueueName: queueName });
  const name = 'ApproximateNumberOfMessages';
  const { Attributes } = await sqs<{ Attributes: Record<string, string> }>('GetQueueAttributes', {
    QueueUrl,
    AttributeNames: [name],
  });
  return Number(Attributes[name]);
}
