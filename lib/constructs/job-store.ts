// Where saved searches, jobs and the files of jobs are kept.
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { JOB_ITEM, JOB_STORE } from '../../names/job-store.ts';
import { acknowledge } from './acknowledge.ts';
import type { Code } from './code.ts';
import { EncryptionKey } from './encryption-key.ts';
import type { Trusted } from './trusted.ts';

export interface JobStoreProps {
  /** How long exports and bundles can be downloaded. */
  readonly exportDays: number;
  readonly trusted: Trusted;
}

/** What readers keep beside the evidence: saved searches, jobs, and the files that jobs made. None of it is evidence. */
export class JobStore extends Construct {
  readonly table: Table;
  readonly results: Bucket;
  readonly key: EncryptionKey;

  constructor(scope: Construct, id: string, { exportDays, trusted }: JobStoreProps) {
    super(scope, id);
    this.key = new EncryptionKey(this, 'Encryption', 'Indelible: saved searches, jobs and their results', trusted);
    this.table = new Table(this, 'Items', {
      partitionKey: { name: JOB_ITEM.partition, type: AttributeType.STRING },
      sortKey: { name: JOB_ITEM.id, type: AttributeType.STRING },
      timeToLiveAttribute: JOB_ITEM.expiresAt,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.results = new Bucket(this, 'Results', {
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key.key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      lifecycleRules: [
        expiring('Exports', JOB_STORE.exportsPrefix, exportDays),
        expiring('Bundles', JOB_STORE.bundlesPrefix, exportDays),
        expiring('Pieces', JOB_STORE.piecesPrefix, JOB_STORE.piecesDays),
        expiring('Athena', JOB_STORE.athenaPrefix, JOB_STORE.athenaDays),
      ],
    });
    this.results.policy!.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    acknowledge(
      this.results,
      'AwsSolutions-S1',
      'Copies for a few days; who made and fetched them is in the trail itself.',
    );
  }

  /** Read and write single items: what works at a job. */
  grantItems(code: Code): void {
    this.#items(code, ['dynamodb:GetItem', 'dynamodb:PutItem']);
  }

  /** List them too: what serves jobs. */
  grantListItems(code: Code): void {
    this.#items(code, ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query']);
  }

  /** Remove them too: what serves saved searches. */
  grantRemoveItems(code: Code): void {
    this.#items(code, ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query']);
  }

  /** Read objects below a prefix of names/job-store.ts. */
  grantReadResults(code: Code, prefix: string): void {
    this.#objects(code, prefix, ['s3:GetObject']);
    this.key.grant(code, 'read', 's3');
  }

  /** Write them too; an upload that is given up is aborted. */
  grantWriteResults(code: Code, prefix: string): void {
    this.#objects(code, prefix, ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject']);
    this.key.grant(code, 'write', 's3');
  }

  /** Let Athena keep its results in the function's name, and read them. */
  grantQueryResults(code: Code): void {
    this.#objects(code, JOB_STORE.athenaPrefix, [
      ...['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
    ]);
    code.allow({
      actions: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
      resources: [this.results.bucketArn],
    });
    this.key.grant(code, 'write', 's3');
  }

  #items(code: Code, actions: readonly string[]): void {
    code.configure(JOB_STORE.tableEnv, this.table.tableName);
    code.allow({ actions, resources: [this.table.tableArn] });
    this.key.grant(code, 'write', 'dynamodb');
  }

  #objects(code: Code, prefix: string, actions: readonly string[]): void {
    code.configure(JOB_STORE.resultsBucketEnv, this.results.bucketName);
    code.allow({ actions, resources: [this.results.arnForObjects(`${prefix}*`)] });
    code.allow({ actions: ['s3:ListBucket'], resources: [this.results.bucketArn] });
    const stack = Stack.of(this);
    const imported = stack.resolve(stack.exportValue(this.results.bucketArn)) as { readonly 'Fn::ImportValue': string };
    acknowledge(
      code,
      `AwsSolutions-IAM5[Resource::${imported['Fn::ImportValue']}/${prefix}*]`,
      'Keys are made of tenant and job; they are not known before.',
    );
  }
}

function expiring(id: string, prefix: string, days: number) {
  return {
    id,
    prefix,
    expiration: Duration.days(days),
    abortIncompleteMultipartUploadAfter: Duration.days(1),
  };
}
