/** PutKeyPolicy, with the check that keeps whoever puts a policy from locking himself out. */
import { PolicyFault, parsePolicy } from '../aws/iam/document.ts';
import { notImplemented, Refusal } from '../aws/refusal.ts';
import type { KmsContext, Output } from './context.ts';
import { type Input, optionalText, text } from './input.ts';
import type { StoredKey } from './keys.ts';

/** "A key policy document can include… up to 32 kilobytes (32768 bytes)." */
const MOST_BYTES = 32_768;

export function putKeyPolicy(key: StoredKey, input: Input, kms: KmsContext, accessKeyId: string): Output {
  const { keys, mayPutPolicy } = kms;
  if (mayPutPolicy === undefined) throw notImplemented('kms:PutKeyPolicy without IAM');
  const name = optionalText(input, 'PolicyName') ?? 'default';
  if (name !== 'default') throw new Refusal(400, 'NotFoundException', `No such policy: ${name}`);
  const policy = parsed(text(input, 'Policy'));
  const arn = keys.arnOf(key);
  if (input.BypassPolicyLockoutSafetyCheck !== true && !mayPutPolicy(accessKeyId, arn, policy)) {
    throw malformed('The new key policy will not allow you to update the key policy in the future.');
  }
  keys.save({ ...key, policy });
  return {};
}

function parsed(document: string): unknown {
  if (Buffer.byteLength(document) > MOST_BYTES) {
    throw new Refusal(400, 'LimitExceededException', `A key policy has at most ${MOST_BYTES} bytes.`);
  }
  try {
    const policy: unknown = JSON.parse(document);
    parsePolicy(policy, 'resource');
    return policy;
  } catch (error) {
    if (error instanceof PolicyFault || error instanceof SyntaxError) throw malformed(error.message);
    throw error;
  }
}

function malformed(message: string): Refusal {
  return new Refusal(400, 'MalformedPolicyDocumentException', message);
}
