// What a CloudTrail record says that was acted on: the target, and what else the call names.
import type { EntryInput } from '../../core/entry/schema.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';
import { type Home, isArn, kebab, type Resource, resourceOf, resourceOfArn, resourceOfEc2Id } from './resource.ts';
import { BARE_PARAMETERS, MENTIONED_AS, OF_CALLS, OF_PARAMETERS, OF_SERVICES } from './resource-kinds.ts';

type Targets = Pick<EntryInput, 'target' | 'related'>;

/** More than this and a reader wants the original, which is kept. */
const MAX_TARGETS = 20;

/**
 * What was made, from the response; what the request names, in the order in which the call's name mentions it; what
 * CloudTrail lists as `resources`. Each once, in one form (resource.ts).
 */
export function targetsOf(record: JsonObject, service: string): Targets {
  const call = { ...callOf(record, service) };
  const made = MAKES.test(call.name)
    ? found(record.responseElements, call).filter(({ rank }) => rank < UNMENTIONED)
    : [];
  const asked = found(record.requestParameters, call);
  const named = resourcesOf(record.resources, call);
  const unasked = asked.length + named.length > 0 ? [] : others(record, call);
  // What has been made is known by its own id, and no longer by what the request asked to call it.
  const kinds = new Set(made.map(({ resource }) => resource.type));
  const rest = [...asked, ...unasked]
    .filter(({ resource }) => !kinds.has(resource.type))
    .sort((a, b) => a.rank - b.rank);
  const ranked = [...made.sort((a, b) => a.rank - b.rank), ...rest].map(({ resource }) => resource);
  const first = ranked.length > 0 && rest.concat(made).some(({ rank }) => rank < UNMENTIONED);
  const [target, ...related] = distinct(first ? [...ranked, ...named] : [...named, ...ranked]).slice(0, MAX_TARGETS);
  if (target === undefined) return {};
  return related.length > 0 ? { target, related } : { target };
}

interface Call extends Home {
  readonly name: string;
  readonly lowered: string;
}

interface Found {
  readonly resource: Resource;
  /** The less, the more it is what the call is about. */
  readonly rank: number;
}

function callOf(record: JsonObject, service: string): Call {
  const text = (value: JsonValue | undefined) => (typeof value === 'string' ? value : undefined);
  const name = apiName(String(record.eventName));
  const account = text(record.recipientAccountId);
  return { service, account, region: text(record.awsRegion), name, lowered: name.toLowerCase() };
}

/** Lambda, CloudFront and others end names with the API's version: `CreateFunction20150331`, `…2020_05_31`. */
export function apiName(eventName: string): string {
  return eventName.replace(/(?:_?\d{4}_\d{2}_\d{2}|\d{8})(?:v\d+)?$/, '') || eventName;
}

const MAKES =
  /^(?:Create|Run|Allocate|Register|Copy|Import|Restore|Launch|Start|Put|Issue|Request|Clone|Publish|Add|Authorize)/;

/** A thing that the call's name does not mention is behind everything that it mentions. */
const UNMENTIONED = 1_000;
/** What a call uses rather than acts on: keys that encrypt, roles that are passed, places that logs go to. */
const MINOR = 2_000;
const MINOR_TYPES: ReadonlySet<string> = new Set([
  ...['kms:key', 'iam:role', 'iam:instance-profile', 'iam:policy', 's3:bucket', 'logs:log-group', 'sns:topic'],
  ...['ec2:vpc', 'ec2:subnet', 'ec2:security-group', 'ec2:image', 'ec2:key-pair', 'ssm:document'],
]);

function found(container: JsonValue | undefined, call: Call): Found[] {
  const all: Found[] = [];
  collect(container, '', 0, (members, within) => all.push(...identifiersIn(members, within, call)));
  return all;
}

function others(record: JsonObject, call: Call): Found[] {
  return [record.serviceEventDetails, record.additionalEventData].flatMap((container) => found(container, call));
}

function resourcesOf(resources: JsonValue | undefined, call: Call): Resource[] {
  if (!Array.isArray(resources)) return [];
  return resources.flatMap((item) => {
    if (!isJsonObject(item)) return [];
    const arn = item.ARN ?? item.arn ?? item.ARNPrefix;
    const resource = typeof arn === 'string' && isArn(arn) ? resourceOfArn(arn, call) : undefined;
    return resource === undefined ? [] : [resource];
  });
}

function distinct(resources: readonly Resource[]): Resource[] {
  return [...new Map(resources.map((resource) => [`${resource.type}\n${resource.id}`, resource])).values()];
}

/** EC2 wraps identifiers as `instancesSet.items[].instanceId`; deeper nesting is configuration, not what is acted on. */
const DEPTH = 5;
/** What narrows a search or describes a thing, beside what is acted on. */
const NOT_A_CONTAINER = /filter|^tag|context$|condition|policy$|document$|statement/i;

type Members = readonly (readonly [key: string, value: string])[];
/** `within`: the name of the object, empty for the request itself. */
type Give = (members: Members, within: string) => void;

/** Gives each object's texts together, lists of texts under the name of the list. `key`: the object's own name. */
function collect(value: JsonValue | undefined, key: string, depth: number, give: Give): void {
  if (depth > DEPTH) return;
  if (Array.isArray(value)) {
    const texts = value.filter((item) => typeof item === 'string');
    if (texts.length > 0) for (const text of texts) give([[singular(key), text]], '');
    for (const item of value) if (typeof item === 'object') collect(item, key, depth + 1, give);
    return;
  }
  if (!isJsonObject(value)) return;
  const members: [string, string][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string') members.push([wrapped(name) ? singular(key) : name, member]);
    else if (!NOT_A_CONTAINER.test(name)) collect(member, wrapped(name) ? key : name, depth + 1, give);
  }
  if (members.length > 0) give(members, singular(key));
  // Systems Manager's targets: `{key: 'InstanceIds', values: [...]}`.
  if (typeof value.key === 'string' && Array.isArray(value.values)) collect(value.values, value.key, depth + 1, give);
}

/** Names that only wrap: EC2's XML as JSON. */
const wrapped = (name: string): boolean => ['item', 'items', 'member', 'content'].includes(name);

function singular(key: string): string {
  return key
    .replace(/(?:Set|List)$/, '')
    .replace(/ies$/, 'y')
    .replace(/(?<![suai])s$/, '');
}

interface Candidate extends Found {
  /** Named by `name`, `id` or `arn` alone. */
  readonly bare?: boolean;
  /** Of several identifiers of one thing in one object: an ARN before an id before a name; IAM's ids are no names. */
  readonly form: number;
}

function identifiersIn(members: Members, within: string, call: Call): Found[] {
  if (call.service === 's3') return s3In(members, call);
  const best = new Map<string, Candidate>();
  const kind = members.find(([key]) => /^resourceType$/i.test(key))?.[1];
  for (const [key, value] of members) {
    const candidate =
      kind !== undefined && /^resource(?:Id|Name)$/i.test(key) && !isArn(value)
        ? typed(resourceOfEc2Id(value) ?? resourceOf(`${call.service}:${kebab(kind)}`, value), call, 1)
        : identifier(key, value, within, call);
    if (candidate === undefined) continue;
    const known = best.get(candidate.resource.type);
    if (known === undefined || candidate.form < known.form) best.set(candidate.resource.type, candidate);
  }
  // Beside an ARN, a bare name is the same thing's.
  const all = [...best.values()];
  return all.some(({ form }) => form === 0) ? all.filter(({ bare }) => bare !== true) : all;
}

/** S3's requests hold headers and whole configurations; what is acted on is the bucket, or the object in it. */
function s3In(members: Members, call: Call): Found[] {
  const named = new Map(members);
  const bucket = named.get('bucketName') ?? named.get('bucket');
  const key = named.get('key');
  const arns = members.flatMap(([, value]) => (isArn(value) ? [resourceOfArn(value, call)] : []));
  const whole = bucket === undefined ? undefined : resourceOf('s3:bucket', bucket);
  const object = bucket === undefined || key === undefined ? undefined : resourceOf('s3:object', `${bucket}/${key}`);
  return [object, whole, ...arns].flatMap((resource, i) => (resource === undefined ? [] : [{ resource, rank: i }]));
}

/** `instanceId`, `roleName`, `policyArn`, `dBInstanceIdentifier`, `queueUrl`; bare `name`, `id` and `arn`. */
const IDENTIFIER = /^(.*?)(id|name|arn|identifier|url|uri)$/i;
/** Identifiers of the call, and names of parts and of settings: not of what is acted on. */
const NOT_A_TARGET =
  /token|^request|session|^client|version|^accountId$|^owner|^principal|zone(?:Id|Name)?$|^region|device|^host|^agent|^type|display|^attribute|^metric|^namespace|user-?agent|availability|engine|^product|^service(?:Name|Id)?$|^principalId|^invoked|^source-?identity|^creator|marker|reservation|^path/i;
const ZONES = /^hostedZoneId$/i;
const FORMS = ['arn', 'id', 'name'];

function identifier(key: string, value: string, within: string, call: Call): Candidate | undefined {
  if (isUntold(key, value, call) || (NOT_A_TARGET.test(key) && !ZONES.test(key) && !ofService(key, call)))
    return undefined;
  if (isArn(value)) return typed(resourceOfArn(value, call), call, 0);
  const match = IDENTIFIER.exec(key);
  const ec2 = resourceOfEc2Id(value);
  if (ec2 !== undefined && (match !== null || BARE_PARAMETERS.has(key) || key.endsWith('Id')))
    return typed(ec2, call, 1);
  if (match === null && !BARE_PARAMETERS.has(key)) return undefined;
  const [, own = key, suffix = 'name'] = match ?? [];
  const kind = own === '' ? within : own;
  const type = typeOf(kind, call);
  const form = FORMS.indexOf(suffix.toLowerCase() === 'identifier' ? 'id' : suffix.toLowerCase());
  const order = type.startsWith('iam:') && type !== 'iam:access-key' && form === 1 ? 3 : form < 0 ? 2 : form;
  const found = typed(resourceOf(type, idOf(suffix, value)), call, order);
  return found && own === '' ? { ...found, bare: true } : found;
}

/** Names that mean something of the service's own there, and nothing of the kind elsewhere. */
const ofService = (key: string, { service }: Call): boolean =>
  (service === 'ecs' && /^service/.test(key)) || (service === 'organizations' && key === 'accountId');

/** What CloudTrail puts in the place of what it does not tell, and ids of a rule's targets, which are only numbers of it. */
const UNTOLD = /^(?:HIDDEN|<sensitiveDataRemoved>|\*+$)/;
const isUntold = (key: string, value: string, { service }: Call): boolean =>
  value === '' || UNTOLD.test(value) || (service === 'events' && key === 'id');

/** Of an address, the last step names the thing: a queue's URL, a hosted zone's `/hostedzone/Z1`. */
function idOf(suffix: string, value: string): string {
  if (/^url$/i.test(suffix)) return value.split(/[?#]/)[0]!.split('/').at(-1)!;
  return value.replace(/^\/hostedzone\//, '');
}

function typeOf(kind: string, { service, name }: Call): string {
  if (kind === '') return OF_CALLS[`${service}:${name}`] ?? `${service}:${nounOf(name)}`;
  const spelled = kebab(kind);
  return OF_SERVICES[`${service}:${spelled}`] ?? OF_PARAMETERS[spelled] ?? `${service}:${spelled}`;
}

/** `DeleteTrail` is about a trail, `GetParameters` about a parameter. */
function nounOf(name: string): string {
  const noun = kebab(name).split('-').slice(1).join('-').replace(ASPECT, '');
  return singular(noun) || 'resource';
}

/** What is read or set of a thing, and is not the thing. */
const ASPECT = /(?<=.)-(?:status|attributes?|configuration|settings?|metadata|state|details|events|history|policy)$/;

function typed(resource: Resource | undefined, call: Call, form: number): Candidate | undefined {
  return resource === undefined ? undefined : { resource, rank: rankOf(resource, call), form };
}

/** `AttachRolePolicy` acts on the role before the policy; `AddUserToGroup` on the group before the user. */
function rankOf({ type }: Resource, { service, name, lowered }: Call): number {
  if (OF_CALLS[`${service}:${name}`] === type) return 0;
  const kind = type.slice(type.indexOf(':') + 1);
  const spelled = MENTIONED_AS[kind] ?? kind.replaceAll('-', '');
  const at = lowered.indexOf(spelled);
  if (at < 0) return MINOR_TYPES.has(type) ? MINOR : UNMENTIONED;
  const [, direction] = /^(?:Add|Remove).+?(To|From)[A-Z]/.exec(name) ?? [];
  if (direction === undefined) return at;
  return at > name.search(/(?:To|From)[A-Z]/) ? at - 500 : at;
}
