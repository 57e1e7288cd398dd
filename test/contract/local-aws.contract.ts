/** The AWS endpoint itself, and the template's roles, keys and buckets as they come to be behind it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetKeyRotationStatusCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type AwsEndpoint, createAwsEndpoint } from '../../local/aws/endpoint.ts';
import { IAM } from '../../local/aws/iam/service.ts';
import { iamProvisioners } from '../../local/aws/provisioners.ts';
import { systemClock } from '../../local/clock.ts';
import { kmsProvisioners } from '../../local/kms/provisioners.ts';
import { openLogFiles } from '../../local/observability/files.ts';
import { ACCOUNT, createRuntime, REGION } from '../../local/runtime.ts';
import { s3Provisioners } from '../../local/s3/provisioners.ts';
import { type Properties, type Provisioned, ROLES } from '../../local/template/provisioner.ts';

const PROVISIONERS = new Map([...iamProvisioners, ...kmsProvisioners, ...s3Provisioners].map((one) => [one.kind, one]));
const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

interface Account {
  readonly url: string;
  readonly endpoint: AwsEndpoint;
  readonly failures: unknown[];
  provision(kind: string, logicalId: string, properties?: Properties): Promise<Provisioned>;
  client(roleArn?: string): {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    maxAttempts: number;
  };
  stop(): Promise<void>;
}

async function startAccount(dataDir: string): Promise<Account> {
  const failures: unknown[] = [];
  const endpoint = createAwsEndpoint({
    region: REGION,
    account: ACCOUNT,
    now: Date.now,
    failed: (_, error) => failures.push(error),
  });
  const logs = openLogFiles(join(dataDir, 'logs'));
  const url = await endpoint.listen(0);
  const runtime = createRuntime({
    ...{ dataDir, awsEndpoint: url, clock: systemClock, logs },
    serve: endpoint.serve,
    show: (line) => failures.push(line),
  });
  const { context } = runtime;
  context.provide(IAM, endpoint.access);
  context.provide(ROLES, endpoint.access.roles);
  return {
    ...{ url, endpoint, failures },
    provision: (kind, logicalId, properties = {}) => {
      const physicalName = (options: { lowerCase?: boolean } = {}) =>
        options.lowerCase ? `stack-${logicalId}`.toLowerCase() : `Stack-${logicalId}`;
      const resource = { stack: 'Stack', logicalId, kind, metadata: {} };
      return PROVISIONERS.get(kind)!.provision(logicalId, properties, { ...context, resource, physicalName });
    },
    client: (roleArn) => ({
      ...{ endpoint: url, region: REGION, maxAttempts: 1 },
      credentials:
        roleArn === undefined
          ? { accessKeyId: 'any', secretAccessKey: 'any' }
          : context.service(ROLES).credentials(roleArn),
    }),
    stop: async () => {
      await runtime.stop();
      await endpoint.close();
      logs.close();
    },
  };
}

let dataDir: string;
let account: Account;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'indelible-account-'));
  account = await startAccount(dataDir);
});
afterEach(async () => {
  await account.stop();
  await rm(dataDir, { recursive: true });
  expect(account.failures).toEqual([]);
});

async function restart(): Promise<void> {
  await account.stop();
  account = await startAccount(dataDir);
}

/** What a stack of the project declares: a key, a bucket under it, a policy on it, and a role that may write. */
async function deployArchive() {
  const key = await account.provision('AWS::KMS::Key', 'Key', { EnableKeyRotation: true });
  const arn = String(key.attributes.Arn);
  const byDefault = {
    ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn },
    BucketKeyEnabled: true,
  };
  const bucket = await account.provision('AWS::S3::Bucket', 'Archive', {
    ObjectLockEnabled: true,
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: { ServerSideEncryptionConfiguration: [byDefault] },
  });
  const objects = `${bucket.attributes.Arn}/*`;
  const noRemoval = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:DeleteObject*', Resource: objects };
  await account.provision('AWS::S3::BucketPolicy', 'Policy', {
    Bucket: bucket.ref,
    PolicyDocument: { Version: '2012-10-17', Statement: [noRemoval] },
  });
  const role = await account.provision('AWS::IAM::Role', 'Writer', { AssumeRolePolicyDocument: TRUST });
  const via = { StringEquals: { 'kms:ViaService': `s3.${REGION}.amazonaws.com` } };
  const statements = [
    { Effect: 'Allow', Action: 's3:PutObject', Resource: objects },
    { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: arn, Condition: via },
  ];
  await account.provision('AWS::IAM::Policy', 'WriterPolicy', {
    PolicyName: 'p',
    Roles: [role.ref],
    PolicyDocument: { Version: '2012-10-17', Statement: statements },
  });
  return { key: key.ref, bucket: bucket.ref, role: String(role.attributes.Arn) };
}

describe('a stack', () => {
  test('comes to be with its permissions, and is the same after a restart', async () => {
    const first = await deployArchive();
    const writer = new S3Client(account.client(first.role));
    const put = await writer.send(new PutObjectCommand({ Bucket: first.bucket, Key: 'k', Body: 'x' }));
    await expect(writer.send(new GetObjectCommand({ Bucket: first.bucket, Key: 'k' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    writer.destroy();
    await restart();
    expect(await deployArchive()).toEqual(first);
    const admin = new S3Client(account.client());
    const got = await admin.send(new GetObjectCommand({ Bucket: first.bucket, Key: 'k', VersionId: put.VersionId }));
    expect(await got.Body!.transformToString()).toBe('x');
    await expect(
      admin.send(new DeleteObjectCommand({ Bucket: first.bucket, Key: 'k', VersionId: put.VersionId })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    const { ServerSideEncryptionConfiguration: rules } = await admin.send(
      new GetBucketEncryptionCommand({ Bucket: first.bucket }),
    );
    expect(rules?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID).toContain(first.key);
    admin.destroy();
    const kms = new KMSClient(account.client());
    expect((await kms.send(new GetKeyRotationStatusCommand({ KeyId: first.key }))).KeyRotationEnabled).toBe(true);
    kms.destroy();
  });

  test('a role has its inline and its managed policies', async () => {
    const policy = await account.provision('AWS::IAM::ManagedPolicy', 'Managed', {
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
      },
    });
    const role = await account.provision('AWS::IAM::Role', 'Lister', {
      AssumeRolePolicyDocument: TRUST,
      ManagedPolicyArns: [policy.ref],
    });
    const { ref } = await account.provision('AWS::S3::Bucket', 'Listed');
    const s3 = new S3Client(account.client(String(role.attributes.Arn)));
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toMatchObject([{ Name: ref }]);
    await expect(s3.send(new PutObjectCommand({ Bucket: ref, Key: 'k', Body: 'x' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    s3.destroy();
  });

  test.each<[string, string, Properties, RegExp]>([
    [
      'a boundary',
      'AWS::IAM::Role',
      { AssumeRolePolicyDocument: TRUST, PermissionsBoundary: 'arn:x' },
      /PermissionsBoundary/,
    ],
    [
      'a managed policy that nobody knows',
      'AWS::IAM::Role',
      { AssumeRolePolicyDocument: TRUST, ManagedPolicyArns: ['arn:aws:iam::aws:policy/Unheard'] },
      /Unheard/,
    ],
    [
      'a condition that nobody knows',
      'AWS::IAM::ManagedPolicy',
      {
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringMatches: { a: 'b' } } }],
        },
      },
      /StringMatches/,
    ],
    ['a policy for a user', 'AWS::IAM::Policy', { PolicyName: 'p', PolicyDocument: {}, Users: ['u'] }, /Users/],
    ['a key of another kind', 'AWS::KMS::Key', { KeySpec: 'RSA_2048' }, /RSA_2048/],
    ['replication', 'AWS::S3::Bucket', { ReplicationConfiguration: {} }, /ReplicationConfiguration/],
    [
      'a default lock without Object Lock',
      'AWS::S3::Bucket',
      { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 1 } } } },
      /ObjectLockEnabled/,
    ],
    [
      'a transition',
      'AWS::S3::Bucket',
      { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Transitions: [] }] } },
      /Transitions/,
    ],
    [
      'ACLs',
      'AWS::S3::Bucket',
      { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } },
      /ObjectWriter/,
    ],
  ])('with %s is refused by name', (_, kind, properties, want) =>
    expect(account.provision(kind, 'Thing', properties)).rejects.toThrow(want),
  );

  test('Object Lock, once there, is not taken back', async () => {
    await account.provision('AWS::S3::Bucket', 'Locked', { ObjectLockEnabled: true });
    await expect(account.provision('AWS::S3::Bucket', 'Locked', {})).rejects.toThrow(/ObjectLockEnabled/);
  });
});

describe('the endpoint', () => {
  const date = () => new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const ask = (service: string, init: RequestInit & { headers?: Record<string, string> } = {}, key = 'any') => {
    const now = date();
    const scope = `${key}/${now.slice(0, 8)}/${REGION}/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
    return fetch(account.url, { ...init, headers: { authorization, 'x-amz-date': now, ...init.headers } });
  };
  const identity = (key?: string) =>
    ask(
      'sts',
      { method: 'POST', body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }) },
      key,
    );

  test('says who is asking', async () => {
    expect(await (await identity()).text()).toContain(`<Arn>arn:aws:iam::${ACCOUNT}:root</Arn>`);
    const role = await account.provision('AWS::IAM::Role', 'Named', { AssumeRolePolicyDocument: TRUST });
    const { accessKeyId } = account.endpoint.access.roles.credentials(String(role.attributes.Arn));
    expect(await (await identity(accessKeyId)).text()).toContain(
      `<Arn>arn:aws:sts::${ACCOUNT}:assumed-role/Stack-Named/local</Arn>`,
    );
  });

  test('refuses in each protocol', async () => {
    const json = await ask('kms', { method: 'POST', headers: { 'x-amz-target': 'TrentService.ListKeys' } });
    expect([json.status, await json.json()]).toEqual([
      501,
      { __type: 'NotImplemented', message: expect.stringContaining('service kms') },
    ]);
    const query = await ask('sts', { method: 'POST', body: new URLSearchParams({ Action: 'AssumeRole' }) });
    expect([query.status, await query.text()]).toEqual([
      501,
      expect.stringMatching(/<ErrorResponse>.*sts:AssumeRole/s),
    ]);
    const bare = await fetch(account.url, { method: 'POST', headers: { 'x-amz-target': 'TrentService.ListKeys' } });
    expect([bare.status, await bare.json()]).toEqual([
      400,
      { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
    ]);
    const cut = await fetch(account.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'TrentService.ListKeys', authorization: 'AWS4-HMAC-SHA256' },
    });
    expect(await cut.json()).toMatchObject({ __type: 'IncompleteSignatureException' });
    const s3 = await fetch(`${account.url}/b/k`, { headers: { authorization: 'AWS4-HMAC-SHA256' } });
    expect(await s3.text()).toMatch(
      /<Code>AuthorizationHeaderMalformed<\/Code>.*<Resource>\/b\/k<\/Resource><RequestId>[0-9A-F]{16}</,
    );
    expect(s3.headers.get('x-amz-request-id')).toMatch(/^[0-9A-F]{16}$/);
  });

  test('a request that can’t be read never reaches its service', async () => {
    const headers = { 'x-amz-target': 'Made.Up' };
    account.endpoint.serve({
      name: 'made-up',
      actions: () => {
        throw new Error('unreadable');
      },
      handle: () => {
        throw new Error('reached');
      },
      close: async () => undefined,
    });
    const answer = await ask('made-up', { method: 'POST', headers, body: '{' });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { __type: 'SerializationException', message: 'unreadable' },
    ]);
  });

  test('is not for pages of other sites', async () => {
    const answer = await ask('s3', { headers: { origin: 'https://evil.example' } });
    expect(answer.status).toBe(403);
  });

  test('finishes what it has begun before it closes', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      begun = resolve;
    });
    account.endpoint.serve({
      name: 'slow',
      actions: () => [],
      handle: async () => {
        begun();
        await held;
        return { status: 200, headers: {}, body: Buffer.from('done') };
      },
      close: async () => undefined,
    });
    const answer = ask('slow');
    await arrived;
    const closing = account.endpoint.close();
    release();
    expect(await (await answer).text()).toBe('done');
    await closing;
  });
});
