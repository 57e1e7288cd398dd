/** Who may do what in S3: roles, bucket policies, keys, presigned addresses. */
import {
  CreateMultipartUploadCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketInventoryConfigurationCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketReplicationCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type LifecycleRule,
  ListObjectsV2Command,
  PutBucketAclCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
  RestoreObjectCommand,
  S3Client,
  UpdateObjectEncryptionCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningEndpoint, startEndpoint } from '../support/aws-endpoint.ts';

const ACCOUNT = '000000000000';
const BUCKET = 'archive';
const SEALED = 'sealed';
const ARN = `arn:aws:s3:::${BUCKET}`;
const DAY = 86_400_000;
const ACCOUNT_DECIDES = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

let aws: RunningEndpoint;
let admin: S3Client;
let keyArn: string;
const clients: S3Client[] = [];
let roles = 0;
const client = (roleArn?: string) => {
  const made = new S3Client({ ...aws.clientConfig(roleArn), maxAttempts: 1 });
  clients.push(made);
  return made;
};
const as = (...statements: object[]) => client(aws.addRole(`Role${roles++}`, ...statements));
const may = (Action: string | string[], Resource: string | string[] = `${ARN}/*`, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

beforeAll(async () => {
  aws = await startEndpoint({ buckets: [{ name: BUCKET, objectLock: true }] });
  const wanted = { description: '', rotation: false, policy: ACCOUNT_DECIDES };
  keyArn = aws.keys.arnOf(aws.keys.ensure('archive', 'SYMMETRIC_DEFAULT', wanted, Date.now()));
  const encryption = { algorithm: 'aws:kms', keyArn, bucketKey: false } as const;
  const { config } = aws.store.get(BUCKET);
  await aws.store.create(SEALED, new Date(), { ...config, encryption });
  admin = client();
});
afterAll(async () => {
  for (const made of clients) made.destroy();
  await aws.close();
  expect(aws.failures).toEqual([]);
});

const put = (from: S3Client, more: Partial<PutObjectCommandInput> = {}) =>
  from.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'entries/a', Body: 'x', ...more }));
const lock = (days = 30) =>
  ({ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(Date.now() + days * DAY) }) as const;
const denied = (call: Promise<unknown>, action: string) =>
  expect(call).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(new RegExp(`not authorized to perform: ${action} on resource: arn:`)),
    $metadata: { httpStatusCode: 403 },
  });

describe('a role', () => {
  test('does what its policy says on what it says', async () => {
    const writer = as(may('s3:PutObject', `${ARN}/entries/*`));
    await put(writer);
    await denied(put(writer, { Key: 'evidence/a' }), 's3:PutObject');
    await denied(writer.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'entries/a' })), 's3:GetObject');
    await denied(writer.send(new ListObjectsV2Command({ Bucket: BUCKET })), 's3:ListBucket');
  });

  test('locking needs a permission of its own', async () => {
    const writer = as(may('s3:PutObject'));
    await denied(put(writer, { Key: 'lock', ...lock() }), 's3:PutObjectRetention');
    await denied(put(writer, { Key: 'hold', ObjectLockLegalHoldStatus: 'ON' }), 's3:PutObjectLegalHold');
    await put(as(may(['s3:PutObject', 's3:PutObjectRetention'])), { Key: 'lock', ...lock() });
  });

  test('a version is another permission than the object', async () => {
    const { VersionId } = await put(admin, { Key: 'version' });
    const reader = as(may('s3:GetObject'));
    await reader.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'version' }));
    await denied(
      reader.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'version', VersionId })),
      's3:GetObjectVersion',
    );
    await denied(
      as(may('s3:DeleteObject')).send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'version', VersionId })),
      's3:DeleteObjectVersion',
    );
  });

  test('who may not list is not told that a key is missing', async () => {
    const reader = as(may('s3:GetObject'));
    await denied(reader.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'missing' })), 's3:ListBucket');
    await expect(reader.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'missing' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    const lister = as(may('s3:GetObject'), may('s3:ListBucket', ARN));
    await expect(lister.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'missing' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
  });

  test('who may not ask for a lock is not shown it', async () => {
    await put(admin, { Key: 'shown', ...lock() });
    const head = (from: S3Client) => from.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'shown' }));
    expect((await head(as(may('s3:GetObject')))).ObjectLockMode).toBeUndefined();
    expect((await head(as(may(['s3:GetObject', 's3:GetObjectRetention'])))).ObjectLockMode).toBe('COMPLIANCE');
  });

  test('listing can be narrowed to a prefix', async () => {
    const lister = as(may('s3:ListBucket', ARN, { StringLike: { 's3:prefix': 'entries/*' } }));
    await lister.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'entries/' }));
    await denied(lister.send(new ListObjectsV2Command({ Bucket: BUCKET })), 's3:ListBucket');
  });

  test('of many deletes each is asked for', async () => {
    await put(admin, { Key: 'mine/a' });
    const deleter = as(may('s3:DeleteObject', `${ARN}/mine/*`));
    const Delete = { Objects: [{ Key: 'mine/a' }, { Key: 'entries/a' }] };
    const { Deleted, Errors } = await deleter.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete }));
    expect([Deleted, Errors]).toMatchObject([[{ Key: 'mine/a' }], [{ Key: 'entries/a', Code: 'AccessDenied' }]]);
  });
});

describe('a bucket policy', () => {
  const deny = (Sid: string, Action: string | string[], Condition?: object) => ({
    Sid,
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action,
    Resource: [ARN, `${ARN}/*`],
    ...(Condition && { Condition }),
  });
  const attach = (...Statement: object[]) =>
    admin.send(
      new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
    );
  const detach = () => admin.send(new DeleteBucketPolicyCommand({ Bucket: BUCKET }));

  test('binds the administrator too', async () => {
    const { VersionId } = await put(admin, { Key: 'kept' });
    await attach(deny('NoRemoval', ['s3:DeleteObject', 's3:DeleteObjectVersion']));
    await denied(admin.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'kept' })), 's3:DeleteObject');
    await denied(
      admin.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'kept', VersionId })),
      's3:DeleteObjectVersion',
    );
    await detach();
    await admin.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'kept' }));
  });

  test('asks for locks, their length, and the condition to write once', async () => {
    await attach(
      deny('LockedOnly', 's3:PutObject', { StringNotEquals: { 's3:object-lock-mode': 'COMPLIANCE' } }),
      deny('LongEnough', ['s3:PutObject', 's3:PutObjectRetention'], {
        NumericLessThan: { 's3:object-lock-remaining-retention-days': '7' },
      }),
      deny('WrittenOnce', 's3:PutObject', { Null: { 's3:if-none-match': 'true' } }),
    );
    const once = { Key: 'policy/a', IfNoneMatch: '*' };
    await denied(put(admin, once), 's3:PutObject');
    await denied(put(admin, { ...once, ...lock(), ObjectLockMode: 'GOVERNANCE' }), 's3:PutObject');
    await denied(put(admin, { ...once, ...lock(6) }), 's3:PutObject');
    await denied(put(admin, { Key: 'policy/a', ...lock() }), 's3:PutObject');
    await denied(admin.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'policy/b' })), 's3:PutObject');
    await put(admin, { ...once, ...lock(8) });
    const retain = (days: number) =>
      admin.send(
        new PutObjectRetentionCommand({
          Bucket: BUCKET,
          Key: 'policy/a',
          Retention: { Mode: 'COMPLIANCE', RetainUntilDate: lock(days).ObjectLockRetainUntilDate },
        }),
      );
    await denied(retain(5), 's3:PutObjectRetention');
    await retain(9);
    await detach();
  });

  test('for TLS only does not mean loopback', async () => {
    await attach(
      deny('Tls', 's3:*', { Bool: { 'aws:SecureTransport': 'false' } }),
      deny('Tls12', 's3:*', { NumericLessThan: { 's3:TlsVersion': 1.2 } }),
    );
    await put(admin, { Key: 'tls' });
    await detach();
  });

  test('that can’t be honoured, or opens the bucket to everybody, is refused', async () => {
    await expect(attach(deny('X', 's3:*', { StringMatches: { a: 'b' } }))).rejects.toMatchObject({
      name: 'MalformedPolicy',
      message: expect.stringContaining('StringMatches'),
    });
    await expect(attach({ ...deny('X', 's3:GetObject'), Effect: 'Allow' })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});

describe('what this endpoint has not', () => {
  const bucket = { Bucket: BUCKET };
  const object = { Bucket: BUCKET, Key: 'k' };
  const calls: [string, (from: S3Client) => Promise<unknown>][] = [
    ['s3:PutReplicationConfiguration', (from) => from.send(new DeleteBucketReplicationCommand(bucket))],
    [
      's3:PutInventoryConfiguration',
      (from) => from.send(new DeleteBucketInventoryConfigurationCommand({ ...bucket, Id: 'x' })),
    ],
    ['s3:PutBucketPublicAccessBlock', (from) => from.send(new DeletePublicAccessBlockCommand(bucket))],
    ['s3:PutBucketAcl', (from) => from.send(new PutBucketAclCommand({ ...bucket, ACL: 'private' }))],
    ['s3:PutEncryptionConfiguration', (from) => from.send(new DeleteBucketEncryptionCommand(bucket))],
    ['s3:PutObjectAcl', (from) => from.send(new PutObjectAclCommand({ ...object, ACL: 'private' }))],
    [
      's3:PutObjectVersionAcl',
      (from) => from.send(new PutObjectAclCommand({ ...object, VersionId: 'v', ACL: 'private' })),
    ],
    ['s3:PutObjectTagging', (from) => from.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet: [] } }))],
    ['s3:RestoreObject', (from) => from.send(new RestoreObjectCommand({ ...object, RestoreRequest: { Days: 1 } }))],
    [
      's3:UpdateObjectEncryption',
      (from) =>
        from.send(
          new UpdateObjectEncryptionCommand({ ...object, ObjectEncryption: { SSEKMS: { KMSKeyArn: keyArn } } }),
        ),
    ],
  ];
  test.each(calls)('%s asks for permission first, as S3 does', async (action, call) => {
    await denied(call(as(may('s3:PutObject'))), action);
    await expect(call(admin)).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });
});

describe('a lifecycle', () => {
  const rule = { ID: 'Age', Status: 'Enabled', Filter: { Prefix: 'x/' }, Expiration: { Days: 3 } } as const;
  const put = (from: S3Client, ...Rules: object[]) =>
    from.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: BUCKET,
        LifecycleConfiguration: { Rules: Rules as LifecycleRule[] },
      }),
    );

  test('is put, read and deleted, by whoever may', async () => {
    await denied(put(as(may('s3:*', `${ARN}/*`)), rule), 's3:PutLifecycleConfiguration');
    const uploads = { Status: 'Disabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 }, Filter: {} };
    const old = {
      ...{ ID: 'Old', Status: 'Enabled', Filter: { Prefix: '' } },
      NoncurrentVersionExpiration: { NoncurrentDays: 5, NewerNoncurrentVersions: 2 },
      Expiration: { ExpiredObjectDeleteMarker: true },
    };
    await put(admin, rule, uploads, old);
    const { Rules } = await admin.send(new GetBucketLifecycleConfigurationCommand({ Bucket: BUCKET }));
    expect(Rules).toEqual([rule, { ...uploads, ID: 'rule-2', Filter: { Prefix: '' } }, old]);
    expect(aws.store.get(BUCKET).config.lifecycle).toHaveLength(3);
    await admin.send(new DeleteBucketLifecycleCommand({ Bucket: BUCKET }));
    expect(aws.store.get(BUCKET).config.lifecycle).toEqual([]);
  });

  test('that is none, or does what nothing here does, is refused', async () => {
    const refusedAs = (name: string, ...rules: object[]) =>
      expect(put(admin, ...rules)).rejects.toMatchObject({ name });
    await refusedAs('InvalidArgument', rule, rule);
    await refusedAs('InvalidArgument', { ...rule, Expiration: { Days: 0 } });
    await refusedAs('InvalidRequest', { ID: 'x', Status: 'Enabled', Filter: { Prefix: '' } });
    await refusedAs('NotImplemented', { ...rule, Transitions: [{ Days: 30, StorageClass: 'GLACIER' }] });
    await refusedAs('NotImplemented', { ...rule, Filter: { Tag: { Key: 'a', Value: 'b' } } });
  });
});

test('the root user can always see to the policy of the bucket, and to nothing else', async () => {
  const Statement = [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*', Resource: [ARN, `${ARN}/*`] }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await admin.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
  await denied(as(may('s3:*', ARN)).send(new DeleteBucketPolicyCommand({ Bucket: BUCKET })), 's3:DeleteBucketPolicy');
  await denied(put(admin, { Key: 'root' }), 's3:PutObject');
  await admin.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
  await admin.send(new DeleteBucketPolicyCommand({ Bucket: BUCKET }));
  await put(admin, { Key: 'root' });
});

describe('encryption under a key', () => {
  const sealed = (more: Partial<PutObjectCommandInput> = {}) => ({ Bucket: SEALED, Key: 'k', Body: 'x', ...more });
  const s3Actions = may('s3:*', `arn:aws:s3:::${SEALED}/*`);
  const via = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } };

  test('is the bucket’s by default, shown, and not an MD5', async () => {
    const answer = await admin.send(new PutObjectCommand(sealed()));
    expect(answer).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn });
    expect(answer.ETag).not.toBe('"9dd4e461268c8034f5c8564e155c67a6"');
    expect(await admin.send(new HeadObjectCommand({ Bucket: SEALED, Key: 'k' }))).toMatchObject({
      SSEKMSKeyId: keyArn,
    });
  });

  test('needs the key’s permission in the caller’s name, through S3', async () => {
    await denied(as(s3Actions).send(new PutObjectCommand(sealed())), 'kms:GenerateDataKey');
    const writer = as(s3Actions, may('kms:GenerateDataKey', keyArn, via));
    await writer.send(new PutObjectCommand(sealed()));
    await writer.send(new HeadObjectCommand({ Bucket: SEALED, Key: 'k' }));
    await denied(writer.send(new GetObjectCommand({ Bucket: SEALED, Key: 'k' })), 'kms:Decrypt');
    const object = { 'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${SEALED}/k` };
    const reader = as(s3Actions, may('kms:Decrypt', keyArn, { StringEquals: { ...via.StringEquals, ...object } }));
    expect(
      await (await reader.send(new GetObjectCommand({ Bucket: SEALED, Key: 'k' }))).Body!.transformToString(),
    ).toBe('x');
  });

  test('asks for a key that is there, and can be used', async () => {
    const other = `${keyArn.slice(0, -1)}${keyArn.endsWith('0') ? '1' : '0'}`;
    const missing = admin.send(new PutObjectCommand(sealed({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: other })));
    await expect(missing).rejects.toMatchObject({ name: 'KMS.NotFoundException' });
    const made = aws.keys.ensure(
      'disabled',
      'SYMMETRIC_DEFAULT',
      { description: '', rotation: false, policy: ACCOUNT_DECIDES },
      0,
    );
    aws.keys.save({ ...made, state: 'Disabled' });
    const disabled = admin.send(
      new PutObjectCommand(sealed({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: made.id })),
    );
    await expect(disabled).rejects.toMatchObject({ name: 'KMS.DisabledException' });
  });

  test('a request can ask for another way, and not for half of one', async () => {
    expect(
      (await admin.send(new PutObjectCommand(sealed({ ServerSideEncryption: 'AES256' })))).SSEKMSKeyId,
    ).toBeUndefined();
    await expect(put(admin, { SSEKMSKeyId: keyArn })).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(put(admin, { ServerSideEncryption: 'rot13' as 'AES256' })).rejects.toMatchObject({
      name: 'InvalidArgument',
    });
  });
});

describe('addresses', () => {
  const address = (more: Record<string, string> = {}) => {
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const query = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `administrator/${date.slice(0, 8)}/us-east-1/s3/aws4_request`,
      'X-Amz-Date': date,
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': '0'.repeat(64),
      ...more,
    });
    return `${aws.url}/${BUCKET}/shared?${query}`;
  };
  beforeAll(() => put(admin, { Key: 'shared', Body: 'shared' }));

  test('presigned, they work until they expire', async () => {
    expect(await (await fetch(address())).text()).toBe('shared');
    const late = await fetch(
      address({
        'X-Amz-Date': '20200101T000000Z',
        'X-Amz-Credential': 'administrator/20200101/us-east-1/s3/aws4_request',
      }),
    );
    expect([late.status, await late.text()]).toEqual([
      403,
      expect.stringContaining('<Message>Request has expired</Message>'),
    ]);
    expect((await fetch(address({ 'response-content-type': 'text/x-test' }))).headers.get('content-type')).toBe(
      'text/x-test',
    );
  });

  test('bare, they are nobody’s', async () => {
    const answer = await fetch(`${aws.url}/${BUCKET}/shared`);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  });

  test('of another region, they are refused', async () => {
    const there = new S3Client({ ...aws.clientConfig(), region: 'eu-west-1' });
    clients.push(there);
    await expect(there.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'shared' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 400 },
    });
  });
});
