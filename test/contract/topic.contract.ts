// Notices of new blocks on SNS.
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startFauxqs } from 'fauxqs';
import { SnsTopic } from '../../adapters/sns/topic.ts';
import { type BlockNotice, MAX_NOTICES } from '../../services/relay/port.ts';

const notice = (tenant: string, position: number): BlockNotice => ({
  ...{ v: 1, tenant, chain: 3, position, count: 2, recordedAt: 1_772_359_200_000, link: 'ab'.repeat(32) },
});

describe('notices on SNS', () => {
  let server: Awaited<ReturnType<typeof startFauxqs>>;
  let sns: SNSClient;
  let sqs: SQSClient;

  beforeAll(async () => {
    server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const config = { endpoint: `http://127.0.0.1:${server.port}`, region: 'us-east-1', credentials, maxAttempts: 1 };
    sns = new SNSClient(config);
    sqs = new SQSClient(config);
  });
  afterAll(async () => {
    sns?.destroy();
    sqs?.destroy();
    await server?.stop();
  });

  test('reach a queue as JSON, and its filter by tenant', async () => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'entries' }));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'index' }));
    await sns.send(
      new SubscribeCommand({
        ...{ TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:index' },
        Attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify({ tenant: ['acme'] }) },
      }),
    );
    const notices = Array.from({ length: MAX_NOTICES }, (_, i) => notice(i % 2 === 0 ? 'acme' : 'globex', i));
    expect(await new SnsTopic(sns, TopicArn!).publish(notices)).toEqual([]);

    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] });
    const { Messages = [] } = await sqs.send(receive);
    const bodies = Messages.map(({ Body }) => JSON.parse(Body!)).toSorted((a, b) => a.position - b.position);
    expect(bodies).toEqual(notices.filter(({ tenant }) => tenant === 'acme'));
    expect(Messages[0]!.MessageAttributes).toMatchObject({
      tenant: { DataType: 'String', StringValue: 'acme' },
      chain: { DataType: 'Number', StringValue: '3' },
    });
  });

  test('are an error when the topic does not exist', async () => {
    const topic = new SnsTopic(sns, 'arn:aws:sns:us-east-1:000000000000:nowhere');
    await expect(topic.publish([notice('acme', 0)])).rejects.toThrow();
  });
});
