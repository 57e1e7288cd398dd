// How grave a CloudTrail record is: deletions and security events critical, major changes high, other changes medium, reads low.
import type { Outcome, Severity } from '../../core/entry/schema.ts';
import { isJsonObject, type JsonObject } from '../../core/json/value.ts';
import { exposes } from './exposure.ts';
import { blinds, weakens } from './safeguards.ts';

/** What the severity of a call rests on. `name`: without the API's version. */
export interface SeverityInput {
  readonly record: JsonObject;
  readonly service: string;
  readonly name: string;
  readonly outcome: Outcome;
}

/** Reads that hand out secrets or data. */
const REVEALING: ReadonlySet<string> = new Set([
  ...['GetSecretValue', 'BatchGetSecretValue', 'GetPasswordData', 'GetAuthorizationToken', 'GetFederationToken'],
  ...['GetSessionToken', 'GetAccountAuthorizationDetails', 'GetCredentialReport', 'DescribeDBSnapshotAttributes'],
  ...['GetClusterCredentials', 'GetClusterCredentialsWithIAM', 'GetRoleCredentials', 'GetCredentialsForIdentity'],
  ...['GenerateCredentialReport', 'ExportCertificate', 'GetConsoleScreenshot', 'GetSigninToken'],
]);

/** Services whose every change is about who may do what, or about evidence. */
const GUARDING: ReadonlySet<string> = new Set([
  ...[
    'iam',
    'organizations',
    'sso',
    'sso-directory',
    'identitystore',
    'signin',
    'cloudtrail',
    'config',
    'kms',
    'account',
  ],
  ...[
    'guardduty',
    'securityhub',
    'macie2',
    'inspector2',
    'access-analyzer',
    'ram',
    'acm-pca',
    'rolesanywhere',
    'signer',
  ],
  ...['wafv2', 'waf', 'waf-regional', 'network-firewall', 'shield', 'fms', 'lakeformation', 'route53domains'],
]);

/** What happens all day in those services: findings and evaluations that come in, sign-ins step by step. */
const ROUTINE: ReadonlySet<string> = new Set([
  ...['PutEvaluations', 'PutExternalEvaluation', 'StartConfigRulesEvaluation', 'DeliverConfigSnapshot'],
  ...['BatchImportFindings', 'BatchUpdateFindings', 'CreateInsight', 'UpdateInsight', 'CreateSampleFindings'],
  ...['CreateClassificationJob', 'GenerateServiceLastAccessedDetails', 'StartQuery', 'CancelQuery'],
  ...['Authenticate', 'Federate', 'Logout', 'CreateToken', 'CheckMfa', 'SwitchRole', 'ExitRole', 'RenewRole'],
  ...['UserAuthentication', 'CredentialChallenge', 'CredentialVerification', 'GetSigninToken', 'RecordPolicyUsage'],
]);

/** Words of a call's name that say that it changes access, exposure, credentials, networks, evidence or code. */
const MAJOR = new RegExp(
  [
    '(?<!Scaling)Polic(?:y|ies)|Permission|Acl|ACL|Access|SecurityGroup|SecurityConfig|Public|Trust|Grant|Admin|Authoriz',
    'Federat|Identity|Owner|Shar(?:e|ing)|User(?!Pool)|Role|Principal|Login|MFA|Password|Credential|KeyPair|ApiKey|Account',
    'SSHPublicKey|SecretValue|Certificate|Presigned|Route|Gateway|Peering|Vpn|VpcEndpoint|TrafficMirror|HostedZone|Firewall',
    'ResourceRecord|Encryption|KmsKey|Logging|FlowLogs|Versioning|BucketReplication|ReplicationConfiguration|BucketLifecycle',
    'Website|Retention|Lock|LegalHold|Protection|Restore|SnapshotAttribute|ImageAttribute|^Export|ExportTask|ExportTable',
    '^(?:Update|Put|Modify|Stop|Disable).*Backup|RecoveryPoint|SubscriptionFilter|^Unsubscribe|ReservedInstances|^Purchase',
    'FunctionCode|FunctionConfiguration|FunctionUrl|^UpdateStateMachine|Stack|^ExecuteChangeSet|StartSession|ResumeSession',
    'SendCommand|ExecuteCommand|StartAutomationExecution|IamInstanceProfile|Organization',
  ].join('|'),
);

const DELETION =
  /^(?:Force|Batch|Admin)?(?:Delete|Terminate|Purge|Destroy|Dispose|Release|Drop)|^ScheduleKeyDeletion$|^DeregisterImage$/;
/** Labels, messages that are consumed, sessions and jobs that end, what a service takes down behind itself. */
const TRIFLING =
  /^(?:Un)?[Tt]ag|Tags?$|Tagging$|Tags(?:To|From|For|On)|^(?:Batch)?Delete\w*Message(?:Batch)?$|^DeleteNetworkInterface$|^AbortMultipart|^Terminate(?:Session|Job)$|^TerminateClientVpnConnections$|^DeleteChangeSet$/;
/** Deletions that end in the opposite: without its retention, a log is kept for ever. */
const KEEPING = /^DeleteRetentionPolicy$|^DeleteBucketLifecycle|^DeleteLifecycle/;

export function severityOf({ record, service, name, outcome }: SeverityInput): Severity {
  const call = { record, service, name };
  const reads = isRead(call);
  const done = outcome === 'success' || outcome === 'unknown';
  if (name === 'ConsoleLogin') return signInSeverity(record, outcome);
  if (done && !reads && exposes(call)) return 'critical';
  if (isAwsItself(record)) return reads && done ? 'low' : 'medium';
  if (blinds(call, done || outcome === 'denied')) return 'critical';
  if (isRoot(record)) return reads ? 'high' : 'critical';
  if (record.eventType === 'AwsServiceEvent') return 'info';
  if (outcome === 'denied') return reads ? 'medium' : 'high';
  if (reads) return REVEALING.has(name) || revealsParameter(call) || isFromOutside(call) ? 'medium' : 'low';
  if (outcome === 'failure' || isTrifling(call)) return 'medium';
  if (KEEPING.test(name)) return 'high';
  if (DELETION.test(name)) return 'critical';
  return GUARDING.has(service) || MAJOR.test(name) || weakens(call) ? 'high' : 'medium';
}

const READ =
  /^(?:Get|BatchGet|List|Describe|Head|Lookup|Search|Scan|Query|Select|Preview|Validate|Estimate|Simulate)(?![a-z])/;
/** Uses of keys and roles, which CloudTrail marks as reads. */
const USED =
  /^(?:Decrypt|Encrypt|ReEncrypt|GenerateDataKey|GenerateMac|GenerateRandom|VerifyMac|Sign$|Verify$)|^AssumeRole(?:With|$)/;

/** Old records have no `readOnly`, and some services say false of their reads: the name counts too. */
function isRead({ record, service, name }: Omit<SeverityInput, 'outcome'>): boolean {
  if (record.readOnly === true || record.readOnly === 'true') return true;
  if (service === 'signin') return false;
  return READ.test(name) || (['kms', 'sts'].includes(service) && USED.test(name));
}

/** AWS's services act for the account with roles of their own, which nobody else can take: they scale in and clear away all day. */
function isAwsItself({ eventType, userIdentity }: JsonObject): boolean {
  if (eventType === 'AwsServiceEvent' || !isJsonObject(userIdentity ?? null)) return false;
  const { type, sessionContext } = userIdentity as JsonObject;
  const issuer = isJsonObject(sessionContext ?? null) ? (sessionContext as JsonObject).sessionIssuer : undefined;
  const arn = isJsonObject(issuer ?? null) ? (issuer as JsonObject).arn : undefined;
  return (
    type === 'AWSService' || (typeof arn === 'string' && /^arn:[a-z-]+:iam::\d+:role\/aws-service-role\//.test(arn))
  );
}

/** What is not missed. */
function isTrifling({ service, name }: Omit<SeverityInput, 'outcome'>): boolean {
  return TRIFLING.test(name) || ROUTINE.has(name) || (service === 'autoscaling' && /Lifecycle/.test(name));
}

function revealsParameter({ record, service, name }: Omit<SeverityInput, 'outcome'>): boolean {
  const asked = isJsonObject(record.requestParameters ?? null) ? (record.requestParameters as JsonObject) : {};
  return service === 'ssm' && /^GetParameter/.test(name) && asked.withDecryption === true;
}

/** Another account takes a role of this one. */
function isFromOutside({ record, service }: Omit<SeverityInput, 'outcome'>): boolean {
  const user = isJsonObject(record.userIdentity ?? null) ? (record.userIdentity as JsonObject) : {};
  return service === 'sts' && user.type === 'AWSAccount' && user.accountId !== record.recipientAccountId;
}

/** A person who signs in without a second factor: a federated one has it at the identity provider. */
function signInSeverity(record: JsonObject, outcome: Outcome): Severity {
  if (isRoot(record)) return 'critical';
  if (outcome === 'denied') return 'high';
  if (outcome !== 'success') return 'medium';
  const { additionalEventData: more, userIdentity } = record;
  const own = isJsonObject(userIdentity ?? null) && (userIdentity as JsonObject).type === 'IAMUser';
  return own && isJsonObject(more ?? null) && (more as JsonObject).MFAUsed === 'No' ? 'high' : 'medium';
}

/** The account's root user, and not a service on its behalf. */
function isRoot({ userIdentity }: JsonObject): boolean {
  if (!isJsonObject(userIdentity ?? null)) return false;
  const { type, invokedBy } = userIdentity as JsonObject;
  return type === 'Root' && (invokedBy === undefined || invokedBy === null);
}
