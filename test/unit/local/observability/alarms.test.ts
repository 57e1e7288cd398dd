// Alarms and metrics of the local CloudWatch.
import { describe, expect, test } from '@jest/globals';
import { type AlarmDefinition, evaluateAlarm } from '../../../../local/observability/alarms.ts';
import { type Datum, Metrics } from '../../../../local/observability/metrics.ts';

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE + 30_000;
const alarm = (own: Partial<AlarmDefinition> = {}): AlarmDefinition => ({
  name: 'alarm',
  namespace: 'Indelible',
  metric: 'TamperingDetected',
  dimensions: {},
  periodMs: MINUTE,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  statistic: (values) => values.reduce((sum, value) => sum + value, 0),
  breaches: (value) => value > 0,
  missing: 'notBreaching',
  ...own,
});
const datum = (value: number, minutesAgo = 0): Datum => ({
  namespace: 'Indelible',
  name: 'TamperingDetected',
  value,
  dimensions: {},
  at: NOW - minutesAgo * MINUTE,
});

describe('an alarm', () => {
  test.each<[string, Partial<AlarmDefinition>, Datum[], string | undefined]>([
    ['rings in the period that breaches', {}, [datum(1)], 'ALARM'],
    ['is quiet below its threshold', {}, [datum(0)], 'OK'],
    ['forgets what is older than its periods', {}, [datum(1, 1)], 'OK'],
    ['adds up a period', { breaches: (value) => value > 2 }, [datum(1), datum(2)], 'ALARM'],
    [
      'wants every period where it says so',
      { evaluationPeriods: 3, datapointsToAlarm: 3 },
      [datum(1), datum(1, 1)],
      'OK',
    ],
    ['wants some of its periods', { evaluationPeriods: 3, datapointsToAlarm: 2 }, [datum(1), datum(1, 2)], 'ALARM'],
    ['takes silence for health', {}, [], 'OK'],
    ['takes silence for a breach', { missing: 'breaching' }, [], 'ALARM'],
    ['knows nothing without data', { missing: 'missing' }, [], 'INSUFFICIENT_DATA'],
    ['keeps its state without data', { missing: 'ignore' }, [], undefined],
  ])('%s', (_, own, data, state) => {
    expect(evaluateAlarm(alarm(own), data, NOW)).toBe(state);
  });
});

describe('an alarm on silence', () => {
  const HOUR = 60 * MINUTE;
  const silent = alarm({
    ...{ metric: 'VerificationPassed', periodMs: HOUR, evaluationPeriods: 26, datapointsToAlarm: 26 },
    ...{ missing: 'breaching', breaches: (value) => value < 1 },
  });
  const passed = (at: number): Datum => ({
    namespace: 'Indelible',
    name: 'VerificationPassed',
    value: 1,
    dimensions: {},
    at,
  });
  const start = 500 * HOUR + 10 * MINUTE;

  test.each<[string, Datum[], number, string]>([
    ['knows nothing yet', [], start + 1, 'INSUFFICIENT_DATA'],
    ['is patient', [], start + 20 * HOUR, 'OK'],
    ['rings when nothing has come for as long', [], start + 27 * HOUR, 'ALARM'],
    ['is quiet for one good end in time', [passed(start + 3 * HOUR)], start + 28 * HOUR, 'OK'],
    ['rings when the next one does not come', [passed(start + 3 * HOUR)], start + 30 * HOUR, 'ALARM'],
  ])('%s', (_, data, now, state) => {
    expect(evaluateAlarm(silent, data, now, start)).toBe(state);
  });

  test('is in alarm at once where what was missing was somebody’s to do', () => {
    expect(evaluateAlarm(silent, [], start)).toBe('ALARM');
  });
});

test('metrics are read out of log lines in the embedded metric format, and out of no other', () => {
  const seen: Datum[] = [];
  const metrics = new Metrics({ line: () => undefined, text: () => undefined });
  metrics.onDatum((each) => seen.push(each));
  const directive = (dimensions: string[][]) => ({
    Timestamp: NOW,
    CloudWatchMetrics: [
      { Namespace: 'Indelible', Dimensions: dimensions, Metrics: [{ Name: 'Lag', Unit: 'Seconds' }] },
    ],
  });
  metrics.read(JSON.stringify({ _aws: directive([['Function']]), Function: 'archive', Lag: [3, 5] }));
  metrics.read(JSON.stringify({ _aws: directive([[]]), Lag: 7 }));
  metrics.read('{"message":"the \\"_aws\\" member"}');
  metrics.read('not JSON "_aws"');
  expect(seen).toEqual([
    { namespace: 'Indelible', name: 'Lag', value: 3, dimensions: { Function: 'archive' }, at: NOW },
    { namespace: 'Indelible', name: 'Lag', value: 5, dimensions: { Function: 'archive' }, at: NOW },
    { namespace: 'Indelible', name: 'Lag', value: 7, dimensions: {}, at: NOW },
  ]);
});
