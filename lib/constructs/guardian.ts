/** Tells people, and the trail itself, when somebody touches what protects the evidence. */
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { GUARD } from '../../names/observe.ts';
import type { Code } from './code.ts';
import { type Guarded, guardedEvents, type Pattern } from './guarded.ts';

export interface GuardianProps {
  readonly guarded: Guarded;
  /** Where people are told. */
  readonly topic: Topic;
  /** Records it. */
  readonly observe: Code;
  /** Where an event ends that neither took. */
  readonly undelivered: Queue;
  /** URL or path of the runbook's heading. */
  readonly runbook: string;
}

/** EventBridge's limits, a day and 185 tries, said so that nobody looks for them. */
const RETRY = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

/** Parts of an event that make it whole again inside of what the function is given. */
const PARTS = ['id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'] as const;

/**
 * Each rule has two targets that do not need each other: the topic, so that breaking the function silences nobody, and the
 * function, so that the call is evidence itself. EventBridge publishes to the topic under its service principal without
 * saying for which rule: its guide allows no condition in a topic's policy.
 */
export class Guardian extends Construct {
  constructor(scope: Construct, id: string, props: GuardianProps) {
    super(scope, id);
    const events = new ServicePrincipal('events.amazonaws.com');
    const { topic, undelivered } = props;
    topic.addToResourcePolicy(
      new PolicyStatement({ principals: [events], actions: ['sns:Publish'], resources: [topic.topicArn] }),
    );
    const rules = Stack.of(this).formatArn({
      ...{ service: 'events', resource: 'rule', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME },
    });
    undelivered.addToResourcePolicy(
      new PolicyStatement({
        principals: [events],
        actions: ['sqs:SendMessage'],
        resources: [undelivered.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': rules } },
      }),
    );
    for (const [name, pattern] of Object.entries(guardedEvents(props.guarded))) this.#rule(name, pattern, props);
  }

  #rule(name: string, pattern: Pattern, { topic, observe, undelivered, runbook }: GuardianProps): void {
    const { functionArn } = observe.function;
    const rest = { retryPolicy: RETRY, deadLetterConfig: { arn: undelivered.queueArn } };
    const rule = new CfnRule(this, name, {
      description: `Indelible: somebody touches what protects the evidence (${name})`,
      eventPattern: pattern,
      state: 'ENABLED',
      targets: [
        { id: 'People', arn: topic.topicArn, inputTransformer: notice(name, runbook), ...rest },
        { id: 'Trail', arn: functionArn, inputTransformer: whole(name), ...rest },
      ],
    });
    new CfnPermission(this, `${name}Invokes`, {
      action: 'lambda:InvokeFunction',
      functionName: functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
  }
}

/** EventBridge does not escape what it fills in; these parts hold nothing that would need it. */
function notice(name: string, runbook: string): CfnRule.InputTransformerProperty {
  const link = JSON.stringify(runbook).slice(1, -1);
  return {
    inputPathsMap: {
      ...{ call: '$.detail.eventName', service: '$.detail.eventSource', who: '$.detail.userIdentity.arn' },
      ...{ error: '$.detail.errorCode', time: '$.time', type: '$.detail-type', event: '$.detail.eventID' },
    },
    inputTemplate: `"Indelible: what protects the evidence was touched (${name}). <type>: <service> <call> <error> by <who> at <time>, event <event>. Runbook: ${link}"`,
  };
}

function whole(name: string): CfnRule.InputTransformerProperty {
  const members = PARTS.map((part) => `"${part}":<${part}>`);
  return {
    inputPathsMap: Object.fromEntries(PARTS.map((part) => [part, `$.${part}`])),
    inputTemplate: `{"${GUARD.member}":"${name}","${GUARD.event}":{${members.join(',')}}}`,
  };
}
