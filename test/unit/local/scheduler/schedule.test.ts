// Schedules of the local EventBridge Scheduler.
import { describe, expect, test } from '@jest/globals';
import { parseScheduleResource } from '../../../../local/scheduler/schedule.ts';

const ARN = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/s';
const Target = {
  Arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:M',
  RoleArn: 'arn:aws:iam::000000000000:role/R',
  Input: '{}',
};
const declared = (more: object) => ({
  ...{ FlexibleTimeWindow: { Mode: 'OFF' }, ScheduleExpression: 'rate(1 hour)', Target },
  ...more,
});

describe('the next occasion', () => {
  test.each<[object, string, string | undefined]>([
    [{ ScheduleExpression: 'rate(5 minutes)' }, '2026-01-01T00:00:00Z', '2026-01-01T00:05:00.000Z'],
    [{ ScheduleExpression: 'cron(0 3 * * ? *)' }, '2026-01-01T04:00:00Z', '2026-01-02T03:00:00.000Z'],
    [{ ScheduleExpression: 'at(2026-01-01T05:00:00)' }, '2026-01-01T04:00:00Z', '2026-01-01T05:00:00.000Z'],
    [{ ScheduleExpression: 'at(2026-01-01T05:00:00)' }, '2026-01-01T05:00:00Z', undefined],
    [
      { ScheduleExpression: 'cron(0 3 * * ? *)', StartDate: '2026-02-01T03:00:00Z' },
      '2026-01-01T04:00:00Z',
      '2026-02-01T03:00:00.000Z',
    ],
    [{ ScheduleExpression: 'cron(0 3 * * ? *)', EndDate: '2026-01-02T02:00:00Z' }, '2026-01-01T04:00:00Z', undefined],
    [
      { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 }, ScheduleExpressionTimezone: 'Etc/UTC' },
      '2026-01-01T00:00:00Z',
      '2026-01-01T01:00:00.000Z',
    ],
  ])('%j after %s is %s', (more, now, expected) => {
    const at = parseScheduleResource(declared(more), ARN).next(Date.parse(now));
    expect(at === undefined ? undefined : new Date(at).toISOString()).toBe(expected);
  });
});

describe('a schedule is refused with', () => {
  test.each<[string, object, RegExp]>([
    ['another time zone', { ScheduleExpressionTimezone: 'Europe/Vienna' }, /ScheduleExpressionTimezone Europe\/Vienna/],
    ['an unknown property', { ActionAfterCompletion: 'DELETE' }, /ActionAfterCompletion/],
    ['an expression that is none', { ScheduleExpression: 'at(tomorrow)' }, /at\(tomorrow\)/],
    ['a window without its length', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, /MaximumWindowInMinutes/],
    ['no window', { FlexibleTimeWindow: undefined }, /Mode is missing/],
    ['a state that is none', { State: 'ON' }, /State ON/],
    [
      'a target that does not run here',
      { Target: { ...Target, Arn: 'arn:aws:ecs:us-east-1:000000000000:cluster/c' } },
      /does not schedule arn:aws:ecs/,
    ],
    ['a target without input', { Target: { Arn: Target.Arn, RoleArn: Target.RoleArn } }, /Input is missing/],
  ])('%s', (_, more, message) => {
    expect(() => parseScheduleResource(declared(more), ARN)).toThrow(message);
  });
});
