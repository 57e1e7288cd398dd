// Changes that open an account, a bucket or data to everybody, hand a copy to another account, or give somebody everything.
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';
import { type Member, membersOf, requestOf } from './members.ts';
import { isBoundless, isPublic, letsOthersIn, policiesIn } from './policies.ts';

interface Opening {
  readonly record: JsonObject;
  readonly service: string;
  readonly name: string;
}

/** Whether a call that changed something did so. */
export function exposes({ record, service, name }: Opening): boolean {
  const asked = requestOf(record);
  const own = typeof record.recipientAccountId === 'string' ? record.recipientAccountId : undefined;
  const members = membersOf(asked);
  if (givesEverything(asked, service, name)) return true;
  if (opensNetwork(members, name) || opensEndpoint(members, name)) return true;
  if (sharesCopies(asked, members, name, own)) return true;
  if (service === 's3' && isPublicAcl(members)) return true;
  if (/PublicAccessBlock$|BlockPublicAccess/.test(name) && unblocks(members, name)) return true;
  if (letsAnybodyCall(asked, name)) return true;
  return opensByPolicy(asked, service, name, own);
}

const EVERYTHING = /:policy\/(?:AdministratorAccess|IAMFullAccess|PowerUserAccess)$/;

function givesEverything(asked: JsonObject, service: string, name: string): boolean {
  if (!/^(?:Attach|Associate)\w*Policy/.test(name)) return false;
  if (service === 'eks') return /AmazonEKSClusterAdminPolicy$/.test(String(asked.policyArn));
  return EVERYTHING.test(String(asked.policyArn ?? asked.managedPolicyArn));
}

const ANYWHERE = /^(?:0\.0\.0\.0\/0|::\/0)$/;
/** What a public web site is reached by. */
const WEB_PORTS: ReadonlySet<number> = new Set([80, 443]);

/** A way in from everywhere. Web ports open to all are what public sites have: a change of access as any other. */
function opensNetwork(members: readonly Member[], name: string): boolean {
  if (!/^Authorize\w*Ingress$|^ModifySecurityGroupRules$|^AuthorizeSecurityGroup/.test(name)) return false;
  if (/Egress/.test(name)) return false;
  const open = members.some(({ key, value }) => /cidr/i.test(key) && typeof value === 'string' && ANYWHERE.test(value));
  if (!open) return false;
  const ports = members.filter(({ key }) => /^(?:from|to)Port$/i.test(key)).map(({ value }) => Number(value));
  return ports.length === 0 || !ports.every((port) => WEB_PORTS.has(port));
}

/** Databases, brokers, clusters with an address on the internet. */
function opensEndpoint(members: readonly Member[], name: string): boolean {
  const set = (wanted: RegExp, value: JsonValue) => members.some((one) => wanted.test(one.key) && one.value === value);
  if (!/^(?:Create|Modify|Update|Restore|Put)/.test(name)) return false;
  if (set(/^publiclyAccessible$/i, true) || set(/^publicSharingEnabled$/i, true)) return true;
  if (set(/^projectVisibility$/i, 'PUBLIC_READ') || set(/^type$/, 'SERVICE_PROVIDED_EIPS')) return true;
  const cidrs = members.filter(({ key, value }) => key === 'publicAccessCidrs' && typeof value === 'string');
  const everywhere = cidrs.length === 0 || cidrs.some(({ value }) => ANYWHERE.test(String(value)));
  return set(/^endpointPublicAccess$/, true) && everywhere;
}

/** Snapshots, images and documents that everybody or another account may copy. */
function sharesCopies(asked: JsonObject, members: readonly Member[], name: string, own: string | undefined): boolean {
  const others = (value: JsonValue | undefined) =>
    (Array.isArray(value) ? value : [value]).some((one) => one === 'all' || (isAccount(one) && one !== own));
  if (/(?:Snapshot|Image)Attribute$/.test(name)) {
    const added = [asked.launchPermission, asked.createVolumePermission, asked.loadPermission].flatMap((one) =>
      isJsonObject(one ?? null) ? membersOf((one as JsonObject).add) : [],
    );
    return others(asked.valuesToAdd) || added.some(({ key, value }) => /^(?:group|userId)$/.test(key) && others(value));
  }
  if (name === 'AuthorizeSnapshotAccess') return others(asked.accountWithRestoreAccess);
  if (name === 'ModifyDocumentPermission') return others(asked.accountIdsToAdd);
  if (name === 'TransferDomainToAnotherAwsAccount') return true;
  const outside = members.some(({ key, value }) => key === 'principals' && isAccount(value) && value !== own);
  return /^(?:Create|Associate)ResourceShare$/.test(name) && outside;
}

const isAccount = (value: JsonValue | undefined): boolean => typeof value === 'string' && /^\d{12}$/.test(value);

const EVERYBODY = /acs\.amazonaws\.com\/groups\/global\/(?:AllUsers|AuthenticatedUsers)/;
const PUBLIC_ACL = /^(?:public-read|public-read-write|authenticated-read)$/;

function isPublicAcl(members: readonly Member[]): boolean {
  return members.some(({ key, value }) => {
    if (typeof value !== 'string') return false;
    if (key === 'x-amz-acl') return PUBLIC_ACL.test(value);
    return (key === 'URI' || key.startsWith('x-amz-grant-')) && EVERYBODY.test(value);
  });
}

function unblocks(members: readonly Member[], name: string): boolean {
  return /^Disable/.test(name) || members.some(({ value }) => value === false || value === 'false');
}

/** A function's URL without authorization, and permissions of everybody that are bound to no source. */
function letsAnybodyCall(asked: JsonObject, name: string): boolean {
  if (/FunctionUrlConfig$/.test(name) && asked.authType === 'NONE') return true;
  if (name === 'ModifyVpcEndpointServicePermissions') return membersOf(asked).some(({ value }) => value === '*');
  if (!/Permission$/.test(name)) return false;
  const bound = [asked.sourceArn, asked.sourceAccount, asked.principalOrgID, asked.organizationId, asked.condition];
  const accounts = [asked.principal, asked.aWSAccountId, asked.aWSAccountIds].flat();
  return accounts.includes('*') && bound.every((one) => one === undefined || one === null);
}

/** Where a policy takes away from what is allowed: an API without one is open too, and a session has no more than its role. */
const NARROWED: ReadonlySet<string> = new Set(['organizations', 'sts', 'apigateway', 'vpc-lattice', 'ecr-public']);
/** Policies of endpoints and stacks only narrow what others allow, so that theirs are open by default. */
const NARROWING = /VpcEndpoint|PermissionsBoundary|StackPolicy/;

function opensByPolicy(asked: JsonObject, service: string, name: string, own: string | undefined): boolean {
  if (NARROWED.has(service) || NARROWING.test(name)) return false;
  const policies = policiesIn(asked);
  if (policies.some((policy) => isPublic(policy) || isBoundless(policy))) return true;
  const trusts = service === 'iam' && /^(?:CreateRole|UpdateAssumeRolePolicy)$/.test(name);
  return trusts && policies.some((policy) => letsOthersIn(policy, own));
}
