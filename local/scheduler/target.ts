/** Calling a schedule's target, and its dead-letter queue, in the name of the target's role. */
import { iamOf } from '../aws/iam/service.ts';
import { Refusal } from '../aws/refusal.ts';
import { sendMessage } from '../messaging/delivery.ts';
import { localMessaging } from '../messaging/open.ts';
import { localStateMachines } from '../stepfunctions/provisioners.ts';
import { ROLES, type RuntimeContext } from '../template/provisioner.ts';
import type { Target } from './schedule.ts';

/** One occasion of a schedule, on its way to the target. */
export interface Invocation {
  readonly scheduleArn: string;
  /** `<aws.scheduler.execution-id>`. */
  readonly id: string;
  readonly scheduledAt: number;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  /** What no repetition can mend. */
  readonly final: boolean;
}

/** Undefined when the target has it. */
export async function callTarget(
  invocation: Invocation,
  target: Target,
  attempt: number,
  context: RuntimeContext,
): Promise<Failure | undefined> {
  const input = filled(target.input, invocation, attempt);
  try {
    if (target.kind === 'function') await invokeFunction(target, input, context);
    else await startExecution(invocation, target, input, context);
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}

export async function sendLetter(
  invocation: Invocation,
  target: Target,
  { failure, retries, exhausted }: { failure: Failure; retries: number; exhausted: string | undefined },
  context: RuntimeContext,
): Promise<void> {
  const targetArn = target.deadLetterArn as string;
  demand('sqs:SendMessage', targetArn, target, context);
  const input = filled(target.input, invocation, retries + 1);
  const request =
    target.kind === 'function'
      ? { FunctionName: target.arn, InvocationType: 'Event', Payload: input }
      : { StateMachineArn: target.arn, Input: input };
  const attributes = {
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    EXECUTION_ID: invocation.id,
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: String(retries),
    SCHEDULED_TIME: isoSeconds(invocation.scheduledAt),
    SCHEDULE_ARN: invocation.scheduleArn,
    TARGET_ARN: target.arn,
    ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
  const by = { principal: 'scheduler.amazonaws.com', sourceArn: invocation.scheduleArn };
  await sendMessage(await localMessaging(context), { targetArn, body: JSON.stringify(request), attributes, by });
}

async function invokeFunction(target: Target, input: string, context: RuntimeContext): Promise<void> {
  demand('lambda:InvokeFunction', target.arn, target, context);
  await context.invoke(target.arn, input, { async: true });
}

/** Named by the invocation, so that one that is made again after a crash starts nothing twice. */
async function startExecution({ id: name }: Invocation, target: Target, input: string, context: RuntimeContext) {
  demand('states:StartExecution', target.arn, target, context);
  try {
    await (await localStateMachines(context)).start({ machineArn: target.arn, name, input });
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'ExecutionAlreadyExists')) throw error;
  }
}

function demand(action: string, resource: string, { roleArn }: Target, context: RuntimeContext): void {
  iamOf(context).demand(context.service(ROLES).credentials(roleArn).accessKeyId, { action, resource });
}

function failureOf(error: unknown): Failure {
  const { code, name, message } = error as { code?: unknown; name?: string; message?: string };
  const shown = name === 'AccessDenied' ? 'AccessDeniedException' : typeof code === 'string' ? code : String(name);
  const final = /AccessDenied|NotFound|DoesNotExist|Invalid|Validation|TooLarge/.test(shown);
  return { code: shown, message: message ?? String(error), final };
}

/** Inside the JSON text: the values hold nothing that JSON would escape. */
function filled(input: string, invocation: Invocation, attempt: number): string {
  const values: Readonly<Record<string, string>> = {
    'schedule-arn': invocation.scheduleArn,
    'scheduled-time': isoSeconds(invocation.scheduledAt),
    'execution-id': invocation.id,
    'attempt-number': String(attempt),
  };
  return input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => values[name] ?? whole);
}

function isoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
