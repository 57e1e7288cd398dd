/** Tables of the ledger: what nobody may do to them, whatever their own permissions say, is data here. */
import { type Attribute, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { denial } from './denial.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { anyoneBut, type Trusted } from './trusted.ts';

export interface TableProps {
  readonly key: EncryptionKey;
  readonly partitionKey: Attribute;
  readonly sortKey?: Attribute;
  readonly timeToLiveAttribute?: string;
  readonly stream?: boolean;
  readonly trusted: Trusted;
  /** ARNs of the only roles that put items; absent where the writers are as many as the functions. */
  readonly writers?: readonly string[];
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

/** What takes the table's protection, its recovery, its stream or the end of its items' lives away. */
const DENIED_SETTINGS = [
  ...['dynamodb:DeleteResourcePolicy', 'dynamodb:PutResourcePolicy', 'dynamodb:UpdateContinuousBackups'],
  ...['dynamodb:UpdateTable', 'dynamodb:UpdateTimeToLive'],
];

export function protectedTable(scope: Construct, id: string, props: TableProps): Table {
  return new Table(scope, id, {
    partitionKey: props.partitionKey,
    ...(props.sortKey === undefined ? {} : { sortKey: props.sortKey }),
    ...(props.timeToLiveAttribute === undefined ? {} : { timeToLiveAttribute: props.timeToLiveAttribute }),
    ...(props.stream ? { stream: StreamViewType.NEW_AND_OLD_IMAGES } : {}),
    resourcePolicy: policy(props),
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: props.key.key,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

function policy({ trusted, writers }: TableProps): PolicyDocument {
  return new PolicyDocument({
    statements: [
      denial('AppendOnly', DENIED_WRITES),
      ...(writers === undefined ? [] : [denial('WritersWrite', ['dynamodb:PutItem'], anyoneBut(writers))]),
      denial('SettingsByDeployment', DENIED_SETTINGS, anyoneBut(trusted.deploying)),
      denial('NoDeletion', ['dynamodb:DeleteTable'], anyoneBut(trusted.breakGlass)),
    ],
  });
}
