/**
 * KMS as the services of this machine ask it before they touch what a key protects: may this caller use the key through this
 * service, and is the key usable. Services on AWS cache the answer for some minutes; here it is asked every time.
 */
import { type Access, AccessDenied, refusal } from '../aws/iam/access.ts';
import { iamOf } from '../aws/iam/service.ts';
import { Refusal } from '../aws/refusal.ts';
import { type Invoker, type RuntimeContext, serviceKey } from '../template/provisioner.ts';
import type { EncryptionContext } from './ciphertext.ts';
import { contextConditions, keyConditions } from './conditions.ts';
import { type Keys, usable } from './keys.ts';
import { keysOf } from './provisioners.ts';

/** What the template puts under a key that nobody asks here, for the start to name. */
export const UNASKED_KEYS = serviceKey<Set<string>>('keys that are not asked');

/** Notes that the template puts `what` under a key, and that nobody asks for it here. */
export function keyIsNotAsked(context: RuntimeContext, what: string, key: unknown): void {
  if (key !== undefined && context.has(UNASKED_KEYS)) context.service(UNASKED_KEYS).add(what);
}

export interface KeyQuestion {
  /** Who touches it: a request's access key, or a service in its own name. */
  readonly caller: { readonly accessKeyId: string } | { readonly by: Invoker };
  /** Id, ARN or alias. */
  readonly key: string;
  readonly actions: readonly string[];
  readonly context: EncryptionContext;
  /** The service's short name, such as `sqs`. */
  readonly service: string;
  readonly region: string;
  readonly account: string;
}

/** The key's ARN. Throws AccessDenied, or the Refusal that KMS gives. */
export function askKey(question: KeyQuestion, keys: Keys, access: Access): string {
  const { caller, key: name, actions, context, service, region, account } = question;
  const key = keys.find(name);
  const resource = keys.arnOf(key);
  const conditions = {
    ...keyConditions(key, name, keys, account),
    ...contextConditions(context),
    'kms:ViaService': `${service}.${region}.amazonaws.com`,
  };
  for (const action of actions) {
    if ('accessKeyId' in caller) access.demand(caller.accessKeyId, { action, resource, conditions });
    else
      demandService(
        caller.by,
        { action, resource, conditions: { ...conditions, ...sourceOf(caller.by, account) } },
        access,
      );
  }
  usable(key, resource, 'ENCRYPT_DECRYPT');
  return resource;
}

function sourceOf({ sourceArn }: Invoker, account: string): Record<string, string> {
  return { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': account };
}

function demandService({ principal }: Invoker, required: Parameters<Access['decide']>[1], access: Access): void {
  const caller = { kind: 'service', service: principal } as const;
  const decision = access.decide(caller, required);
  if (!decision.allowed) throw new AccessDenied(refusal(caller, required, decision), required);
}

/** The same, of a runtime. */
export function askKeyOf(context: RuntimeContext, question: Omit<KeyQuestion, 'region' | 'account'>): void {
  const { region, account } = context;
  askKey({ ...question, region, account }, keysOf(context), iamOf(context));
}

/** Why KMS refused, in the words that SQS and SNS put after their own prefix; undefined for other errors. */
export function keyFault(error: unknown): { readonly kind: string; readonly message: string } | undefined {
  if (error instanceof AccessDenied) return { kind: 'AccessDenied', message: error.message };
  if (!(error instanceof Refusal)) return undefined;
  const kind = FAULTS[error.code];
  return kind === undefined ? undefined : { kind, message: error.message };
}

const FAULTS: Readonly<Record<string, string>> = {
  DisabledException: 'Disabled',
  InvalidKeyUsageException: 'InvalidKeyUsage',
  KMSInvalidStateException: 'InvalidState',
  NotFoundException: 'NotFound',
};
