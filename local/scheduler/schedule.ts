/** A schedule as the template declares it. */
import { type Schedule as Occasions, parseSchedule } from '../events/schedule.ts';
import { object, onlyKnown, optionalNumber, optionalString, string } from '../template/properties.ts';
import type { Properties } from '../template/provisioner.ts';

/** What EventBridge Scheduler does without a RetryPolicy, which is the most that one may ask for. */
const DEFAULT_RETRIES = 185;
const DEFAULT_AGE_SECONDS = 86_400;

const PROPERTIES = [
  ...['EndDate', 'FlexibleTimeWindow', 'GroupName', 'KmsKeyArn', 'Name', 'ScheduleExpression'],
  ...['ScheduleExpressionTimezone', 'StartDate', 'State', 'Target'],
];
const TARGET_PROPERTIES = ['Arn', 'DeadLetterConfig', 'Input', 'RetryPolicy', 'RoleArn'];

/** The CDK writes the second. */
const UTC = ['UTC', 'Etc/UTC'];

export interface Target {
  readonly kind: 'stateMachine' | 'function';
  readonly arn: string;
  readonly roleArn: string;
  /** With context attributes such as `<aws.scheduler.scheduled-time>` still in it. */
  readonly input: string;
  readonly maximumRetries: number;
  readonly maximumAgeMs: number;
  readonly deadLetterArn: string | undefined;
}

export interface Schedule {
  readonly arn: string;
  readonly enabled: boolean;
  readonly next: Occasions;
  readonly target: Target;
}

export function parseScheduleResource(properties: Properties, arn: string): Schedule {
  onlyKnown(properties, PROPERTIES);
  checkWindow(object(properties, 'FlexibleTimeWindow'));
  const zone = optionalString(properties, 'ScheduleExpressionTimezone') ?? 'UTC';
  if (!UTC.includes(zone)) throw new Error(`ScheduleExpressionTimezone ${zone} does not run here, only UTC does`);
  const occasions = occasionsOf(string(properties, 'ScheduleExpression'));
  const state = optionalString(properties, 'State') ?? 'ENABLED';
  if (state !== 'ENABLED' && state !== 'DISABLED') throw new Error(`State ${state}: want ENABLED or DISABLED`);
  return {
    arn,
    enabled: state === 'ENABLED',
    next: within(occasions, date(properties, 'StartDate'), date(properties, 'EndDate')),
    target: parseTarget(object(properties, 'Target')),
  };
}

/** The target is called at the window's start, which is as good a moment in it as any. */
function checkWindow(window: Properties): void {
  onlyKnown(window, ['MaximumWindowInMinutes', 'Mode'], 'FlexibleTimeWindow.');
  const mode = string(window, 'Mode');
  const minutes = optionalNumber(window, 'MaximumWindowInMinutes');
  if (mode !== 'OFF' && mode !== 'FLEXIBLE') throw new Error(`FlexibleTimeWindow.Mode ${mode}: want OFF or FLEXIBLE`);
  if ((mode === 'FLEXIBLE') !== (minutes !== undefined)) {
    throw new Error('FlexibleTimeWindow.MaximumWindowInMinutes goes with Mode FLEXIBLE, and only with it');
  }
}

function occasionsOf(expression: string): Occasions {
  const once = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression);
  if (!once) return parseSchedule(expression);
  const at = Date.parse(`${once[1]}Z`);
  if (Number.isNaN(at)) throw new Error(`${expression} is not a schedule expression: there is no such time`);
  return (now) => (at > now ? at : undefined);
}

function within(occasions: Occasions, start: number | undefined, end: number | undefined): Occasions {
  return (now) => {
    const at = occasions(start === undefined ? now : Math.max(now, start - 1));
    return at === undefined || (end !== undefined && at > end) ? undefined : at;
  };
}

function date(properties: Properties, name: string): number | undefined {
  const text = optionalString(properties, name);
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Error(`${name} is not a date`);
  return at;
}

function parseTarget(properties: Properties): Target {
  onlyKnown(properties, TARGET_PROPERTIES, 'Target.');
  const arn = string(properties, 'Arn');
  const retry = object(properties, 'RetryPolicy');
  onlyKnown(retry, ['MaximumEventAgeInSeconds', 'MaximumRetryAttempts'], 'RetryPolicy.');
  return {
    kind: targetKind(arn),
    arn,
    roleArn: string(properties, 'RoleArn'),
    // Without one AWS sends an event of its own making, which is not imitated here.
    input: string(properties, 'Input'),
    maximumRetries: optionalNumber(retry, 'MaximumRetryAttempts') ?? DEFAULT_RETRIES,
    maximumAgeMs: (optionalNumber(retry, 'MaximumEventAgeInSeconds') ?? DEFAULT_AGE_SECONDS) * 1000,
    deadLetterArn: optionalString(object(properties, 'DeadLetterConfig'), 'Arn'),
  };
}

function targetKind(arn: string): Target['kind'] {
  if (/^arn:aws:states:[^:]*:\d*:stateMachine:/.test(arn)) return 'stateMachine';
  if (/^arn:aws:lambda:[^:]*:\d*:function:/.test(arn)) return 'function';
  throw new Error(`the local runtime does not schedule ${arn}`);
}
