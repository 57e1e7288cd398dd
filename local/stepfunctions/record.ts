/** What is reported of an execution that ended: the AWS/States metrics that alarms watch, and a line in the log group. */
import { METRICS } from '../observability/metrics.ts';
import { LOG_FILES, logFileName } from '../observability/provisioners.ts';
import { object, objects, onlyKnown, optionalString } from '../template/properties.ts';
import type { Properties, RuntimeContext } from '../template/provisioner.ts';
import type { Execution, Status } from './execution.ts';

const METRIC_NAMES: Readonly<Record<Exclude<Status, 'RUNNING'>, string>> = {
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
};

const EVENT_NAMES: Readonly<Record<string, string>> = {
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
};

const LEVELS = ['ALL', 'ERROR', 'FATAL', 'OFF'];

/** `logging` is the machine's LoggingConfiguration. */
export function recorder(logging: Properties, context: RuntimeContext): (execution: Execution) => void {
  const groups = logGroups(logging);
  const files = groups.map((group) => context.service(LOG_FILES).open(logFileName(group)));
  return (execution) => {
    count(execution, context);
    const { arn, status, error, cause, stopDate = 0 } = execution;
    const type = EVENT_NAMES[status];
    if (type === undefined) return;
    context.log('stepfunctions', 'an execution did not succeed', { execution: arn, status, error });
    const event = { type, execution_arn: arn, details: { error, cause }, event_timestamp: String(stopDate) };
    for (const file of files) file.line(event);
  };
}

function logGroups(logging: Properties): string[] {
  onlyKnown(logging, ['Destinations', 'IncludeExecutionData', 'Level'], 'LoggingConfiguration.');
  const level = optionalString(logging, 'Level') ?? 'OFF';
  if (!LEVELS.includes(level)) throw new Error(`LoggingConfiguration.Level ${level}: want one of ${LEVELS.join(', ')}`);
  if (level === 'OFF') return [];
  const arns = objects(logging, 'Destinations').map((destination) =>
    optionalString(object(destination, 'CloudWatchLogsLogGroup'), 'LogGroupArn'),
  );
  return arns.map((arn) => {
    const group = /^arn:aws:logs:[^:]*:\d*:log-group:([^:]+)/.exec(arn ?? '')?.[1];
    if (group === undefined) throw new Error(`LoggingConfiguration: LogGroupArn ${arn} is none of a log group`);
    return group;
  });
}

/** Each end says of all four ways whether it was it, so that an alarm sees a good end after a bad one. */
function count({ machineArn, status, startDate, stopDate = startDate }: Execution, context: RuntimeContext): void {
  const put = (name: string, value: number): void =>
    context
      .service(METRICS)
      .put({ namespace: 'AWS/States', name, value, dimensions: { StateMachineArn: machineArn }, at: stopDate });
  for (const [way, name] of Object.entries(METRIC_NAMES)) put(name, way === status ? 1 : 0);
  put('ExecutionTime', stopDate - startDate);
}
