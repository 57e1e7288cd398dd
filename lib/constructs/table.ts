import { type Attribute, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { EncryptionKey } from './encryption-key.ts';

export interface TableProps {
  readonly key: EncryptionKey;
  readonly partitionKey: Attribute;
  readonly sortKey?: Attribute;
  readonly timeToLiveAttribute?: string;
  readonly stream?: boolean;
  /** Items can be put and never changed, removed or put in bulk; whoever asks. */
  readonly appendOnly?: boolean;
}

/**
 * Every API that changes or removes an item, and those that write without a condition (batches, PartiQL). A transaction is
 * authorized by the actions in it, so it can put and check, and nothing else. TTL is no API call of anybody's: it keeps
 * working.
 */
const DENIED_WRITES = [
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
];

export function protectedTable(scope: Construct, id: string, props: TableProps): Table {
  return new Table(scope, id, {
    partitionKey: props.partitionKey,
    ...(props.sortKey === undefined ? {} : { sortKey: props.sortKey }),
    ...(props.timeToLiveAttribute === undefined ? {} : { timeToLiveAttribute: props.timeToLiveAttribute }),
    ...(props.stream ? { stream: StreamViewType.NEW_AND_OLD_IMAGES } : {}),
    ...(props.appendOnly ? { resourcePolicy: appendOnlyPolicy() } : {}),
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: props.key.key,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/** A policy that is attached to one table speaks of that table; its ARN here would make the table depend on itself. */
function appendOnlyPolicy(): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'AppendOnly',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: DENIED_WRITES,
        resources: ['*'],
      }),
    ],
  });
}
