// A schedule that starts a workflow.
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Duration } from 'aws-cdk-lib/core';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EncryptionKey } from './encryption-key.ts';
import type { Grantee, Permission } from './grantee.ts';
import type { Workflow } from './workflow.ts';

export interface TimerProps {
  readonly workflow: Workflow;
  /** EventBridge Scheduler's expression, in UTC. */
  readonly schedule: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly description: string;
  /** Where a start that could not be made ends up. */
  readonly undelivered: Queue;
  readonly key: EncryptionKey;
  /** How long a start is tried for. */
  readonly patience: Duration;
}

/** Starts a workflow on schedule, with a role that can start it and do nothing else. */
export class Timer extends Construct implements Grantee {
  readonly #role: Role;

  constructor(scope: Construct, id: string, props: TimerProps) {
    super(scope, id);
    const { machine } = props.workflow;
    this.#role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    this.allow({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] });
    this.allow({ actions: ['sqs:SendMessage'], resources: [props.undelivered.queueArn] });
    props.key.grant(this, 'write', 'sqs');
    new CfnSchedule(this, 'Schedule', {
      description: props.description,
      scheduleExpression: props.schedule,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: machine.stateMachineArn,
        roleArn: this.#role.roleArn,
        input: JSON.stringify(props.input),
        retryPolicy: { maximumEventAgeInSeconds: props.patience.toSeconds(), maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: props.undelivered.queueArn },
      },
    });
  }

  allow({ actions, resources, conditions }: Permission): void {
    this.#role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(conditions === undefined ? {} : { conditions: { ...conditions } }),
      }),
    );
  }
}
