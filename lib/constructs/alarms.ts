// Alarms, and the topic where they ring.
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { METRICS, type MetricName } from '../../names/metrics.ts';
import { VERIFY } from '../../names/verify.ts';
import type { Code } from './code.ts';
import type { EncryptionKey } from './encryption-key.ts';

export interface AlarmsProps {
  readonly key: EncryptionKey;
  readonly email?: string;
  /** Path or URL of the page whose headings the alarms link. */
  readonly runbook: string;
}

export interface AlarmProps {
  /** The alarm's heading in the runbook, word by word. */
  readonly heading: string;
  readonly summary: string;
  readonly metric: IMetric;
  /** It rings above. */
  readonly above: number;
  /** Of as many minutes as this, each has to be above; 1 unless said. */
  readonly minutes?: number;
}

export interface SilenceProps {
  readonly heading: string;
  readonly summary: string;
  /** Counts what has to happen; by the hour. */
  readonly metric: IMetric;
  /** It rings when nothing was counted for as many seconds; at most a week. */
  readonly seconds: number;
}

const PERIOD = Duration.minutes(1);
const HOUR_SECONDS = 3_600;

/** Alarms and where they ring. Silence is health for what `ring` watches, and the fault itself for `missing`. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly alarms: Alarm[] = [];
  readonly #runbook: string;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#runbook = props.runbook;
    this.#key = props.key;
    this.topic = new Topic(this, 'Topic', { masterKey: props.key.key, enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (props.email === undefined) return;
    new Subscription(this, 'Email', { topic: this.topic, protocol: SubscriptionProtocol.EMAIL, endpoint: props.email });
  }

  /** Tell of what a metric can't: which verification failed, and where. */
  grantAlert(code: Code): void {
    code.configure(VERIFY.alertsTopicEnv, this.topic.topicArn);
    code.allow({ actions: ['sns:Publish'], resources: [this.topic.topicArn] });
    this.#key.grant(code, 'write', 'sns');
  }

  /** Where the runbook says what to do. */
  link(heading: string): string {
    return `${this.#runbook}#${anchorOf(heading)}`;
  }

  ring(id: string, props: AlarmProps): void {
    const alarm = new Alarm(this, id, {
      alarmDescription: `${props.summary} ${this.link(props.heading)}`,
      metric: props.metric,
      threshold: props.above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: props.minutes ?? 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    this.alarms.push(alarm);
  }

  /** Hours that have no data breach as well as those that count nothing: who stops the work stops its metrics too. */
  missing(id: string, { heading, summary, metric, seconds }: SilenceProps): void {
    const alarm = new Alarm(this, id, {
      alarmDescription: `${summary} ${this.link(heading)}`,
      metric,
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: Math.ceil(seconds / HOUR_SECONDS),
      treatMissingData: TreatMissingData.BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    this.alarms.push(alarm);
  }
}

/** The anchor that GitHub and most renderers of Markdown give a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}

/** A metric that the code emits, summed over all functions. */
export function emitted(metricName: MetricName, statistic: string = Stats.SUM): Metric {
  return new Metric({ namespace: METRICS.namespace, metricName, statistic, period: PERIOD });
}

/** For `missing`. */
export function hourly(metricName: MetricName): Metric {
  return new Metric({ namespace: METRICS.namespace, metricName, statistic: Stats.SUM, ...perHour });
}

/** How old the newest record is that a function of the stream was given. */
export function iteratorAge(code: Code): IMetric {
  return code.function.metric('IteratorAge', { statistic: Stats.MAXIMUM, ...perMinute });
}

/** Messages that wait in a queue. */
export function waiting(queue: Queue): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, ...perMinute });
}

export const perMinute = { period: PERIOD };
export const perHour = { period: Duration.hours(1) };
