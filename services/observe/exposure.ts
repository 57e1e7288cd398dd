// Changes that open an account, a bucket or data to everybody, or give somebody everything.
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';

const EVERYTHING = /:policy\/(?:AdministratorAccess|IAMFullAccess|PowerUserAccess)$/;
const EVERYBODY = /acs\.amazonaws\.com\/groups\/global\/(?:AllUsers|AuthenticatedUsers)/;
const PUBLIC_ACL = /^(?:public-read|public-read-write|authenticated-read)$/;

/** Whether a call that changed something did so. */
export function exposes({ requestParameters }: JsonObject, name: string): boolean {
  const asked = isJsonObject(requestParameters) ? requestParameters : {};
  if (/^Attach\w*Policy$/.test(name)) return EVERYTHING.test(String(asked.policyArn));
  if (/PublicAccessBlock$/.test(name)) return unblocks(asked);
  if (/^(?:Modify|Reset)\w*(?:Snapshot|Image|FpgaImage)Attribute$/.test(name)) return sharesWithAll(asked);
  if (/Acl$/.test(name)) return PUBLIC_ACL.test(aclOf(asked)) || EVERYBODY.test(JSON.stringify(asked));
  if (name === 'UpdateDetector') return asked.enable === false;
  if (name === 'PutBucketVersioning') return JSON.stringify(asked).includes('"Suspended"');
  if (/Policy|Permission|QueueAttributes|TopicAttributes/.test(name)) return policiesIn(asked).some(isBoundless);
  return false;
}

function unblocks(asked: JsonObject): boolean {
  return Object.values(flat(asked)).some((value) => value === false || value === 'false');
}

function sharesWithAll(asked: JsonObject): boolean {
  const { launchPermission, createVolumePermission, valuesToAdd } = asked;
  const added = JSON.stringify([launchPermission, createVolumePermission, valuesToAdd]);
  return /"group":"all"|"all"/.test(added) && !/^\{"remove"/.test(JSON.stringify(launchPermission) ?? '');
}

/** A header that a request was sent with. */
function aclOf(asked: JsonObject): string {
  const acl = asked['x-amz-acl'];
  return String(Array.isArray(acl) ? acl[0] : acl);
}

/** Documents of policies: as text, percent-encoded text, or objects. */
function policiesIn(asked: JsonObject): JsonObject[] {
  const found: JsonObject[] = [];
  for (const [name, value] of Object.entries(flat(asked))) {
    if (/policy|^document$/i.test(name)) found.push(...documentOf(value));
    if (name === 'principal' && value === '*' && asked.sourceArn === undefined && asked.sourceAccount === undefined) {
      found.push({ Statement: [{ Effect: 'Allow', Principal: '*' }] });
    }
  }
  return found;
}

function documentOf(value: JsonValue): JsonObject[] {
  if (isJsonObject(value)) return [value];
  if (typeof value !== 'string' || !/^\s*(?:\{|%7B)/i.test(value)) return [];
  try {
    const text = value.trimStart().startsWith('{') ? value : decodeURIComponent(value);
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed as JsonValue) ? [parsed as JsonObject] : [];
  } catch {
    // A policy that AWS took and this can't read is no reason to lose the event: it is judged by its name alone.
    return [];
  }
}

/** Members of the object and of the objects in it, two levels deep, by their own names. */
function flat(object: JsonObject, depth = 0): JsonObject {
  const all: JsonObject = {};
  for (const [name, value] of Object.entries(object)) {
    all[name] = value;
    if (depth < 2 && isJsonObject(value) && !('Statement' in value)) Object.assign(all, flat(value, depth + 1));
  }
  return all;
}

/** Whether somebody unnamed is allowed something, or everything is allowed on everything, on no condition. */
function isBoundless({ Statement: statements }: JsonObject): boolean {
  const list = Array.isArray(statements) ? statements : [statements];
  return list.some((statement) => {
    if (!isJsonObject(statement ?? null)) return false;
    const { Effect, Principal, Action, Resource, Condition } = statement as JsonObject;
    if (Effect !== 'Allow' || Condition !== undefined) return false;
    return has(Principal, '*') || (has(Action, '*') && (Resource === undefined || has(Resource, '*')));
  });
}

function has(value: JsonValue | undefined, wanted: string): boolean {
  if (Array.isArray(value)) return value.includes(wanted);
  if (value !== undefined && isJsonObject(value)) return Object.values(value).some((one) => has(one, wanted));
  return value === wanted;
}
