/** A bucket's configuration from the template's properties. What a bucket here would not do is refused by name. */
import { flag, object, objects, onlyKnown, optionalNumber, optionalString, string } from '../template/properties.ts';
import type { Properties } from '../template/provisioner.ts';
import { checkDefaultRetention } from './lock.ts';
import { type BucketConfig, DEFAULT_CONFIG, type LifecycleRule } from './model.ts';

const KNOWN = [
  'BucketName',
  'BucketEncryption',
  'LifecycleConfiguration',
  'LoggingConfiguration',
  'ObjectLockConfiguration',
  'ObjectLockEnabled',
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
  'VersioningConfiguration',
];

export function bucketConfig(properties: Properties): BucketConfig {
  onlyKnown(properties, KNOWN);
  const objectLock = flag(properties, 'ObjectLockEnabled');
  const retention = defaultRetention(object(properties, 'ObjectLockConfiguration'));
  if (retention && !objectLock) throw new Error('ObjectLockConfiguration needs ObjectLockEnabled');
  const logging = object(properties, 'LoggingConfiguration');
  onlyKnown(logging, ['DestinationBucketName', 'LogFilePrefix'], 'LoggingConfiguration.');
  const destination = optionalString(logging, 'DestinationBucketName');
  return {
    versioning: objectLock ? 'Enabled' : versioning(object(properties, 'VersioningConfiguration')),
    objectLock,
    ...(retention ? { defaultRetention: retention } : {}),
    encryption: encryption(object(properties, 'BucketEncryption')),
    publicAccess: publicAccess(properties),
    ownership: ownership(object(properties, 'OwnershipControls')),
    lifecycle: objects(object(properties, 'LifecycleConfiguration'), 'Rules').map(lifecycleRule),
    ...(destination === undefined
      ? {}
      : { logging: { bucket: destination, prefix: optionalString(logging, 'LogFilePrefix') ?? '' } }),
  };
}

function versioning(properties: Properties): BucketConfig['versioning'] {
  const status = optionalString(properties, 'Status');
  if (status === undefined) return 'Off';
  if (status !== 'Enabled' && status !== 'Suspended')
    throw new Error(`VersioningConfiguration.Status can't be ${status}`);
  return status;
}

function defaultRetention(properties: Properties) {
  onlyKnown(properties, ['ObjectLockEnabled', 'Rule'], 'ObjectLockConfiguration.');
  const rule = object(object(properties, 'Rule'), 'DefaultRetention');
  if (Object.keys(rule).length === 0) return undefined;
  const period = (name: string) => optionalNumber(rule, name)?.toString();
  return checkDefaultRetention(optionalString(rule, 'Mode'), period('Days'), period('Years'));
}

function encryption(properties: Properties): BucketConfig['encryption'] {
  const [rule, ...more] = objects(properties, 'ServerSideEncryptionConfiguration');
  if (!rule) return DEFAULT_CONFIG.encryption;
  if (more.length > 0) throw new Error('BucketEncryption has more than one rule');
  onlyKnown(rule, ['BucketKeyEnabled', 'ServerSideEncryptionByDefault'], 'BucketEncryption.');
  const byDefault = object(rule, 'ServerSideEncryptionByDefault');
  const algorithm = string(byDefault, 'SSEAlgorithm');
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') {
    throw new Error(`SSEAlgorithm can't be ${algorithm}`);
  }
  const keyArn = optionalString(byDefault, 'KMSMasterKeyID');
  if (algorithm !== 'AES256' && keyArn === undefined) {
    throw new Error('the local runtime has no AWS managed keys: BucketEncryption needs a KMSMasterKeyID');
  }
  return { algorithm, bucketKey: flag(rule, 'BucketKeyEnabled'), ...(keyArn === undefined ? {} : { keyArn }) };
}

/** Since April 2023 everything is blocked unless the template says otherwise. */
function publicAccess(properties: Properties): BucketConfig['publicAccess'] {
  if (properties.PublicAccessBlockConfiguration === undefined) return DEFAULT_CONFIG.publicAccess;
  const block = object(properties, 'PublicAccessBlockConfiguration');
  return {
    BlockPublicAcls: flag(block, 'BlockPublicAcls'),
    IgnorePublicAcls: flag(block, 'IgnorePublicAcls'),
    BlockPublicPolicy: flag(block, 'BlockPublicPolicy'),
    RestrictPublicBuckets: flag(block, 'RestrictPublicBuckets'),
  };
}

function ownership(properties: Properties): BucketConfig['ownership'] {
  const [rule] = objects(properties, 'Rules');
  const wanted = rule && optionalString(rule, 'ObjectOwnership');
  if (wanted === undefined) return DEFAULT_CONFIG.ownership;
  if (wanted !== 'BucketOwnerEnforced')
    throw new Error(`the local runtime has no ACLs: ObjectOwnership can't be ${wanted}`);
  return wanted;
}

function lifecycleRule(rule: Properties): LifecycleRule {
  onlyKnown(
    rule,
    [
      ...[
        'Id',
        'Status',
        'Prefix',
        'ExpirationInDays',
        'NoncurrentVersionExpiration',
        'AbortIncompleteMultipartUpload',
      ],
      'ExpiredObjectDeleteMarker',
    ],
    'LifecycleConfiguration.Rules.',
  );
  const noncurrent = object(rule, 'NoncurrentVersionExpiration');
  const days: Record<string, number | undefined> = {
    expirationDays: optionalNumber(rule, 'ExpirationInDays'),
    noncurrentDays: optionalNumber(noncurrent, 'NoncurrentDays'),
    newerNoncurrentVersions: optionalNumber(noncurrent, 'NewerNoncurrentVersions'),
    abortUploadDays: optionalNumber(object(rule, 'AbortIncompleteMultipartUpload'), 'DaysAfterInitiation'),
  };
  return {
    id: optionalString(rule, 'Id') ?? '',
    enabled: string(rule, 'Status') === 'Enabled',
    prefix: optionalString(rule, 'Prefix') ?? '',
    ...(flag(rule, 'ExpiredObjectDeleteMarker') ? { expiredDeleteMarker: true } : {}),
    ...Object.fromEntries(Object.entries(days).filter(([, value]) => value !== undefined)),
  };
}
