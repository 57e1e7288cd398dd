// What AWS's services call their resources: in ARNs, in ids of EC2, and in parameters of calls.

/** Which part of an ARN's path behind the kind is the name: all of it, one step of it, or as the service has it. */
export type Part = 'rest' | 'first' | 'second' | 'last' | 'log-group' | 'secret' | 'parameter';

/** `service:kind` as ARNs spell it, the kind as it is called here, and where the name is; others are as they are spelled. */
export const OF_ARNS: Readonly<Record<string, readonly [kind: string, part: Part]>> = {
  'iam:role': ['role', 'last'],
  'iam:user': ['user', 'last'],
  'iam:group': ['group', 'last'],
  'iam:policy': ['policy', 'last'],
  'iam:instance-profile': ['instance-profile', 'last'],
  'iam:server-certificate': ['server-certificate', 'last'],
  'sts:assumed-role': ['assumed-role', 'rest'],
  'dynamodb:table': ['table', 'first'],
  'lambda:function': ['function', 'first'],
  'logs:log-group': ['log-group', 'log-group'],
  'secretsmanager:secret': ['secret', 'secret'],
  'ssm:parameter': ['parameter', 'parameter'],
  'cloudformation:stack': ['stack', 'first'],
  'cloudformation:stackset': ['stack-set', 'first'],
  'events:rule': ['rule', 'last'],
  'rds:db': ['db-instance', 'rest'],
  'rds:cluster': ['db-cluster', 'rest'],
  'rds:snapshot': ['db-snapshot', 'rest'],
  'rds:cluster-snapshot': ['db-cluster-snapshot', 'rest'],
  'rds:pg': ['db-parameter-group', 'rest'],
  'rds:cluster-pg': ['db-cluster-parameter-group', 'rest'],
  'rds:subgrp': ['db-subnet-group', 'rest'],
  'rds:secgrp': ['db-security-group', 'rest'],
  'rds:og': ['option-group', 'rest'],
  'rds:es': ['event-subscription', 'rest'],
  'elasticloadbalancing:loadbalancer': ['load-balancer', 'second'],
  'elasticloadbalancing:targetgroup': ['target-group', 'first'],
  'states:stateMachine': ['state-machine', 'rest'],
  'autoscaling:autoScalingGroup': ['auto-scaling-group', 'last'],
  'autoscaling:launchConfiguration': ['launch-configuration', 'last'],
  'cognito-idp:userpool': ['user-pool', 'rest'],
  'cognito-identity:identitypool': ['identity-pool', 'rest'],
  'route53:hostedzone': ['hosted-zone', 'rest'],
  'firehose:deliverystream': ['delivery-stream', 'rest'],
  'wafv2:regional': ['web-acl', 'second'],
  'wafv2:global': ['web-acl', 'second'],
  'backup:recovery-point': ['recovery-point', 'rest'],
  'ec2:elastic-ip': ['elastic-ip', 'rest'],
};

/** Services whose ARNs end with a name alone. */
export const ONLY_KINDS: Readonly<Record<string, string>> = {
  sns: 'topic',
  sqs: 'queue',
  codecommit: 'repository',
  codepipeline: 'pipeline',
};

export const EC2_PREFIXES: Readonly<Record<string, string>> = {
  i: 'instance',
  vpc: 'vpc',
  subnet: 'subnet',
  sg: 'security-group',
  sgr: 'security-group-rule',
  vol: 'volume',
  snap: 'snapshot',
  ami: 'image',
  eni: 'network-interface',
  'eni-attach': 'network-interface-attachment',
  igw: 'internet-gateway',
  eigw: 'egress-only-internet-gateway',
  rtb: 'route-table',
  rtbassoc: 'route-table-association',
  nat: 'nat-gateway',
  eipalloc: 'elastic-ip',
  eipassoc: 'elastic-ip-association',
  acl: 'network-acl',
  aclassoc: 'network-acl-association',
  fl: 'flow-log',
  vpce: 'vpc-endpoint',
  'vpce-svc': 'vpc-endpoint-service',
  pcx: 'vpc-peering-connection',
  tgw: 'transit-gateway',
  'tgw-attach': 'transit-gateway-attachment',
  'tgw-rtb': 'transit-gateway-route-table',
  vgw: 'vpn-gateway',
  cgw: 'customer-gateway',
  vpn: 'vpn-connection',
  dopt: 'dhcp-options',
  lt: 'launch-template',
  key: 'key-pair',
  pl: 'prefix-list',
  sir: 'spot-instance-request',
  fleet: 'fleet',
  cr: 'capacity-reservation',
  'import-ami': 'import-image-task',
  'export-i': 'export-task',
};

/** Names of parameters that mean a resource of one service, whichever service is called. */
export const OF_PARAMETERS: Readonly<Record<string, string>> = {
  bucket: 's3:bucket',
  's3-bucket': 's3:bucket',
  role: 'iam:role',
  'execution-role': 'iam:role',
  'iam-role': 'iam:role',
  'service-role': 'iam:role',
  'instance-profile': 'iam:instance-profile',
  'iam-instance-profile': 'iam:instance-profile',
  'kms-key': 'kms:key',
  'kms-master-key': 'kms:key',
  'target-key': 'kms:key',
  'sns-topic': 'sns:topic',
  topic: 'sns:topic',
  queue: 'sqs:queue',
  'lambda-function': 'lambda:function',
  'log-group': 'logs:log-group',
  'cloud-watch-logs-log-group': 'logs:log-group',
  'security-group': 'ec2:security-group',
  vpc: 'ec2:vpc',
  subnet: 'ec2:subnet',
  secret: 'secretsmanager:secret',
  'hosted-zone': 'route53:hosted-zone',
  'user-pool': 'cognito-idp:user-pool',
};

/** The same, where the name depends on the service that is called. */
export const OF_SERVICES: Readonly<Record<string, string>> = {
  'ec2:group': 'ec2:security-group',
  'ec2:allocation': 'ec2:elastic-ip',
  'ec2:key': 'ec2:key-pair',
  'elasticloadbalancing:load-balancer': 'elasticloadbalancing:load-balancer',
  'cloudtrail:s3-bucket': 's3:bucket',
  'ssm:target': 'ec2:instance',
  'ssm:instance': 'ec2:instance',
  'ssm:resource': 'ssm:resource',
  'sts:role': 'iam:role',
  'events:event-bus': 'events:event-bus',
  'organizations:account': 'organizations:account',
  'ec2:user': 'aws:account',
};

/** Names of parameters that are no identifier by their ending, but hold one. */
export const BARE_PARAMETERS: ReadonlySet<string> = new Set([
  ...['bucket', 'target', 'rule', 'cluster', 'service', 'task', 'taskDefinition', 'queue', 'role', 'topic', 'resource'],
  ...[
    'stateMachine',
    'workGroup',
    'eventBus',
    'key',
    'repository',
    'function',
    'stack',
    'stream',
    'project',
    'streamArn',
  ],
]);

/** Calls whose own name says nothing of what `name`, `id` or `arn` is of. */
export const OF_CALLS: Readonly<Record<string, string>> = {
  'cloudtrail:StartLogging': 'cloudtrail:trail',
  'cloudtrail:StopLogging': 'cloudtrail:trail',
  'cloudtrail:PutEventSelectors': 'cloudtrail:trail',
  'cloudtrail:PutInsightSelectors': 'cloudtrail:trail',
  'ssm:SendCommand': 'ec2:instance',
  'ssm:StartSession': 'ec2:instance',
  'kms:ScheduleKeyDeletion': 'kms:key',
  'events:RemoveTargets': 'events:rule',
  'events:PutTargets': 'events:rule',
  'cloudfront:CreateInvalidation': 'cloudfront:distribution',
};

/** Words by which a call's name mentions a kind that it has no other name of. */
export const MENTIONED_AS: Readonly<Record<string, string>> = {
  'elastic-ip': 'address',
  'network-interface-attachment': 'networkinterface',
  'route-table-association': 'routetable',
  'security-group-rule': 'securitygroup',
  'flow-log': 'flowlog',
  object: 'object',
};
