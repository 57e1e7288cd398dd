/**
 * An event source mapping from an SQS queue to a function, as Lambda runs it: messages are deleted once the function took them;
 * what it didn't take becomes visible again after the queue's visibility timeout, and the redrive policy ends that.
 */
import type { Messaging } from '../messaging/client.ts';
import type { RuntimeContext } from '../template/provisioner.ts';
import { failedItems } from './deliver.ts';
import { PAYLOAD_BYTES } from './lane.ts';
import type { QueueSettings } from './settings.ts';

/** SQS hands out at most this many at once, and deletes at most this many at once. */
const RECEIVE_LIMIT = 10;
/** Long polls are short enough for a prompt stop. */
const POLL_SECONDS = 1;
/** What a record has around its message. */
const RECORD_OVERHEAD_BYTES = 1024;
/** SQS messages hold up to 1 MB; a batch is topped up only while it is small. */
const ROOM_FOR_MORE_BYTES = PAYLOAD_BYTES / 4;
const PAUSE_AFTER_ERROR_MS = 1_000;

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
}

interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export interface QueueMappingOptions {
  readonly id: string;
  readonly settings: QueueSettings;
  readonly messaging: Messaging;
  readonly context: RuntimeContext;
}

export class QueueMapping {
  readonly #options: QueueMappingOptions;
  readonly #abort = new AbortController();
  #queueUrl = '';
  #pollers: Promise<void>[] = [];

  constructor(options: QueueMappingOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { messaging, settings } = this.#options;
    const QueueName = settings.sourceArn.split(':').at(-1);
    this.#queueUrl = (await messaging.sqs<{ QueueUrl: string }>('GetQueueUrl', { QueueName })).QueueUrl;
    // A FIFO queue locks a message group while it is in flight, so several pollers keep the order of each group.
    this.#pollers = Array.from({ length: settings.concurrency }, () => this.#poll());
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#pollers);
  }

  async #poll(): Promise<void> {
    const { signal } = this.#abort;
    const { context, id } = this.#options;
    while (!signal.aborted) {
      try {
        const messages = await this.#collect();
        for (const batch of withinPayload(messages)) await this.#process(batch);
      } catch (error) {
        context.warn('streams', 'a queue poller failed, trying again', { mapping: id, error: String(error) });
        await context.clock.sleep(PAUSE_AFTER_ERROR_MS, signal);
      }
    }
  }

  /** Up to a batch: with a window it waits for more, without one it takes what one receive gives. */
  async #collect(): Promise<Message[]> {
    const { settings, context } = this.#options;
    const messages = await this.#receive(Math.min(settings.batchSize, RECEIVE_LIMIT), POLL_SECONDS);
    if (messages.length === 0) return messages;
    const until = context.clock.now() + settings.windowMs;
    let bytes = size(messages);
    while (messages.length < settings.batchSize && bytes < ROOM_FOR_MORE_BYTES) {
      if (context.clock.now() >= until || this.#abort.signal.aborted) break;
      const more = await this.#receive(Math.min(settings.batchSize - messages.length, RECEIVE_LIMIT), POLL_SECONDS);
      messages.push(...more);
      bytes += size(more);
    }
    return messages;
  }

  async #receive(MaxNumberOfMessages: number, WaitTimeSeconds: number): Promise<Message[]> {
    const { Messages = [] } = await this.#options.messaging.sqs<{ Messages?: Message[] }>('ReceiveMessage', {
      QueueUrl: this.#queueUrl,
      MaxNumberOfMessages,
      WaitTimeSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    return Messages;
  }

  async #process(received: readonly Message[]): Promise<void> {
    const { settings, context } = this.#options;
    const records = received.map((message) => ({ message, record: this.#record(message) }));
    const passing = settings.filter ? records.filter(({ record }) => settings.filter?.(filterable(record))) : records;
    const dropped = records.filter((one) => !passing.includes(one));
    await this.#delete(dropped.map(({ message }) => message));
    if (passing.length === 0) return;
    const payload = JSON.stringify({ Records: passing.map(({ record }) => record) });
    const result = await context.invoke(settings.functionArn, payload);
    if (result.functionError) {
      context.log('streams', 'a batch failed', { function: settings.functionArn, reason: result.payload });
      return;
    }
    const failed = settings.reportsItemFailures ? failedItems(result.payload) : [];
    const known = new Set(passing.map(({ message }) => message.MessageId));
    if (failed === 'malformed' || failed.some((item) => !known.has(item))) {
      context.log('streams', 'a batch failed', {
        function: settings.functionArn,
        reason: `malformed response ${result.payload}`,
      });
      return;
    }
    await this.#delete(
      passing.filter(({ message }) => !failed.includes(message.MessageId)).map(({ message }) => message),
    );
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    for (let from = 0; from < messages.length; from += RECEIVE_LIMIT) {
      const Entries = messages
        .slice(from, from + RECEIVE_LIMIT)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#options.messaging.sqs('DeleteMessageBatch', { QueueUrl: this.#queueUrl, Entries });
    }
  }

  #record(message: Message): SqsRecord {
    const { settings, messaging } = this.#options;
    return {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, attribute(value)]),
      ),
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: settings.sourceArn,
      awsRegion: messaging.region,
    };
  }
}

interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
  readonly md5OfBody: string;
  readonly eventSource: string;
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

function attribute({ DataType, StringValue, BinaryValue }: MessageAttribute): Record<string, unknown> {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/** Filter patterns look into a body that is JSON. */
function filterable(record: SqsRecord): unknown {
  try {
    return { ...record, body: JSON.parse(record.body) as unknown };
  } catch {
    return record;
  }
}

/** Ten messages of the largest size don't fit into one invocation. */
function withinPayload(messages: readonly Message[]): Message[][] {
  const batches: Message[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const share = size([message]);
    const current = batches.at(-1);
    if (current && bytes + share <= PAYLOAD_BYTES) {
      current.push(message);
      bytes += share;
    } else {
      batches.push([message]);
      bytes = share;
    }
  }
  return batches;
}

function size(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + Buffer.byteLength(JSON.stringify(message)) + RECORD_OVERHEAD_BYTES, 0);
}
