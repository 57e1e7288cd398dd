// Tables, keys and the archive's bucket.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { type Json, resources, synthesize } from './support.ts';

let data: Template;
beforeAll(() => {
  data = synthesize().dataTemplate;
});

const TABLES = [
  [
    'the ledger',
    [
      { AttributeName: 'chain', KeyType: 'HASH' },
      { AttributeName: 'position', KeyType: 'RANGE' },
    ],
  ],
  ['the requests', [{ AttributeName: 'request', KeyType: 'HASH' }]],
  ['the chains', [{ AttributeName: 'chain', KeyType: 'HASH' }]],
] as const;

describe('tables', () => {
  test.each(TABLES)('%s: on demand, under a customer-managed key, recoverable and protected', (_, KeySchema) => {
    data.hasResource('AWS::DynamoDB::Table', {
      Properties: {
        KeySchema,
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: {
          SSEEnabled: true,
          SSEType: 'KMS',
          KMSMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LedgerEncryption'), 'Arn'] },
        },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test.each(TABLES)(
    '%s: nobody updates, deletes, or writes without a condition; TTL does, where there is one',
    (name, KeySchema) => {
      data.hasResourceProperties('AWS::DynamoDB::Table', {
        KeySchema,
        TimeToLiveSpecification: name === 'the chains' ? Match.absent() : { AttributeName: 'expiresAt', Enabled: true },
        ResourcePolicy: {
          PolicyDocument: {
            Statement: Match.arrayWith([
              {
                Sid: 'AppendOnly',
                Effect: 'Deny',
                Principal: { AWS: '*' },
                Resource: '*',
                Action: [
                  'dynamodb:BatchWriteItem',
                  'dynamodb:DeleteItem',
                  'dynamodb:PartiQLDelete',
                  'dynamodb:PartiQLInsert',
                  'dynamodb:PartiQLUpdate',
                  'dynamodb:UpdateItem',
                ],
              },
            ]),
          },
        },
      });
    },
  );

  test('only the ledger streams, with both images', () => {
    const streams = resources(data, 'AWS::DynamoDB::Table').map(([id, { Properties }]) => [
      id.slice(0, 12),
      Properties.StreamSpecification,
    ]);
    expect(streams).toEqual([
      ['LedgerBlocks', { StreamViewType: 'NEW_AND_OLD_IMAGES' }],
      ['LedgerReques', undefined],
      ['LedgerChains', undefined],
    ]);
  });
});

describe('keys', () => {
  test('are rotated, where KMS can, and outlive the stack', () => {
    const { dataTemplate, appTemplate } = synthesize();
    const keys = [dataTemplate, appTemplate].flatMap((template) => resources(template, 'AWS::KMS::Key'));
    expect(keys).toHaveLength(4);
    for (const [, key] of keys) {
      expect([key.DeletionPolicy, key.UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
      if (key.Properties.KeyUsage !== 'SIGN_VERIFY') expect(key.Properties.EnableKeyRotation).toBe(true);
    }
  });

  test('sign checkpoints twice: for today’s clients, and for when today’s signatures no longer hold', () => {
    const specs = resources(data, 'AWS::KMS::Key').flatMap(([, { Properties }]) =>
      Properties.KeyUsage === 'SIGN_VERIFY' ? [Properties.KeySpec] : [],
    );
    expect(specs.toSorted()).toEqual(['ECC_NIST_EDWARDS25519', 'ML_DSA_44']);
  });

  test('serve services of this account only', () => {
    const { appTemplate } = synthesize();
    const [key] = resources(appTemplate, 'AWS::KMS::Key');
    const statements: Json[] = key![1].Properties.KeyPolicy.Statement;
    const conditions = statements
      .filter(({ Principal }) => ![undefined, 'events.amazonaws.com'].includes(Principal.Service))
      .map(({ Condition }) => Condition);
    expect(conditions.length).toBeGreaterThan(0);
    const account = { StringEquals: expect.objectContaining({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } }) };
    // EventBridge: what it delivers to encrypted topics and queues comes under no condition.
    const [events] = statements.filter(({ Principal }) => Principal.Service === 'events.amazonaws.com');
    expect(events.Condition).toBeUndefined();
    const logs = { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': expect.anything() } };
    for (const condition of conditions) expect([[account], [logs]]).toContainEqual([condition]);
  });
});

describe('the archive bucket', () => {
  test('locks, versions, encrypts, logs, and is nobody else’s', () => {
    data.hasResource('AWS::S3::Bucket', {
      Properties: {
        ObjectLockEnabled: true,
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            // A key of the account's could be deleted, and everything that it opens with it.
            { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
          ],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        LoggingConfiguration: { LogFilePrefix: 'archive/' },
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('never lets a noncurrent version expire: after an overwriting it is the genuine one', () => {
    const rules = resources(data, 'AWS::S3::Bucket')
      .filter(([, { Properties }]) => Properties.ObjectLockEnabled)
      .map(([, { Properties }]) => Properties.LifecycleConfiguration);
    expect(rules).toEqual([
      {
        Rules: [
          { Id: 'AbandonedUploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
        ],
      },
    ]);
  });

  const denies: [string, string | string[], object | undefined][] = [
    ['hiding', ['s3:BypassGovernanceRetention', 's3:DeleteObject'], undefined],
    [
      'removal, but for expiry',
      's3:DeleteObjectVersion',
      {
        ArnNotEquals: { 'aws:PrincipalArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('^ArchiveRemover'), 'Arn'] } },
      },
    ],
    [
      'tombstones, but expiry’s',
      's3:PutObject',
      {
        ArnNotEquals: { 'aws:PrincipalArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('^ArchiveRemover'), 'Arn'] } },
      },
    ],
    [
      'hold events, but those of legal holds',
      's3:PutObject',
      { ArnNotEquals: { 'aws:PrincipalArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('^ArchiveHolder'), 'Arn'] } } },
    ],
    ['objects without a compliance lock', 's3:PutObject', { StringNotEquals: { 's3:object-lock-mode': 'COMPLIANCE' } }],
    [
      'short locks',
      ['s3:PutObject', 's3:PutObjectRetention'],
      { NumericLessThan: { 's3:object-lock-remaining-retention-days': '1' } },
    ],
    ['blind overwriting', 's3:PutObject', { Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' } }],
    [
      'other encryption',
      's3:PutObject',
      {
        Null: { 's3:x-amz-server-side-encryption': 'false' },
        StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' },
      },
    ],
    ['keys of callers', 's3:PutObject', { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } }],
  ];
  test.each(denies)('denies everybody: %s', (_, Action, Condition) => {
    data.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action,
            ...(Condition === undefined ? { Condition: Match.absent() } : { Condition }),
          }),
        ]),
      },
    });
  });

  test('denies plain text to everybody, on both buckets', () => {
    const policies = resources(data, 'AWS::S3::BucketPolicy');
    expect(policies).toHaveLength(2);
    for (const [, { Properties }] of policies) {
      expect(JSON.stringify(Properties)).toContain(
        '{"Action":"s3:*","Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny","Principal":{"AWS":"*"}',
      );
    }
  });

  test.each([
    ['PT10M', 0],
    ['P1D', 0],
    ['P2D', 1],
    ['P1M', 1],
    ['permanent', 1],
  ])('asks for a day of lock unless a retention is shorter than two: %s', (retention, statements) => {
    const { dataTemplate } = synthesize({ retention: { debug: retention } });
    expect(JSON.stringify(dataTemplate.toJSON()).split('s3:object-lock-remaining-retention-days').length - 1).toBe(
      statements,
    );
  });
});

test('the evidence is protected from deleting its stack', () => {
  expect(synthesize().data.terminationProtection).toBe(true);
});
