/** AWS::IAM::Role, Policy and ManagedPolicy: who the template's functions are, and what they may do. */
import { createHash } from 'node:crypto';
import { object, objects, onlyKnown, optionalString, string, strings } from '../template/properties.ts';
import type { Properties, Provisioner, ResourceContext } from '../template/provisioner.ts';
import { parsePolicy, type Statement } from './iam/document.ts';
import { awsManagedPolicy } from './iam/managed.ts';
import { iamOf } from './iam/service.ts';

const NAME_LENGTH = 64;
const POLICY_NAME_LENGTH = 128;

/** Customer managed policies by ARN, of one runtime. */
const managed = new WeakMap<object, Map<string, readonly Statement[]>>();

function managedOf(context: ResourceContext): Map<string, readonly Statement[]> {
  const access = iamOf(context);
  const known = managed.get(access) ?? new Map<string, readonly Statement[]>();
  managed.set(access, known);
  return known;
}

function managedPolicy(arn: string, context: ResourceContext): readonly Statement[] {
  const statements = awsManagedPolicy(arn) ?? managedOf(context).get(arn);
  if (!statements) throw new Error(`the local runtime does not know the managed policy ${arn}`);
  return statements;
}

const role: Provisioner = {
  kind: 'AWS::IAM::Role',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, [
      ...['AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies', 'RoleName', 'Path', 'MaxSessionDuration'],
    ]);
    // Nobody assumes roles here but the runtime itself, which acts for the services that the document trusts; it has to be valid.
    parsePolicy(properties.AssumeRolePolicyDocument, 'trust');
    const name = optionalString(properties, 'RoleName') ?? context.physicalName({ maxLength: NAME_LENGTH });
    const arn = iamOf(context).roles.add(name, optionalString(properties, 'Path') ?? '/', [
      ...strings(properties, 'ManagedPolicyArns').flatMap((policy) => managedPolicy(policy, context)),
      ...objects(properties, 'Policies').flatMap((policy) => parsePolicy(object(policy, 'PolicyDocument'), 'identity')),
    ]);
    return { ref: name, attributes: { Arn: arn, RoleId: roleId(arn) } };
  },
};

const policy: Provisioner = {
  kind: 'AWS::IAM::Policy',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, ['PolicyName', 'PolicyDocument', 'Roles']);
    attach(properties, parsePolicy(object(properties, 'PolicyDocument'), 'identity'), context);
    return { ref: string(properties, 'PolicyName'), attributes: { Id: string(properties, 'PolicyName') } };
  },
};

const managedPolicyKind: Provisioner = {
  kind: 'AWS::IAM::ManagedPolicy',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, ['ManagedPolicyName', 'PolicyDocument', 'Roles', 'Path']);
    const statements = parsePolicy(object(properties, 'PolicyDocument'), 'identity');
    const name =
      optionalString(properties, 'ManagedPolicyName') ?? context.physicalName({ maxLength: POLICY_NAME_LENGTH });
    const arn = `arn:aws:iam::${context.account}:policy${optionalString(properties, 'Path') ?? '/'}${name}`;
    managedOf(context).set(arn, statements);
    attach(properties, statements, context);
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
};

export const iamProvisioners: readonly Provisioner[] = [role, policy, managedPolicyKind];

function attach(properties: Properties, statements: readonly Statement[], context: ResourceContext): void {
  for (const name of strings(properties, 'Roles')) iamOf(context).roles.permit(name, statements);
}

function roleId(arn: string): string {
  return `AROA${createHash('sha256').update(arn).digest('hex').slice(0, 17).toUpperCase()}`;
}
