// What the policies of bucket, tables and keys deny, action by action.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parsePolicy, type Statement } from '../../local/aws/iam/document.ts';
import { ACCOUNT, type Asked, decided, type Filler, filler } from './policies.ts';
import { resources, type Synthesized, synthesize } from './support.ts';

const GUARD = { breakGlassRole: 'security/BreakGlass' };
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const ADMIN = role('Admin');
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const GLASS = role('security/BreakGlass');
const DEPLOY = role(`cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-ap-southeast-2`);

let synthesized: Synthesized;
let fill: Filler;
let dataStack: string;
beforeAll(() => {
  synthesized = synthesize({ guard: GUARD });
  fill = filler(synthesized);
  dataStack = synthesized.data.stackName;
});

const inData = (kind: string, prefix: string) =>
  resources(synthesized.dataTemplate, kind).find(([id]) => id.startsWith(prefix))!;

/** ARN of one of the seven roles. */
const of = (name: string): string =>
  fill({ 'Fn::GetAtt': [inData('AWS::IAM::Role', `Archive${name}`)[0], 'Arn'] }, dataStack);

describe('the archive’s bucket', () => {
  let policy: readonly Statement[];
  let document: unknown;
  let bucket: string;
  beforeAll(() => {
    document = fill(inData('AWS::S3::BucketPolicy', 'ArchiveBucket')[1].Properties.PolicyDocument, dataStack);
    policy = parsePolicy(document, 'resource');
    bucket = fill({ 'Fn::GetAtt': [inData('AWS::S3::Bucket', 'ArchiveBucket')[0], 'Arn'] }, dataStack);
  });

  const ask = (action: string, by: string, more: Partial<Asked> & { key?: string } = {}) =>
    decided(policy, {
      ...{ action: `s3:${action}`, by, resource: more.key === undefined ? bucket : `${bucket}/${more.key}` },
      ...(more.conditions === undefined ? {} : { conditions: more.conditions }),
    });

  /** A put as the functions make it. */
  const good = {
    ...{ 's3:object-lock-mode': 'COMPLIANCE', 's3:object-lock-remaining-retention-days': '700' },
    's3:if-none-match': '*',
  };

  /** Every action of S3 that changes a bucket, and whether the deployment may. */
  test.each([
    ...['CreateBucketMetadataTableConfiguration', 'DeleteBucketMetadataTableConfiguration', 'DeleteBucketPolicy'],
    ...[
      'DeleteBucketWebsite',
      'PutAccelerateConfiguration',
      'PutAnalyticsConfiguration',
      'PutBucketAbac',
      'PutBucketAcl',
    ],
    ...['PutBucketCORS', 'PutBucketLogging', 'PutBucketNotification', 'PutBucketObjectLockConfiguration'],
    ...['PutBucketOwnershipControls', 'PutBucketPolicy', 'PutBucketPublicAccessBlock', 'PutBucketRequestPayment'],
    ...['PutBucketTagging', 'PutBucketVersioning', 'PutBucketWebsite', 'PutEncryptionConfiguration'],
    ...['PutIntelligentTieringConfiguration', 'PutInventoryConfiguration', 'PutLifecycleConfiguration'],
    ...['PutMetricsConfiguration', 'PutReplicationConfiguration', 'UpdateBucketMetadataInventoryTableConfiguration'],
    ...['ActionThatS3LearnsTomorrow', 'CreateAccessPoint'],
  ])('%s is the deployment’s, and the break-glass role’s', (action) => {
    for (const by of [ADMIN, ROOT, of('Archiver'), of('Remover')]) {
      expect([by, ask(action, by)]).toEqual([by, 'SettingsByDeployment']);
    }
    expect([ask(action, DEPLOY), ask(action, GLASS)]).toEqual(['allowed', 'allowed']);
  });

  test('is deleted by nobody, and described to whoever may', () => {
    for (const by of [ADMIN, DEPLOY, GLASS]) expect(ask('DeleteBucket', by)).toBe('NoDeletion');
    for (const action of ['GetBucketPolicy', 'GetLifecycleConfiguration', 'ListBucket', 'ListBucketVersions'])
      expect(ask(action, ADMIN)).toBe('allowed');
  });

  /** Every action on objects that is not reading them, and who may. */
  test.each([
    ['DeleteObject', 'NoRemoval', []],
    ['BypassGovernanceRetention', 'NoRemoval', []],
    ['DeleteObjectVersion', 'ExpiryRemoves', ['Remover']],
    ['PutObjectRetention', 'WritersLock', ['Archiver', 'Sealer', 'Publisher', 'Verifier', 'Remover', 'Holder']],
    ['PutObjectLegalHold', 'HoldsAreKept', ['Archiver', 'Sealer', 'Sweeper']],
    ...[
      ...['DeleteObjectAnnotation', 'DeleteObjectTagging', 'DeleteObjectVersionTagging', 'InitiateReplication'],
      ...['ObjectOwnerOverrideToBucketOwner', 'PutObjectAcl', 'PutObjectAnnotation', 'PutObjectTagging'],
      ...['PutObjectVersionAcl', 'PutObjectVersionTagging', 'ReplicateDelete', 'ReplicateObject', 'ReplicateTags'],
      ...['RestoreObject', 'UpdateObjectEncryption', 'ActionThatS3LearnsTomorrow'],
    ].map((action) => [action, 'NothingElse', []] as const),
  ] as [string, string, string[]][])('%s on an object: %s', (action, sid, allowed) => {
    const everybody = ['Archiver', 'Sealer', 'Publisher', 'Verifier', 'Remover', 'Holder', 'Sweeper'];
    const long = { 's3:object-lock-remaining-retention-days': '700' };
    for (const by of [ADMIN, ROOT, DEPLOY, GLASS, ...everybody.filter((name) => !allowed.includes(name)).map(of)]) {
      expect([by, ask(action, by, { key: 'entries/x', conditions: long })]).toEqual([by, sid]);
    }
    for (const name of allowed) {
      expect([name, ask(action, of(name), { key: 'entries/x', conditions: long })]).toEqual([name, 'allowed']);
    }
  });

  test.each([
    ['entries/x', ['Archiver', 'Sealer']],
    ['evidence/x', ['Archiver', 'Sealer', 'Publisher', 'Verifier', 'Remover', 'Holder']],
    ['chains/x', ['Sealer']],
    ['digests/x', ['Sealer']],
    ['contents/x', ['Sealer']],
    ['lists/x', ['Sealer']],
    ['seals/x', ['Sealer', 'Publisher']],
    ['log/x', ['Publisher']],
    ['tombstones/x', ['Remover']],
    ['holds/x', ['Holder']],
    ['reports/x', ['Verifier']],
  ])('%s is written by its functions and nobody else', (key, writers) => {
    for (const by of [ADMIN, ROOT, DEPLOY, GLASS, of('Sweeper')])
      expect([by, ask('PutObject', by, { key, conditions: good })]).not.toEqual([by, 'allowed']);
    const may = ['Archiver', 'Sealer', 'Publisher', 'Verifier', 'Remover', 'Holder', 'Sweeper'].filter(
      (name) => ask('PutObject', of(name), { key, conditions: good }) === 'allowed',
    );
    expect(may).toEqual(writers);
  });

  test.each([
    ['LockedOnly', { 's3:object-lock-mode': 'GOVERNANCE' }],
    ['LongEnough', { 's3:object-lock-remaining-retention-days': '0' }],
    ['OwnKeyOfS3', { 's3:x-amz-server-side-encryption': 'aws:kms' }],
    ['NoKeyOfCallers', { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' }],
  ])('a put otherwise is refused to its writers too: %s', (sid, otherwise) => {
    const conditions = { ...good, ...otherwise };
    expect(ask('PutObject', of('Archiver'), { key: 'entries/x', conditions })).toBe(sid);
  });

  test('a put says what it has seen, and may name S3’s own key', () => {
    const { 's3:if-none-match': _, ...blind } = good;
    const put = (conditions: Record<string, string>) =>
      ask('PutObject', of('Archiver'), { key: 'entries/x', conditions });
    expect(put(blind)).toBe('NoBlindOverwriting');
    expect(put({ ...blind, 's3:if-match': '"etag"' })).toBe('allowed');
    expect(put({ ...good, 's3:x-amz-server-side-encryption': 'AES256' })).toBe('allowed');
  });

  test('has a policy within S3’s 20 KB, and so has the bucket of its logs', () => {
    for (const [, { Properties }] of resources(synthesized.dataTemplate, 'AWS::S3::BucketPolicy'))
      expect(JSON.stringify(fill(Properties.PolicyDocument, dataStack)).length).toBeLessThan(20 * 1024);
  });

  test('and the logs of who read it are removed by nobody', () => {
    const [, { Properties }] = inData('AWS::S3::BucketPolicy', 'ArchiveAccessLogs');
    const logs = parsePolicy(fill(Properties.PolicyDocument, dataStack), 'resource');
    const arn: string = fill({ 'Fn::GetAtt': [inData('AWS::S3::Bucket', 'ArchiveAccessLogs')[0], 'Arn'] }, dataStack);
    for (const by of [ADMIN, DEPLOY, GLASS]) {
      for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion'])
        expect(decided(logs, { action, by, resource: `${arn}/archive/x` })).toBe('NoRemoval');
      expect(decided(logs, { action: 's3:DeleteBucket', by, resource: arn })).toBe('NoDeletion');
    }
    const put = { action: 's3:PutLifecycleConfiguration', resource: arn };
    expect([decided(logs, { ...put, by: ADMIN }), decided(logs, { ...put, by: DEPLOY })]).toEqual([
      'SettingsByDeployment',
      'allowed',
    ]);
  });
});

describe('tables', () => {
  const tables = ['LedgerBlocks', 'LedgerRequests', 'LedgerChains'] as const;
  const policyOf = (name: string) =>
    fill(inData('AWS::DynamoDB::Table', name)[1].Properties.ResourcePolicy.PolicyDocument, dataStack);
  const ask = (name: string, action: string, by: string) => {
    const resource: string = fill({ 'Fn::GetAtt': [inData('AWS::DynamoDB::Table', name)[0], 'Arn'] }, dataStack);
    return decided(parsePolicy(policyOf(name), 'resource'), { action: `dynamodb:${action}`, by, resource });
  };

  /** What of DynamoDB changes a table or its items: who may, and why what is left is left. */
  test.each([
    ...['BatchWriteItem', 'DeleteItem', 'PartiQLDelete', 'PartiQLInsert', 'PartiQLUpdate', 'UpdateItem'].map(
      (action) => [action, 'AppendOnly', 'AppendOnly', 'AppendOnly'] as const,
    ),
    ...[
      ...['DeleteResourcePolicy', 'PutResourcePolicy', 'UpdateContinuousBackups', 'UpdateTable', 'UpdateTimeToLive'],
    ].map((action) => [action, 'SettingsByDeployment', 'allowed', 'allowed'] as const),
    ['DeleteTable', 'NoDeletion', 'NoDeletion', 'allowed'],
    // They make copies under other names, and change nothing here; somebody has to be able to restore. The guardian tells of it.
    ...['CreateBackup', 'ExportTableToPointInTime', 'RestoreTableToPointInTime'].map(
      (action) => [action, 'allowed', 'allowed', 'allowed'] as const,
    ),
  ])('%s: %s to an administrator, %s to the deployment, %s to the break-glass role', (action, admin, deploy, glass) => {
    for (const table of tables) {
      expect([ask(table, action, ADMIN), ask(table, action, DEPLOY), ask(table, action, GLASS)]).toEqual([
        ...[admin, deploy, glass],
      ]);
    }
  });

  test('the progress of chains is kept by the archive alone; blocks by whoever appends', () => {
    for (const by of [ADMIN, DEPLOY, GLASS, of('Publisher'), of('Sealer')])
      expect(ask('LedgerChains', 'PutItem', by)).toBe('WritersWrite');
    expect(ask('LedgerChains', 'PutItem', of('Archiver'))).toBe('allowed');
    for (const table of ['LedgerBlocks', 'LedgerRequests']) expect(ask(table, 'PutItem', ADMIN)).toBe('allowed');
  });

  test('have policies within DynamoDB’s 20 KB', () => {
    for (const table of tables) expect(JSON.stringify(policyOf(table)).length).toBeLessThan(20 * 1024);
  });
});

describe('keys', () => {
  const keys = () =>
    [
      [synthesized.data.stackName, synthesized.dataTemplate],
      [synthesized.reading.stackName, synthesized.readingTemplate],
      [synthesized.application.stackName, synthesized.appTemplate],
    ].flatMap(([stack, template]) =>
      resources(template as Synthesized['dataTemplate'], 'AWS::KMS::Key').map(([id, { Properties }]) => ({
        id,
        signs: Properties.KeyUsage === 'SIGN_VERIFY',
        document: fill(Properties.KeyPolicy, stack as string),
      })),
    );
  const ask = (document: unknown, action: string, by: string, conditions = {}) =>
    decided(parsePolicy(document, 'resource'), {
      ...{ action: `kms:${action}`, by, conditions, resource: `arn:aws:kms:ap-southeast-2:${ACCOUNT}:key/x` },
    });

  test('are six, none of them the archive’s', () => {
    expect(
      keys()
        .map(({ id }) => id.replace(/[0-9A-F]{8}$/, ''))
        .toSorted(),
    ).toEqual([
      ...['DeskEncryptionKey', 'EncryptionKey', 'IndexEncryptionKey', 'LedgerEncryptionKey'],
      ...['SigningEd25519', 'SigningMlDsa44'],
    ]);
  });

  test.each([
    ...['DeleteImportedKeyMaterial', 'DisableKey', 'DisableKeyRotation', 'ImportKeyMaterial', 'ReplicateKey'],
    ...['RevokeGrant', 'ScheduleKeyDeletion', 'UpdatePrimaryRegion'],
  ])('%s is the break-glass role’s alone', (action) => {
    for (const { id, document } of keys()) {
      for (const by of [ADMIN, ROOT, DEPLOY, of('Publisher')])
        expect([id, by, ask(document, action, by)]).toEqual([id, by, 'NoDestruction']);
      expect([id, ask(document, action, GLASS)]).toEqual([id, 'allowed']);
    }
  });

  test('without a break-glass role nobody destroys them', () => {
    const bare = synthesize();
    const [, { Properties }] = resources(bare.dataTemplate, 'AWS::KMS::Key')[0]!;
    const document = filler(bare)(Properties.KeyPolicy, bare.data.stackName);
    for (const by of [ADMIN, ROOT, DEPLOY, GLASS])
      expect(ask(document, 'ScheduleKeyDeletion', by)).toBe('NoDestruction');
  });

  test('their policies are the deployment’s, so that it is never locked out', () => {
    for (const { document } of keys()) {
      expect([ADMIN, ROOT, DEPLOY, GLASS].map((by) => ask(document, 'PutKeyPolicy', by))).toEqual([
        ...['PolicyByDeployment', 'PolicyByDeployment', 'allowed', 'allowed'],
      ]);
    }
  });

  test('the deployment’s role is what is configured', () => {
    const own = synthesize({ guard: { deployRole: 'ci/Deployer' } });
    const [, { Properties }] = resources(own.dataTemplate, 'AWS::KMS::Key')[0]!;
    const document = filler(own)(Properties.KeyPolicy, own.data.stackName);
    expect([DEPLOY, role('ci/Deployer')].map((by) => ask(document, 'PutKeyPolicy', by))).toEqual([
      ...['PolicyByDeployment', 'allowed'],
    ]);
  });

  test('checkpoints are signed by the publisher and nobody else, and the right to is not lent', () => {
    const signing = keys().filter(({ signs }) => signs);
    expect(signing).toHaveLength(2);
    for (const { document } of signing) {
      for (const by of [ADMIN, ROOT, DEPLOY, GLASS, of('Sealer'), of('Verifier'), of('Archiver')])
        expect([by, ask(document, 'Sign', by)]).toEqual([by, 'PublisherSigns']);
      expect(ask(document, 'Sign', of('Publisher'))).toBe('allowed');
      for (const by of [ADMIN, DEPLOY, GLASS, of('Publisher'), of('Sealer')])
        expect(ask(document, 'CreateGrant', by, { 'kms:GrantIsForAWSResource': 'true' })).toBe('NoLending');
      expect(ask(document, 'GetPublicKey', ADMIN)).toBe('allowed');
    }
  });

  test('the other keys are lent to AWS’s services alone', () => {
    for (const { document } of keys().filter(({ signs }) => !signs)) {
      expect(ask(document, 'CreateGrant', ADMIN, { 'kms:GrantIsForAWSResource': 'false' })).toBe('NoLending');
      expect(ask(document, 'CreateGrant', ADMIN, { 'kms:GrantIsForAWSResource': 'true' })).toBe('allowed');
    }
  });

  test('have policies within KMS’s 32 KB', () => {
    for (const { document } of keys()) expect(JSON.stringify(document).length).toBeLessThan(32_768);
  });
});

describe('what outlives its stack', () => {
  /** Resources of these kinds hold or protect evidence. */
  const KEPT = ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::IAM::Role'];

  test('everything of Data is kept, and a first deployment that fails leaves only what nobody may delete', () => {
    for (const kind of KEPT) {
      const found = resources(synthesized.dataTemplate, kind);
      expect(found.length).toBeGreaterThan(0);
      for (const [id, { DeletionPolicy, UpdateReplacePolicy, Properties }] of found) {
        // CloudFormation could not delete these: a table is protected, a key's policy denies it.
        const undeletable = kind === 'AWS::KMS::Key' || Properties.DeletionProtectionEnabled === true;
        const expected = [id, undeletable ? 'Retain' : 'RetainExceptOnCreate', 'Retain'];
        expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual(expected);
      }
    }
    const kinds = new Set(Object.values(synthesized.dataTemplate.toJSON().Resources as object).map(({ Type }) => Type));
    expect([...kinds].toSorted()).toEqual(KEPT.toSorted());
  });

  test('the files of jobs are kept with the policy of their bucket, and the workgroup goes with its history', () => {
    for (const kind of ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'])
      for (const [, { DeletionPolicy }] of resources(synthesized.readingTemplate, kind))
        expect(DeletionPolicy).toBe('RetainExceptOnCreate');
    synthesized.readingTemplate.hasResourceProperties('AWS::Athena::WorkGroup', { RecursiveDeleteOption: true });
  });
});

test('the stacks are within CloudFormation’s limits: 500 resources, 1 MB, 200 outputs', () => {
  for (const template of [synthesized.dataTemplate, synthesized.readingTemplate, synthesized.appTemplate]) {
    const { Resources, Outputs = {} } = template.toJSON();
    expect(Object.keys(Resources as object).length).toBeLessThanOrEqual(500);
    expect(Object.keys(Outputs as object).length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(template.toJSON()).length).toBeLessThanOrEqual(1_000_000);
  }
});
