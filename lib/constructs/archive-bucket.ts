import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ARCHIVE } from '../../names/archive.ts';
import { acknowledge } from './acknowledge.ts';
import type { Code } from './code.ts';
import { EncryptionKey } from './encryption-key.ts';

export interface ArchiveBucketProps {
  /** Category to ISO 8601 duration or `permanent`: what differs from the catalog. */
  readonly retention: Readonly<Record<string, string>>;
  /** No lock may be shorter; 0 asks only that there is one. */
  readonly leastLockDays: number;
}

/** How long it is known who read and wrote the evidence: a year, and a month to ask. */
const ACCESS_LOG_DAYS = 400;

/** The archive: objects that are written once, locked, encrypted, and that nobody removes. */
export class ArchiveBucket extends Construct {
  readonly bucket: Bucket;
  readonly #key: EncryptionKey;
  readonly #retention: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: ArchiveBucketProps) {
    super(scope, id);
    this.#retention = props.retention;
    this.#key = new EncryptionKey(this, 'Encryption', 'Indelible: archive');
    this.bucket = new Bucket(this, 'Bucket', {
      objectLockEnabled: true,
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.#key.key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      serverAccessLogsBucket: this.#accessLogs() as IBucket,
      serverAccessLogsPrefix: 'archive/',
      removalPolicy: RemovalPolicy.RETAIN,
      // No rule for noncurrent versions: if somebody ever overwrites a segment, the noncurrent version is the genuine one.
      lifecycleRules: [{ id: 'AbandonedUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    this.#denyRemoval();
    this.#denyUnlocked(props.leastLockDays);
    this.#denyOverwriting();
    this.#denyOtherEncryption();
  }

  /**
   * Write segments and evidence, look at what another attempt wrote first, and lengthen its lock. To list the bucket is what
   * makes S3 answer 404, and not 403, for a key that isn't there.
   */
  grantArchive(code: Code): void {
    code.configure(ARCHIVE.bucketEnv, this.bucket.bucketName);
    code.configure(ARCHIVE.retentionEnv, JSON.stringify(this.#retention));
    code.allow({
      actions: [
        's3:PutObject',
        's3:PutObjectRetention',
        's3:GetObject',
        's3:GetObjectVersion',
        's3:GetObjectRetention',
      ],
      resources: [ARCHIVE.entriesPrefix, ARCHIVE.evidencePrefix].map((prefix) =>
        this.bucket.arnForObjects(`${prefix}*`),
      ),
    });
    this.#explainPrefixes(code);
    code.allow({ actions: ['s3:ListBucket', 's3:ListBucketVersions'], resources: [this.bucket.bucketArn] });
    this.#key.grant(code, 'write', 's3');
  }

  /** The rule pack names a finding by the bucket's ARN as the other stack imports it. */
  #explainPrefixes(code: Code): void {
    const stack = Stack.of(this);
    const imported = stack.resolve(stack.exportValue(this.bucket.bucketArn)) as { readonly 'Fn::ImportValue': string };
    for (const prefix of [ARCHIVE.entriesPrefix, ARCHIVE.evidencePrefix]) {
      acknowledge(
        code,
        `AwsSolutions-IAM5[Resource::${imported['Fn::ImportValue']}/${prefix}*]`,
        'Keys are made of tenant, category, day and position; the bucket policy denies what no writer may do.',
      );
    }
  }

  /** S3 delivers its logs to buckets without Object Lock and with its own encryption only. */
  #accessLogs(): Bucket {
    const bucket = new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: 'Age',
          expiration: Duration.days(ACCESS_LOG_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    acknowledge(bucket, 'AwsSolutions-S1', 'It holds the access logs; logging it into itself would never end.');
    return bucket;
  }

  #denyRemoval(): void {
    this.#deny('NoRemoval', ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention']);
  }

  /** Compliance mode or nothing. Multipart uploads carry no lock header on their parts and are refused with it. */
  #denyUnlocked(leastLockDays: number): void {
    this.#deny('LockedOnly', ['s3:PutObject'], { StringNotEquals: { 's3:object-lock-mode': 'COMPLIANCE' } });
    if (leastLockDays < 1) return;
    this.#deny('LongEnough', ['s3:PutObject', 's3:PutObjectRetention'], {
      NumericLessThan: { 's3:object-lock-remaining-retention-days': String(leastLockDays) },
    });
  }

  /** Every put says `If-None-Match: *`, or `If-Match` with what it has seen: nobody overwrites without looking. */
  #denyOverwriting(): void {
    this.#deny('NoBlindOverwriting', ['s3:PutObject'], {
      Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' },
    });
  }

  /** Without the header the bucket's default applies, which is the right key; with it, it has to say the same. */
  #denyOtherEncryption(): void {
    this.#deny('KmsOnly', ['s3:PutObject'], {
      Null: { 's3:x-amz-server-side-encryption': 'false' },
      StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
    });
    this.#deny('ThisKeyOnly', ['s3:PutObject'], {
      Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' },
      StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': this.#key.key.keyArn },
    });
  }

  #deny(sid: string, actions: string[], conditions: Record<string, Record<string, string>> = {}): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions,
        resources: [this.bucket.arnForObjects('*')],
        conditions,
      }),
    );
  }
}
