// Makes the keys of a template.
import { join } from 'node:path';
import type { Access } from '../aws/iam/access.ts';
import { IAM } from '../aws/iam/service.ts';
import { flag, onlyKnown, optionalNumber, optionalString, string } from '../template/properties.ts';
import { type Provisioner, type RuntimeContext, serviceKey } from '../template/provisioner.ts';
import { KEY_SPECS, type KeySpec, Keys } from './keys.ts';
import { kmsService } from './service.ts';

const KMS_KEYS = serviceKey<Keys>('KMS keys');

const DEFAULT_SPEC = 'SYMMETRIC_DEFAULT';

/** The account's keys, opened when first asked for. */
export function keysOf(context: RuntimeContext): Keys {
  if (!context.has(KMS_KEYS)) {
    const keys = new Keys(join(context.dataDir, 'kms'), `arn:aws:kms:${context.region}:${context.account}:`);
    context.provide(KMS_KEYS, keys);
    const { account, clock } = context;
    const mayPutPolicy = context.has(IAM) ? policyCheck(context.service(IAM), account) : undefined;
    context.serve(kmsService({ keys, account, now: () => clock.now(), ...(mayPutPolicy && { mayPutPolicy }) }));
  }
  return context.service(KMS_KEYS);
}

/** The answer that PutKeyPolicy's lockout check wants. */
export function policyCheck(access: Access, account: string) {
  return (accessKeyId: string, resource: string, policy: unknown): boolean =>
    access.wouldAllow(
      accessKeyId,
      { action: 'kms:PutKeyPolicy', resource, conditions: { 'kms:CallerAccount': account } },
      policy,
    );
}

const key: Provisioner = {
  kind: 'AWS::KMS::Key',
  async provision(logicalId, properties, context) {
    onlyKnown(properties, [
      'Enabled',
      'EnableKeyRotation',
      'KeyPolicy',
      'KeySpec',
      'KeyUsage',
      'PendingWindowInDays',
      'RotationPeriodInDays',
    ]);
    const spec = optionalString(properties, 'KeySpec') ?? DEFAULT_SPEC;
    if (!Object.hasOwn(KEY_SPECS, spec))
      throw new Error(`KeySpec ${spec}: want one of ${Object.keys(KEY_SPECS).join(', ')}`);
    const { usage } = KEY_SPECS[spec as KeySpec];
    const asked = optionalString(properties, 'KeyUsage') ?? 'ENCRYPT_DECRYPT';
    if (asked !== usage) throw new Error(`KeyUsage ${asked} does not go with KeySpec ${spec}, want ${usage}`);
    const rotation = flag(properties, 'EnableKeyRotation');
    if (rotation && spec !== DEFAULT_SPEC)
      throw new Error(`EnableKeyRotation is for ${DEFAULT_SPEC} keys, got ${spec}`);
    const period = optionalNumber(properties, 'RotationPeriodInDays');
    if (period !== undefined && (period < 90 || period > 2560))
      throw new Error('RotationPeriodInDays: want 90 to 2560');
    if (properties.Enabled === false || properties.Enabled === 'false')
      throw new Error('Enabled: false is not run here');
    const keys = keysOf(context);
    const description = optionalString(properties, 'Description') ?? '';
    const policy = properties.KeyPolicy ?? defaultPolicy(context.account);
    const made = keys.ensure(
      `${context.resource.stack}/${logicalId}`,
      spec as KeySpec,
      { description, rotation, policy },
      context.clock.now(),
    );
    return { ref: made.id, attributes: { Arn: keys.arnOf(made), KeyId: made.id } };
  },
};

const alias: Provisioner = {
  kind: 'AWS::KMS::Alias',
  async provision(_, properties, context) {
    onlyKnown(properties, ['AliasName', 'TargetKeyId']);
    const name = string(properties, 'AliasName');
    if (!/^alias\/(?!aws\/)[A-Za-z0-9/_-]+$/.test(name)) throw new Error(`AliasName ${name} is not one that KMS takes`);
    keysOf(context).alias(name, string(properties, 'TargetKeyId'));
    return { ref: name, attributes: {} };
  },
};

/** What KMS attaches when a key is made without a policy: the account decides by IAM. */
function defaultPolicy(account: string): unknown {
  const principal = { AWS: `arn:aws:iam::${account}:root` };
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'kms:*', Resource: '*' }],
  };
}

export const kmsProvisioners: readonly Provisioner[] = [key, alias];
