// Rules and bus of the events that become entries.
import { EventBus, type EventPattern, type IEventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Code } from './code.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { deadLetterQueue } from './queue.ts';

export interface ObservationProps {
  readonly code: Code;
  readonly key: EncryptionKey;
  readonly busName: string;
  /** AWS sources that are recorded whole, beside CloudTrail's management events. */
  readonly awsSources: readonly string[];
}

const CLOUDTRAIL = [
  'AWS API Call via CloudTrail',
  'AWS Console Sign In via CloudTrail',
  'AWS Console Action via CloudTrail',
  'AWS Service Event via CloudTrail',
];

/**
 * Recording an event uses KMS through DynamoDB and SNS, and KMS reports each use to CloudTrail: recorded, each would beget the
 * next for ever. CloudTrail's own log has them.
 */
const SELF_INFLICTED = ['Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncrypt'];

/** Lambda's own retries of an asynchronous event; each waits longer, in all about six minutes. */
const FUNCTION_RETRIES = 2;
const MAX_EVENT_AGE = Duration.hours(6);
/** EventBridge's retries until Lambda has taken the event; a day is its limit. */
const DELIVERY_RETRIES = 185;
const DELIVERY_AGE = Duration.hours(24);

/** AWS's events from the default bus and the applications' from a bus of their own, all given to one function. */
export class Observation extends Construct {
  readonly bus: EventBus;
  /** Events that no entry was made of, whole: as EventBridge sends them, or as `requestPayload` of Lambda's record. */
  readonly unrecorded: Queue;
  readonly #code: Code;

  constructor(scope: Construct, id: string, props: ObservationProps) {
    super(scope, id);
    this.#code = props.code;
    this.unrecorded = deadLetterQueue(this, 'Unrecorded', props.key);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: props.busName,
      description: 'Events of applications, to be recorded',
      kmsKey: props.key.key,
      deadLetterQueue: this.unrecorded,
    });
    this.#admitBus();
    this.#keepFailures(props.key);
    this.#observe(
      'Applications',
      "Everything on the applications' bus",
      { source: Match.prefix('') },
      this.bus as IEventBus,
    );
    this.#observe('CloudTrail', 'Management events of this account', {
      detailType: CLOUDTRAIL,
      detail: { eventName: Match.anythingBut(...SELF_INFLICTED) },
    });
    if (props.awsSources.length === 0) return;
    this.#observe('AwsServices', 'Events of configured AWS services', {
      source: [...props.awsSources],
      detailType: Match.anythingBut(...CLOUDTRAIL),
    });
  }

  /** No bus means the account's default bus. */
  #observe(id: string, description: string, eventPattern: EventPattern, eventBus?: IEventBus): void {
    new Rule(this, id, {
      description,
      eventPattern,
      ...(eventBus === undefined ? {} : { eventBus }),
      targets: [
        new LambdaFunction(this.#code.function, {
          deadLetterQueue: this.unrecorded,
          retryAttempts: DELIVERY_RETRIES,
          maxEventAge: DELIVERY_AGE,
        }),
      ],
    });
  }

  /** What the bus itself can't decrypt goes to its dead-letter queue. */
  #admitBus(): void {
    this.unrecorded.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.unrecorded.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': this.bus.eventBusArn } },
      }),
    );
  }

  #keepFailures(key: EncryptionKey): void {
    this.#code.allow({ actions: ['sqs:SendMessage'], resources: [this.unrecorded.queueArn] });
    key.grant(this.#code, 'write', 'sqs');
    new CfnEventInvokeConfig(this, 'Failures', {
      functionName: this.#code.function.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: FUNCTION_RETRIES,
      maximumEventAgeInSeconds: MAX_EVENT_AGE.toSeconds(),
      destinationConfig: { onFailure: { destination: this.unrecorded.queueArn } },
    });
  }
}
