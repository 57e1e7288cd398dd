// ARNs, names and ids of one resource are one resource.
import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/json/value.ts';
import { resourceOfArn, resourceOfEc2Id } from '../../../services/observe/resource.ts';
import { inputOf, trailEvent } from './events.ts';

const HOME = { service: 'x', account: '111122223333', region: 'eu-central-1' };
const at = (service: string, path: string) => `arn:aws:${service}:eu-central-1:111122223333:${path}`;

/** A call that names the resource, the request, and the ARN that others have of it. */
const PAIRS: readonly (readonly [call: string, request: JsonObject, arn: string])[] = [
  ['rds.DeleteDBInstance', { dBInstanceIdentifier: 'orders' }, at('rds', 'db:orders')],
  ['rds.DeleteDBCluster', { dBClusterIdentifier: 'c' }, at('rds', 'cluster:c')],
  ['rds.DeleteDBClusterSnapshot', { dBClusterSnapshotIdentifier: 's' }, at('rds', 'cluster-snapshot:s')],
  ['rds.DeleteDBParameterGroup', { dBParameterGroupName: 'g' }, at('rds', 'pg:g')],
  ['rds.DeleteDBSubnetGroup', { dBSubnetGroupName: 'g' }, at('rds', 'subgrp:g')],
  ['rds.DeleteEventSubscription', { subscriptionName: 'e' }, at('rds', 'es:e')],
  ['redshift.DeleteClusterSnapshot', { snapshotIdentifier: 's' }, at('redshift', 'snapshot:dw/s')],
  ['redshift.DeleteClusterParameterGroup', { parameterGroupName: 'g' }, at('redshift', 'parametergroup:g')],
  ['elasticache.DeleteCacheCluster', { cacheClusterId: 'c' }, at('elasticache', 'cluster:c')],
  ['elasticache.DeleteReplicationGroup', { replicationGroupId: 'r' }, at('elasticache', 'replicationgroup:r')],
  ['elasticache.DeleteUserGroup', { userGroupId: 'g' }, at('elasticache', 'usergroup:g')],
  ['memorydb.DeleteSubnetGroup', { subnetGroupName: 'g' }, at('memorydb', 'subnetgroup:g')],
  ['dynamodb.DeleteTable', { tableName: 'Blocks' }, at('dynamodb', 'table/Blocks')],
  ['lambda.DeleteFunction20150331', { functionName: '111122223333:function:f:PROD' }, at('lambda', 'function:f')],
  ['lambda.DeleteLayerVersion20181031', { layerName: 'l' }, at('lambda', 'layer:l:3')],
  ['ecs.DeleteService', { cluster: 'main', service: 'web' }, at('ecs', 'service/main/web')],
  ['ecs.DeregisterTaskDefinition', { taskDefinition: 'web:7' }, at('ecs', 'task-definition/web:7')],
  ['eks.DeleteNodegroup', { name: 'k8s', nodegroupName: 'w' }, at('eks', 'nodegroup/k8s/w/3ebf')],
  ['eks.DeleteFargateProfile', { name: 'k8s', fargateProfileName: 'p' }, at('eks', 'fargateprofile/k8s/p/3ebf')],
  ['ecr.DeleteRepository', { repositoryName: 'a/b' }, at('ecr', 'repository/a/b')],
  ['batch.DeleteJobQueue', { jobQueue: 'q' }, at('batch', 'job-queue/q')],
  ['elasticbeanstalk.TerminateEnvironment', { environmentName: 'e' }, at('elasticbeanstalk', 'environment/app/e')],
  ['secretsmanager.DeleteSecret', { secretId: 'db' }, at('secretsmanager', 'secret:db-AbCdEf')],
  ['ssm.DeleteParameter', { name: '/a/b' }, at('ssm', 'parameter/a/b')],
  ['ssm.DeleteParameter', { name: 'plain' }, at('ssm', 'parameter/plain')],
  ['kms.ScheduleKeyDeletion', { keyId: 'k1' }, at('kms', 'key/k1')],
  ['kms.DeleteAlias', { aliasName: 'alias/app' }, at('kms', 'alias/app')],
  ['logs.DeleteLogGroup', { logGroupName: '/x' }, at('logs', 'log-group:/x:*')],
  ['monitoring.DeleteAlarms', { alarmNames: ['cpu'] }, at('cloudwatch', 'alarm:cpu')],
  ['events.DeleteRule', { name: 'r' }, at('events', 'rule/bus/r')],
  ['events.DeleteApiDestination', { name: 'd' }, at('events', 'api-destination/d/9f')],
  ['scheduler.DeleteSchedule', { name: 's' }, at('scheduler', 'schedule/default/s')],
  ['states.DeleteStateMachine', { stateMachineArn: at('states', 'stateMachine:S') }, at('states', 'stateMachine:S')],
  ['sqs.DeleteQueue', { queueUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/q' }, at('sqs', 'q')],
  ['firehose.DeleteDeliveryStream', { deliveryStreamName: 'd' }, at('firehose', 'deliverystream/d')],
  ['cloudformation.DeleteStackSet', { stackSetName: 'base' }, at('cloudformation', 'stackset/base:1a2b')],
  ['cloudformation.DeleteStack', { stackName: 'app' }, at('cloudformation', 'stack/app/0a1b')],
  [
    'autoscaling.DeleteAutoScalingGroup',
    { autoScalingGroupName: 'web' },
    at('autoscaling', 'autoScalingGroup:u:autoScalingGroupName/web'),
  ],
  [
    'elasticloadbalancing.DeleteLoadBalancer',
    { loadBalancerName: 'web' },
    at('elasticloadbalancing', 'loadbalancer/app/web/50dc'),
  ],
  ['wafv2.DeleteWebACL', { name: 'edge', id: 'w1' }, at('wafv2', 'regional/webacl/edge/w1')],
  ['guardduty.DeleteFilter', { detectorId: 'd1', filterName: 'hide' }, at('guardduty', 'detector/d1/filter/hide')],
  ['cognito-idp.DeleteUserPool', { userPoolId: 'eu_1' }, at('cognito-idp', 'userpool/eu_1')],
  ['route53.DeleteHostedZone', { id: '/hostedzone/Z1' }, 'arn:aws:route53:::hostedzone/Z1'],
  ['cloudfront.DeleteDistribution2020_05_31', { id: 'E1' }, 'arn:aws:cloudfront::111122223333:distribution/E1'],
  ['apigateway.DeleteRestApi', { restApiId: 'a1' }, 'arn:aws:apigateway:eu-central-1::/restapis/a1'],
  [
    'apigateway.DeleteStage',
    { restApiId: 'a1', stageName: 'prod' },
    'arn:aws:apigateway:eu-central-1::/restapis/a1/stages/prod',
  ],
  ['appsync.DeleteGraphqlApi', { apiId: 'g1' }, at('appsync', 'apis/g1')],
  ['amplify.DeleteBranch', { appId: 'd1', branchName: 'main' }, at('amplify', 'apps/d1/branches/main')],
  ['iot.DeleteCertificate', { certificateId: 'abc' }, at('iot', 'cert/abc')],
  ['glue.DeleteTable', { databaseName: 'audit', name: 'entries' }, at('glue', 'table/audit/entries')],
  ['athena.DeleteWorkGroup', { workGroup: 'w' }, at('athena', 'workgroup/w')],
  ['codeartifact.DeleteRepository', { domain: 'd', repository: 'r' }, at('codeartifact', 'repository/d/r')],
  ['quicksight.DeleteDataSet', { dataSetId: 'ds' }, at('quicksight', 'dataset/ds')],
  [
    'organizations.DeleteOrganizationalUnit',
    { organizationalUnitId: 'ou-1' },
    'arn:aws:organizations::111122223333:ou/o-1/ou-1',
  ],
  [
    'organizations.CloseAccount',
    { accountId: '222233334444' },
    'arn:aws:organizations::111122223333:account/o-1/222233334444',
  ],
  ['cloudtrail.DeleteTrail', { name: 'all' }, at('cloudtrail', 'trail/all')],
  ['backup.DeleteBackupVault', { backupVaultName: 'v' }, at('backup', 'backup-vault:v')],
  ['mq.DeleteBroker', { 'broker-id': 'b-1' }, at('mq', 'broker:m:b-1')],
  ['ses.DeleteIdentity', { identity: 'example.org' }, at('ses', 'identity/example.org')],
  ['s3.DeleteAccessPoint', { name: 'ap' }, at('s3', 'accesspoint/ap')],
];

test.each(PAIRS)('%s %j acts on what is %s elsewhere', (call, requestParameters, arn) => {
  const [service, eventName] = call.split(/\.(.*)/s) as [string, string];
  const record = { eventSource: `${service}.amazonaws.com`, eventName, readOnly: false, requestParameters };
  const { target } = inputOf(trailEvent(record));
  expect(target).toEqual(resourceOfArn(arn, HOME));
  expect(inputOf(trailEvent({ ...record, requestParameters: null, resources: [{ ARN: arn }] })).target).toEqual(target);
});

test('an ARN in a path is percent-encoded, and is the same ARN', () => {
  const arn = at('eks', 'cluster/k8s');
  const record = { eventSource: 'eks.amazonaws.com', eventName: 'TagResource', readOnly: false };
  const target = (resourceArn: string) => inputOf(trailEvent({ ...record, requestParameters: { resourceArn } })).target;
  expect(target(encodeURIComponent(arn))).toEqual(target(arn));
  expect(target('arn%3Aaws%3A%E0%A4%A')).toEqual({ type: 'eks:resource', id: 'arn%3Aaws%3A%E0%A4%A' });
});

test('what looks like an id of EC2’s is one only with a digit, and where its prefix is EC2’s alone', () => {
  expect(resourceOfEc2Id('vpc-0a1', 'rds')).toEqual({ type: 'ec2:vpc', id: 'vpc-0a1' });
  expect(resourceOfEc2Id('vpc-cni', 'eks')).toBeUndefined();
  expect(resourceOfEc2Id('h-0a1', 'ec2')).toEqual({ type: 'ec2:host', id: 'h-0a1' });
  expect(resourceOfEc2Id('h-0a1', 'organizations')).toBeUndefined();
  expect(resourceOfEc2Id(`i-${'0'.repeat(1_000)}`, 'ec2')).toBeUndefined();
});
