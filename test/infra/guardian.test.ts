// Which management calls the rules of protection tell of, and which not.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { compilePattern, type EventMatcher } from '../../local/events/pattern.ts';
import { inputTransform } from '../../local/events/transform.ts';
import { guardedOf } from '../../services/observe/guarded.ts';
import { ACCOUNT, filler } from './policies.ts';
import { type Json, resources, synthesize } from './support.ts';

const NAME = 'Indelible-Staging';
const REGION = 'ap-southeast-2';

interface Rule {
  readonly name: string;
  readonly pattern: Json;
  readonly matches: EventMatcher;
  readonly targets: Json[];
}

let rules: readonly Rule[];
let names: Record<
  'bucket' | 'logs' | 'blocks' | 'chains' | 'signing' | 'messages' | 'function' | 'alarm' | 'queue',
  string
>;
let publisher: string;

beforeAll(() => {
  const synthesized = synthesize({ name: NAME, guard: { breakGlassRole: 'security/BreakGlass' } });
  const fill = filler(synthesized);
  const { data, application, dataTemplate, appTemplate } = synthesized;
  rules = resources(appTemplate, 'AWS::Events::Rule')
    .filter(([id]) => id.startsWith('Guardian'))
    .map(([, { Properties }]) => {
      const pattern = fill(Properties.EventPattern, application.stackName);
      const name = /\((\w+)\)$/.exec(Properties.Description)![1]!;
      return {
        name,
        pattern,
        matches: compilePattern(pattern),
        targets: fill(Properties.Targets, application.stackName),
      };
    });
  const ref = (stack: string, template: typeof dataTemplate, kind: string, prefix: string): string =>
    fill({ Ref: resources(template, kind).find(([id]) => id.startsWith(prefix))![0] }, stack);
  const ofData = (kind: string, prefix: string) => ref(data.stackName, dataTemplate, kind, prefix);
  const ofApp = (kind: string, prefix: string) => ref(application.stackName, appTemplate, kind, prefix);
  names = {
    bucket: ofData('AWS::S3::Bucket', 'ArchiveBucket'),
    logs: ofData('AWS::S3::Bucket', 'ArchiveAccessLogs'),
    blocks: ofData('AWS::DynamoDB::Table', 'LedgerBlocks'),
    chains: ofData('AWS::DynamoDB::Table', 'LedgerChains'),
    signing: ofData('AWS::KMS::Key', 'SigningEd25519'),
    messages: ofApp('AWS::KMS::Key', 'EncryptionKey'),
    function: ofApp('AWS::Lambda::Function', 'VerifyFunction'),
    alarm: ofApp('AWS::CloudWatch::Alarm', 'AlarmsTampering'),
    queue: ofApp('AWS::SQS::Queue', 'ObservationUnrecorded'),
  };
  const role = ofData('AWS::IAM::Role', 'ArchivePublisher');
  publisher = `arn:aws:iam::${ACCOUNT}:role/${role}`;
});

const keyArn = (id: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;

/** A record of CloudTrail's as EventBridge brings it; its source is the service's name but for CloudWatch's. */
function call(service: string, eventName: string, requestParameters: object, more: object = {}): Json {
  return {
    ...{ version: '0', id: '6f1c2f0a-3d0e-4f5e-9a57-0c8a0f6f2b11', 'detail-type': 'AWS API Call via CloudTrail' },
    ...{ source: `aws.${service}`, account: ACCOUNT, time: '2026-03-01T09:30:00Z', region: REGION, resources: [] },
    detail: {
      userIdentity: {
        ...{ type: 'AssumedRole', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/maya`, principalId: 'AROA:maya' },
        sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/Admin` } },
      },
      ...{ eventTime: '2026-03-01T09:29:41Z', eventSource: `${service}.amazonaws.com`, eventName, requestParameters },
      ...{ responseElements: null, eventID: 'b5a6b7f0-0000-4000-8000-000000000001', eventType: 'AwsApiCall' },
      ...{ readOnly: false, managementEvent: true, eventCategory: 'Management', ...more },
    },
  };
}

const byService = (invokedBy: string) => ({ userIdentity: { type: 'AssumedRole', arn: 'arn', invokedBy } });
const matching = (event: Json) => rules.filter(({ matches }) => matches(event)).map(({ name }) => name);

describe('somebody is told who', () => {
  test.each<[string, () => Json, string]>([
    ['schedules the deletion of a key', () => call('kms', 'ScheduleKeyDeletion', { keyId: names.messages }), 'Keys'],
    ['names the key by its ARN', () => call('kms', 'DisableKey', { keyId: keyArn(names.signing) }), 'Keys'],
    [
      'names it by an alias',
      () => call('kms', 'PutKeyPolicy', { keyId: 'alias/x' }, { resources: [{ ARN: keyArn(names.signing) }] }),
      'Keys',
    ],
    ['lends a key', () => call('kms', 'CreateGrant', { keyId: names.messages }), 'Keys'],
    [
      'signs and is not the publisher',
      () => call('kms', 'Sign', { keyId: names.signing }, { readOnly: true }),
      'Signing',
    ],
    [
      'signs with the permissions of a user',
      () =>
        call(
          'kms',
          'Sign',
          { keyId: names.signing },
          { readOnly: true, userIdentity: { type: 'IAMUser', arn: 'arn' } },
        ),
      'Signing',
    ],
    ['changes the bucket’s policy', () => call('s3', 'PutBucketPolicy', { bucketName: names.bucket }), 'Buckets'],
    ['expires objects', () => call('s3', 'PutBucketLifecycle', { bucketName: names.bucket }), 'Buckets'],
    ['opens the bucket', () => call('s3', 'DeleteBucketPublicAccessBlock', { bucketName: names.bucket }), 'Buckets'],
    ['touches the access logs', () => call('s3', 'PutBucketLifecycle', { bucketName: names.logs }), 'Buckets'],
    [
      'is refused',
      () => call('s3', 'DeleteBucket', { bucketName: names.bucket }, { errorCode: 'AccessDenied' }),
      'Buckets',
    ],
    [
      'does so with CloudFormation',
      () => call('s3', 'PutBucketPolicy', { bucketName: names.bucket }, byService('cloudformation.amazonaws.com')),
      'Buckets',
    ],
    ['deletes a table', () => call('dynamodb', 'DeleteTable', { tableName: names.blocks }), 'Tables'],
    [
      'names it by its ARN',
      () =>
        call('dynamodb', 'UpdateTable', { tableName: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${names.chains}` }),
      'Tables',
    ],
    [
      'takes its policy away',
      () =>
        call('dynamodb', 'DeleteResourcePolicy', {
          resourceArn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${names.blocks}`,
        }),
      'Tables',
    ],
    ['ends its items', () => call('dynamodb', 'UpdateTimeToLive', { tableName: names.blocks }), 'Tables'],
    ['ends its recovery', () => call('dynamodb', 'UpdateContinuousBackups', { tableName: names.blocks }), 'Tables'],
    [
      'restores it under another name',
      () => call('dynamodb', 'RestoreTableToPointInTime', { sourceTableName: names.blocks, targetTableName: 'x' }),
      'Tables',
    ],
    [
      'gives a role of the evidence a policy',
      () => call('iam', 'PutRolePolicy', { roleName: `${NAME}-Data-ArchivePublisher-X` }),
      'Roles',
    ],
    [
      'trusts another with it',
      () => call('iam', 'UpdateAssumeRolePolicy', { roleName: `${NAME}-App-IngestRole-X` }),
      'Roles',
    ],
    ['touches the break-glass role', () => call('iam', 'AttachRolePolicy', { roleName: 'BreakGlass' }), 'Roles'],
    [
      'touches the role that deploys',
      () => call('iam', 'UpdateAssumeRolePolicy', { roleName: `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}` }),
      'Roles',
    ],
    ['stops the trail', () => call('cloudtrail', 'StopLogging', { name: 'management' }), 'Trails'],
    [
      'changes a function',
      () => call('lambda', 'UpdateFunctionCode20150331v2', { functionName: names.function }),
      'Functions',
    ],
    [
      'changes what a function is given',
      () =>
        call('lambda', 'UpdateFunctionConfiguration20150331v2', {
          functionName: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${names.function}`,
        }),
      'Functions',
    ],
    [
      'stops an event source',
      () =>
        call(
          'lambda',
          'DeleteEventSourceMapping20150331',
          { uUID: 'x' },
          { responseElements: { functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${names.function}` } },
        ),
      'Functions',
    ],
    [
      'runs code of his own in a role of the evidence',
      () => call('lambda', 'CreateFunction20150331', { functionName: 'mine', role: publisher }),
      'Functions',
    ],
    [
      'changes a state machine',
      () =>
        call('states', 'UpdateStateMachine', {
          stateMachineArn: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${NAME}-Verify`,
        }),
      'Workflows',
    ],
    [
      'stops an execution',
      () =>
        call('states', 'StopExecution', {
          executionArn: `arn:aws:states:${REGION}:${ACCOUNT}:execution:${NAME}-Verify:x`,
        }),
      'Workflows',
    ],
    [
      'deletes a schedule',
      () => call('scheduler', 'DeleteSchedule', { name: `${NAME}-App-WorkflowsVerify-X` }),
      'Workflows',
    ],
    ['disables a rule', () => call('events', 'DisableRule', { name: `${NAME}-App-GuardianKeys-X` }), 'Rules'],
    ['takes its targets away', () => call('events', 'RemoveTargets', { rule: `${NAME}-App-GuardianKeys-X` }), 'Rules'],
    ['deletes an alarm', () => call('monitoring', 'DeleteAlarms', { alarmNames: ['x', names.alarm] }), 'Alarms'],
    ['silences one', () => call('monitoring', 'DisableAlarmActions', { alarmNames: [names.alarm] }), 'Alarms'],
    ['deletes a log', () => call('logs', 'DeleteLogGroup', { logGroupName: `${NAME}-App-VerifyLog-X` }), 'Alarms'],
    [
      'unsubscribes people',
      () =>
        call('sns', 'SetTopicAttributes', { topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:${NAME}-App-AlarmsTopic-X` }),
      'Alarms',
    ],
    [
      'purges a queue',
      () => call('sqs', 'PurgeQueue', { queueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${names.queue}` }),
      'Alarms',
    ],
    [
      'deploys',
      () => call('cloudformation', 'ExecuteChangeSet', { stackName: `${NAME}-Data`, changeSetName: 'x' }),
      'Stacks',
    ],
    [
      'takes the protection of a stack away',
      () =>
        call('cloudformation', 'UpdateTerminationProtection', {
          stackName: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${NAME}-Data/7b`,
        }),
      'Stacks',
    ],
  ])('%s', (_, event, rule) => {
    expect(matching(event())).toEqual([rule]);
  });

  test('and when KMS says that a key is gone', () => {
    const gone = { source: 'aws.kms', 'detail-type': 'KMS CMK Deletion', resources: [keyArn(names.signing)] };
    expect(matching({ ...call('kms', '', {}), ...gone, detail: { 'key-id': names.signing } })).toEqual(['KeysGone']);
  });
});

describe('nobody is told of', () => {
  test.each<[string, () => Json]>([
    [
      'checkpoints',
      () =>
        call(
          'kms',
          'Sign',
          { keyId: names.signing },
          { readOnly: true, userIdentity: { sessionContext: { sessionIssuer: { arn: publisher } } } },
        ),
    ],
    [
      'what DynamoDB lends itself',
      () => call('kms', 'CreateGrant', { keyId: names.messages }, byService('dynamodb.amazonaws.com')),
    ],
    ['reading', () => call('s3', 'GetBucketPolicy', { bucketName: names.bucket }, { readOnly: true })],
    [
      'objects, where a trail logs them',
      () => call('s3', 'PutObject', { bucketName: names.bucket }, { managementEvent: false, eventCategory: 'Data' }),
    ],
    ['other buckets', () => call('s3', 'PutBucketPolicy', { bucketName: `${names.bucket}-2` })],
    ['other tables', () => call('dynamodb', 'DeleteTable', { tableName: 'orders' })],
    ['other functions', () => call('lambda', 'UpdateFunctionCode20150331v2', { functionName: 'shop' })],
    [
      'the deployment of a function',
      () =>
        call(
          'lambda',
          'UpdateFunctionCode20150331v2',
          { functionName: names.function },
          byService('cloudformation.amazonaws.com'),
        ),
    ],
    [
      'the day’s work',
      () =>
        call('states', 'StartExecution', {
          stateMachineArn: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${NAME}-Seal`,
        }),
    ],
    ['a function’s new log stream', () => call('logs', 'CreateLogStream', { logGroupName: `${NAME}-App-VerifyLog-X` })],
    [
      'other stages',
      () => call('lambda', 'UpdateFunctionCode20150331v2', { functionName: 'Indelible-App-VerifyFunction-X' }),
    ],
    ['other stacks', () => call('cloudformation', 'ExecuteChangeSet', { stackName: 'Shop' })],
  ])('%s', (_, event) => {
    expect(matching(event())).toEqual([]);
  });
});

describe('each rule', () => {
  test('fits EventBridge: a pattern of 2,048 characters and five targets', () => {
    expect(rules.map(({ name }) => name).toSorted()).toEqual([
      ...['Alarms', 'Buckets', 'Functions', 'Keys', 'KeysGone', 'Roles', 'Rules', 'Signing', 'Stacks', 'Tables'],
      ...['Trails', 'Workflows'],
    ]);
    for (const { name, pattern, targets } of rules) {
      expect([name, JSON.stringify(pattern).length]).toEqual([name, expect.any(Number)]);
      expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2_048);
      expect(targets).toHaveLength(2);
    }
  });

  test('tells people in words, and gives the function the event whole', () => {
    const event = call('kms', 'ScheduleKeyDeletion', { keyId: names.messages });
    const { targets } = rules.find(({ name }) => name === 'Keys')!;
    const facts = { arn: 'arn', name: 'rule', ingestedAt: '2026-03-01T09:30:00Z' };
    const [people, trail] = targets.map((target) => inputTransform(target)(event, facts));
    expect(JSON.parse(people!)).toBe(
      `Indelible: what protects the evidence was touched (Keys). AWS API Call via CloudTrail: kms.amazonaws.com ScheduleKeyDeletion  by arn:aws:sts::${ACCOUNT}:assumed-role/Admin/maya at 2026-03-01T09:30:00Z, event b5a6b7f0-0000-4000-8000-000000000001. Runbook: docs/runbook.md#protection-touched`,
    );
    const { version: _, ...whole } = event;
    expect(guardedOf(JSON.parse(trail!))).toEqual({ rule: 'Keys', event: whole });
  });

  test('may reach the function, the topic and, where neither takes it, the queue', () => {
    const { appTemplate } = synthesize({ name: NAME });
    const permitted = resources(appTemplate, 'AWS::Lambda::Permission').map(
      ([, { Properties }]) => Properties.SourceArn?.['Fn::GetAtt']?.[0],
    );
    const declared = resources(appTemplate, 'AWS::Events::Rule').map(([id]) => id);
    expect(declared.filter((id) => !permitted.includes(id))).toEqual([]);
  });
});

test('the catalog of what is told is in the runbook', () => {
  const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  const section = runbook.slice(runbook.indexOf('\n## Protection touched\n'));
  for (const { name } of rules) expect(section).toContain(`| ${name} |`);
});
