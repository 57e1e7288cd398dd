// The bucket of the archive, under Object Lock, and what each function may do to it.
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ARCHIVE } from '../../names/archive.ts';
import { LOG } from '../../names/log.ts';
import { VERIFY } from '../../names/verify.ts';
import type { StageConfig } from '../config/stage.ts';
import { acknowledge } from './acknowledge.ts';
import { denyReconfiguring, denyRemoval, denyTampering } from './archive-policy.ts';
import { type ArchiveRoles, archiveRoles } from './archive-roles.ts';
import type { Code } from './code.ts';
import type { Trusted } from './trusted.ts';

export interface ArchiveBucketProps {
  readonly trusted: Trusted;
  /** Category to ISO 8601 duration or `permanent`: what differs from the catalog. */
  readonly retention: Readonly<Record<string, string>>;
  /** What single tenants have that is longer. */
  readonly tenants: StageConfig['tenants'];
  /** No lock may be shorter; 0 asks only that there is one. */
  readonly leastLockDays: number;
}

/** What a seal is made of and what it vouches for. */
const EVIDENCE = [
  ARCHIVE.entriesPrefix,
  LOG.logPrefix,
  LOG.chainsPrefix,
  LOG.sealsPrefix,
  LOG.digestsPrefix,
  LOG.contentsPrefix,
  LOG.listsPrefix,
];

/** How long it is known who read and wrote the evidence: a year, and a month to ask. */
const ACCESS_LOG_DAYS = 400;

/**
 * The archive: objects that are written once, locked, encrypted, and that nobody removes. Under S3's own key (SSE-S3): whoever
 * administers an account can in the end have any key of it deleted, and with it ten years of locked evidence, whereas
 * nobody can delete this one (docs/architecture.md, "Keys").
 */
export class ArchiveBucket extends Construct {
  readonly bucket: Bucket;
  readonly accessLogs: Bucket;
  /** Who may write what, and who may remove; the keys and tables make exceptions for them too. */
  readonly roles: ArchiveRoles;
  readonly #retention: Readonly<Record<string, string>>;
  readonly #tenantRetention: Readonly<Record<string, Readonly<Record<string, string>>>>;

  constructor(scope: Construct, id: string, props: ArchiveBucketProps) {
    super(scope, id);
    this.#retention = props.retention;
    this.#tenantRetention = Object.fromEntries(
      Object.entries(props.tenants).map(([tenant, { retention }]) => [tenant, retention]),
    );
    this.roles = archiveRoles(this);
    this.accessLogs = this.#accessLogs(props.trusted);
    this.bucket = new Bucket(this, 'Bucket', {
      objectLockEnabled: true,
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      serverAccessLogsBucket: this.accessLogs as IBucket,
      serverAccessLogsPrefix: 'archive/',
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      // No rule for noncurrent versions: if somebody ever overwrites a segment, the noncurrent version is the genuine one.
      lifecycleRules: [{ id: 'AbandonedUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    const { trusted, leastLockDays } = props;
    denyTampering(this.bucket, { roles: this.roles, trusted, leastLockDays });
    keepPolicy(this.bucket);
  }

  /** Write segments and evidence, look at what another attempt wrote first, lengthen its lock, hold what is under hold. */
  grantArchive(code: Code): void {
    this.#configureRetention(code);
    this.#read(code, [ARCHIVE.entriesPrefix, ARCHIVE.evidencePrefix, LOG.holdsPrefix]);
    this.#write(code, [ARCHIVE.entriesPrefix, ARCHIVE.evidencePrefix]);
    this.#hold(code);
  }

  /** Seal chains: archive what is missing, and write everything of a seal but its checkpoint. */
  grantSeal(code: Code): void {
    this.#configureRetention(code);
    this.#read(code, [...EVIDENCE, LOG.tombstonesPrefix, LOG.holdsPrefix, ARCHIVE.evidencePrefix]);
    this.#write(code, [
      ...[ARCHIVE.entriesPrefix, ARCHIVE.evidencePrefix],
      ...[LOG.chainsPrefix, LOG.sealsPrefix, LOG.digestsPrefix, LOG.contentsPrefix, LOG.listsPrefix],
    ]);
    this.#hold(code);
  }

  /** Append sealed digests to the log, and its checkpoint. */
  grantPublish(code: Code): void {
    this.#read(code, [LOG.logPrefix, LOG.sealsPrefix, LOG.digestsPrefix, ARCHIVE.evidencePrefix]);
    this.#write(code, [LOG.logPrefix, LOG.sealsPrefix, ARCHIVE.evidencePrefix]);
  }

  /** Serve the log. */
  grantReadLog(code: Code): void {
    this.#read(code, [LOG.logPrefix, LOG.sealsPrefix]);
  }

  /** Tell up to where a tenant is sealed. */
  grantReadHeads(code: Code): void {
    this.#read(code, [LOG.logPrefix, LOG.sealsPrefix, LOG.digestsPrefix]);
  }

  /** What Athena reads in the function's name: entries, of current versions only. */
  grantQuerySegments(code: Code): void {
    code.configure(ARCHIVE.bucketEnv, this.bucket.bucketName);
    this.#allow(code, ['s3:GetObject'], [ARCHIVE.entriesPrefix]);
    code.allow({ actions: ['s3:GetBucketLocation', 's3:ListBucket'], resources: [this.bucket.bucketArn] });
  }

  /** Everything that a tenant's evidence is made of. */
  grantReadEvidence(code: Code): void {
    this.#read(code, [...EVIDENCE, LOG.tombstonesPrefix, LOG.holdsPrefix]);
  }

  /** Read entries: tell what has expired, and take from the evidence what the ledger has lost. */
  grantRecover(code: Code): void {
    this.#configureRetention(code);
    this.grantReadEvidence(code);
  }

  /** Tell what has expired. */
  grantKeep(code: Code): void {
    this.#configureRetention(code);
    this.#read(code, [LOG.tombstonesPrefix, LOG.holdsPrefix]);
  }

  /** Verify everything, and keep reports. */
  grantVerify(code: Code): void {
    this.#configureRetention(code);
    this.#read(code, [
      ...EVIDENCE,
      LOG.tombstonesPrefix,
      LOG.holdsPrefix,
      ARCHIVE.evidencePrefix,
      VERIFY.reportsPrefix,
    ]);
    this.#write(code, [VERIFY.reportsPrefix, ARCHIVE.evidencePrefix]);
  }

  grantReadReports(code: Code): void {
    this.#read(code, [VERIFY.reportsPrefix]);
  }

  /** Write tombstones; remove what they bury, which the bucket's policy lets only `remover` do. */
  grantExpire(code: Code): void {
    this.#configureRetention(code);
    this.#read(code, [...EVIDENCE, LOG.tombstonesPrefix, LOG.holdsPrefix, ARCHIVE.evidencePrefix]);
    this.#write(code, [LOG.tombstonesPrefix, ARCHIVE.evidencePrefix]);
    code.allow({
      actions: ['s3:DeleteObjectVersion', 's3:GetObjectLegalHold'],
      resources: [this.bucket.arnForObjects(`${ARCHIVE.entriesPrefix}*`)],
    });
  }

  /** Apply and release legal holds. */
  grantHolds(code: Code): void {
    this.#read(code, [LOG.holdsPrefix]);
    this.#write(code, [LOG.holdsPrefix]);
  }

  /** Bring S3's own legal holds in line with those that are in force. */
  grantSweep(code: Code): void {
    this.#read(code, [ARCHIVE.entriesPrefix, LOG.holdsPrefix]);
    this.#hold(code);
  }

  /** To say what entries are kept for. */
  describeRetention(code: Code): void {
    this.#configureRetention(code);
  }

  #configureRetention(code: Code): void {
    code.configure(ARCHIVE.retentionEnv, JSON.stringify(this.#retention));
    code.configure(ARCHIVE.tenantRetentionEnv, JSON.stringify(this.#tenantRetention));
  }

  /** To list the bucket is what makes S3 answer 404, and not 403, for a key that isn't there. */
  #read(code: Code, prefixes: readonly string[]): void {
    code.configure(ARCHIVE.bucketEnv, this.bucket.bucketName);
    this.#allow(code, ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectRetention'], prefixes);
    code.allow({ actions: ['s3:ListBucket', 's3:ListBucketVersions'], resources: [this.bucket.bucketArn] });
  }

  #write(code: Code, prefixes: readonly string[]): void {
    this.#allow(code, ['s3:PutObject', 's3:PutObjectRetention'], prefixes);
  }

  #hold(code: Code): void {
    this.#allow(code, ['s3:GetObjectLegalHold', 's3:PutObjectLegalHold'], [ARCHIVE.entriesPrefix]);
  }

  #allow(code: Code, actions: readonly string[], prefixes: readonly string[]): void {
    code.allow({ actions, resources: prefixes.map((prefix) => this.bucket.arnForObjects(`${prefix}*`)) });
    this.#explainPrefixes(code, prefixes);
  }

  /** The rule pack names a finding by the bucket's ARN as the other stack imports it. */
  #explainPrefixes(code: Code, prefixes: readonly string[]): void {
    const stack = Stack.of(this);
    const imported = stack.resolve(stack.exportValue(this.bucket.bucketArn)) as { readonly 'Fn::ImportValue': string };
    for (const prefix of prefixes) {
      acknowledge(
        code,
        `AwsSolutions-IAM5[Resource::${imported['Fn::ImportValue']}/${prefix}*]`,
        'Keys are made of tenant, category, day and position; the bucket policy denies what no writer may do.',
      );
    }
  }

  /** S3 delivers its logs to buckets without Object Lock and with its own encryption only. */
  #accessLogs(trusted: Trusted): Bucket {
    const bucket = new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      lifecycleRules: [
        {
          id: 'Age',
          expiration: Duration.days(ACCESS_LOG_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    acknowledge(bucket, 'AwsSolutions-S1', 'It holds the access logs; logging it into itself would never end.');
    denyRemoval(bucket);
    denyReconfiguring(bucket, trusted);
    keepPolicy(bucket);
    return bucket;
  }
}

/** A bucket that outlives its stack without its policy would be anybody's. */
function keepPolicy(bucket: Bucket): void {
  bucket.policy!.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
}
