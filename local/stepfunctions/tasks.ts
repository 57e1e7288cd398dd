/** What Task states do: each call in the name of the machine's role, each failure under the name that AWS gives it. */
import { AccessDenied } from '../aws/iam/access.ts';
import { iamOf } from '../aws/iam/service.ts';
import { Refusal } from '../aws/refusal.ts';
import { element, MessagingError } from '../messaging/client.ts';
import { localMessaging } from '../messaging/open.ts';
import { InvokeRefused, type InvokeResult, ROLES, type RuntimeContext } from '../template/provisioner.ts';
import { StateError } from './errors.ts';
import type { Execution } from './execution.ts';
import type { Json } from './language.ts';
import { isFunctionArn, LAMBDA_INVOKE, SNS_PUBLISH, START_EXECUTION } from './resources.ts';

/** Starts an execution of another machine; throws Refusal. */
type Start = (request: { machineArn: string; name?: string; input: string }) => Promise<Execution>;

export interface TaskContext {
  readonly context: RuntimeContext;
  readonly roleArn: string;
  readonly start: Start;
}

type Parameters = Readonly<Record<string, Json>>;

const CALLS: Readonly<Record<string, (parameters: Parameters, task: TaskContext) => Promise<Json>>> = {
  [LAMBDA_INVOKE]: invoke,
  [SNS_PUBLISH]: publish,
  [START_EXECUTION]: startExecution,
};

export async function callTask(resource: string, input: Json, task: TaskContext): Promise<Json> {
  if (isFunctionArn(resource)) return parsed(await invokeFunction(resource, JSON.stringify(input), task));
  const call = CALLS[resource];
  if (!call) throw new Error(`${resource} is not a resource that runs here.`);
  return call(input as Parameters, task);
}

function demand(action: string, resource: string, { context, roleArn }: TaskContext): void {
  iamOf(context).demand(context.service(ROLES).credentials(roleArn).accessKeyId, { action, resource });
}

async function invoke(parameters: Parameters, task: TaskContext): Promise<Json> {
  const { FunctionName, Payload = {}, InvocationType = 'RequestResponse' } = parameters;
  const name = String(FunctionName);
  const { region, account } = task.context;
  const arn = name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${account}:function:${name}`;
  const result = await invokeFunction(arn, JSON.stringify(Payload), task, InvocationType === 'Event');
  const Answer = result.payload === '' ? '' : parsed(result);
  return { ExecutedVersion: '$LATEST', Payload: Answer, StatusCode: result.statusCode };
}

async function invokeFunction(arn: string, payload: string, task: TaskContext, async = false): Promise<InvokeResult> {
  try {
    demand('lambda:InvokeFunction', arn, task);
    const result = await task.context.invoke(arn, payload, { async });
    if (!result.functionError) return result;
    const { errorType } = JSON.parse(result.payload) as { errorType?: string };
    throw new StateError(errorType ?? 'Lambda.Unknown', result.payload);
  } catch (error) {
    if (error instanceof AccessDenied) {
      throw new StateError(
        'Lambda.AWSLambdaException',
        sdkMessage(error.message, 'AWSLambda', 403, 'AccessDeniedException'),
      );
    }
    if (!(error instanceof InvokeRefused)) throw error;
    throw new StateError(`Lambda.${error.code}`, sdkMessage(error.message, 'AWSLambda', error.statusCode, error.code));
  }
}

function parsed({ payload }: InvokeResult): Json {
  return JSON.parse(payload) as Json;
}

async function publish(parameters: Parameters, task: TaskContext): Promise<Json> {
  const { TopicArn, Message, Subject, MessageGroupId, MessageAttributes = {} } = parameters;
  const topic = String(TopicArn);
  const attributes = Object.entries(MessageAttributes as Record<string, Parameters>).flatMap(([name, value], index) =>
    Object.entries({ Name: name, 'Value.DataType': value.DataType, 'Value.StringValue': value.StringValue }).map(
      ([part, text]) => [`MessageAttributes.entry.${index + 1}.${part}`, String(text)],
    ),
  );
  try {
    demand('sns:Publish', topic, task);
    const { sns } = await localMessaging(task.context);
    const answer = await sns('Publish', {
      TopicArn: topic,
      Message: typeof Message === 'string' ? Message : JSON.stringify(Message),
      ...(Subject !== undefined && { Subject: String(Subject) }),
      ...(MessageGroupId !== undefined && { MessageGroupId: String(MessageGroupId) }),
      ...(Object.fromEntries(attributes) as Record<string, string>),
    });
    return { MessageId: element(answer, 'MessageId') ?? '' };
  } catch (error) {
    if (error instanceof AccessDenied) {
      throw new StateError(
        'SNS.AuthorizationErrorException',
        sdkMessage(error.message, 'AmazonSNS', 403, 'AuthorizationError'),
      );
    }
    if (!(error instanceof MessagingError)) throw error;
    throw new StateError(
      `SNS.${error.code}Exception`,
      sdkMessage(error.message, 'AmazonSNS', error.status, error.code),
    );
  }
}

async function startExecution(parameters: Parameters, task: TaskContext): Promise<Json> {
  const { StateMachineArn, Input = {}, Name } = parameters;
  const machineArn = String(StateMachineArn);
  const input = typeof Input === 'string' ? Input : JSON.stringify(Input);
  try {
    demand('states:StartExecution', machineArn, task);
    const { arn, startDate } = await task.start({
      machineArn,
      input,
      ...(Name !== undefined && { name: String(Name) }),
    });
    return { ExecutionArn: arn, StartDate: startDate };
  } catch (error) {
    if (error instanceof AccessDenied) {
      const cause = sdkMessage(error.message, 'AWSStepFunctions', 400, 'AccessDeniedException');
      throw new StateError('StepFunctions.AWSStepFunctionsException', cause);
    }
    if (!(error instanceof Refusal)) throw error;
    const cause = sdkMessage(error.message, 'AWSStepFunctions', error.status, error.code);
    throw new StateError(`StepFunctions.${error.code}Exception`, cause);
  }
}

/** As the SDK that Step Functions calls with words it. */
function sdkMessage(message: string, service: string, status: number, code: string): string {
  return `${message} (Service: ${service}; Status Code: ${status}; Error Code: ${code})`;
}
