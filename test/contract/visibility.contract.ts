// Putting off messages that come again, on a local queue.
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SqsVisibility } from '../../adapters/sqs/visibility.ts';
import { messagingProvisioners } from '../../local/messaging/provisioners.ts';
import { CLIENT, eventually, type Harness, startHarness, temporaryFolder } from './local-harness.ts';

let folder: ReturnType<typeof temporaryFolder>;
let harness: Harness;
let client: SQSClient;
let queueUrl: string;
beforeAll(async () => {
  folder = temporaryFolder();
  harness = await startHarness(folder.path);
  const queue = messagingProvisioners.find(({ kind }) => kind === 'AWS::SQS::Queue');
  queueUrl = (await harness.provision(queue, { VisibilityTimeout: 750 })).ref;
  client = new SQSClient({ ...CLIENT, endpoint: harness.endpoint });
});
afterAll(async () => {
  client.destroy();
  await harness.stop();
  folder.remove();
});

const receive = async () =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }))).Messages ?? [];

test('a message that is put off by a second comes again in a second, and not in twelve minutes', async () => {
  for (let i = 0; i < 12; i += 1)
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: String(i) }));
  const taken = [...(await receive()), ...(await receive())];
  expect(taken).toHaveLength(12);
  const visibility = new SqsVisibility(client, queueUrl);
  expect(
    await visibility.postpone(taken.map(({ ReceiptHandle }) => ({ receiptHandle: ReceiptHandle!, seconds: 1 }))),
  ).toBe(0);
  const again = new Set<string>();
  await eventually(
    async () => {
      for (const { Body } of await receive()) again.add(Body!);
      return again.size;
    },
    (size) => size === 12,
  );
});

test('what can not be put off is counted, and nothing is thrown: it waits for the queue’s own time', async () => {
  const visibility = new SqsVisibility(client, queueUrl);
  expect(await visibility.postpone([{ receiptHandle: 'none', seconds: 1 }])).toBe(1);
  const nowhere = new SqsVisibility(client, `${queueUrl}-none`);
  expect(await nowhere.postpone([{ receiptHandle: 'none', seconds: 1 }])).toBe(1);
});
