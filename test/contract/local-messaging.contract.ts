// The local SNS and SQS, asked by AWS's clients.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { keysOf, kmsProvisioners } from '../../local/kms/provisioners.ts';
import { openFauxqs } from '../../local/messaging/fauxqs.ts';
import { messagingProvisioners } from '../../local/messaging/provisioners.ts';
import { CLIENT, eventually, type Harness, startHarness, temporaryFolder } from './local-harness.ts';

const kind = (name: string) => messagingProvisioners.find((provisioner) => provisioner.kind === `AWS::${name}`);
const kmsKey = kmsProvisioners.find((provisioner) => provisioner.kind === 'AWS::KMS::Key');
const FAUXQS = fileURLToPath(new URL('../../local/messaging/fauxqs.ts', import.meta.url));

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

function folder(): string {
  const { path, remove } = temporaryFolder();
  cleanup.push(remove);
  return path;
}

const allow = (service: string, action: string, resource: unknown, sourceArn: unknown) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: action,
      Resource: resource,
      Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
    },
  ],
});

const KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*', Resource: '*' },
    {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } },
    },
  ],
};

async function declare(harness: Harness, subscription: { [name: string]: unknown } = { RawMessageDelivery: true }) {
  const key = await harness.provision(kmsKey, { KeyPolicy: KEY_POLICY }, 'Key');
  const dead = await harness.provision(kind('SQS::Queue'), {}, 'Dead');
  const redrive = { deadLetterTargetArn: dead.attributes.Arn, maxReceiveCount: 1 };
  const queue = await harness.provision(
    kind('SQS::Queue'),
    { RedrivePolicy: redrive, VisibilityTimeout: 30, KmsMasterKeyId: key.ref },
    'Queue',
  );
  const topic = await harness.provision(kind('SNS::Topic'), { KmsMasterKeyId: key.ref }, 'Topic');
  const PolicyDocument = allow('sns.amazonaws.com', 'sqs:SendMessage', queue.attributes.Arn, topic.ref);
  await harness.provision(kind('SQS::QueuePolicy'), { Queues: [queue.ref], PolicyDocument }, 'QueuePolicy');
  await harness.provision(
    kind('SNS::Subscription'),
    { TopicArn: topic.ref, Protocol: 'sqs', Endpoint: queue.attributes.Arn, ...subscription },
    'Subscription',
  );
  return { dead, queue, topic, key };
}

async function started(dir: string, subscription?: { [name: string]: unknown }) {
  const harness = await startHarness(dir);
  cleanup.push(() => harness.stop());
  const declared = await declare(harness, subscription);
  await harness.start();
  return { ...harness, ...declared, ...clients(harness.endpoint) };
}

function clients(endpoint: string) {
  const sqs = new SQSClient({ ...CLIENT, endpoint });
  const sns = new SNSClient({ ...CLIENT, endpoint });
  const receive = async (QueueUrl: string): Promise<Message[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return Messages;
  };
  return { sqs, sns, receive };
}

describe('topics and queues', () => {
  test('deliver raw messages with their attributes, by the policy of the queue', async () => {
    const { sns, topic, queue, receive } = await started(folder());
    const tenant = { DataType: 'String', StringValue: 'acme' };
    await sns.send(new PublishCommand({ TopicArn: topic.ref, Message: 'hello', MessageAttributes: { tenant } }));
    const [message] = await receive(queue.ref);
    expect(message).toMatchObject({ Body: 'hello', MessageAttributes: { tenant } });
  });

  test('wrap what is not raw, and filter by attributes', async () => {
    const { sns, topic, queue, receive } = await started(folder(), { FilterPolicy: { tenant: ['acme'] } });
    const entry = (Id: string, StringValue: string) => ({
      Id,
      Message: `for ${StringValue}`,
      MessageAttributes: { tenant: { DataType: 'String', StringValue } },
    });
    await sns.send(
      new PublishBatchCommand({
        TopicArn: topic.ref,
        PublishBatchRequestEntries: [entry('1', 'acme'), entry('2', 'other')],
      }),
    );
    const bodies = (await receive(queue.ref)).map(({ Body = '' }) => JSON.parse(Body) as unknown);
    expect(bodies).toEqual([
      expect.objectContaining({ Type: 'Notification', TopicArn: topic.ref, Message: 'for acme' }),
    ]);
  });

  test('keep names, messages, receive counts and new attributes over a restart', async () => {
    const dir = folder();
    const first = await startHarness(dir);
    const declared = await declare(first, { RawMessageDelivery: false });
    await first.start();
    const before = clients(first.endpoint);
    await before.sns.send(new PublishCommand({ TopicArn: declared.topic.ref, Message: 'kept' }));
    await first.stop();

    const second = await started(dir, { RawMessageDelivery: true });
    expect(second.topic).toEqual(declared.topic);
    expect(second.queue.attributes.Arn).toEqual(declared.queue.attributes.Arn);
    expect(second.queue.ref.startsWith(second.endpoint)).toBe(true);
    const { QueueUrl } = await second.sqs.send(
      new GetQueueUrlCommand({ QueueName: String(second.queue.attributes.QueueName) }),
    );
    expect(QueueUrl).toBe(second.queue.ref);
    await second.sns.send(new PublishCommand({ TopicArn: second.topic.ref, Message: 'raw now' }));
    const bodies = (await second.receive(second.queue.ref)).map(({ Body = '' }) => Body);
    expect(bodies).toHaveLength(2);
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ Message: 'kept' });
    expect(bodies[1]).toBe('raw now');
  });

  test('make a message visible again at once, and count its receptions towards the dead-letter queue', async () => {
    const { sqs, queue, dead, receive } = await started(folder());
    await sqs.send(new SendMessageCommand({ QueueUrl: queue.ref, MessageBody: 'returned' }));
    const [first] = await receive(queue.ref);
    const { ReceiptHandle } = first ?? {};
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queue.ref, ReceiptHandle, VisibilityTimeout: 0 }));
    expect(await receive(queue.ref)).toEqual([]);
    const [letter] = await receive(dead.ref);
    expect(letter).toMatchObject({ Body: 'returned', MessageId: first?.MessageId });
    await sqs.send(new DeleteMessageCommand({ QueueUrl: dead.ref, ReceiptHandle: letter?.ReceiptHandle }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: dead.ref, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
  });

  test('are refused where the template asks for what does not run here', async () => {
    const harness = await startHarness(folder());
    cleanup.push(() => harness.stop());
    await expect(harness.provision(kind('SQS::Queue'), { Surprise: 1 }, 'Q')).rejects.toThrow(
      /does not implement Surprise/,
    );
    const topic = await harness.provision(kind('SNS::Topic'), {}, 'Topic');
    const email = { TopicArn: topic.ref, Protocol: 'email', Endpoint: 'a@example.org' };
    await expect(harness.provision(kind('SNS::Subscription'), email, 'S')).rejects.toThrow(/Protocol email/);
  });

  test('fail at the start when the queue does not let the topic send', async () => {
    const harness = await startHarness(folder());
    cleanup.push(() => harness.stop());
    const queue = await harness.provision(kind('SQS::Queue'), {}, 'Queue');
    const topic = await harness.provision(kind('SNS::Topic'), {}, 'Topic');
    const to = { TopicArn: topic.ref, Protocol: 'sqs', Endpoint: queue.attributes.Arn };
    await harness.provision(kind('SNS::Subscription'), to, 'Subscription');
    await expect(harness.start()).rejects.toThrow(/sns\.amazonaws\.com is not authorized to perform: sqs:SendMessage/);
  });

  test('take what services send only under their policy', async () => {
    const { context, queue, topic, receive } = await started(folder());
    const targetArn = String(queue.attributes.Arn);
    const by = { principal: 'sns.amazonaws.com', sourceArn: topic.ref };
    await context.deliver({ targetArn, body: 'allowed', attributes: { ERROR_CODE: 'X' }, by });
    const refused = context.deliver({ targetArn, body: 'refused', by: { ...by, principal: 'events.amazonaws.com' } });
    await expect(refused).rejects.toThrow(/not authorized/);
    const [message] = await receive(queue.ref);
    expect(message).toMatchObject({ Body: 'allowed', MessageAttributes: { ERROR_CODE: { StringValue: 'X' } } });
  });
});

describe('a key that queue and topic are under', () => {
  test('is asked for every message: disabled, it takes none, and the error is the service’s own', async () => {
    const { context, key, queue, topic, sqs, sns, receive } = await started(folder());
    const keys = keysOf(context);
    keys.save({ ...keys.find(key.ref), state: 'Disabled' });
    const send = () => sqs.send(new SendMessageCommand({ QueueUrl: queue.ref, MessageBody: 'm' }));
    const publish = () => sns.send(new PublishCommand({ TopicArn: topic.ref, Message: 'm' }));
    await expect(send()).rejects.toMatchObject({ name: 'KmsDisabled', $metadata: { httpStatusCode: 400 } });
    await expect(publish()).rejects.toMatchObject({ name: expect.stringMatching(/^KMSDisabled/) });
    await expect(receive(queue.ref)).rejects.toMatchObject({ name: 'KmsDisabled' });
    keys.save({ ...keys.find(key.ref), state: 'PendingDeletion' });
    await expect(send()).rejects.toMatchObject({ name: 'KmsInvalidState' });
    keys.save({ ...keys.find(key.ref), state: 'Enabled' });
    await send();
    await publish();
    expect(await receive(queue.ref)).toHaveLength(2);
  });

  test('fails the start when it does not let the topic deliver', async () => {
    const harness = await startHarness(folder());
    cleanup.push(() => harness.stop());
    const { key } = await declare(harness);
    const keys = keysOf(harness.context);
    keys.save({ ...keys.find(key.ref), policy: { ...KEY_POLICY, Statement: KEY_POLICY.Statement.slice(0, 1) } });
    await expect(harness.start()).rejects.toThrow(
      /sns\.amazonaws\.com is not authorized to perform: kms:GenerateDataKey/,
    );
  });
});

describe('after SIGKILL', () => {
  /** Sends and moves messages to the dead-letter queue as fast as it can, and prints what was acknowledged. */
  const WRITER = `
    import { openFauxqs } from ${JSON.stringify(FAUXQS)};
    const fauxqs = await openFauxqs({ dataDir: process.argv[1], region: 'us-east-1', account: '000000000000', endpoint: 'http://127.0.0.1:1' });
    const sqs = async (action, input) => {
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.' + action };
      return JSON.parse(String((await fauxqs.send(headers, JSON.stringify(input))).body));
    };
    const { QueueUrl: dead } = await sqs('CreateQueue', { QueueName: 'dead' });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead', maxReceiveCount: 1 });
    const { QueueUrl } = await sqs('CreateQueue', { QueueName: 'queue', Attributes: { RedrivePolicy } });
    for (let n = 0; ; n++) {
      await sqs('SendMessage', { QueueUrl, MessageBody: String(n) });
      console.log(n);
      await sqs('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
    }`;

  test('every acknowledged message is in a queue exactly once', async () => {
    const dir = folder();
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', WRITER, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    await eventually(
      () => said.split('\n').length,
      (count) => count > 300,
    );
    child.kill('SIGKILL');
    await ended;
    const acknowledged = said.slice(0, said.lastIndexOf('\n')).split('\n');

    const fauxqs = await openFauxqs({
      dataDir: dir,
      region: 'us-east-1',
      account: '000000000000',
      endpoint: 'http://127.0.0.1:1',
    });
    cleanup.push(() => fauxqs.close());
    const found: string[] = [];
    for (const name of ['queue', 'dead']) {
      for (;;) {
        const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ReceiveMessage' };
        const input = {
          QueueUrl: `http://127.0.0.1:1/000000000000/${name}`,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 600,
        };
        const { Messages = [] } = JSON.parse(String((await fauxqs.send(headers, JSON.stringify(input))).body)) as {
          Messages?: Message[];
        };
        if (Messages.length === 0) break;
        found.push(...Messages.map(({ Body = '' }) => Body));
      }
    }
    expect(acknowledged.filter((body) => !found.includes(body))).toEqual([]);
    expect(new Set(found).size).toBe(found.length);
  });
});
