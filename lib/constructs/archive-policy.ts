/** What nobody may do to the archive, whatever their own permissions say: data, so that a test can go through all of S3. */
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { ARCHIVE } from '../../names/archive.ts';
import { LOG } from '../../names/log.ts';
import { VERIFY } from '../../names/verify.ts';
import type { ArchiveRoles } from './archive-roles.ts';
import { anyoneBut, type Trusted } from './trusted.ts';

export interface Guard {
  readonly roles: ArchiveRoles;
  /** Who may change the bucket's configuration. */
  readonly trusted: Trusted;
  /** No lock may be shorter; 0 asks only that there is one. */
  readonly leastLockDays: number;
}

interface Denied {
  readonly sid: string;
  readonly actions?: readonly string[];
  /** Everything is denied but these. */
  readonly allBut?: readonly string[];
  readonly conditions?: Record<string, Record<string, unknown>>;
  /** Of objects; absent for the bucket itself. */
  readonly prefixes?: readonly string[];
}

const EVERYWHERE = [''];

export function denyTampering(bucket: Bucket, guard: Guard): void {
  const denied = [
    ...removal(guard),
    ...writing(guard),
    ...locking(guard),
    ...form(guard),
    ...encryption(),
    REST_DENIED,
  ];
  for (const each of denied) add(bucket, each);
  denyReconfiguring(bucket, guard.trusted);
}

/** Configuration is the deployment's business. Nobody deletes the bucket: CloudFormation keeps it too. */
export function denyReconfiguring(bucket: Bucket, { deploying }: Trusted): void {
  add(bucket, { sid: 'NoDeletion', actions: ['s3:DeleteBucket'] });
  add(bucket, { sid: 'SettingsByDeployment', allBut: ['s3:Get*', 's3:List*'], conditions: anyoneBut(deploying) });
}

/** Logs of who accessed the evidence: they age, and nobody removes them before. */
export function denyRemoval(bucket: Bucket): void {
  const actions = ['s3:DeleteObject', 's3:DeleteObjectVersion'];
  add(bucket, { sid: 'NoRemoval', actions, prefixes: EVERYWHERE });
}

function add(bucket: Bucket, { sid, actions, allBut, conditions = {}, prefixes }: Denied): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      ...(actions === undefined ? {} : { actions: [...actions] }),
      ...(allBut === undefined ? {} : { notActions: [...allBut] }),
      resources: prefixes?.map((prefix) => bucket.arnForObjects(`${prefix}*`)) ?? [bucket.bucketArn],
      ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
    }),
  );
}

const allBut = (...roles: readonly IRole[]) => anyoneBut(roles.map(({ roleArn }) => roleArn));

/** A delete marker hides, so nobody may put one. Versions go when their lock has ended, by the hand of expiry. */
function removal({ roles: { remover } }: Guard): Denied[] {
  return [
    { sid: 'NoRemoval', actions: ['s3:DeleteObject', 's3:BypassGovernanceRetention'], prefixes: EVERYWHERE },
    { sid: 'ExpiryRemoves', actions: ['s3:DeleteObjectVersion'], conditions: allBut(remover), prefixes: EVERYWHERE },
  ];
}

/**
 * Each kind of object has its writers. Nothing in its bytes tells a true hold or tombstone from one that somebody made up,
 * so who may write them is all; and a segment that no ledger backs can't be put there beside the archive and the seal.
 */
function writing({ roles }: Guard): Denied[] {
  const { archiver, sealer, publisher, verifier, remover, holder } = roles;
  const by = (sid: string, prefixes: readonly string[], ...writers: readonly IRole[]): Denied => ({
    ...{ sid, actions: ['s3:PutObject'], conditions: allBut(...writers), prefixes },
  });
  return [
    by('WritersWrite', EVERYWHERE, archiver, sealer, publisher, verifier, remover, holder),
    by('ArchiveAndSealFile', [ARCHIVE.entriesPrefix], archiver, sealer),
    by('SealSeals', [LOG.chainsPrefix, LOG.digestsPrefix, LOG.contentsPrefix, LOG.listsPrefix], sealer),
    by('SealAndPublish', [LOG.sealsPrefix], sealer, publisher),
    by('PublisherPublishes', [LOG.logPrefix], publisher),
    by('ExpiryBuries', [LOG.tombstonesPrefix], remover),
    by('HoldsHold', [LOG.holdsPrefix], holder),
    by('VerifierReports', [VERIFY.reportsPrefix], verifier),
  ];
}

/** A lock that is lengthened keeps what should expire, and so does a hold; one that is released lets go of what is asked for. */
function locking({ roles }: Guard): Denied[] {
  const { archiver, sealer, publisher, verifier, remover, holder, sweeper } = roles;
  const writers = [archiver, sealer, publisher, verifier, remover, holder];
  return [
    { sid: 'WritersLock', actions: ['s3:PutObjectRetention'], conditions: allBut(...writers), prefixes: EVERYWHERE },
    {
      ...{ sid: 'HoldsAreKept', actions: ['s3:PutObjectLegalHold'], prefixes: EVERYWHERE },
      conditions: allBut(archiver, sealer, sweeper),
    },
  ];
}

/**
 * Compliance mode or nothing; multipart uploads carry no lock header on their parts and are refused with it. Every put says
 * `If-None-Match: *`, or `If-Match` with what it has seen: nobody overwrites without looking.
 */
function form({ leastLockDays }: Guard): Denied[] {
  const put = { actions: ['s3:PutObject'], prefixes: EVERYWHERE };
  const days = { 's3:object-lock-remaining-retention-days': String(leastLockDays) };
  return [
    { sid: 'LockedOnly', ...put, conditions: { StringNotEquals: { 's3:object-lock-mode': 'COMPLIANCE' } } },
    ...(leastLockDays < 1
      ? []
      : [
          {
            ...{ sid: 'LongEnough', actions: ['s3:PutObject', 's3:PutObjectRetention'], prefixes: EVERYWHERE },
            conditions: { NumericLessThan: days },
          },
        ]),
    {
      ...{ sid: 'NoBlindOverwriting', ...put },
      conditions: { Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' } },
    },
  ];
}

/** Without the header the bucket's default applies, which is S3's own key. Any other key is one that somebody can delete. */
function encryption(): Denied[] {
  const algorithm = 's3:x-amz-server-side-encryption';
  const customerKey = 's3:x-amz-server-side-encryption-customer-algorithm';
  const put = { actions: ['s3:PutObject'], prefixes: EVERYWHERE };
  return [
    {
      ...{ sid: 'OwnKeyOfS3', ...put },
      conditions: { Null: { [algorithm]: 'false' }, StringNotEquals: { [algorithm]: 'AES256' } },
    },
    { sid: 'NoKeyOfCallers', ...put, conditions: { Null: { [customerKey]: 'false' } } },
  ];
}

/**
 * What the archive does not need is denied unseen, and what S3 learns tomorrow with it: tags, ACLs, annotations, renaming,
 * restoring, replication into the bucket, another encryption of what is there.
 */
const REST_DENIED: Denied = {
  sid: 'NothingElse',
  allBut: [
    ...['s3:AbortMultipartUpload', 's3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'],
    ...['s3:Get*', 's3:ListMultipartUploadParts', 's3:PutObject', 's3:PutObjectLegalHold', 's3:PutObjectRetention'],
  ],
  prefixes: EVERYWHERE,
};
