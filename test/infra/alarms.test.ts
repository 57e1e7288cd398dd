// Alarms, each with its heading in docs/runbook.md.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { METRICS } from '../../names/metrics.ts';
import { type Json, resources, synthesize } from './support.ts';

interface Section {
  readonly heading: string;
  readonly body: string;
}

/** The runbook's second-level headings and what is under each, read as Markdown would be. */
function runbook(): Section[] {
  const text = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => ({ heading: part.slice(0, part.indexOf('\n')), body: part.slice(part.indexOf('\n')) }));
}

const slug = (heading: string) => heading.toLowerCase().replaceAll(' ', '-');

const { appTemplate } = synthesize();
const alarms = resources(appTemplate, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const linkOf = ({ AlarmDescription }: Json): string => /docs\/runbook\.md#(\S+)$/.exec(AlarmDescription)![1]!;

describe('the runbook', () => {
  const ANCHORS = runbook().map(({ heading }) => slug(heading));

  test('has a heading for every alarm, and no heading without one', () => {
    expect(alarms.length).toBeGreaterThan(0);
    expect([...new Set(alarms.map(linkOf))].toSorted()).toEqual(ANCHORS.toSorted());
  });

  test.each(runbook())('$heading: description, investigation, resolution', ({ body }) => {
    expect([...body.matchAll(/^### (.+)$/gm)].map(([, title]) => title)).toEqual([
      'Description',
      'Investigation',
      'Resolution',
    ]);
    for (const part of body.split(/^### .+$/m).slice(1)) expect(part.trim().length).toBeGreaterThan(80);
  });
});

describe('alarms', () => {
  const silent = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'breaching');

  test('ring on the one encrypted topic, and are quiet when nothing happens, or when what has to happen does not', () => {
    for (const alarm of alarms) {
      expect(alarm.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^AlarmsTopic/) }]);
      if (silent.includes(alarm)) continue;
      expect(alarm).toMatchObject({
        TreatMissingData: 'notBreaching',
        ComparisonOperator: 'GreaterThanThreshold',
      });
    }
  });

  test('miss what is done every day: a verification that passed, a seal, an expiry, something archived', () => {
    expect(silent.map(linkOf).toSorted()).toEqual([
      'archive-silent',
      'expiry-silent',
      'seal-silent',
      'verification-silent',
    ]);
    for (const alarm of silent) {
      expect(alarm).toMatchObject({
        ...{ Statistic: 'Sum', Period: 3_600, EvaluationPeriods: 26, Threshold: 1 },
        ComparisonOperator: 'LessThanThreshold',
      });
      expect(alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods).toBe(26);
    }
  });

  test('miss it by what is configured, within the week that CloudWatch looks back', () => {
    const schedules = { verifyDue: 'PT5H', sealDue: 'P7D', expireDue: 'PT90M' };
    const own = resources(synthesize({ schedules }).appTemplate, 'AWS::CloudWatch::Alarm').map(
      ([, { Properties }]) => Properties,
    );
    const periods = own
      .filter(({ TreatMissingData }) => TreatMissingData === 'breaching')
      .map((alarm) => [linkOf(alarm), alarm.EvaluationPeriods]);
    expect(Object.fromEntries(periods)).toEqual({
      ...{ 'verification-silent': 5, 'archive-silent': 5, 'seal-silent': 168, 'expiry-silent': 2 },
    });
    for (const { Period, EvaluationPeriods } of own) expect(Period * EvaluationPeriods).toBeLessThanOrEqual(604_800);
  });

  test('watch every end of every state machine but success', () => {
    const machines = resources(appTemplate, 'AWS::StepFunctions::StateMachine').map(([id]) => id);
    expect(machines).toHaveLength(8);
    for (const metric of ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted', 'ExecutionThrottled']) {
      const watched = alarms
        .filter(({ Namespace, MetricName }) => Namespace === 'AWS/States' && MetricName === metric)
        .map(({ Dimensions }) => Dimensions[0].Value.Ref);
      expect([metric, watched.toSorted()]).toEqual([metric, machines.toSorted()]);
    }
  });

  test('watch metrics that the code emits without dimensions, by the names that it has', () => {
    const emitted = alarms.filter((alarm) => alarm.Namespace === METRICS.namespace && !silent.includes(alarm));
    expect(emitted.map(({ MetricName }) => MetricName).toSorted()).toEqual([
      METRICS.archiveGap,
      METRICS.expiryFindings,
      METRICS.foreignObject,
      METRICS.indexLag,
      METRICS.ledgerUnavailable,
      METRICS.protectionTouched,
      METRICS.sealDisputed,
      METRICS.sealShort,
      METRICS.tamperingDetected,
      METRICS.verificationFailed,
      METRICS.verificationIncomplete,
    ]);
    for (const { Dimensions } of emitted) expect(Dimensions).toBeUndefined();
  });

  test('ring at the first sign of tampering, and when the archive is a minute late', () => {
    appTemplate.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: METRICS.tamperingDetected,
      Statistic: 'Sum',
      Period: 60,
      Threshold: 0,
      EvaluationPeriods: 1,
    });
    appTemplate.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'IteratorAge',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^ArchiveFunction') } }],
      Statistic: 'Maximum',
      Threshold: 60_000,
    });
  });

  test('watch every function and every queue where something can be put aside', () => {
    const functions = resources(appTemplate, 'AWS::Lambda::Function').map(([id]) => id);
    for (const metric of ['Errors', 'Throttles']) {
      const watched = alarms
        .filter(({ MetricName }) => MetricName === metric)
        .map(({ Dimensions }) => Dimensions[0].Value.Ref);
      expect(watched.toSorted()).toEqual(functions.toSorted());
    }
    const ends = resources(appTemplate, 'AWS::SQS::Queue')
      .filter(([, { Properties }]) => Properties.RedrivePolicy === undefined)
      .map(([id]) => id);
    const watched = alarms
      .filter(({ Namespace }) => Namespace === 'AWS/SQS')
      .map(({ Dimensions }) => Dimensions[0].Value['Fn::GetAtt'][0]);
    expect(watched.toSorted()).toEqual(ends.toSorted());
  });

  test('write to the configured address', () => {
    appTemplate.resourcePropertiesCountIs('AWS::SNS::Subscription', { Protocol: 'email' }, 0);
    synthesize({ alarmEmail: 'audit@example.com' }).appTemplate.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'audit@example.com',
      TopicArn: { Ref: Match.stringLikeRegexp('^AlarmsTopic') },
    });
  });
});
