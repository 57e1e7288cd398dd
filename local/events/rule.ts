/** A rule and its targets, as the template declares them. */
import { object, objects, onlyKnown, optionalNumber, optionalString, string } from '../template/properties.ts';
import type { Properties } from '../template/provisioner.ts';
import { compilePattern, type EventMatcher } from './pattern.ts';
import { parseSchedule, type Schedule } from './schedule.ts';
import { type InputTransform, inputTransform } from './transform.ts';

/** EventBridge's defaults for a target without a RetryPolicy, which are its maxima too. */
const DEFAULT_RETRIES = 185;
const DEFAULT_AGE_SECONDS = 86_400;

const RULE_PROPERTIES = ['EventBusName', 'EventPattern', 'Name', 'RoleArn', 'ScheduleExpression', 'State', 'Targets'];
const TARGET_PROPERTIES = [
  'Arn',
  'DeadLetterConfig',
  'Id',
  'Input',
  'InputPath',
  'InputTransformer',
  'RetryPolicy',
  'RoleArn',
  'SqsParameters',
];
/** Services that events can be delivered to on this machine. */
const TARGET_SERVICES = ['lambda', 'sqs', 'sns', 'events'];

export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly input: InputTransform;
  readonly maximumRetries: number;
  readonly maximumAgeMs: number;
  readonly deadLetterArn: string | undefined;
  readonly groupId: string | undefined;
}

export interface Rule {
  readonly arn: string;
  readonly name: string;
  readonly bus: string;
  readonly enabled: boolean;
  readonly pattern: unknown;
  readonly matches: EventMatcher | undefined;
  readonly scheduleExpression: string | undefined;
  readonly schedule: Schedule | undefined;
  readonly targets: readonly Target[];
}

export const DEFAULT_BUS = 'default';

/** `prefix` is `arn:aws:events:REGION:ACCOUNT:`. */
export function parseRule(properties: Properties, name: string, prefix: string): Rule {
  onlyKnown(properties, RULE_PROPERTIES);
  const bus = busName(optionalString(properties, 'EventBusName'));
  const state = optionalString(properties, 'State') ?? 'ENABLED';
  const scheduleExpression = optionalString(properties, 'ScheduleExpression');
  const { EventPattern } = properties;
  if (EventPattern === undefined && scheduleExpression === undefined) {
    throw new Error('a rule needs EventPattern or ScheduleExpression');
  }
  if (scheduleExpression !== undefined && bus !== DEFAULT_BUS)
    throw new Error('only the default bus takes scheduled rules');
  return {
    arn: `${prefix}rule/${bus === DEFAULT_BUS ? '' : `${bus}/`}${name}`,
    name,
    bus,
    enabled: state !== 'DISABLED',
    pattern: EventPattern,
    matches: EventPattern === undefined ? undefined : compilePattern(EventPattern),
    scheduleExpression,
    schedule: scheduleExpression === undefined ? undefined : parseSchedule(scheduleExpression),
    targets: objects(properties, 'Targets').map(parseTarget),
  };
}

/** From a name or an ARN. */
export function busName(nameOrArn: string | undefined): string {
  return nameOrArn === undefined ? DEFAULT_BUS : (nameOrArn.split('event-bus/').at(-1) as string);
}

function parseTarget(properties: Properties): Target {
  onlyKnown(properties, TARGET_PROPERTIES, 'Targets.');
  const arn = string(properties, 'Arn');
  const service = arn.split(':')[2] ?? '';
  if (!TARGET_SERVICES.includes(service))
    throw new Error(`the local runtime does not deliver events to ${service} (${arn})`);
  const retry = object(properties, 'RetryPolicy');
  onlyKnown(retry, ['MaximumEventAgeInSeconds', 'MaximumRetryAttempts'], 'RetryPolicy.');
  return {
    id: string(properties, 'Id'),
    arn,
    input: inputTransform(properties),
    maximumRetries: optionalNumber(retry, 'MaximumRetryAttempts') ?? DEFAULT_RETRIES,
    maximumAgeMs: (optionalNumber(retry, 'MaximumEventAgeInSeconds') ?? DEFAULT_AGE_SECONDS) * 1000,
    deadLetterArn: optionalString(object(properties, 'DeadLetterConfig'), 'Arn'),
    groupId: optionalString(object(properties, 'SqsParameters'), 'MessageGroupId'),
  };
}
