// A state machine.
import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  type CfnStateMachine,
  DefinitionBody,
  type IChainable,
  LogLevel,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { perHour, perMinute } from './alarms.ts';
import type { Code } from './code.ts';
import type { EncryptionKey } from './encryption-key.ts';

export interface WorkflowProps {
  /** Name of the state machine: what people and commands start. */
  readonly name: string;
  readonly definition: IChainable;
  /** The functions that its states invoke. */
  readonly invokes: readonly Code[];
  /** Items of a map of it are executions of their own, which it starts, stops and looks at. */
  readonly distributed?: boolean;
  readonly timeout: Duration;
  readonly logKey: EncryptionKey;
  readonly logRetention: RetentionDays;
}

/** A state machine that may invoke its functions and nothing else, logs every event, and is traced. */
export class Workflow extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    role.addToPrincipalPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['lambda:InvokeFunction'],
        resources: props.invokes.map((code) => code.function.functionArn),
      }),
    );
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: props.name,
      definitionBody: DefinitionBody.fromChainable(props.definition),
      role,
      timeout: props.timeout,
      tracingEnabled: true,
      logs: { destination: this.#log(props), level: LogLevel.ALL, includeExecutionData: true },
    });
    acknowledge(this, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray and the delivery of logs take no resource.');
    if (props.distributed === true) this.#acknowledgeExecutions();
  }

  /** The names of its own executions are not known before. */
  #acknowledgeExecutions(): void {
    const id = Stack.of(this).getLogicalId(this.machine.node.defaultChild as CfnStateMachine);
    const name = JSON.stringify({ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: id }] }] });
    const executions = `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${name}`;
    for (const resource of [`${executions}:*`, `${executions}/*:*`]) {
      acknowledge(this, `AwsSolutions-IAM5[Resource::${resource}]`, 'The executions of this state machine alone.');
    }
  }

  /** Every end that is no success, a stop by hand too: evidence whose verification somebody stops is not verified. */
  failures(): readonly IMetric[] {
    const { machine } = this;
    const options = { statistic: Stats.SUM, ...perMinute };
    return [
      ...[machine.metricFailed(options), machine.metricTimedOut(options), machine.metricAborted(options)],
      machine.metricThrottled(options),
    ];
  }

  /** Executions that came to their end, for who misses them. */
  successes(): IMetric {
    return this.machine.metricSucceeded({ statistic: Stats.SUM, ...perHour });
  }

  /** Payloads hold names, numbers and hashes, never entries. The prefix keeps the log's resource policy from growing. */
  #log({ name, logKey, logRetention }: WorkflowProps): LogGroup {
    return new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/states/${name}-${Stack.of(this).stackName}`,
      encryptionKey: logKey.key,
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
