/**
 * Alarms on the metrics that exist here: the embedded metric format's, and those of AWS that this machine can measure. The
 * newest periods are compared with the threshold; a change of state is shown, and sent to the alarm's actions.
 */
import { messageOf } from '../failure.ts';
import { flag, object, objects, optionalNumber, optionalString, string, strings } from '../template/properties.ts';
import { type Properties, type Provisioner, type ResourceContext, serviceKey } from '../template/provisioner.ts';
import { GAUGES, isMeasured } from './gauges.ts';
import { type Datum, METRICS } from './metrics.ts';

const EVALUATION_MS = 10_000;

/** Alarms that this machine can't evaluate, for the start to name. */
export const UNWATCHED = serviceKey<string[]>('alarms that are not evaluated');

type State = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
  SampleCount: (values) => values.length,
};

export interface AlarmDefinition {
  readonly name: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodMs: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly statistic: (values: readonly number[]) => number;
  readonly breaches: (value: number) => boolean;
  readonly missing: string;
}

/**
 * The state that the data of the newest periods give, the current one included, so that an alarm is seen within seconds. What is
 * missing is treated as the alarm says; but periods before `since`, when nothing ran that could have told, are unknown: a
 * machine that was off has stopped no work.
 */
export function evaluateAlarm(
  alarm: AlarmDefinition,
  data: readonly Datum[],
  now: number,
  since = Number.NEGATIVE_INFINITY,
): State | undefined {
  const verdicts: (boolean | undefined)[] = [];
  for (let index = 0; index < alarm.evaluationPeriods; index += 1) {
    const end = (Math.floor(now / alarm.periodMs) + 1 - index) * alarm.periodMs;
    const values = data.filter(({ at }) => at >= end - alarm.periodMs && at < end).map(({ value }) => value);
    const missing = end - alarm.periodMs < since ? undefined : missingVerdict(alarm.missing);
    verdicts.push(values.length === 0 ? missing : alarm.breaches(alarm.statistic(values)));
  }
  if (verdicts.filter((verdict) => verdict === true).length >= alarm.datapointsToAlarm) return 'ALARM';
  if (verdicts.every((verdict) => verdict === undefined))
    return alarm.missing === 'ignore' ? undefined : 'INSUFFICIENT_DATA';
  return 'OK';
}

function missingVerdict(missing: string): boolean | undefined {
  if (missing === 'breaching') return true;
  return missing === 'notBreaching' ? false : undefined;
}

export const alarmProvisioner: Provisioner = {
  kind: 'AWS::CloudWatch::Alarm',
  provision: async (_logicalId, properties, context) => {
    const name = optionalString(properties, 'AlarmName') ?? context.physicalName({ maxLength: 255 });
    const arn = `arn:aws:cloudwatch:${context.region}:${context.account}:alarm:${name}`;
    const definition = defined(name, properties);
    if (definition && isMeasured(definition.namespace, definition.metric)) {
      watch(definition, arn, properties, context);
    } else {
      const watched = `${optionalString(properties, 'Namespace') ?? 'several'} ${optionalString(properties, 'MetricName') ?? 'metrics'}`;
      context.service(UNWATCHED).push(`${name} (${watched})`);
    }
    return { ref: name, attributes: { Arn: arn } };
  },
};

function defined(name: string, properties: Properties): AlarmDefinition | undefined {
  const statistic = STATISTICS[optionalString(properties, 'Statistic') ?? ''];
  const compare = COMPARISONS[string(properties, 'ComparisonOperator')];
  const threshold = optionalNumber(properties, 'Threshold');
  if (properties.Metrics !== undefined || !statistic || !compare || threshold === undefined) return undefined;
  const evaluationPeriods = optionalNumber(properties, 'EvaluationPeriods') ?? 1;
  const dimensions = objects(properties, 'Dimensions').map((each) => [string(each, 'Name'), string(each, 'Value')]);
  return {
    name,
    namespace: string(properties, 'Namespace'),
    metric: string(properties, 'MetricName'),
    dimensions: Object.fromEntries(dimensions) as Record<string, string>,
    periodMs: (optionalNumber(properties, 'Period') ?? 60) * 1000,
    evaluationPeriods,
    datapointsToAlarm: optionalNumber(properties, 'DatapointsToAlarm') ?? evaluationPeriods,
    statistic,
    breaches: (value) => compare(value, threshold),
    missing: optionalString(properties, 'TreatMissingData') ?? 'missing',
  };
}

function watch(alarm: AlarmDefinition, arn: string, properties: Properties, context: ResourceContext): void {
  let data: Datum[] = [];
  let state: State = 'INSUFFICIENT_DATA';
  // Silence is a breach only while somebody could have broken it.
  const since = alarm.missing === 'breaching' ? context.clock.now() : undefined;
  const evaluate = (): void => {
    const now = context.clock.now();
    data = data.filter(({ at }) => at >= now - (alarm.evaluationPeriods + 1) * alarm.periodMs);
    const next = evaluateAlarm(alarm, data, now, since) ?? state;
    if (next === state) return;
    const previous = state;
    state = next;
    const report = next === 'ALARM' ? context.warn : context.log;
    report('alarms', `${alarm.name}: ${previous} → ${next}`);
    if (flag({ enabled: properties.ActionsEnabled ?? true }, 'enabled'))
      act(next, previous, alarm, arn, properties, context);
  };
  /** Some metrics are states, which nobody reports: they have to be asked for. */
  const look = async (): Promise<void> => {
    try {
      const value = await context.service(GAUGES).get(`${alarm.namespace} ${alarm.metric}`)?.(alarm.dimensions);
      const { namespace, metric: name, dimensions } = alarm;
      if (value !== undefined)
        context.service(METRICS).put({ namespace, name, value, dimensions, at: context.clock.now() });
    } catch (error) {
      context.warn('alarms', `${alarm.name} could not be evaluated`, { error: messageOf(error) });
    }
    evaluate();
  };
  context.onStart(() => {
    context.service(METRICS).onDatum((datum) => {
      if (datum.namespace !== alarm.namespace || datum.name !== alarm.metric) return;
      if (!sameDimensions(datum.dimensions, alarm.dimensions)) return;
      data.push(datum);
      evaluate();
    });
    const timer = setInterval(() => void look(), EVALUATION_MS);
    timer.unref();
    context.onStop('sources', () => clearInterval(timer));
  });
}

function act(
  next: State,
  previous: State,
  alarm: AlarmDefinition,
  arn: string,
  properties: Properties,
  context: ResourceContext,
): void {
  const actions = { ALARM: 'AlarmActions', OK: 'OKActions', INSUFFICIENT_DATA: 'InsufficientDataActions' } as const;
  const body = JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: optionalString(properties, 'AlarmDescription') ?? null,
    AWSAccountId: context.account,
    AlarmArn: arn,
    NewStateValue: next,
    OldStateValue: previous,
    StateChangeTime: new Date(context.clock.now()).toISOString(),
    Trigger: object({ trigger: { MetricName: alarm.metric, Namespace: alarm.namespace } }, 'trigger'),
  });
  for (const targetArn of strings(properties, actions[next])) {
    context
      .deliver({ targetArn, body, by: { principal: 'cloudwatch.amazonaws.com', sourceArn: arn } })
      .catch((error: unknown) =>
        context.warn('alarms', `${targetArn} was not told of ${alarm.name}`, { error: messageOf(error) }),
      );
  }
}

function sameDimensions(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => left[key] === right[key]);
}
