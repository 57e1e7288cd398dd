/** What Task states may call. The caller does it; here is what it is named and which parameters it takes. */
import type { Json } from './language.ts';

export const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke';
export const SNS_PUBLISH = 'arn:aws:states:::sns:publish';
export const START_EXECUTION = 'arn:aws:states:::states:startExecution';

const PARAMETERS: Readonly<
  Record<string, { readonly needed: readonly string[]; readonly optional: readonly string[] }>
> = {
  [LAMBDA_INVOKE]: { needed: ['FunctionName'], optional: ['InvocationType', 'Payload'] },
  [SNS_PUBLISH]: { needed: ['TopicArn', 'Message'], optional: ['MessageAttributes', 'MessageGroupId', 'Subject'] },
  [START_EXECUTION]: { needed: ['StateMachineArn'], optional: ['Input', 'Name'] },
};

export function isFunctionArn(resource: string): boolean {
  return /^arn:aws:lambda:[^:]*:\d*:function:/.test(resource);
}

export function checkResource(resource: string, parameters: unknown): void {
  if (isFunctionArn(resource)) return;
  const known = PARAMETERS[resource];
  if (!known) throw new Error(`Resource ${resource} does not run here`);
  const given = Object.keys((parameters ?? {}) as Record<string, Json>).map((key) => key.replace(/\.\$$/, ''));
  const missing = known.needed.filter((name) => !given.includes(name));
  if (missing.length > 0) throw new Error(`Parameters lacks ${missing.join(', ')}`);
  const unknown = given.filter((name) => !known.needed.includes(name) && !known.optional.includes(name));
  if (unknown.length > 0) throw new Error(`the local runtime does not implement Parameters.${unknown.join(', ')}`);
}
