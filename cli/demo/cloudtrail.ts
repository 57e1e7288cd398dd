// What AWS itself would tell of the demo's month: records as CloudTrail writes them, for the event bus.
import { incidentNight } from './incident.ts';
import { minutes, type Period } from './period.ts';
import { type Random, randomOf } from './random.ts';
import type { Telling } from './story.ts';

export interface CloudTrailRecord {
  readonly eventVersion: string;
  readonly eventID: string;
  /** RFC 3339 in seconds. */
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly [member: string]: unknown;
}

/** AWS's own example account and key id. */
const ACCOUNT = '111122223333';
const ACCESS_KEY = 'AKIAIOSFODNN7EXAMPLE';

const userArn = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;

function user(name: string, mfa = true) {
  return {
    ...{ type: 'IAMUser', principalId: `AIDA${name.toUpperCase().replace(/\W/g, '')}`, arn: userArn(name) },
    ...{ accountId: ACCOUNT, accessKeyId: ACCESS_KEY, userName: name },
    sessionContext: { attributes: { mfaAuthenticated: String(mfa) } },
  };
}

const OPERATOR = user('platform-operator-1');
const LEAVER = user('platform-operator-2', false);
const ROLE = {
  ...{ type: 'AssumedRole', principalId: 'AROAEXAMPLE:deploy', accountId: ACCOUNT },
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/deploy`,
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/deployer`, userName: 'deployer' },
  },
};

type Call = readonly [day: number, identity: object, service: string, name: string, more?: object];

const signedIn = (result: string, mfa: string) => ({
  ...{ eventType: 'AwsConsoleSignIn', responseElements: { ConsoleLogin: result } },
  additionalEventData: { MFAUsed: mfa, MobileVersion: 'No' },
});
const reads = (requestParameters: object | null) => ({ readOnly: true, requestParameters });
const refused = (requestParameters: object) => ({
  ...{ errorCode: 'AccessDenied', errorMessage: 'The user is not authorized to perform this operation' },
  ...{ readOnly: false, requestParameters },
});
const does = (requestParameters: object, responseElements: object | null = null) => ({
  ...{ readOnly: false, requestParameters, responseElements },
});

const CALLS: readonly Call[] = [
  [2, OPERATOR, 'signin', 'ConsoleLogin', signedIn('Success', 'Yes')],
  [2, OPERATOR, 's3', 'ListBuckets', reads(null)],
  [4, ROLE, 'lambda', 'UpdateFunctionCode20150331v2', does({ functionName: 'portal-forms' })],
  [
    5,
    OPERATOR,
    'iam',
    'CreateUser',
    does({ userName: 'platform-operator-2' }, { user: { userName: 'platform-operator-2' } }),
  ],
  [
    5,
    OPERATOR,
    'iam',
    'AttachUserPolicy',
    does({ userName: 'platform-operator-2', policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
  ],
  [8, OPERATOR, 'ec2', 'AuthorizeSecurityGroupIngress', does({ groupId: 'sg-0a1b2c3d4e5f60718' })],
  [12, ROLE, 'kms', 'Decrypt', reads({ encryptionContext: { table: 'cases' } })],
  [15, OPERATOR, 's3', 'PutBucketLifecycle', does({ bucketName: 'office-uploads' })],
  [24, OPERATOR, 'iam', 'DeleteAccessKey', does({ userName: 'platform-operator-2', accessKeyId: ACCESS_KEY })],
  [25, OPERATOR, 'iam', 'DeleteUser', does({ userName: 'platform-operator-2' })],
];

/** In the night of the incident somebody tries the account that was about to be removed. */
const NIGHT: readonly Call[] = [
  [58, LEAVER, 'signin', 'ConsoleLogin', signedIn('Failure', 'No')],
  [59, LEAVER, 'signin', 'ConsoleLogin', signedIn('Success', 'No')],
  [62, LEAVER, 'secretsmanager', 'GetSecretValue', refused({ secretId: 'mail-gateway' })],
  [63, LEAVER, 'cloudtrail', 'StopLogging', refused({ name: 'organization-trail' })],
];

export function recordsOf({ period, tag, seed }: Telling): readonly CloudTrailRecord[] {
  const random = randomOf(`${seed}/cloudtrail`);
  const night = incidentNight(period);
  const timed = [
    ...CALLS.map((call) => ({ call, at: workTime(period, call[0], random), ip: '198.51.100.90' })),
    ...NIGHT.map((call) => ({ call, at: night + minutes(call[0]), ip: '203.0.113.77' })),
  ].sort((a, b) => a.at - b.at);
  return timed.map(({ call, at, ip }, n) => recordOf(call, at, ip, idOf(tag, n + 1)));
}

function workTime(period: Period, day: number, random: Random): number {
  return period.at(period.workday(day), random.int(9, 16), random.int(0, 59));
}

/** A UUID to look at, of version 8 (RFC 9562), made of the tag and the number. */
function idOf(tag: string, number: number): string {
  return `${tag.slice(0, 8)}-0000-8000-8000-${String(number).padStart(12, '0')}`;
}

function recordOf(
  [, userIdentity, service, eventName, more]: Call,
  at: number,
  ip: string,
  eventID: string,
): CloudTrailRecord {
  return {
    ...{ eventVersion: '1.11', userIdentity, eventTime: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z') },
    ...{ eventSource: `${service}.amazonaws.com`, eventName, awsRegion: 'us-east-1', sourceIPAddress: ip },
    ...{ userAgent: 'aws-cli/2.31', requestParameters: null, responseElements: null, requestID: `r-${eventID}` },
    ...{
      eventID,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: ACCOUNT,
      eventCategory: 'Management',
    },
    ...more,
  };
}
