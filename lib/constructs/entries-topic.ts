// The topic that announces blocks, and its subscribers' queues.
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { INDEX, INDEX_WINDOW_SECONDS } from '../../names/index.ts';
import { RELAY } from '../../names/relay.ts';
import type { Code } from './code.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { encryptedQueue } from './queue.ts';

/**
 * Lambda wants six times a consumer's time limit, and the gathering comes before: a batch that is not taken because the function
 * is throttled is offered again by then.
 */
const VISIBILITY = Duration.seconds(6 * INDEX.timeoutSeconds + INDEX_WINDOW_SECONDS);

/** Announces every block after it is durable, for whoever wants entries; subscribers can't slow the archive or each other. */
export class EntriesTopic extends Construct {
  readonly topic: Topic;
  readonly subscribers: readonly Subscriber[];
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, key: EncryptionKey) {
    super(scope, id);
    this.#key = key;
    this.topic = new Topic(this, 'Topic', { masterKey: key.key, enforceSSL: true });
    this.subscribers = RELAY.subscribers.map((name) => new Subscriber(this, name, this.topic, key));
  }

  subscriber(name: (typeof RELAY.subscribers)[number]): Subscriber {
    return this.subscribers.find((one) => one.name === name)!;
  }

  grantPublish(code: Code): void {
    code.configure(RELAY.topicEnv, this.topic.topicArn);
    code.allow({ actions: ['sns:Publish'], resources: [this.topic.topicArn] });
    this.#key.grant(code, 'write', 'sns');
  }
}

/** A queue of its own, with a dead-letter queue of its own: for messages that SNS can't deliver and that the consumer can't use. */
export class Subscriber extends Construct {
  readonly name: string;
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, name: string, topic: Topic, key: EncryptionKey) {
    super(scope, name[0]!.toUpperCase() + name.slice(1));
    this.name = name;
    this.deadLetters = encryptedQueue(this, 'DeadLetters', key);
    this.queue = encryptedQueue(this, 'Queue', key, this.deadLetters, VISIBILITY);
    for (const queue of [this.queue, this.deadLetters]) admit(queue, topic);
    new Subscription(this, 'Subscription', {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: this.queue.queueArn,
      rawMessageDelivery: true,
      deadLetterQueue: this.deadLetters,
    });
  }
}

function admit(queue: Queue, topic: Topic): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('sns.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': topic.topicArn } },
    }),
  );
}
