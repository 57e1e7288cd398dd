// A customer-managed key of KMS.
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Grantee } from './grantee.ts';
import { denyDestruction, denyLending } from './key-policy.ts';
import type { Trusted } from './trusted.ts';

/** What a role does with data under a key. DynamoDB acts with its caller's permissions, hence its longer lists. */
export type KeyUse = 'read' | 'write';

const ACTIONS: Readonly<Record<string, Readonly<Record<KeyUse, readonly string[]>>>> = {
  dynamodb: {
    read: ['kms:Decrypt', 'kms:DescribeKey'],
    write: [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
  },
  s3: { read: ['kms:Decrypt'], write: ['kms:Decrypt', 'kms:GenerateDataKey'] },
  sns: { read: ['kms:Decrypt'], write: ['kms:Decrypt', 'kms:GenerateDataKey'] },
  sqs: { read: ['kms:Decrypt'], write: ['kms:Decrypt', 'kms:GenerateDataKey'] },
};

/**
 * A customer-managed key, rotated yearly, retained: without it, what it encrypted is lost. Roles use it only through the
 * service that holds the data (`kms:ViaService`), never directly. Its policy denies its destruction, CloudFormation's
 * role included, so a first deployment that fails leaves it behind.
 */
export class EncryptionKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, description: string, trusted: Trusted) {
    super(scope, id);
    this.key = new Key(this, 'Key', { description, enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
    denyDestruction(this.key, trusted);
    denyLending(this.key, 'services may');
  }

  /** A service of this account that encrypts on nobody's behalf, such as SNS delivering to an encrypted queue. */
  allowService(service: string): void {
    this.#allow(service, { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } });
  }

  /**
   * EventBridge says for nobody's sake on whose behalf it uses a key when it delivers to encrypted topics and queues: SNS's
   * guide calls conditions on the source unsupported there, and they would refuse every delivery. What is encrypted is
   * guarded by the policies of the queues and topics.
   */
  allowEvents(): void {
    this.#allow('events.amazonaws.com');
  }

  #allow(service: string, conditions?: Record<string, Record<string, string>>): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
        resources: ['*'],
        ...(conditions === undefined ? {} : { conditions }),
      }),
    );
  }

  /** CloudWatch Logs names the log group in the encryption context, and its principal is regional. */
  allowLogs(): void {
    const stack = Stack.of(this);
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
        actions: [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:GenerateDataKey',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': stack.formatArn({
              service: 'logs',
              resource: 'log-group',
              resourceName: '*',
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      }),
    );
  }

  grant(grantee: Grantee, use: KeyUse, service: 'dynamodb' | 's3' | 'sns' | 'sqs'): void {
    grantee.allow({
      actions: ACTIONS[service]![use],
      resources: [this.key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${Stack.of(grantee).region}.amazonaws.com` } },
    });
  }
}
