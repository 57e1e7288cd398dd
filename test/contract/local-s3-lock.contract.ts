/** Object Lock as AWS documents it, asked by AWS's own client, with the clock in the test's hand. */
import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  type ObjectLockRetention,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningEndpoint, startEndpoint } from '../support/aws-endpoint.ts';

const LOCKED = 'locked';
const UNLOCKED = 'unlocked';
const DAY = 86_400_000;

/** Minutes beyond fifteen would be refused as a skewed clock, so every request is signed at the endpoint's own time. */
let offset = 0;
const now = () => Date.now() + offset;
const inDays = (days: number) => new Date(Math.floor((now() + days * DAY) / 1000) * 1000);

let aws: RunningEndpoint;
let s3: S3Client;
const clientAt = () => new S3Client({ ...aws.clientConfig(), systemClockOffset: offset, maxAttempts: 1 });
beforeAll(async () => {
  aws = await startEndpoint({ now, buckets: [{ name: LOCKED, objectLock: true }, { name: UNLOCKED }] });
  s3 = clientAt();
});
afterEach(() => travel(0));
afterAll(async () => {
  s3.destroy();
  await aws.close();
  expect(aws.failures).toEqual([]);
});

function travel(ms: number): void {
  offset = ms;
  s3.destroy();
  s3 = clientAt();
}

let keys = 0;
const write = async (more: Partial<PutObjectCommandInput> = {}, Bucket = LOCKED) => {
  const Key = `key-${keys++}`;
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...more }));
  return { Bucket, Key, VersionId: VersionId! };
};
const compliance = (days: number) =>
  ({ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: inDays(days) }) as const;
const governance = (days: number) =>
  ({ ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: inDays(days) }) as const;
const retain = (object: object, Retention: ObjectLockRetention, more: object = {}) =>
  s3.send(new PutObjectRetentionCommand({ ...(object as { Bucket: string; Key: string }), Retention, ...more }));
const refused = (call: Promise<unknown>, name: string, status: number) =>
  expect(call).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
const protectedBy = (call: Promise<unknown>) =>
  expect(call).rejects.toMatchObject({
    name: 'AccessDenied',
    message: 'Access Denied because object protected by object lock.',
  });

describe('a version in compliance mode', () => {
  test('shows its lock', async () => {
    const lock = compliance(2);
    const object = await write(lock);
    expect(await s3.send(new HeadObjectCommand(object))).toMatchObject(lock);
    expect((await s3.send(new GetObjectRetentionCommand(object))).Retention).toEqual({
      Mode: 'COMPLIANCE',
      RetainUntilDate: lock.ObjectLockRetainUntilDate,
    });
  });

  test('is not deleted by anybody before its time, and is after', async () => {
    const object = await write(compliance(2));
    await protectedBy(s3.send(new DeleteObjectCommand(object)));
    await protectedBy(s3.send(new DeleteObjectCommand({ ...object, BypassGovernanceRetention: true })));
    const { Deleted, Errors } = await s3.send(
      new DeleteObjectsCommand({ Bucket: LOCKED, Delete: { Objects: [object] } }),
    );
    expect([Deleted, Errors]).toMatchObject([
      undefined,
      [{ Key: object.Key, VersionId: object.VersionId, Code: 'AccessDenied' }],
    ]);
    travel(3 * DAY);
    await s3.send(new DeleteObjectCommand(object));
    await refused(s3.send(new HeadObjectCommand(object)), 'NotFound', 404);
  });

  test('stays under what is written over it and under a delete marker', async () => {
    const object = await write(compliance(2));
    const { Bucket, Key } = object;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'y' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await refused(s3.send(new HeadObjectCommand({ Bucket, Key })), 'NotFound', 404);
    const kept = await s3.send(new GetObjectCommand(object));
    expect(await kept.Body!.transformToString()).toBe('x');
  });

  test('its time grows and never shrinks, nor does its mode soften', async () => {
    const object = await write(compliance(2));
    await retain(object, { Mode: 'COMPLIANCE', RetainUntilDate: inDays(5) });
    await protectedBy(retain(object, { Mode: 'COMPLIANCE', RetainUntilDate: inDays(4) }));
    await protectedBy(
      retain(object, { Mode: 'COMPLIANCE', RetainUntilDate: inDays(4) }, { BypassGovernanceRetention: true }),
    );
    await protectedBy(
      retain(object, { Mode: 'GOVERNANCE', RetainUntilDate: inDays(9) }, { BypassGovernanceRetention: true }),
    );
    await protectedBy(retain(object, {}, { BypassGovernanceRetention: true }));
    expect((await s3.send(new GetObjectRetentionCommand(object))).Retention?.Mode).toBe('COMPLIANCE');
  });

  test('survives a restart', async () => {
    const object = await write(compliance(2));
    const again = await startEndpoint({ dir: aws.dir, now });
    const client = new S3Client(again.clientConfig());
    await protectedBy(client.send(new DeleteObjectCommand(object)));
    client.destroy();
    await again.close();
  });
});

describe('a version in governance mode', () => {
  test('is deleted only by asking for it', async () => {
    const object = await write(governance(2));
    await protectedBy(s3.send(new DeleteObjectCommand(object)));
    await s3.send(new DeleteObjectCommand({ ...object, BypassGovernanceRetention: true }));
    await refused(s3.send(new HeadObjectCommand(object)), 'NotFound', 404);
  });

  test('asking for it needs a permission of its own', async () => {
    const allowed = ['s3:DeleteObject*', 's3:PutObjectRetention'].map((Action) => ({
      Effect: 'Allow',
      Action,
      Resource: '*',
    }));
    const client = new S3Client(aws.clientConfig(aws.addRole('Deleter', ...allowed)));
    const object = await write(governance(2));
    await expect(client.send(new DeleteObjectCommand({ ...object, BypassGovernanceRetention: true }))).rejects.toThrow(
      /not authorized to perform: s3:BypassGovernanceRetention/,
    );
    const Delete = { Objects: [object] };
    const { Errors } = await client.send(
      new DeleteObjectsCommand({ Bucket: LOCKED, Delete, BypassGovernanceRetention: true }),
    );
    expect(Errors).toMatchObject([{ Code: 'AccessDenied' }]);
    client.destroy();
  });

  test('its time is shortened and its mode changed only by asking for it', async () => {
    const object = await write(governance(5));
    await protectedBy(retain(object, { Mode: 'GOVERNANCE', RetainUntilDate: inDays(1) }));
    await retain(object, { Mode: 'GOVERNANCE', RetainUntilDate: inDays(1) }, { BypassGovernanceRetention: true });
    await protectedBy(retain(object, { Mode: 'COMPLIANCE', RetainUntilDate: inDays(5) }));
    await retain(object, { Mode: 'COMPLIANCE', RetainUntilDate: inDays(5) }, { BypassGovernanceRetention: true });
    await protectedBy(s3.send(new DeleteObjectCommand({ ...object, BypassGovernanceRetention: true })));
  });
});

describe('a legal hold', () => {
  test('keeps a version until it is released, beside any retention', async () => {
    const object = await write({ ObjectLockLegalHoldStatus: 'ON' });
    expect((await s3.send(new HeadObjectCommand(object))).ObjectLockLegalHoldStatus).toBe('ON');
    await protectedBy(s3.send(new DeleteObjectCommand({ ...object, BypassGovernanceRetention: true })));
    await s3.send(new PutObjectLegalHoldCommand({ ...object, LegalHold: { Status: 'OFF' } }));
    expect((await s3.send(new GetObjectLegalHoldCommand(object))).LegalHold?.Status).toBe('OFF');
    await s3.send(new DeleteObjectCommand(object));
  });

  test('is laid on what is there', async () => {
    const object = await write();
    await refused(s3.send(new GetObjectLegalHoldCommand(object)), 'NoSuchObjectLockConfiguration', 404);
    await s3.send(new PutObjectLegalHoldCommand({ ...object, LegalHold: { Status: 'ON' } }));
    await protectedBy(s3.send(new DeleteObjectCommand(object)));
  });
});

describe('what is asked of a lock', () => {
  test('a time that lies ahead, a mode that exists, both', async () => {
    await refused(write(compliance(-1)), 'InvalidArgument', 400);
    await refused(write(compliance(36_501)), 'InvalidArgument', 400);
    await refused(write({ ...compliance(1), ObjectLockMode: 'ETERNAL' as 'COMPLIANCE' }), 'InvalidArgument', 400);
    await refused(write({ ObjectLockMode: 'COMPLIANCE' }), 'InvalidArgument', 400);
    await refused(write({ ObjectLockRetainUntilDate: inDays(1) }), 'InvalidArgument', 400);
    const object = await write();
    await refused(retain(object, { Mode: 'COMPLIANCE', RetainUntilDate: inDays(-1) }), 'InvalidArgument', 400);
    await refused(retain(object, { Mode: 'ETERNAL' as 'COMPLIANCE', RetainUntilDate: inDays(1) }), 'MalformedXML', 400);
    await refused(s3.send(new GetObjectRetentionCommand(object)), 'NoSuchObjectLockConfiguration', 404);
  });

  test('a checksum or an MD5 of the bytes', async () => {
    const bare = new S3Client({ ...aws.clientConfig(), requestChecksumCalculation: 'WHEN_REQUIRED', maxAttempts: 1 });
    const put = { Bucket: LOCKED, Key: 'bare', Body: 'x', ...compliance(1) };
    // PutObject with a lock is no operation of which the SDK knows that it needs one.
    bare.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> };
        for (const name of Object.keys(headers))
          if (/^x-amz-(sdk-)?checksum|^content-md5/i.test(name)) delete headers[name];
        return next(args);
      },
      { step: 'build', priority: 'low' },
    );
    await refused(bare.send(new PutObjectCommand(put)), 'InvalidRequest', 400);
    bare.destroy();
    const ContentMD5 = createHash('md5').update('x').digest('base64');
    await s3.send(new PutObjectCommand({ ...put, ContentMD5 }));
  });

  test('a bucket that has it', async () => {
    await refused(write(compliance(1), UNLOCKED), 'InvalidRequest', 400);
    await refused(write({ ObjectLockLegalHoldStatus: 'ON' }, UNLOCKED), 'InvalidRequest', 400);
    const { Key } = await write({}, UNLOCKED);
    await refused(
      retain({ Bucket: UNLOCKED, Key }, { Mode: 'COMPLIANCE', RetainUntilDate: inDays(1) }),
      'InvalidRequest',
      400,
    );
    await refused(
      s3.send(new GetObjectLockConfigurationCommand({ Bucket: UNLOCKED })),
      'ObjectLockConfigurationNotFoundError',
      404,
    );
  });
});

describe('a bucket’s default', () => {
  const Bucket = 'defaults';
  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    const Rule = { DefaultRetention: { Mode: 'GOVERNANCE', Days: 3 } } as const;
    await s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule },
      }),
    );
  });

  test('locks what says nothing, and yields to what does', async () => {
    const object = await write({}, Bucket);
    const { Retention } = await s3.send(new GetObjectRetentionCommand(object));
    expect(Retention?.Mode).toBe('GOVERNANCE');
    expect(Math.round((Retention!.RetainUntilDate!.getTime() - now()) / DAY)).toBe(3);
    await protectedBy(s3.send(new DeleteObjectCommand(object)));
    expect((await s3.send(new HeadObjectCommand(await write(compliance(1), Bucket)))).ObjectLockMode).toBe(
      'COMPLIANCE',
    );
  });

  test('locks copies and uploads in parts', async () => {
    const { Key } = await write();
    const copy = { Bucket, Key: 'copy' };
    const copied = await s3.send(new CopyObjectCommand({ ...copy, CopySource: `${LOCKED}/${Key}` }));
    await protectedBy(s3.send(new DeleteObjectCommand({ ...copy, VersionId: copied.VersionId })));
    const parts = { Bucket, Key: 'parts' };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(parts));
    const { ETag } = await s3.send(new UploadPartCommand({ ...parts, UploadId, PartNumber: 1, Body: 'x' }));
    const whole = { MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
    const { VersionId } = await s3.send(new CompleteMultipartUploadCommand({ ...parts, UploadId, ...whole }));
    await protectedBy(s3.send(new DeleteObjectCommand({ ...parts, VersionId })));
  });

  test('versioning can’t be suspended, and a rule has a period that can be', async () => {
    const VersioningConfiguration = { Status: 'Suspended' } as const;
    await refused(
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration })),
      'InvalidBucketState',
      409,
    );
    const configure = (DefaultRetention: object, name = Bucket) =>
      s3.send(
        new PutObjectLockConfigurationCommand({
          Bucket: name,
          ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
        }),
      );
    await refused(configure({ Mode: 'COMPLIANCE', Days: 0 }), 'InvalidRetentionPeriod', 400);
    await refused(configure({ Mode: 'COMPLIANCE', Days: 1, Years: 1 }), 'MalformedXML', 400);
    await refused(configure({ Mode: 'COMPLIANCE', Days: 1 }, UNLOCKED), 'InvalidBucketState', 409);
  });
});
