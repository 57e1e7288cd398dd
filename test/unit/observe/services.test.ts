// Calls of AWS's services that destroy, expose, create or change permissions: what they act on, and how grave they are.
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/json/value.ts';
import { inputOf, trailEvent } from './events.ts';

const REGION = 'eu-central-1';
const ACCOUNT = '111122223333';
const arn = (service: string, path: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${path}`;
const iam = (path: string) => `arn:aws:iam::${ACCOUNT}:${path}`;
const PUBLIC = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }],
});
const ALL = JSON.stringify({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });

type Call = readonly [
  call: string,
  request: JsonObject | null,
  target: string | undefined,
  severity: string,
  more?: { readonly response?: JsonObject; readonly related?: readonly string[]; readonly resources?: JsonObject[] },
];

const CALLS: readonly Call[] = [
  // Databases.
  [
    'rds.DeleteDBInstance',
    { dBInstanceIdentifier: 'orders', skipFinalSnapshot: true },
    'rds:db-instance orders',
    'critical',
  ],
  [
    'rds.CreateDBSnapshot',
    { dBSnapshotIdentifier: 'before', dBInstanceIdentifier: 'orders' },
    'rds:db-snapshot before',
    'medium',
    { related: ['rds:db-instance orders'] },
  ],
  ['rds.DeleteDBCluster', { dBClusterIdentifier: 'c1' }, 'rds:db-cluster c1', 'critical'],
  [
    'rds.ModifyDBSnapshotAttribute',
    { dBSnapshotIdentifier: 's', attributeName: 'restore', valuesToAdd: ['all'] },
    'rds:db-snapshot s',
    'critical',
  ],
  [
    'rds.ModifyDBInstance',
    { dBInstanceIdentifier: 'orders', publiclyAccessible: true },
    'rds:db-instance orders',
    'medium',
  ],
  [
    'dynamodb.DeleteTable',
    { tableName: 'Blocks' },
    'dynamodb:table Blocks',
    'critical',
    { resources: [{ ARN: arn('dynamodb', 'table/Blocks'), type: 'AWS::DynamoDB::Table' }] },
  ],
  [
    'dynamodb.PutResourcePolicy',
    { resourceArn: arn('dynamodb', 'table/Blocks'), policy: '{}' },
    'dynamodb:table Blocks',
    'high',
  ],
  ['redshift.DeleteCluster', { clusterIdentifier: 'dw' }, 'redshift:cluster dw', 'critical'],
  [
    'elasticache.DeleteReplicationGroup',
    { replicationGroupId: 'cache' },
    'elasticache:replication-group cache',
    'critical',
  ],
  ['es.DeleteDomain', { domainName: 'search' }, 'es:domain search', 'critical'],
  // Machines and networks.
  [
    'ec2.CreateVpc',
    { cidrBlock: '10.0.0.0/16' },
    'ec2:vpc vpc-0a',
    'medium',
    { response: { vpc: { vpcId: 'vpc-0a' } } },
  ],
  [
    'ec2.RunInstances',
    { instancesSet: { items: [{ imageId: 'ami-1' }] }, subnetId: 'subnet-1' },
    'ec2:instance i-0a',
    'medium',
    {
      response: {
        reservationId: 'r-1',
        instancesSet: { items: [{ instanceId: 'i-0a', imageId: 'ami-1' }, { instanceId: 'i-0b' }] },
      },
      related: ['ec2:instance i-0b', 'ec2:image ami-1', 'ec2:subnet subnet-1'],
    },
  ],
  [
    'ec2.TerminateInstances',
    { instancesSet: { items: [{ instanceId: 'i-0a' }, { instanceId: 'i-0b' }] } },
    'ec2:instance i-0a',
    'critical',
    { related: ['ec2:instance i-0b'] },
  ],
  [
    'ec2.AuthorizeSecurityGroupIngress',
    { groupId: 'sg-1', ipPermissions: { items: [{ ipProtocol: 'tcp' }] } },
    'ec2:security-group sg-1',
    'high',
  ],
  [
    'ec2.ModifySnapshotAttribute',
    { snapshotId: 'snap-1', createVolumePermission: { add: { items: [{ group: 'all' }] } } },
    'ec2:snapshot snap-1',
    'critical',
  ],
  ['ec2.DeleteVolume', { volumeId: 'vol-1' }, 'ec2:volume vol-1', 'critical'],
  [
    'ec2.CreateKeyPair',
    { keyName: 'ops' },
    'ec2:key-pair key-1',
    'high',
    { response: { keyName: 'ops', keyPairId: 'key-1' } },
  ],
  [
    'ec2.ModifyInstanceAttribute',
    { instanceId: 'i-0a', userData: '<sensitiveDataRemoved>' },
    'ec2:instance i-0a',
    'medium',
  ],
  ['ec2.DeleteNetworkAcl', { networkAclId: 'acl-1' }, 'ec2:network-acl acl-1', 'critical'],
  ['ec2.DeleteTags', { resourcesSet: { items: [{ resourceId: 'i-0a' }] } }, 'ec2:instance i-0a', 'medium'],
  [
    'autoscaling.DeleteAutoScalingGroup',
    { autoScalingGroupName: 'web' },
    'autoscaling:auto-scaling-group web',
    'critical',
  ],
  [
    'elasticloadbalancing.DeleteLoadBalancer',
    { loadBalancerArn: arn('elasticloadbalancing', 'loadbalancer/app/web/50dc6c495c0c9188') },
    'elasticloadbalancing:load-balancer web',
    'critical',
  ],
  [
    'elasticloadbalancing.DeleteTargetGroup',
    { targetGroupArn: arn('elasticloadbalancing', 'targetgroup/web/943f017f100becff') },
    'elasticloadbalancing:target-group web',
    'critical',
  ],
  [
    'route53.ChangeResourceRecordSets',
    { hostedZoneId: '/hostedzone/Z1', changeBatch: { changes: [] } },
    'route53:hosted-zone Z1',
    'high',
  ],
  [
    'route53resolver.DeleteResolverQueryLogConfig',
    { resolverQueryLogConfigId: 'rqlc-1' },
    'route53resolver:resolver-query-log-config rqlc-1',
    'critical',
  ],
  ['cloudfront.DeleteDistribution2020_05_31', { id: 'E1' }, 'cloudfront:distribution E1', 'critical'],
  ['apigateway.DeleteRestApi', { restApiId: 'a1' }, 'apigateway:rest-api a1', 'critical'],
  [
    'wafv2.DisassociateWebACL',
    { resourceArn: arn('elasticloadbalancing', 'loadbalancer/app/web/50dc6c495c0c9188') },
    'elasticloadbalancing:load-balancer web',
    'critical',
  ],
  // Systems Manager.
  ['ssm.StartSession', { target: 'i-0a' }, 'ec2:instance i-0a', 'high'],
  [
    'ssm.SendCommand',
    { instanceIds: ['i-0a', 'i-0b'], documentName: 'AWS-RunShellScript' },
    'ec2:instance i-0a',
    'high',
    { related: ['ec2:instance i-0b', 'ssm:document AWS-RunShellScript'] },
  ],
  [
    'ssm.SendCommand',
    { targets: [{ key: 'InstanceIds', values: ['i-0c'] }], documentName: 'AWS-RunShellScript' },
    'ec2:instance i-0c',
    'high',
  ],
  [
    'ssm.DeleteParameter',
    { name: '/a/b' },
    'ssm:parameter /a/b',
    'critical',
    { resources: [{ ARN: arn('ssm', 'parameter/a/b') }] },
  ],
  [
    'ssm.ModifyDocumentPermission',
    { name: 'doc', permissionType: 'Share', accountIdsToAdd: ['all'] },
    'ssm:document-permission doc',
    'high',
  ],
  // Identities.
  [
    'iam.CreateUser',
    { userName: 'eve' },
    'iam:user eve',
    'high',
    { response: { user: { userName: 'eve', userId: 'AIDA1', arn: iam('user/eve') } } },
  ],
  ['iam.DeleteUser', { userName: 'eve' }, 'iam:user eve', 'critical'],
  [
    'iam.CreateAccessKey',
    { userName: 'eve' },
    'iam:access-key AKIAIOSFODNN7EXAMPLE',
    'high',
    {
      response: { accessKey: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', userName: 'eve', status: 'Active' } },
      related: ['iam:user eve'],
    },
  ],
  [
    'iam.AttachUserPolicy',
    { userName: 'eve', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    'iam:user eve',
    'critical',
    { related: ['iam:policy arn:aws:iam::aws:policy/AdministratorAccess'] },
  ],
  [
    'iam.AttachRolePolicy',
    { roleName: 'r', policyArn: iam('policy/team/reader') },
    'iam:role r',
    'high',
    { related: ['iam:policy reader'] },
  ],
  ['iam.PutUserPolicy', { userName: 'eve', policyName: 'p', policyDocument: ALL }, 'iam:user eve', 'critical'],
  [
    'iam.CreatePolicyVersion',
    { policyArn: iam('policy/p'), policyDocument: encodeURIComponent(ALL), setAsDefault: true },
    'iam:policy p',
    'critical',
  ],
  ['iam.UpdateAssumeRolePolicy', { roleName: 'r', policyDocument: PUBLIC }, 'iam:role r', 'critical'],
  ['iam.UpdateAssumeRolePolicy', { roleName: 'r', policyDocument: '{"Statement":[]}' }, 'iam:role r', 'high'],
  [
    'iam.AddUserToGroup',
    { userName: 'eve', groupName: 'admins' },
    'iam:group admins',
    'high',
    { related: ['iam:user eve'] },
  ],
  [
    'iam.DeactivateMFADevice',
    { userName: 'eve', serialNumber: iam('mfa/eve') },
    'iam:mfa eve',
    'critical',
    { related: ['iam:user eve'] },
  ],
  ['iam.CreateLoginProfile', { userName: 'eve' }, 'iam:user eve', 'high'],
  ['iam.DeleteAccountPasswordPolicy', null, undefined, 'critical'],
  [
    'organizations.RemoveAccountFromOrganization',
    { accountId: '222233334444' },
    'organizations:account 222233334444',
    'high',
  ],
  [
    'sso.CreateAccountAssignment',
    { permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1', principalId: 'p', targetId: ACCOUNT },
    'sso:permission-set ssoins-1/ps-1',
    'high',
  ],
  ['cognito-idp.AdminDeleteUser', { userPoolId: 'eu_1', username: 'HIDDEN' }, 'cognito-idp:user-pool eu_1', 'critical'],
  // Storage.
  ['s3.PutBucketPolicy', { bucketName: 'b', bucketPolicy: JSON.parse(PUBLIC) }, 's3:bucket b', 'critical'],
  ['s3.DeleteBucketPublicAccessBlock', { bucketName: 'b', publicAccessBlock: '' }, 's3:bucket b', 'critical'],
  [
    's3.PutBucketPublicAccessBlock',
    { bucketName: 'b', PublicAccessBlockConfiguration: { BlockPublicAcls: false } },
    's3:bucket b',
    'critical',
  ],
  [
    's3.PutBucketPublicAccessBlock',
    { bucketName: 'b', PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
    's3:bucket b',
    'high',
  ],
  ['s3.PutBucketAcl', { bucketName: 'b', 'x-amz-acl': ['public-read'] }, 's3:bucket b', 'critical'],
  [
    's3.PutBucketVersioning',
    { bucketName: 'b', VersioningConfiguration: { Status: 'Suspended' } },
    's3:bucket b',
    'critical',
  ],
  [
    's3.DeleteObject',
    { bucketName: 'b', key: 'a/c.txt' },
    's3:object b/a/c.txt',
    'critical',
    {
      resources: [
        { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::b/a/c.txt' },
        { type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::b' },
      ],
      related: ['s3:bucket b'],
    },
  ],
  ['elasticfilesystem.DeleteFileSystem', { fileSystemId: 'fs-1' }, 'elasticfilesystem:file-system fs-1', 'critical'],
  [
    'backup.DeleteRecoveryPoint',
    { backupVaultName: 'v', recoveryPointArn: arn('backup', 'recovery-point:rp1') },
    'backup:recovery-point rp1',
    'critical',
  ],
  ['ecr.SetRepositoryPolicy', { repositoryName: 'app', policyText: PUBLIC }, 'ecr:repository app', 'critical'],
  // Keys and secrets.
  ['kms.ScheduleKeyDeletion', { keyId: arn('kms', 'key/k1'), pendingWindowInDays: 7 }, 'kms:key k1', 'critical'],
  ['kms.PutKeyPolicy', { keyId: 'k1', policyName: 'default', policy: '{"Statement":[]}' }, 'kms:key k1', 'high'],
  ['kms.CreateGrant', { keyId: 'k1', granteePrincipal: iam('role/r') }, 'kms:key k1', 'high'],
  [
    'secretsmanager.DeleteSecret',
    { secretId: arn('secretsmanager', 'secret:db-AbCdEf') },
    'secretsmanager:secret db',
    'critical',
  ],
  [
    'secretsmanager.PutResourcePolicy',
    { secretId: 'db', resourcePolicy: PUBLIC },
    'secretsmanager:secret db',
    'critical',
  ],
  ['acm.DeleteCertificate', { certificateArn: arn('acm', 'certificate/c1') }, 'acm:certificate c1', 'critical'],
  // Evidence and detection.
  ['cloudtrail.StopLogging', { name: arn('cloudtrail', 'trail/all') }, 'cloudtrail:trail all', 'critical'],
  ['cloudtrail.DeleteTrail', { name: 'all' }, 'cloudtrail:trail all', 'critical'],
  [
    'config.DeleteConfigurationRecorder',
    { configurationRecorderName: 'default' },
    'config:configuration-recorder default',
    'critical',
  ],
  ['guardduty.UpdateDetector', { detectorId: 'd1', enable: false }, 'guardduty:detector d1', 'critical'],
  ['guardduty.DeleteDetector', { detectorId: 'd1' }, 'guardduty:detector d1', 'critical'],
  ['securityhub.DisableSecurityHub', null, undefined, 'critical'],
  ['events.DisableRule', { name: 'Trail' }, 'events:rule Trail', 'critical'],
  ['events.RemoveTargets', { rule: 'Trail', ids: ['t1'] }, 'events:rule Trail', 'critical'],
  [
    'monitoring.DeleteAlarms',
    { alarmNames: ['a', 'b'] },
    'monitoring:alarm a',
    'critical',
    { related: ['monitoring:alarm b'] },
  ],
  ['logs.DeleteLogGroup', { logGroupName: '/x' }, 'logs:log-group /x', 'critical'],
  ['logs.PutRetentionPolicy', { logGroupName: '/x', retentionInDays: 1 }, 'logs:log-group /x', 'high'],
  // Code and messages.
  [
    'lambda.CreateFunction20150331',
    { functionName: 'f', role: iam('role/r') },
    'lambda:function f',
    'medium',
    { response: { functionName: 'f', functionArn: arn('lambda', 'function:f') }, related: ['iam:role r'] },
  ],
  ['lambda.UpdateFunctionCode20150331v2', { functionName: 'f' }, 'lambda:function f', 'high'],
  [
    'lambda.AddPermission20150331v2',
    { functionName: 'f', principal: '*', action: 'lambda:InvokeFunction' },
    'lambda:function f',
    'critical',
  ],
  ['lambda.DeleteFunction20150331', { functionName: arn('lambda', 'function:f') }, 'lambda:function f', 'critical'],
  [
    'states.DeleteStateMachine',
    { stateMachineArn: arn('states', 'stateMachine:Seal') },
    'states:state-machine Seal',
    'critical',
  ],
  [
    'sqs.DeleteQueue',
    { queueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/jobs` },
    'sqs:queue jobs',
    'critical',
  ],
  ['sqs.PurgeQueue', { queueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/jobs` }, 'sqs:queue jobs', 'critical'],
  ['sns.DeleteTopic', { topicArn: arn('sns', 'alerts') }, 'sns:topic alerts', 'critical'],
  ['sns.Subscribe', { topicArn: arn('sns', 'alerts'), protocol: 'email' }, 'sns:topic alerts', 'medium'],
  ['kinesis.DeleteStream', { streamName: 's' }, 'kinesis:stream s', 'critical'],
  [
    'cloudformation.DeleteStack',
    { stackName: arn('cloudformation', 'stack/app/0a1b') },
    'cloudformation:stack app',
    'critical',
  ],
  [
    'ecs.DeleteService',
    { cluster: 'main', service: 'web' },
    'ecs:service web',
    'critical',
    { related: ['ecs:cluster main'] },
  ],
  ['eks.DeleteCluster', { name: 'k8s' }, 'eks:cluster k8s', 'critical'],
  ['codecommit.DeleteRepository', { repositoryName: 'code' }, 'codecommit:repository code', 'critical'],
  ['glue.DeleteDatabase', { name: 'audit' }, 'glue:database audit', 'critical'],
  ['athena.DeleteWorkGroup', { workGroup: 'audit' }, 'athena:work-group audit', 'critical'],
  ['budgets.DeleteBudget', { accountId: ACCOUNT, budgetName: 'cap' }, 'budgets:budget cap', 'critical'],
];

const spelled = ({ type, id }: { type: string; id: string }) => `${type} ${id}`;

describe('a call', () => {
  test.each(CALLS)('%s %j acts on %s and is %s', (call, requestParameters, target, severity, more = {}) => {
    const [service, eventName] = call.split(/\.(.*)/s) as [string, string];
    const { response = null, related, resources } = more;
    const input = inputOf(
      trailEvent({
        ...{ eventSource: `${service}.amazonaws.com`, eventName, requestParameters, responseElements: response },
        ...{ readOnly: false, ...(resources === undefined ? {} : { resources }) },
      }),
    ) as JsonObject & { target?: { type: string; id: string }; related?: { type: string; id: string }[] };
    expect([input.target && spelled(input.target), input.severity]).toEqual([target, severity]);
    if (related !== undefined) expect((input.related ?? []).map(spelled)).toEqual(related);
  });
});

test('an API version is no part of the action', () => {
  const action = (eventName: string) => inputOf(trailEvent({ eventSource: 'lambda.amazonaws.com', eventName })).action;
  expect(action('UpdateFunctionCode20150331v2')).toBe('lambda.update_function_code');
  expect(action('UpdateFunctionCode20150331')).toBe(action('UpdateFunctionCode'));
  expect(action('GetDistribution2020_05_31')).toBe('lambda.get_distribution');
});

test('one resource is the same by name, by ARN and in the list of resources; another account’s is not', () => {
  const target = (request: JsonObject, more: JsonObject = {}) =>
    inputOf(trailEvent({ eventSource: 'iam.amazonaws.com', eventName: 'GetRole', requestParameters: request, ...more }))
      .target;
  const role = { type: 'iam:role', id: 'reader' };
  expect(target({ roleName: 'reader' })).toEqual(role);
  expect(target({ roleArn: iam('role/team/reader') })).toEqual(role);
  expect(target({}, { resources: [{ ARN: iam('role/reader') }] })).toEqual(role);
  const foreign = 'arn:aws:iam::999988887777:role/reader';
  expect(target({ roleArn: foreign })).toEqual({ type: 'iam:role', id: foreign });
});

describe('console sign-ins', () => {
  const signIn = (MFAUsed: string, type = 'IAMUser', result = 'Success') =>
    inputOf(
      trailEvent({
        ...{
          eventSource: 'signin.amazonaws.com',
          eventName: 'ConsoleLogin',
          eventType: 'AwsConsoleSignIn',
          readOnly: false,
        },
        ...{ requestParameters: null, responseElements: { ConsoleLogin: result }, additionalEventData: { MFAUsed } },
        userIdentity: { type, principalId: 'AIDA1', userName: 'eve', arn: iam('user/eve') },
      }),
    ).severity;

  test('without a second factor are high, with one or a federation medium, of root critical', () => {
    expect(signIn('No')).toBe('high');
    expect(signIn('Yes')).toBe('medium');
    expect(signIn('No', 'AssumedRole')).toBe('medium');
    expect(signIn('No', 'Root')).toBe('critical');
    expect(signIn('No', 'IAMUser', 'Failure')).toBe('medium');
  });
});
