/** Operations on buckets and their configuration. */
import { PolicyFault, parsePolicy, type Statement } from '../aws/iam/document.ts';
import { notImplemented, Refusal } from '../aws/refusal.ts';
import { child, childText } from '../aws/xml.ts';
import { malformedXml, requestXml } from './body.ts';
import type { Call } from './call.ts';
import { verifiedChecksum } from './checksum.ts';
import { answerEmpty, answerXml, type Operation, type S3 } from './context.ts';
import { lifecycleContent } from './lifecycle.ts';
import { checkDefaultRetention } from './lock.ts';
import { type BucketConfig, DEFAULT_CONFIG } from './model.ts';
import { readPayload } from './payload.ts';

export const listBuckets: Operation = async (_call, s3) =>
  answerXml('ListAllMyBucketsResult', {
    Owner: { ID: s3.account },
    Buckets: {
      Bucket: s3.store.list().map(({ name, created }) => ({ Name: name, CreationDate: created.toISOString() })),
    },
  });

export const createBucket: Operation = async (call, s3) => {
  const { headers } = call.request;
  const body = readBody(call);
  const place =
    body.length === 0 ? undefined : childText(requestXml(body, 'CreateBucketConfiguration'), 'LocationConstraint');
  if (place !== undefined && place !== s3.region) {
    throw new Refusal(400, 'InvalidLocationConstraint', 'The specified location-constraint is not valid');
  }
  // Creating one's own bucket again is no error in us-east-1.
  if (!s3.store.find(call.bucket)) {
    const objectLock = headers['x-amz-bucket-object-lock-enabled']?.toLowerCase() === 'true';
    const locked: BucketConfig = { ...DEFAULT_CONFIG, objectLock: true, versioning: 'Enabled' };
    await s3.store.create(call.bucket, new Date(s3.now()), objectLock ? locked : DEFAULT_CONFIG);
  }
  return answerEmpty(200, { location: `/${call.bucket}` });
};

export const headBucket: Operation = async (call, s3) => {
  s3.store.get(call.bucket);
  return answerEmpty(200, { 'x-amz-bucket-region': s3.region, 'x-amz-access-point-alias': 'false' });
};

export const deleteBucket: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  if (bucket.keys.size > 0) {
    throw new Refusal(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty', {
      BucketName: call.bucket,
    });
  }
  await s3.store.remove(call.bucket);
  return answerEmpty(204);
};

/** us-east-1 has no name here, for reasons older than regions. */
export const getBucketLocation: Operation = async (call, s3) => {
  s3.store.get(call.bucket);
  return answerXml('LocationConstraint', s3.region === 'us-east-1' ? '' : s3.region);
};

export const getBucketVersioning: Operation = async (call, s3) => {
  const { versioning } = s3.store.get(call.bucket).config;
  return answerXml('VersioningConfiguration', versioning === 'Off' ? {} : { Status: versioning });
};

export const putBucketVersioning: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const root = requestXml(readBody(call), 'VersioningConfiguration');
  const status = childText(root, 'Status');
  if (child(root, 'MfaDelete')) throw notImplemented('MFA delete (S3)');
  if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
  if (status === 'Suspended' && bucket.config.objectLock) {
    throw new Refusal(
      409,
      'InvalidBucketState',
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
    );
  }
  await bucket.configure({ ...bucket.config, versioning: status });
  return answerEmpty(200);
};

export const getObjectLockConfiguration: Operation = async (call, s3) => {
  const { objectLock, defaultRetention: rule } = s3.store.get(call.bucket).config;
  if (!objectLock) {
    throw new Refusal(
      404,
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
    );
  }
  return answerXml('ObjectLockConfiguration', {
    ObjectLockEnabled: 'Enabled',
    Rule: rule && { DefaultRetention: { Mode: rule.mode, Days: rule.days, Years: rule.years } },
  });
};

export const putObjectLockConfiguration: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const root = requestXml(readBody(call), 'ObjectLockConfiguration');
  if (childText(root, 'ObjectLockEnabled') !== 'Enabled') throw malformedXml();
  if (bucket.config.versioning !== 'Enabled') {
    throw new Refusal(
      409,
      'InvalidBucketState',
      "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
    );
  }
  const rule = child(root, 'Rule');
  const wanted = rule && child(rule, 'DefaultRetention');
  if (rule && !wanted) throw malformedXml();
  const { defaultRetention: _, ...config } = bucket.config;
  const checked =
    wanted && checkDefaultRetention(childText(wanted, 'Mode'), childText(wanted, 'Days'), childText(wanted, 'Years'));
  await bucket.configure({ ...config, objectLock: true, ...(checked ? { defaultRetention: checked } : {}) });
  return answerEmpty(200);
};

export const getBucketPolicy: Operation = async (call, s3) => {
  const { policy } = s3.store.get(call.bucket).config;
  if (policy === undefined)
    throw new Refusal(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist', { BucketName: call.bucket });
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(policy)) };
};

export const putBucketPolicy: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const text = readBody(call).toString('utf8');
  try {
    const statements = parsePolicy(text, 'resource');
    if (bucket.config.publicAccess.BlockPublicPolicy && statements.some(isPublic)) {
      throw new Refusal(
        403,
        'AccessDenied',
        'Access Denied: public policies are blocked by the BlockPublicPolicy block public access setting.',
      );
    }
  } catch (error) {
    if (!(error instanceof PolicyFault)) throw error;
    throw new Refusal(400, 'MalformedPolicy', error.message);
  }
  await bucket.configure({ ...bucket.config, policy: JSON.parse(text) });
  return answerEmpty(204);
};

/** Allows everybody something, without a condition that narrows it down. */
function isPublic({ effect, principals, conditions }: Statement): boolean {
  if (effect !== 'Allow' || !principals || conditions.length > 0) return false;
  return principals.not || principals.principals.some(({ value }) => value === '*');
}

export const deleteBucketPolicy: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const { policy: _, ...config } = bucket.config;
  await bucket.configure(config);
  return answerEmpty(204);
};

export const getBucketEncryption: Operation = async (call, s3) => {
  const { algorithm, keyArn, bucketKey } = s3.store.get(call.bucket).config.encryption;
  const byDefault = { SSEAlgorithm: algorithm, KMSMasterKeyID: keyArn };
  return answerXml('ServerSideEncryptionConfiguration', {
    Rule: { ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: bucketKey },
  });
};

export const getPublicAccessBlock: Operation = async (call, s3) =>
  answerXml('PublicAccessBlockConfiguration', { ...s3.store.get(call.bucket).config.publicAccess });

export const getBucketOwnershipControls: Operation = async (call, s3) =>
  answerXml('OwnershipControls', { Rule: { ObjectOwnership: s3.store.get(call.bucket).config.ownership } });

export const getBucketLifecycle: Operation = async (call, s3) => {
  const { lifecycle } = s3.store.get(call.bucket).config;
  if (lifecycle.length === 0) {
    throw new Refusal(404, 'NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist');
  }
  return answerXml('LifecycleConfiguration', lifecycleContent(lifecycle));
};

export const getBucketLogging: Operation = async (call, s3: S3) => {
  const { logging } = s3.store.get(call.bucket).config;
  const target = logging && { TargetBucket: logging.bucket, TargetPrefix: logging.prefix };
  return answerXml('BucketLoggingStatus', { LoggingEnabled: target });
};

export function readBody({ request }: Call): Buffer {
  const { bytes, trailers } = readPayload(request);
  verifiedChecksum(request.headers, trailers, bytes);
  return bytes;
}
