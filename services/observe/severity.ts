// How grave a CloudTrail record is: deletions and security events critical, major changes high, other changes medium, reads low.
import type { Outcome, Severity } from '../../core/entry/schema.ts';
import { isJsonObject, type JsonObject } from '../../core/json/value.ts';
import { exposes } from './exposure.ts';

/** What the severity of a call rests on. `name`: without the API's version. */
export interface SeverityInput {
  readonly record: JsonObject;
  readonly service: string;
  readonly name: string;
  readonly outcome: Outcome;
}

/** Calls that blind an account or take its safeguards away, tried or done. */
const BLINDING: ReadonlySet<string> = new Set([
  ...['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'PutInsightSelectors', 'DeleteEventDataStore'],
  ...[
    'StopEventDataStoreIngestion',
    'StopConfigurationRecorder',
    'DeleteConfigurationRecorder',
    'DeleteDeliveryChannel',
  ],
  ...['DeleteConfigRule', 'DeleteDetector', 'DeletePublishingDestination', 'DisassociateFromMasterAccount'],
  ...['DisassociateFromAdministratorAccount', 'StopMonitoringMembers', 'CreateFilter', 'CreateIPSet', 'UpdateIPSet'],
  ...['DisableSecurityHub', 'BatchDisableStandards', 'DisableMacie', 'DeleteAnalyzer', 'DeleteFlowLogs'],
  ...['DeleteResolverQueryLogConfig', 'DisassociateResolverQueryLogConfig', 'DeleteLogGroup', 'DeleteLogStream'],
  ...[
    'DeleteSubscriptionFilter',
    'DeleteMetricFilter',
    'DeleteAlarms',
    'DisableAlarmActions',
    'DisableRule',
    'DeleteRule',
  ],
  ...['RemoveTargets', 'DisableKey', 'ScheduleKeyDeletion', 'DeleteImportedKeyMaterial', 'DisableKeyRotation'],
  ...['DeleteWebACL', 'DisassociateWebACL', 'DeleteFirewall', 'DeleteLoggingConfiguration', 'DeactivateMFADevice'],
  ...['DeleteVirtualMFADevice', 'DeleteAccountPasswordPolicy', 'DeleteAccountPublicAccessBlock'],
  ...['DeletePublicAccessBlock', 'DeleteBucketPublicAccessBlock', 'LeaveOrganization', 'DeleteOrganization'],
  ...['DisableOrganizationAdminAccount', 'DetachPolicyFromOrganization', 'DisablePolicyType', 'DeleteBackupVault'],
  ...['DeleteRecoveryPoint', 'DeleteBackupVaultLockConfiguration'],
]);

/** Reads that hand out secrets or data. */
const REVEALING: ReadonlySet<string> = new Set([
  ...['GetSecretValue', 'BatchGetSecretValue', 'GetPasswordData', 'GetAuthorizationToken', 'GetFederationToken'],
  ...['GetSessionToken', 'GetAccountAuthorizationDetails', 'GetCredentialReport', 'DescribeDBSnapshotAttributes'],
]);

/** Services whose every change is about who may do what, or about evidence. */
const GUARDING: ReadonlySet<string> = new Set([
  ...['iam', 'organizations', 'sso', 'sso-directory', 'identitystore', 'signin', 'cloudtrail', 'config', 'kms'],
  ...['guardduty', 'securityhub', 'macie2', 'access-analyzer', 'ram', 'acm-pca', 'wafv2', 'network-firewall'],
]);

/** Words of a call's name that say that it changes access, exposure, credentials, networks, evidence or code. */
const MAJOR =
  /Policy|Permission|Acl|Access|Security|Route|Gateway|Peering|Vpn|User|Role|Group|Login|MFA|Password|Credential|KeyPair|Certificate|Encryption|Logging|Versioning|Replication|Lifecycle|Retention|Lock|Shar|Public|Trust|Grant|Admin|Authoriz|Federat|Identity|Owner|Restore|SnapshotAttribute|ImageAttribute|Protection|Rule|Alarm|FlowLogs|Log|Detector|Firewall|Subscription|Domain|HostedZone|ResourceRecord|Organization|FunctionCode|FunctionConfiguration|FunctionUrl|StateMachine|StartSession|ResumeSession|SendCommand|ConnectionPassword|Account|Backup|ReservedInstances|Template|Stack/;

const DELETION = /^(?:Force|Batch|Admin)?(?:Delete|Terminate|Purge|Destroy)|^ScheduleKeyDeletion$/;
/** Labels, and messages that are consumed: nothing that is missed. */
const TRIFLING = /^(?:Un)?[Tt]ag|Tags?$|Tagging$|^DeleteMessage|^DeleteNetworkInterface$/;

export function severityOf({ record, service, name, outcome }: SeverityInput): Severity {
  const reads = record.readOnly === true || record.readOnly === 'true';
  const done = outcome === 'success' || outcome === 'unknown';
  if (isSignIn(name)) return signInSeverity(record, outcome);
  if (BLINDING.has(name) || (done && exposes(record, name))) return 'critical';
  if (isRoot(record)) return reads ? 'high' : 'critical';
  if (record.eventType === 'AwsServiceEvent') return 'info';
  if (outcome === 'denied') return reads ? 'medium' : 'high';
  if (reads) return REVEALING.has(name) ? 'medium' : 'low';
  if (outcome === 'failure' || TRIFLING.test(name)) return 'medium';
  if (DELETION.test(name)) return 'critical';
  return GUARDING.has(service) || MAJOR.test(name) ? 'high' : 'medium';
}

const isSignIn = (name: string): boolean => name === 'ConsoleLogin';

/** A person who signs in without a second factor: a federated one has it at the identity provider. */
function signInSeverity(record: JsonObject, outcome: Outcome): Severity {
  if (isRoot(record)) return 'critical';
  if (outcome === 'denied') return 'high';
  if (outcome !== 'success') return 'medium';
  const { additionalEventData: more, userIdentity } = record;
  const own = isJsonObject(userIdentity) && userIdentity.type === 'IAMUser';
  return own && isJsonObject(more) && more.MFAUsed === 'No' ? 'high' : 'medium';
}

/** The account's root user, and not a service on its behalf. */
function isRoot({ userIdentity }: JsonObject): boolean {
  return isJsonObject(userIdentity) && userIdentity.type === 'Root' && userIdentity.invokedBy === undefined;
}
