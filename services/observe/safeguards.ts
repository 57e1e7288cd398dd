// Calls that blind an account or take its safeguards away, and settings that make something weaker than it was.
import type { JsonObject, JsonValue } from '../../core/json/value.ts';
import { membersOf, requestOf } from './members.ts';
import { table } from './table.ts';

interface Calling {
  readonly record: JsonObject;
  readonly service: string;
  readonly name: string;
}

/** By service, since names such as `CreateFilter` or `UpdateIPSet` mean nothing of the kind elsewhere. */
const BLINDING = table<readonly string[]>({
  cloudtrail: ['StopLogging', 'DeleteTrail', 'DeleteEventDataStore', 'StopEventDataStoreIngestion'],
  config: ['StopConfigurationRecorder', 'DeleteConfigurationRecorder', 'DeleteDeliveryChannel', 'DeleteConfigRule'],
  guardduty: [
    ...['DeleteDetector', 'DeletePublishingDestination', 'DisassociateFromMasterAccount', 'StopMonitoringMembers'],
    ...['DisassociateFromAdministratorAccount', 'CreateFilter', 'CreateIPSet', 'UpdateIPSet', 'DeleteMembers'],
    ...['DisassociateMembers', 'DisableOrganizationAdminAccount'],
  ],
  securityhub: ['DisableSecurityHub', 'BatchDisableStandards', 'DisassociateFromAdministratorAccount', 'DeleteMembers'],
  macie2: ['DisableMacie', 'CreateFindingsFilter', 'DisassociateFromAdministratorAccount'],
  inspector2: ['Disable', 'CreateFilter'],
  detective: ['DeleteGraph'],
  'access-analyzer': ['DeleteAnalyzer'],
  ec2: ['DeleteFlowLogs', 'DisableSnapshotBlockPublicAccess', 'DisableImageBlockPublicAccess'],
  route53resolver: ['DeleteResolverQueryLogConfig', 'DisassociateResolverQueryLogConfig'],
  logs: ['DeleteLogGroup', 'DeleteLogStream', 'DeleteSubscriptionFilter', 'DeleteMetricFilter', 'DeleteDestination'],
  monitoring: ['DeleteAlarms', 'DisableAlarmActions'],
  events: ['DisableRule', 'DeleteRule', 'RemoveTargets'],
  kms: ['DisableKey', 'ScheduleKeyDeletion', 'DeleteImportedKeyMaterial', 'DisableKeyRotation', 'DeleteKey'],
  wafv2: ['DeleteWebACL', 'DisassociateWebACL', 'DeleteLoggingConfiguration'],
  'waf-regional': ['DeleteWebACL', 'DisassociateWebACL', 'DeleteLoggingConfiguration'],
  waf: ['DeleteWebACL', 'DeleteLoggingConfiguration'],
  'network-firewall': ['DeleteFirewall'],
  shield: ['DeleteProtection', 'DeleteSubscription'],
  fms: ['DeletePolicy', 'DisassociateAdminAccount'],
  iam: ['DeactivateMFADevice', 'DeleteVirtualMFADevice', 'DeleteAccountPasswordPolicy'],
  s3: ['DeleteBucketPublicAccessBlock', 'DeletePublicAccessBlock', 'DeleteAccountPublicAccessBlock'],
  organizations: [
    ...['LeaveOrganization', 'DeleteOrganization', 'RemoveAccountFromOrganization', 'CloseAccount'],
    ...['DetachPolicy', 'DisablePolicyType', 'DisableAWSServiceAccess'],
  ],
  backup: ['DeleteBackupVault', 'DeleteRecoveryPoint', 'DeleteBackupVaultLockConfiguration'],
  redshift: ['DisableLogging'],
  bedrock: ['DeleteModelInvocationLoggingConfiguration'],
  sts: ['AssumeRoot'],
});

/** `tried`: done, or refused; a call that failed for another reason is judged by its name alone. */
export function blinds(call: Calling, tried: boolean): boolean {
  if (BLINDING[call.service]?.includes(call.name) === true) return true;
  return tried && (BY_SETTING[call.name]?.(requestOf(call.record)) ?? false);
}

/** A log that is kept for no longer than this is gone before anybody looks. */
const SHORT_DAYS = 7;

/** Calls that do so by what they set. */
const BY_SETTING = table<(asked: JsonObject) => boolean>({
  UpdateDetector: ({ enable }) => enable === false,
  UpdateTrail: narrowsTrail,
  PutEventSelectors: narrowsSelectors,
  PutInsightSelectors: ({ insightSelectors }) => Array.isArray(insightSelectors) && insightSelectors.length === 0,
  PutBucketVersioning: (asked) => has(asked, 'Status', 'Suspended'),
  PutBucketLogging: (asked) => !membersOf(asked).some(({ key }) => key === 'LoggingEnabled'),
  PutBucketLifecycle: expiresAll,
  PutBucketLifecycleConfiguration: expiresAll,
  PutRetentionPolicy: ({ retentionInDays: days }) => typeof days === 'number' && days <= SHORT_DAYS,
  PutRule: ({ state }) => state === 'DISABLED',
  PutObjectRetention: (asked) => has(asked, 'x-amz-bypass-governance-retention', 'true'),
  UpdateContinuousBackups: (asked) => has(asked, 'pointInTimeRecoveryEnabled', false),
  UpdateClusterConfig: (asked) =>
    membersOf(asked.logging).some(({ key, value }) => key === 'enabled' && value === false),
});

function has(asked: JsonObject, wanted: string, value: JsonValue): boolean {
  return membersOf(asked).some((one) => one.key === wanted && String(one.value) === String(value));
}

/** Another place for the log, another key, or less of everything. */
function narrowsTrail(asked: JsonObject): boolean {
  const off = ['isMultiRegionTrail', 'includeGlobalServiceEvents', 'enableLogFileValidation', 'isOrganizationTrail'];
  const moved = ['s3BucketName', 's3KeyPrefix', 'kmsKeyId', 'cloudWatchLogsLogGroupArn', 'snsTopicName'];
  return off.some((one) => asked[one] === false) || moved.some((one) => typeof asked[one] === 'string');
}

/** Selectors replace what was selected: without management events of both kinds, the account's changes are no longer seen. */
function narrowsSelectors({ eventSelectors: basic, advancedEventSelectors: advanced }: JsonObject): boolean {
  const sees = (selector: JsonValue) => {
    const settings = membersOf(selector);
    const of = (key: string) =>
      settings.filter((one) => one.key === key && typeof one.value !== 'object').map(({ value }) => value);
    if (settings.some(({ key }) => key === 'fieldSelectors')) {
      return of('equals').includes('Management') && !of('field').includes('readOnly');
    }
    return !of('includeManagementEvents').includes(false) && of('readWriteType').every((type) => type === 'All');
  };
  const all = [basic, advanced].flatMap((list) => (Array.isArray(list) ? list : []));
  return !all.some(sees);
}

/** A rule that is for everything in the bucket, and soon. */
function expiresAll(asked: JsonObject): boolean {
  const members = membersOf(asked);
  const narrow = members.some(({ key, value }) => /^(?:Prefix|Tag)$/.test(key) && value !== '' && value !== '*');
  const days = members.filter(({ key }) => key === 'Days').map(({ value }) => Number(value));
  return !narrow && days.some((one) => one <= SHORT_DAYS) && members.some(({ key }) => key === 'Expiration');
}

/** Protections and backups that are switched off, credentials and start-up scripts that are replaced. */
export function weakens({ record, name }: Calling): boolean {
  if (!/^(?:Modify|Update|Put|Set|Reset)/.test(name)) return false;
  return membersOf(requestOf(record)).some(({ key, value, within }) => {
    // Load balancers have their attributes as a list of keys and values.
    if (key === 'key' && /^(?:deletion_protection|access_logs\.s3)\.enabled$/.test(String(value)))
      return within.value === 'false';
    if (/^(?:deletionProtection(?:Enabled)?|disableApiTermination|storageEncrypted)$/i.test(key)) return isOff(value);
    if (key === 'backupRetentionPeriod') return value === 0;
    if (/^httpTokens$/i.test(key)) return value === 'optional';
    return key === 'masterUserPassword' || key === 'userData';
  });
}

const isOff = (value: JsonValue): boolean =>
  value === false || (typeof value === 'object' && value !== null && 'value' in value && value.value === false);
