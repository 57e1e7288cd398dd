// What a call acts on that names nothing: the caller's own user, or the account.
import { isJsonObject, type JsonObject } from '../../core/json/value.ts';
import type { Call } from './call.ts';
import { type Resource, resourceOf } from './resource.ts';

/** IAM takes the caller where no user is named. */
const OF_CALLER =
  /^(?:GetUser|ChangePassword|(?:Create|List|Update|Delete)(?:AccessKeys?|SSHPublicKeys|MFADevices|SigningCertificates))$/;

/** Settings that an account has, or a region of it, and its place in an organization. */
const OF_ACCOUNT: ReadonlySet<string> = new Set([
  ...['LeaveOrganization', 'UpdateAccountPasswordPolicy', 'DeleteAccountPasswordPolicy', 'CreateAccountAlias'],
  ...['DeleteAccountAlias', 'PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock', 'PutAccountSetting'],
  ...['EnableEbsEncryptionByDefault', 'DisableEbsEncryptionByDefault', 'ModifyEbsDefaultKmsKeyId'],
  ...['EnableSnapshotBlockPublicAccess', 'DisableSnapshotBlockPublicAccess', 'EnableImageBlockPublicAccess'],
  ...['DisableImageBlockPublicAccess', 'EnableSerialConsoleAccess', 'DisableSerialConsoleAccess'],
  ...['ModifyVpcBlockPublicAccessOptions', 'PutBlockPublicAccessConfiguration', 'UpdateAccountSendingEnabled'],
  ...['EnableSecurityHub', 'DisableSecurityHub', 'EnableMacie', 'DisableMacie', 'UpdatePublicSharingSettings'],
  ...['PutAlternateContact', 'DeleteAlternateContact', 'PutContactInformation', 'EnableRegion', 'DisableRegion'],
  ...['PutModelInvocationLoggingConfiguration', 'DeleteModelInvocationLoggingConfiguration'],
]);

/** Undefined where a request that was left out of the record may have named something. */
export function impliedBy(record: JsonObject, call: Call): Resource | undefined {
  if (OF_ACCOUNT.has(call.name)) return resourceOf('organizations:account', call.account ?? '');
  const { userIdentity, requestParameters: asked, errorCode } = record;
  if (call.service !== 'iam' || !OF_CALLER.test(call.name) || (asked ?? null) !== null || (errorCode ?? null) !== null)
    return undefined;
  if (!isJsonObject(userIdentity ?? null)) return undefined;
  const { type, userName } = userIdentity as JsonObject;
  return type === 'IAMUser' && typeof userName === 'string' ? resourceOf('iam:user', userName) : undefined;
}
