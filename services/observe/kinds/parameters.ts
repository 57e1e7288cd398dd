// What the parameters of calls call resources: which names mean a resource, and of which kind.
import { table } from '../table.ts';

/** Names of parameters that mean a resource of one service, whichever service is called. */
export const OF_PARAMETERS = table<string>({
  bucket: 's3:bucket',
  's3-bucket': 's3:bucket',
  role: 'iam:role',
  'execution-role': 'iam:role',
  'task-role': 'iam:role',
  'iam-role': 'iam:role',
  'service-role': 'iam:role',
  'node-role': 'iam:role',
  'job-flow-role': 'iam:instance-profile',
  'instance-profile': 'iam:instance-profile',
  'iam-instance-profile': 'iam:instance-profile',
  'kms-key': 'kms:key',
  'kms-master-key': 'kms:key',
  'sns-topic': 'sns:topic',
  'lambda-function': 'lambda:function',
  'log-group': 'logs:log-group',
  'cloud-watch-logs-log-group': 'logs:log-group',
  vpc: 'ec2:vpc',
  subnet: 'ec2:subnet',
  'client-subnet': 'ec2:subnet',
  secret: 'secretsmanager:secret',
  'hosted-zone': 'route53:hosted-zone',
  'user-pool': 'cognito-idp:user-pool',
});

/** The same, where the name depends on the service that is called. `service:` alone is what a bare `name` or `id` is of. */
export const OF_SERVICES = table<string>({
  'ec2:group': 'ec2:security-group',
  'ec2:allocation': 'ec2:elastic-ip',
  'ec2:key': 'ec2:key-pair',
  'ec2:user': 'organizations:account',
  'elasticloadbalancing:target-group': 'elasticloadbalancing:target-group',
  'kms:target-key': 'kms:key',
  'ssm:target': 'ec2:instance',
  'ssm:instance': 'ec2:instance',
  'autoscaling:instance': 'ec2:instance',
  'elasticloadbalancing:instance': 'ec2:instance',
  'ec2-instance-connect:instance': 'ec2:instance',
  'organizations:create-account-status': 'organizations:create-account-status',
  'iam:virtual-mfa-device': 'iam:mfa',
  'iam:open-id-connect-provider': 'iam:oidc-provider',
  'cognito-idp:pool': 'cognito-idp:user-pool',
  'cognito-idp:client': 'cognito-idp:user-pool-client',
  'eks:': 'eks:cluster',
  'codepipeline:': 'codepipeline:pipeline',
  'scheduler:group': 'scheduler:schedule-group',
  'lakeformation:table': 'glue:table',
  'lakeformation:database': 'glue:database',
  'elasticmapreduce:job-flow': 'elasticmapreduce:cluster',
  'mobiletargeting:application': 'mobiletargeting:app',
  'appsync:api': 'appsync:graphql-api',
  'ses:email-identity': 'ses:identity',
  'signer:profile': 'signer:signing-profile',
  'redshift:snapshot-cluster': 'redshift:cluster',
  'es:elasticsearch-domain': 'es:domain',
  'greengrass:core-device-thing': 'greengrass:core-device',
  'sagemaker:notebook': 'sagemaker:notebook-instance',
  'glue:endpoint': 'glue:dev-endpoint',
  'lightsail:bucket': 'lightsail:bucket',
  'route53:hostedzone': 'route53:hosted-zone',
  'route53:healthcheck': 'route53:health-check',
  'apigateway:usageplan': 'apigateway:usage-plan',
  'guardduty:destination': 'guardduty:publishing-destination',
  'access-analyzer:rule': 'access-analyzer:archive-rule',
  'config:authorized-account': 'organizations:account',
  'organizations:target': 'organizations:account',
  'rds:subscription': 'rds:event-subscription',
  'redshift:parameter-group': 'redshift:cluster-parameter-group',
  'macie2:job': 'macie2:classification-job',
  'sso:role': 'sso:permission-set',
});

/** Names of parameters that are no identifier by their ending, but hold one, in every service. */
const BARE: ReadonlySet<string> = new Set([
  ...['bucket', 'targetBucket', 's3Bucket', 'cluster', 'role', 'serviceRole', 'iamRole', 'nodeRole', 'jobFlowRole'],
  ...['taskDefinition', 'stateMachine', 'workGroup', 'repository', 'subnet', 'clientSubnet', 'securityGroup'],
  ...['jobQueue', 'jobDefinition', 'computeEnvironment', 'instanceProfile', 'stack', 'stream', 'project'],
]);

/** The same in one service, where the word means something else elsewhere. */
const BARE_IN = table<readonly string[]>({
  ecs: ['service', 'task', 'containerInstance'],
  ssm: ['target'],
  sts: ['targetPrincipal'],
  events: ['rule'],
  codeartifact: ['domain', 'package'],
  ses: ['identity', 'emailIdentity'],
  apigateway: ['apiKey'],
  servicequotas: ['quotaCode'],
  glue: ['tablesToDelete'],
});

/** The word that stands for the kind where the parameter's own name does not. */
const SPELLED = table<string>({
  tablesToDelete: 'table',
  quotaCode: 'quota',
  targetBucket: 'bucket',
});

/** What a parameter is of that holds an identifier without saying so, as its name says it; undefined if it holds none. */
export function bareKind(key: string, service: string): string | undefined {
  const lower = key.slice(0, 1).toLowerCase() + key.slice(1);
  if (!BARE.has(lower) && BARE_IN[service]?.includes(lower) !== true) return undefined;
  return SPELLED[lower] ?? lower;
}

/** Services whose calls act on accounts: there `accountId` is what is acted on and not where it lies. */
export const ON_ACCOUNTS: ReadonlySet<string> = new Set([
  ...['organizations', 'guardduty', 'securityhub', 'macie2', 'detective', 'inspector2', 'account'],
]);

/** Members of `additionalEventData` that name what the request hides or lacks. */
export const ADDITIONAL = table<string>({
  'cognito-idp:sub': 'cognito-idp:user',
  's3:jobId': 's3:job',
});

/** Calls whose target is of a kind that their own name does not mention, or mentions behind another. */
export const OF_CALLS = table<string>({
  'cloudtrail:StartLogging': 'cloudtrail:trail',
  'cloudtrail:StopLogging': 'cloudtrail:trail',
  'cloudtrail:PutEventSelectors': 'cloudtrail:trail',
  'cloudtrail:PutInsightSelectors': 'cloudtrail:trail',
  'ssm:SendCommand': 'ec2:instance',
  'ssm:StartSession': 'ec2:instance',
  'ssm:UpdateInstanceInformation': 'ec2:instance',
  'ssm:ModifyDocumentPermission': 'ssm:document',
  'sts:AssumeRoot': 'organizations:account',
  'kms:ScheduleKeyDeletion': 'kms:key',
  'events:RemoveTargets': 'events:rule',
  'events:PutTargets': 'events:rule',
  'events:PutPermission': 'events:event-bus',
  'events:RemovePermission': 'events:event-bus',
  'cloudfront:CreateInvalidation': 'cloudfront:distribution',
  'cloudformation:ExecuteChangeSet': 'cloudformation:stack',
  'ecs:ExecuteCommand': 'ecs:task',
  'eks:AssociateAccessPolicy': 'eks:cluster',
  'eks:DisassociateAccessPolicy': 'eks:cluster',
  'redshift:CreateClusterSnapshot': 'redshift:snapshot',
  'redshift:CopyClusterSnapshot': 'redshift:snapshot',
  'redshift:ModifyClusterSnapshot': 'redshift:snapshot',
  'redshift:DeleteClusterSnapshot': 'redshift:snapshot',
  'sso:CreateAccountAssignment': 'sso:permission-set',
  'sso:DeleteAccountAssignment': 'sso:permission-set',
  'lakeformation:GrantPermissions': 'glue:table',
  'lakeformation:RevokePermissions': 'glue:table',
  'elasticloadbalancing:RegisterTargets': 'elasticloadbalancing:target-group',
  'elasticloadbalancing:DeregisterTargets': 'elasticloadbalancing:target-group',
  'elasticloadbalancing:SetSecurityGroups': 'elasticloadbalancing:load-balancer',
  'elasticloadbalancing:SetSubnets': 'elasticloadbalancing:load-balancer',
  'firehose:UpdateDestination': 'firehose:delivery-stream',
  'glue:CreatePartition': 'glue:table',
  'glue:DeletePartition': 'glue:table',
  'glue:BatchDeletePartition': 'glue:table',
  'route53:ChangeResourceRecordSets': 'route53:hosted-zone',
  'ec2:AssociateIamInstanceProfile': 'ec2:instance',
  'ec2:AuthorizeSecurityGroupIngress': 'ec2:security-group',
  'ec2:AuthorizeSecurityGroupEgress': 'ec2:security-group',
  'ec2:RevokeSecurityGroupIngress': 'ec2:security-group',
  'ec2:RevokeSecurityGroupEgress': 'ec2:security-group',
  'ec2:ModifySecurityGroupRules': 'ec2:security-group',
  'ec2:RequestSpotInstances': 'ec2:spot-instance-request',
  'ds:CreateMicrosoftAD': 'ds:directory',
  'ds:ConnectDirectory': 'ds:directory',
  'logs:AssociateKmsKey': 'logs:log-group',
  'logs:DisassociateKmsKey': 'logs:log-group',
  'logs:PutSubscriptionFilter': 'logs:subscription-filter',
  'logs:DeleteSubscriptionFilter': 'logs:subscription-filter',
  'logs:PutMetricFilter': 'logs:metric-filter',
  'logs:DeleteMetricFilter': 'logs:metric-filter',
  'inspector2:Disable': 'organizations:account',
  'organizations:CreateAccountResult': 'organizations:account',
});

/** Parameters that mean the target of one call under a name that says less: a filter of logs is one of two kinds. */
export const IN_CALLS = table<string>({
  'logs:PutSubscriptionFilter:filter': 'logs:subscription-filter',
  'logs:DeleteSubscriptionFilter:filter': 'logs:subscription-filter',
  'logs:PutMetricFilter:filter': 'logs:metric-filter',
  'logs:DeleteMetricFilter:filter': 'logs:metric-filter',
  'sts:AssumeRoot:target-principal': 'organizations:account',
  'cloud9:CreateEnvironmentEC2:': 'cloud9:environment',
});

/** Words by which a call's name mentions a kind that it has no other name of. */
export const MENTIONED_AS = table<string>({
  'elastic-ip': 'address',
  'network-interface-attachment': 'networkinterface',
  'route-table': 'route',
  'security-group-rule': 'securitygroup',
  'create-account-status': 'createaccount',
});

/** Kinds whose ARNs hold an id that nobody uses in requests, where names are used: the name stands for the thing. */
export const NAMED_BESIDE_ARN: ReadonlySet<string> = new Set([
  ...['rds:db-proxy', 'redshift-serverless:workgroup', 'redshift-serverless:namespace', 'config:config-rule'],
]);
