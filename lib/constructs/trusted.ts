/** Roles outside of this app that its policies make exceptions for: whoever deploys, and whoever breaks the glass. */
import { Fn } from 'aws-cdk-lib/core';
import type { StageConfig } from '../config/stage.ts';

/** The execution role that `cdk bootstrap` makes for CloudFormation, in its default form. */
const BOOTSTRAPPED = `cdk-hnb659fds-cfn-exec-role-\${AWS::AccountId}-\${AWS::Region}`;

export interface Trusted {
  /** ARNs of the roles that may change how the evidence is protected: CloudFormation's, and the break-glass role. */
  readonly deploying: readonly string[];
  /** ARN of the one role that may also destroy keys and tables; without one, nobody may. */
  readonly breakGlass: readonly string[];
}

export function trustedRoles({ guard }: Pick<StageConfig, 'guard'>): Trusted {
  const breakGlass = guard.breakGlassRole === undefined ? [] : [roleArn(guard.breakGlassRole)];
  return { deploying: [roleArn(guard.deployRole ?? BOOTSTRAPPED), ...breakGlass], breakGlass };
}

/** Their names, as IAM's own calls say them: without a path. */
export function trustedNames({ guard }: Pick<StageConfig, 'guard'>): readonly string[] {
  const names = [guard.deployRole ?? BOOTSTRAPPED, guard.breakGlassRole].filter((name) => name !== undefined);
  return names.map((name) => Fn.sub(name.slice(name.lastIndexOf('/') + 1)));
}

/** The condition of a deny that spares these roles: none when there is none to spare. */
export function anyoneBut(arns: readonly string[]): Record<string, Record<string, unknown>> {
  if (arns.length === 0) return {};
  return { ArnNotEquals: { 'aws:PrincipalArn': arns.length === 1 ? arns[0] : [...arns] } };
}

/** `name` is a role's name with its path, if it has one; pseudo parameters in it are filled in. */
function roleArn(name: string): string {
  return Fn.sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${name}`);
}
