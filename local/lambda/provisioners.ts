/** AWS::Lambda::Function and what the template says around it. */
import { keyIsNotAsked } from '../kms/ask.ts';
import type { LogFile } from '../observability/files.ts';
import { METRICS } from '../observability/metrics.ts';
import { LOG_FILES, logFileName } from '../observability/provisioners.ts';
import { object, onlyKnown, optionalNumber, optionalString, string } from '../template/properties.ts';
import { type Properties, type Provisioner, type ResourceContext, ROLES, serviceKey } from '../template/provisioner.ts';
import { type FunctionReport, LambdaFunction } from './function.ts';
import { DEFAULT_MEMORY_MB, DEFAULT_TIMEOUT_SECONDS } from './limits.ts';
import { FUNCTIONS } from './registry.ts';
import { standardVariables } from './variables.ts';

/** From the object key of an asset to its folder. */
export const ASSETS = serviceKey<ReadonlyMap<string, string>>('assets');

const FUNCTION_PROPERTIES = [
  'Architectures',
  'Code',
  'DeadLetterConfig',
  'Environment',
  'EphemeralStorage',
  'FunctionName',
  'Handler',
  'KmsKeyArn',
  'LoggingConfig',
  'MemorySize',
  'RecursiveLoop',
  'ReservedConcurrentExecutions',
  'Role',
  'Runtime',
  'RuntimeManagementConfig',
  'Timeout',
  'TracingConfig',
];

const lambdaFunction: Provisioner = {
  kind: 'AWS::Lambda::Function',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, FUNCTION_PROPERTIES);
    keyIsNotAsked(context, 'variables of functions', properties.KmsKeyArn);
    const name = optionalString(properties, 'FunctionName') ?? context.physicalName();
    const arn = `arn:aws:lambda:${context.region}:${context.account}:function:${name}`;
    const logging = object(properties, 'LoggingConfig');
    const group = optionalString(logging, 'LogGroup') ?? `/aws/lambda/${name}`;
    const file = context.service(LOG_FILES).open(logFileName(group));
    context.service(FUNCTIONS).add(
      new LambdaFunction(
        define(name, arn, group, properties, context),
        (text) => output(text, file, context),
        (report) => record(report, name, file, context),
      ),
    );
    return { ref: name, attributes: { Arn: arn } };
  },
};

function define(name: string, arn: string, group: string, properties: Properties, context: ResourceContext) {
  const runtime = string(properties, 'Runtime');
  if (!runtime.startsWith('nodejs')) throw new Error(`Runtime ${runtime} does not run here, only Node.js does`);
  const memory = optionalNumber(properties, 'MemorySize') ?? DEFAULT_MEMORY_MB;
  const role = string(properties, 'Role');
  const settings = {
    taskRoot: assetFolder(object(properties, 'Code'), context),
    handler: string(properties, 'Handler'),
    functionName: name,
    functionVersion: '$LATEST',
    memoryLimitInMB: String(memory),
    logGroupName: group,
    logStreamName: 'local',
    refuseCallbacks: Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? 0) >= 24,
  };
  const reserved = optionalNumber(properties, 'ReservedConcurrentExecutions');
  const deadLetterArn = optionalString(object(properties, 'DeadLetterConfig'), 'TargetArn');
  const declared = Object.entries(object(object(properties, 'Environment'), 'Variables'));
  const own = Object.fromEntries(declared.map(([key, value]) => [key, String(value)]));
  return {
    arn,
    settings,
    timeoutMs: (optionalNumber(properties, 'Timeout') ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
    ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    declared: own,
    variables: () => ({
      ...standardVariables(settings, runtime, context, context.service(ROLES).credentials(role)),
      ...own,
    }),
  };
}

function assetFolder(code: Properties, context: ResourceContext): string {
  onlyKnown(code, ['S3Bucket', 'S3Key'], 'Code.');
  const key = string(code, 'S3Key');
  const folder = context.service(ASSETS).get(key);
  if (!folder) throw new Error(`the synthesized app has no asset ${key}`);
  return folder;
}

function output(text: string, file: LogFile, context: ResourceContext): void {
  for (const line of text.split('\n')) {
    if (line === '') continue;
    file.text(line);
    context.service(METRICS).read(line);
  }
}

/** As the platform's own log line, and as the AWS/Lambda metrics that alarms watch. */
function record(report: FunctionReport, name: string, file: LogFile, context: ResourceContext): void {
  const { requestId, durationMs, status, error } = report;
  const at = context.clock.now();
  file.line({
    time: new Date(at).toISOString(),
    type: 'platform.report',
    record: { requestId, status, durationMs, error },
  });
  const put = (metric: string, value: number): void =>
    context
      .service(METRICS)
      .put({ namespace: 'AWS/Lambda', name: metric, value, dimensions: { FunctionName: name }, at });
  if (status === 'throttled') {
    put('Throttles', 1);
    return;
  }
  put('Invocations', 1);
  put('Errors', status === 'error' ? 1 : 0);
  put('Duration', durationMs);
}

const permission: Provisioner = {
  kind: 'AWS::Lambda::Permission',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn']);
    const account = optionalString(properties, 'SourceAccount');
    const sourceArn = optionalString(properties, 'SourceArn');
    const functions = context.service(FUNCTIONS);
    // Another account's resources can't call on this machine, so such a permission permits nothing here.
    if (account === undefined || account === context.account) {
      functions.permit(string(properties, 'FunctionName'), {
        principal: string(properties, 'Principal'),
        action: string(properties, 'Action'),
        ...(sourceArn === undefined ? {} : { sourceArn }),
      });
    }
    return { ref: context.physicalName(), attributes: {} };
  },
};

const eventInvokeConfig: Provisioner = {
  kind: 'AWS::Lambda::EventInvokeConfig',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, [
      'DestinationConfig',
      'FunctionName',
      'MaximumEventAgeInSeconds',
      'MaximumRetryAttempts',
      'Qualifier',
    ]);
    const destinations = object(properties, 'DestinationConfig');
    const entries = {
      retries: optionalNumber(properties, 'MaximumRetryAttempts'),
      eventAgeSeconds: optionalNumber(properties, 'MaximumEventAgeInSeconds'),
      onFailure: optionalString(object(destinations, 'OnFailure'), 'Destination'),
      onSuccess: optionalString(object(destinations, 'OnSuccess'), 'Destination'),
    };
    const config = Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
    context.service(FUNCTIONS).configure(string(properties, 'FunctionName'), config);
    return { ref: context.physicalName(), attributes: {} };
  },
};

const version: Provisioner = {
  kind: 'AWS::Lambda::Version',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, ['CodeSha256', 'FunctionName', 'RuntimePolicy']);
    const functions = context.service(FUNCTIONS);
    const { arn } = functions.find(string(properties, 'FunctionName')).definition;
    functions.alias(`${arn}:1`, arn);
    return { ref: `${arn}:1`, attributes: { FunctionArn: `${arn}:1`, Version: '1' } };
  },
};

const alias: Provisioner = {
  kind: 'AWS::Lambda::Alias',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, ['FunctionName', 'FunctionVersion', 'Name']);
    const functions = context.service(FUNCTIONS);
    const { arn } = functions.find(string(properties, 'FunctionName')).definition;
    const aliasArn = `${arn}:${string(properties, 'Name')}`;
    functions.alias(aliasArn, arn);
    return { ref: aliasArn, attributes: { AliasArn: aliasArn } };
  },
};

export const lambdaProvisioners: readonly Provisioner[] = [
  lambdaFunction,
  permission,
  eventInvokeConfig,
  version,
  alias,
];

/** The value of a variable that functions of the template declare, such as the name of a claim. */
export function declaredVariable(context: Pick<ResourceContext, 'service'>, name: string): string | undefined {
  for (const lambda of context.service(FUNCTIONS).all) {
    const value = lambda.definition.declared[name];
    if (value !== undefined) return value;
  }
  return undefined;
}
