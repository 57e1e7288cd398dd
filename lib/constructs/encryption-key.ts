import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Grantee } from './grantee.ts';

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
 * service that holds the data (`kms:ViaService`), never directly.
 */
export class EncryptionKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, description: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', { description, enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
  }

  /** A service of this account that encrypts on nobody's behalf, such as SNS delivering to an encrypted queue. */
  allowService(service: string): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
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
