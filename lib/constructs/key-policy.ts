/** What nobody may do to a key, whatever their own permissions say: data, so that a test can go through all of KMS. */
import type { Key } from 'aws-cdk-lib/aws-kms';
import { denial } from './denial.ts';
import { anyoneBut, type Trusted } from './trusted.ts';

/**
 * What ends a key, makes it unusable or another one, or takes from a service the grant that it works with. `RetireGrant` is
 * not among them: only who a grant names may call it, which is DynamoDB.
 */
const DESTRUCTIVE = [
  ...['kms:DeleteImportedKeyMaterial', 'kms:DisableKey', 'kms:DisableKeyRotation', 'kms:ImportKeyMaterial'],
  ...['kms:ReplicateKey', 'kms:RevokeGrant', 'kms:ScheduleKeyDeletion', 'kms:UpdatePrimaryRegion'],
];

/**
 * Denies destruction to all but the break-glass role, and changes of the policy to all but it and the role that deploys. KMS
 * takes a policy only from somebody whom it leaves the right to change it again, so a deployment by another role fails
 * when the key is made, and locks nobody out.
 */
export function denyDestruction(key: Key, { deploying, breakGlass }: Trusted): void {
  deny(key, 'NoDestruction', DESTRUCTIVE, anyoneBut(breakGlass));
  deny(key, 'PolicyByDeployment', ['kms:PutKeyPolicy'], anyoneBut(deploying));
}

/** A grant would lend the key past its policy. AWS's services make theirs in the name of who creates their resource. */
export function denyLending(key: Key, services: 'services may' | 'nobody may'): void {
  const onlyServices = { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } };
  deny(key, 'NoLending', ['kms:CreateGrant'], services === 'nobody may' ? {} : onlyServices);
}

export function deny(key: Key, sid: string, actions: readonly string[], conditions: Record<string, unknown>): void {
  key.addToResourcePolicy(denial(sid, actions, conditions));
}
