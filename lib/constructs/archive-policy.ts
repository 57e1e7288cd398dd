import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { LOG } from '../../names/log.ts';

export interface Guard {
  /** The one key that objects may be encrypted with. */
  readonly key: IKey;
  /** Who may bury, and remove versions whose lock has ended. */
  readonly remover: IRole;
  /** Who may say that a legal hold begins or ends. */
  readonly holder: IRole;
  /** No lock may be shorter; 0 asks only that there is one. */
  readonly leastLockDays: number;
}

type Conditions = Record<string, Record<string, string>>;

/** What nobody may do to the archive, whatever their own permissions say. */
export function denyTampering(bucket: Bucket, guard: Guard): void {
  for (const [sid, actions, conditions, prefix = ''] of [
    ...removal(guard),
    ...events(guard),
    ...unlocked(guard),
    ...overwriting(),
    ...encryption(guard),
  ]) {
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [...actions],
        resources: [bucket.arnForObjects(`${prefix}*`)],
        conditions,
      }),
    );
  }
}

type Denied = readonly [sid: string, actions: readonly string[], conditions: Conditions, prefix?: string];

const anyoneBut = (role: IRole): Conditions => ({ ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } });

/** A delete marker hides, so nobody may put one. Versions go when their lock has ended, by the hand of expiry. */
function removal({ remover }: Guard): Denied[] {
  return [
    ['NoRemoval', ['s3:DeleteObject', 's3:BypassGovernanceRetention'], {}],
    ['ExpiryRemoves', ['s3:DeleteObjectVersion'], anyoneBut(remover)],
  ];
}

/** Nothing in their bytes tells a true hold or tombstone from one that somebody made up, so who may write them is all. */
function events({ remover, holder }: Guard): Denied[] {
  return [
    ['ExpiryBuries', ['s3:PutObject'], anyoneBut(remover), LOG.tombstonesPrefix],
    ['HoldsHold', ['s3:PutObject'], anyoneBut(holder), LOG.holdsPrefix],
  ];
}

/** Compliance mode or nothing. Multipart uploads carry no lock header on their parts and are refused with it. */
function unlocked({ leastLockDays }: Guard): Denied[] {
  const days = { 's3:object-lock-remaining-retention-days': String(leastLockDays) };
  return [
    ['LockedOnly', ['s3:PutObject'], { StringNotEquals: { 's3:object-lock-mode': 'COMPLIANCE' } }],
    ...(leastLockDays < 1
      ? []
      : [['LongEnough', ['s3:PutObject', 's3:PutObjectRetention'], { NumericLessThan: days }] as const]),
  ];
}

/** Every put says `If-None-Match: *`, or `If-Match` with what it has seen: nobody overwrites without looking. */
function overwriting(): Denied[] {
  return [['NoBlindOverwriting', ['s3:PutObject'], { Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' } }]];
}

/** Without the header the bucket's default applies, which is the right key; with it, it has to say the same. */
function encryption({ key }: Guard): Denied[] {
  const algorithm = 's3:x-amz-server-side-encryption';
  const keyId = 's3:x-amz-server-side-encryption-aws-kms-key-id';
  return [
    ['KmsOnly', ['s3:PutObject'], { Null: { [algorithm]: 'false' }, StringNotEquals: { [algorithm]: 'aws:kms' } }],
    ['ThisKeyOnly', ['s3:PutObject'], { Null: { [keyId]: 'false' }, StringNotEquals: { [keyId]: key.keyArn } }],
  ];
}
