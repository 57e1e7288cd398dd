/** Which IAM actions each S3 operation needs, after AWS's table of required permissions, with the condition keys of S3. */
import type { AwsRequest, ConditionValues, RequiredAction } from '../aws/service.ts';
import { child, childText, parseXml } from '../aws/xml.ts';
import { type Call, copySource } from './call.ts';
import { remainingDays } from './lock.ts';
import { UNIMPLEMENTED_OF_BUCKETS, UNIMPLEMENTED_OF_OBJECTS } from './unimplemented.ts';

const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.values(UNIMPLEMENTED_OF_BUCKETS).map(({ operation, action }) => [operation, action])),
  CreateBucket: 'CreateBucket',
  HeadBucket: 'ListBucket',
  DeleteBucket: 'DeleteBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  GetBucketLocation: 'GetBucketLocation',
  GetBucketVersioning: 'GetBucketVersioning',
  PutBucketVersioning: 'PutBucketVersioning',
  GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
  PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
  GetBucketPolicy: 'GetBucketPolicy',
  PutBucketPolicy: 'PutBucketPolicy',
  DeleteBucketPolicy: 'DeleteBucketPolicy',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  GetBucketOwnershipControls: 'GetBucketOwnershipControls',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  GetBucketLogging: 'GetBucketLogging',
};

const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  PutObject: 'PutObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  AbortMultipartUpload: 'AbortMultipartUpload',
  ListParts: 'ListMultipartUploadParts',
  GetObjectRetention: 'GetObjectRetention',
  PutObjectRetention: 'PutObjectRetention',
  GetObjectLegalHold: 'GetObjectLegalHold',
  PutObjectLegalHold: 'PutObjectLegalHold',
};

/** These have an action of their own when a version is named. */
const VERSIONED_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.values(UNIMPLEMENTED_OF_OBJECTS).map(({ operation, action }) => [operation, [action]])),
  GetObject: ['GetObject'],
  HeadObject: ['GetObject'],
  DeleteObject: ['DeleteObject'],
  GetObjectAttributes: ['GetObject', 'GetObjectAttributes'],
};

const VERSION_ACTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.values(UNIMPLEMENTED_OF_OBJECTS).flatMap(({ action, versionAction }) =>
      versionAction === undefined ? [] : [[action, versionAction]],
    ),
  ),
  GetObject: 'GetObjectVersion',
  DeleteObject: 'DeleteObjectVersion',
  GetObjectAttributes: 'GetObjectVersionAttributes',
};

/** Condition keys that are the request's headers. */
const HEADER_KEYS = [
  'x-amz-acl',
  'x-amz-content-sha256',
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-storage-class',
];

export function permissions(call: Call, now: number): readonly RequiredAction[] {
  const { operation, request } = call;
  const conditions = conditionValues(request, now);
  const action = (name: string, resource: string, more: ConditionValues = {}): RequiredAction => ({
    action: `s3:${name}`,
    resource,
    conditions: { ...conditions, ...more },
  });
  if (operation === 'ListBuckets') return [action('ListAllMyBuckets', '*')];
  const bucketAction = BUCKET_ACTIONS[operation];
  if (bucketAction) return [action(bucketAction, bucketArn(call.bucket), listConditions(request.query))];
  // Each object has its own permissions, and its own line in the answer.
  if (operation === 'DeleteObjects') return [];
  const resource = objectArn(call.bucket, call.key);
  return [
    ...objectActions(call).map((name) => action(name, resource, versionCondition(request.query.get('versionId')))),
    ...lockActions(call).map((name) => action(name, resource, bodyConditions(call, now))),
    ...sourceActions(call).map(({ name, source, version }) => action(name, source, versionCondition(version))),
  ];
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}

function objectActions({ operation, request }: Call): readonly string[] {
  const versioned = VERSIONED_ACTIONS[operation];
  if (versioned)
    return request.query.has('versionId') ? versioned.map((name) => VERSION_ACTIONS[name] ?? name) : versioned;
  const name = OBJECT_ACTIONS[operation];
  if (!name) throw new Error(`${operation} has no action`);
  return name === 'PutObjectRetention' || name === 'PutObjectLegalHold' ? [] : [name];
}

/** Locking needs permissions of its own, also as a part of writing. */
function lockActions({ operation, request: { headers } }: Call): string[] {
  const actions: string[] = [];
  const bypass = headers['x-amz-bypass-governance-retention']?.toLowerCase() === 'true';
  if (operation === 'PutObjectRetention' || operation === 'PutObjectLegalHold') actions.push(operation);
  if (['PutObject', 'CopyObject', 'CreateMultipartUpload'].includes(operation)) {
    if (
      headers['x-amz-object-lock-mode'] !== undefined ||
      headers['x-amz-object-lock-retain-until-date'] !== undefined
    ) {
      actions.push('PutObjectRetention');
    }
    if (headers['x-amz-object-lock-legal-hold'] !== undefined) actions.push('PutObjectLegalHold');
  }
  if (bypass && (operation === 'PutObjectRetention' || operation === 'DeleteObject'))
    actions.push('BypassGovernanceRetention');
  return actions;
}

function sourceActions({ operation, request }: Call): { name: string; source: string; version: string | null }[] {
  if (operation !== 'CopyObject' && operation !== 'UploadPartCopy') return [];
  const { bucket, key, version } = copySource(request);
  const name = version === undefined ? 'GetObject' : 'GetObjectVersion';
  return [{ name, source: objectArn(bucket, key), version: version ?? null }];
}

export function conditionValues({ headers, query }: AwsRequest, now: number): ConditionValues {
  const values: Record<string, string> = {
    // Loopback counts as the best TLS there is.
    's3:TlsVersion': '1.3',
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    's3:authType': query.has('X-Amz-Signature') ? 'REST-QUERY-STRING' : 'REST-HEADER',
  };
  for (const name of HEADER_KEYS) if (headers[name] !== undefined) values[`s3:${name}`] = headers[name];
  for (const name of ['if-match', 'if-none-match'])
    if (headers[name] !== undefined) values[`s3:${name}`] = headers[name];
  return {
    ...values,
    ...lockConditions(
      headers['x-amz-object-lock-mode'],
      headers['x-amz-object-lock-retain-until-date'],
      headers['x-amz-object-lock-legal-hold'],
      now,
    ),
  };
}

export function versionCondition(version: string | null | undefined): ConditionValues {
  return version ? { 's3:VersionId': version } : {};
}

function listConditions(query: URLSearchParams): ConditionValues {
  const values: Record<string, string> = {};
  for (const name of ['prefix', 'delimiter', 'max-keys']) {
    const value = query.get(name);
    if (value !== null) values[`s3:${name}`] = value;
  }
  return values;
}

/** PutObjectRetention and PutObjectLegalHold say in the body what PutObject says in headers. */
function bodyConditions({ operation, request }: Call, now: number): ConditionValues {
  if (operation !== 'PutObjectRetention' && operation !== 'PutObjectLegalHold') return {};
  if (request.body.length === 0) return {};
  const root = parseXml(request.body.toString('utf8'));
  if (operation === 'PutObjectLegalHold') return lockConditions(undefined, undefined, childText(root, 'Status'), now);
  return child(root, 'Mode')
    ? lockConditions(childText(root, 'Mode'), childText(root, 'RetainUntilDate'), undefined, now)
    : {};
}

function lockConditions(
  mode: string | undefined,
  until: string | undefined,
  legalHold: string | undefined,
  now: number,
): ConditionValues {
  const days = until === undefined ? undefined : remainingDays(until, now);
  return {
    ...(mode === undefined ? {} : { 's3:object-lock-mode': mode }),
    ...(until === undefined ? {} : { 's3:object-lock-retain-until-date': until }),
    ...(days === undefined ? {} : { 's3:object-lock-remaining-retention-days': String(days) }),
    ...(legalHold === undefined ? {} : { 's3:object-lock-legal-hold': legalHold }),
  };
}
