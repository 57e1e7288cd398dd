/** AWS's own managed policies that templates name for functions; another one stops the start by its name. */
import { parsePolicy, type Statement } from './document.ts';

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'service-role/AWSLambdaBasicExecutionRole': LOGS,
  AWSXRayDaemonWriteAccess: [
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ],
};

const PREFIX = 'arn:aws:iam::aws:policy/';

export function awsManagedPolicy(arn: string): readonly Statement[] | undefined {
  const actions = arn.startsWith(PREFIX) ? ACTIONS[arn.slice(PREFIX.length)] : undefined;
  if (!actions) return undefined;
  const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
  return parsePolicy({ Version: '2012-10-17', Statement: [statement] }, 'identity');
}
